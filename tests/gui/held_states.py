"""The Quarantine page with a small load, and looks at what MongoDB then holds."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from core.store import Store
from gui.held.panel import CellEdit
from gui.pages.quarantine import QuarantinePage
from gui.window import Window
from tests.gui.load_states import wait_for
from tests.gui.page_states import click, quarantine, small


def small_page(window: Window, store: Store, folder: Path) -> QuarantinePage:
    small(store, folder)
    made = quarantine(window)
    wait_for(lambda: made.opened is not None and made.view.panel.record is not None)
    return made


def records(store: Store, **query: Any) -> list[dict[str, Any]]:
    return list(store.client["sluice"]["quarantine"].find(query).sort("record", 1))


def orders(store: Store) -> list[dict[str, Any]]:
    return list(store.client[store.database]["orders"].find())


def settled(page: QuarantinePage) -> bool:
    return not (page.asker.busy or page.desk.asker.busy or page.deeds.asker.busy)


def type_in_panel(page: QuarantinePage, text: str) -> None:
    wait_for(lambda: page.view.panel.edits[0].isVisible())
    edit = page.view.panel.edits[0]
    click(edit)
    edit.selectAll()
    QTest.keyClicks(edit, text)


def lines(page: QuarantinePage) -> list[int]:
    return [record.line for record in page.view.model.loaded()]


def press(what: Qt.Key | str, *held: Qt.KeyboardModifier) -> None:
    """To whatever has the focus."""
    focus = QApplication.focusWidget()
    assert focus is not None
    if isinstance(what, str):
        QTest.keyClicks(focus, what)
    else:
        QTest.keyClick(focus, what, held[0] if held else Qt.KeyboardModifier.NoModifier)


def type_over(text: str) -> None:
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLineEdit)
    focus.selectAll()
    QTest.keyClicks(focus, text)


def name_of_box() -> str:
    focus = QApplication.focusWidget()
    return focus.name if isinstance(focus, CellEdit) else ""
