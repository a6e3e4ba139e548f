"""The menus of documents and held rows, by mouse and by the menu key."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from core.store import Store
from gui.held.discard import DiscardDialog
from gui.history.confirm import UndoDialog
from gui.sheet import Sheet
from gui.window import Window
from tests.gui.load_states import wait_for
from tests.gui.page_states import click, click_cell, collections, history, quarantine, small
from tests.gui.test_collections import orders, settled
from tests.gui.test_collections_deleting import agree

Reason = QContextMenuEvent.Reason


def menu_at(widget: QWidget, at: QPoint, reason: Reason) -> QMenu:
    if reason is Reason.Mouse:
        QTest.mouseClick(widget, Qt.MouseButton.RightButton, pos=at)
    else:
        widget.setFocus()
    wait_for(widget.isActiveWindow)
    QApplication.sendEvent(widget, QContextMenuEvent(reason, at, widget.mapToGlobal(at)))
    wait_for(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def menu_of(sheet: Sheet, reason: Reason) -> QMenu:
    target = sheet if reason is Reason.Keyboard else sheet.viewport()
    return menu_at(target, sheet.visualRect(sheet.currentIndex()).center(), reason)


def choose(menu: QMenu, words: str) -> None:
    (action,) = (one for one in menu.actions() if one.text() == words)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())


@pytest.mark.parametrize("reason", [Reason.Mouse, Reason.Keyboard])
def test_a_document_is_copied_filtered_by_and_deleted_from_its_menu(
    window: Window, store: Store, tmp_path: Path, reason: Reason
) -> None:
    small(store, tmp_path)
    page = collections(window, "orders")
    wait_for(lambda: len(page.page.documents) == 4 and settled(page))
    before, column = orders(store), page.view.model.columns.index("region")
    click_cell(page.view.sheet, 1, column)
    choose(menu_of(page.view.sheet, reason), "Copy row with header")
    header, row = QApplication.clipboard().text().splitlines()
    assert "region" in header.split("\t")
    assert before[1]["region"] in row.split("\t")
    click_cell(page.view.sheet, 1, column)
    choose(menu_of(page.view.sheet, reason), f"Show only where region is {before[1]['region']}")
    same = [one for one in before if one["region"] == before[1]["region"]]
    wait_for(lambda: len(page.page.documents) == len(same) and settled(page))
    click_cell(page.view.sheet, 0, column)
    choose(menu_of(page.view.sheet, reason), "Delete")
    agree(window, "Delete 1 document")
    wait_for(lambda: len(orders(store)) == 3)
    assert same[0] not in orders(store)


@pytest.mark.parametrize("reason", [Reason.Mouse, Reason.Keyboard])
def test_a_load_of_the_history_is_undone_from_its_menu(
    window: Window, store: Store, tmp_path: Path, reason: Reason
) -> None:
    load = small(store, tmp_path)
    page = history(window)
    wait_for(lambda: len(page.rows) == 1)
    (row,) = page.rows.values()
    choose(menu_at(row, QPoint(200, 20), reason), "Copy load id")
    assert QApplication.clipboard().text() == load
    menu = menu_at(row, QPoint(200, 20), reason)
    words = [one.text() for one in menu.actions() if one.text()]
    assert words[-1] == "Undo load 1…"
    assert {"Copy path of the file", "Save report…", "View rows", "View 4 held"} < {*words}
    choose(menu, "Undo load 1…")
    wait_for(lambda: any(one.isVisible() for one in window.findChildren(UndoDialog)))
    assert len(orders(store)) == 4, "it asks first"
    (dialog,) = window.findChildren(UndoDialog)
    click(dialog.go)
    wait_for(lambda: orders(store) == [], 40)


@pytest.mark.parametrize("reason", [Reason.Mouse, Reason.Keyboard])
def test_a_load_with_held_rows_leads_to_its_history_from_its_menu(
    window: Window, store: Store, tmp_path: Path, reason: Reason
) -> None:
    load = small(store, tmp_path)
    page = quarantine(window)
    wait_for(lambda: page.view.side.key == load)
    side = page.view.side
    target = side if reason is Reason.Keyboard else side.viewport()
    at = side.visualRect(side.currentIndex()).center()
    choose(menu_at(target, at, reason), "Show in History")
    shown = history(window)
    wait_for(lambda: shown.details_of(load) is not None)


@pytest.mark.parametrize("reason", [Reason.Mouse, Reason.Keyboard])
def test_held_rows_can_be_discarded_from_their_menu_and_say_why_not(
    window: Window, store: Store, tmp_path: Path, reason: Reason
) -> None:
    load = small(store, tmp_path)
    page = quarantine(window)
    wait_for(lambda: page.view.bar.discard.isEnabled())
    click_cell(page.view.sheet, 0, 0)
    menu = menu_of(page.view.sheet, reason)
    actions = {one.text(): one for one in menu.actions()}
    waits = actions["Resubmit 0 ready"]
    assert (waits.isEnabled(), waits.toolTip()) == (False, page.view.bar.resubmit.toolTip())
    assert "Take back" not in actions
    choose(menu, "Discard…")
    wait_for(lambda: window.findChild(DiscardDialog) is not None)
    assert store.quarantine.count(load) == 4, "it asks first"
    dialog = window.findChild(DiscardDialog)
    assert dialog is not None
    click(dialog.go)
    wait_for(lambda: store.quarantine.count(load) == 3)
