"""Menus of what is under the mouse or the focus: made alike, filled with what a page can do."""

from collections.abc import Iterable, Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget


def menu_for(parent: QWidget) -> QMenu:
    """Empty; goes when it is closed."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    return menu


def add_buttons(menu: QMenu, buttons: Iterable[QAbstractButton]) -> None:
    """What these do, as they stand: their words, and why one cannot be pressed."""
    menu.addSeparator()
    for one in buttons:
        if one.isVisible():
            action = menu.addAction(one.text(), one.click)
            action.setEnabled(one.isEnabled())
            action.setToolTip(one.toolTip())


def add_copies(menu: QMenu, texts: Mapping[str, str]) -> None:
    """An action for each that is not empty, by its words, that puts it on the clipboard."""
    for words, text in texts.items():
        if text:
            menu.addAction(words, partial(QGuiApplication.clipboard().setText, text))
