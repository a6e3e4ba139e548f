"""Finds text that is cut off where it should not be, in a window as it stands."""

from collections.abc import Iterator

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QStyle,
    QStyleOptionComboBox,
    QToolButton,
    QWidget,
)

from gui.elided import Elided

SLACK = 1  # px, for rounding


def complaints(window: QWidget) -> list[str]:
    """One line for each widget whose text has too little room or that sticks out of its parent."""
    found = []
    for widget in window.findChildren(QWidget):
        if not widget.isVisibleTo(window) or widget.visibleRegion().isEmpty():
            continue
        text = _text(widget)
        if text and not _elided(widget):
            found += [f"{_named(widget)}: {fault}: “{text}”" for fault in _faults(widget, text)]
    return found


def _text(widget: QWidget) -> str:
    if isinstance(widget, QToolButton) and not widget.icon().isNull() and _icon_only(widget):
        return ""
    if isinstance(widget, QLabel | QAbstractButton):
        return widget.text()
    return widget.currentText() if isinstance(widget, QComboBox) else ""


def _icon_only(widget: QToolButton) -> bool:
    return widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly


def _elided(widget: QWidget) -> bool:
    return isinstance(widget, Elided) or bool(widget.property("elided"))


def _faults(widget: QWidget, text: str) -> Iterator[str]:
    room, needs = _room(widget), _needs(widget, text)
    if needs.width() > room.width() + SLACK:
        yield f"needs {needs.width()} px, has {room.width()}"
    elif needs.height() > room.height() + SLACK:
        yield f"needs {needs.height()} px of height, has {room.height()}"
    parent = widget.parentWidget()
    if (
        parent is not None
        and not _scrolls(parent)
        and not parent.rect().contains(widget.geometry())
    ):
        yield "sticks out of what it stands in"


def _scrolls(parent: QWidget) -> bool:
    return isinstance(parent.parentWidget(), QAbstractScrollArea)


def _room(widget: QWidget) -> QSize:
    if isinstance(widget, QComboBox):
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        control = QStyle.ComplexControl.CC_ComboBox
        return widget.style().subControlRect(control, option, field, widget).size()
    return widget.size()


def _needs(widget: QWidget, text: str) -> QSize:
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            return QSize(0, widget.heightForWidth(widget.width()))
        if widget.textFormat() == Qt.TextFormat.RichText:
            page = QTextDocument()
            page.setDefaultFont(widget.font())
            page.setHtml(text)
            return QSize(int(page.idealWidth()), 0)
        return QSize(widget.sizeHint().width(), widget.fontMetrics().height() - 3)
    plain = text.replace("&&", "\0").replace("&", "").replace("\0", "&")
    words = widget.fontMetrics().horizontalAdvance(plain)
    if isinstance(widget, QComboBox):
        return QSize(words, 0)
    hint = widget.sizeHint().width() if widget.maximumWidth() > 1000 else words
    return QSize(max(hint, words), 0)


def _named(widget: QWidget) -> str:
    kind = widget.property("kind")
    parents = []
    above = widget.parentWidget()
    while above is not None and len(parents) < 3:
        if type(above).__module__.startswith("gui"):
            parents.append(type(above).__name__)
        above = above.parentWidget()
    return " in ".join([type(widget).__name__ + (f"[{kind}]" if kind else ""), *parents])
