"""Rows with cells too many or too few: what is said of them in the window, and taken back."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from core.store import Store
from gui.pages.quarantine import QuarantinePage
from gui.widgets import Button
from gui.window import Window
from tests.gui.held_states import lines, records, settled, small_page
from tests.gui.load_states import wait_for
from tests.gui.page_states import click, click_cell, load, quarantine


@pytest.fixture
def page(window: Window, store: Store, tmp_path: Path) -> QuarantinePage:
    return small_page(window, store, tmp_path)


def button_of(page: QuarantinePage, words: str) -> Button:
    return next(b for b in page.view.panel.findChildren(Button) if b.text() == words)


def said(page: QuarantinePage) -> list[str]:
    """What the panel tells of the record."""
    return [part.text() for part in page.view.panel.findChildren(QLabel)]


def test_what_is_beyond_the_last_column_is_left_out_only_when_said(
    page: QuarantinePage, store: Store
) -> None:
    row = lines(page).index(8)
    column = page.view.model.columns.index("customer")
    click_cell(page.view.sheet, row, column, double=True)
    QTest.keyClicks(page.view.sheet.focusWidget(), "Another")
    QTest.keyClick(page.view.sheet.focusWidget(), Qt.Key.Key_Return)
    wait_for(lambda: records(store, line=8)[0]["values"]["customer"] == "Another")
    wait_for(lambda: settled(page))
    assert [one["code"] for one in records(store, line=8)[0]["reasons"]] == ["extra-cell"]
    wait_for(lambda: page.view.panel.title.text() == "Line 8")
    click(button_of(page, "Leave out what is beyond the last column"))
    wait_for(lambda: records(store, line=8)[0]["reasons"] == [])
    wait_for(lambda: settled(page))
    assert records(store, line=8)[0]["edits"][-1]["new"] == "left out"
    assert records(store, line=8)[0]["shape"] == {"surplus": "left out"}
    undo = "Undo leaving out what is beyond the last column, line 8"
    wait_for(lambda: page.view.bar.undo.toolTip() == undo)
    page.view.sheet.setFocus()
    QTest.keyClick(page.view.sheet, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: [o["code"] for o in records(store, line=8)[0]["reasons"]] == ["extra-cell"])
    wait_for(lambda: settled(page) and "Put back what is beyond the last column" in said(page))
    assert records(store, line=8)[0]["shape"] == {}
    QTest.keyClick(page.view.sheet, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: records(store, line=8)[0]["reasons"] == [])


def test_absent_cells_are_left_empty_only_when_said(
    window: Window, store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "few.csv"
    path.write_text("id,amount,region,note\n1,2,North,a\n2,3\n3,4,South,b\n", "utf-8")
    load(store, path, "few")
    page = quarantine(window)
    wait_for(lambda: page.view.panel.record is not None)
    click_cell(page.view.sheet, 0, page.view.model.columns.index("region"), double=True)
    QTest.keyClicks(page.view.sheet.focusWidget(), "West")
    QTest.keyClick(page.view.sheet.focusWidget(), Qt.Key.Key_Return)
    wait_for(lambda: records(store)[0]["values"].get("region") == "West")
    wait_for(lambda: settled(page))
    assert [one["code"] for one in records(store)[0]["reasons"]] == ["missing-cell"]
    click(button_of(page, "Leave the missing columns empty"))
    wait_for(lambda: records(store)[0]["reasons"] == [])
    assert records(store)[0]["values"] == {"id": "2", "amount": "3", "region": "West"}
    wait_for(lambda: settled(page))
    for _ in range(2):  # what was said, then the cell that was filled
        page.view.sheet.setFocus()
        QTest.keyClick(page.view.sheet, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        wait_for(lambda: settled(page) and not page.desk.writing)
    assert [one["code"] for one in records(store)[0]["reasons"]] == ["missing-cell"]
    assert records(store)[0]["values"] == {"id": "2", "amount": "3"}


def test_f8_goes_to_the_first_cell_that_a_row_lacks(
    window: Window, store: Store, tmp_path: Path
) -> None:
    path, good = tmp_path / "short.csv", tmp_path / "good.csv"
    good.write_text("a;b;c\n1;2;3\n", "utf-8")
    path.write_text("a;b;c\nx;2;3\n4;5;6\n7\n", "utf-8")
    load(store, path, "things", good)
    page = quarantine(window)
    wait_for(lambda: lines(page) == [2, 4] and settled(page))
    click_cell(page.view.sheet, 0, 0)
    QTest.keyClick(page.view.sheet, Qt.Key.Key_F8)
    at = page.view.sheet.currentIndex()
    assert (at.row(), page.view.model.columns[at.column()]) == (1, "b")
