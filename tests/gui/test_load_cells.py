"""The menu of a cell by mouse and keys: copy, show only rows like it, change all cells like it."""

from pathlib import Path

import pytest
from pymongo import MongoClient
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMenu

from core.store import Store
from gui.pages.load import LoadPage
from gui.window import Window
from tests.gui.load_states import checked, only, opened, wait_for
from tests.gui.test_load_columns import pick
from tests.gui.test_load_main import activate, click, held_and_loaded

WORDS = ("n/a", "North", "Nort", "n/a", "South", "n/a")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "places.csv"
    path.write_text("id,region\n" + "".join(f"{i},{word}\n" for i, word in enumerate(WORDS)))
    return path


def right_click(page: LoadPage, row: int, column: int) -> QMenu:
    sheet = page.space.sheet
    point = sheet.visualRect(sheet.model().index(row, column)).center()
    asked = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, point, sheet.viewport().mapToGlobal(point)
    )
    QApplication.sendEvent(sheet.viewport(), asked)
    return menu_shown()


def menu_shown() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def counted(menu: QMenu, words: str) -> str:
    """The action's text once the cells are counted."""

    def found() -> list[str]:
        texts = [one.text() for one in menu.actions()]
        return [text for text in texts if text.startswith(words) and text.endswith(")")]

    wait_for(lambda: bool(found()))
    return found()[0]


def answer(words: str) -> list[str]:
    """Types into the question that will open, and takes it; its label is told."""
    told: list[str] = []

    def type_it() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QInputDialog):
            QTimer.singleShot(20, type_it)
            return
        told.append(dialog.labelText())
        edit = dialog.findChild(QLineEdit)
        assert edit is not None
        edit.selectAll()
        QTest.keyClicks(edit, words)
        QTest.keyClick(edit, Qt.Key.Key_Return)

    QTimer.singleShot(0, type_it)
    return told


def test_a_word_is_read_as_missing_in_its_whole_column(
    window: Window, server: str, store: Store, path: Path
) -> None:
    page = opened(window, [path])
    menu = right_click(page, 0, 1)
    words = counted(menu, "Treat “n/a” as missing in this column")
    assert words == "Treat “n/a” as missing in this column (3 cells)"
    pick(words)
    wait_for(lambda: checked(page))
    assert page.desk.stack.undoText() == "read “n/a” in region as missing"
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 40)
    client: MongoClient[dict[str, object]] = MongoClient(server)
    there = client[store.database]["places"].count_documents({"region": {"$exists": True}})
    client.close()
    assert (there, held_and_loaded(server, store, "places")[0]) == (3, 6)


def test_a_value_is_replaced_everywhere_and_undo_brings_it_back(
    bare_window: Window, path: Path
) -> None:
    page = opened(bare_window, [path])
    words = counted(right_click(page, 2, 1), "Replace “Nort” everywhere")
    assert words == "Replace “Nort” everywhere in this column… (1 cell)"
    told = answer("North")
    pick(words)
    wait_for(lambda: page.space.model.cell(3, "region").text == "North")
    assert told == ["“Nort” in region (1 cell) becomes:"]
    assert page.desk.stack.undoText() == "“Nort” in region becomes “North”"
    told = answer("N")
    pick(counted(right_click(page, 1, 1), "Replace “North” everywhere"))
    wait_for(lambda: page.space.model.cell(3, "region").text == "N")
    assert told == ["“North” in region (2 cells) becomes:"]
    for _ in range(2):
        click(page.space.bar.undo)
    wait_for(lambda: page.space.model.cell(3, "region").text == "Nort")


def test_only_rows_like_a_cell_are_shown_until_all_are_asked_for(
    bare_window: Window, path: Path
) -> None:
    page = opened(bare_window, [path])
    pick(counted(right_click(page, 3, 1), "Show only rows where region is “n/a”"))
    wait_for(lambda: page.space.model.rowCount() == 3)
    assert [page.space.model.record(row) for row in range(3)] == [1, 4, 6]
    assert page.space.sheet.currentIndex().row() == 1
    pill = page.space.chips.value
    assert (pill.words.text(), pill.count.text()) == ("region is “n/a”", "3")
    click(pill.away)
    assert page.space.model.rowCount() == 6
    assert not pill.isVisible()


def test_the_menu_of_a_cell_opens_and_acts_by_keys(bare_window: Window, path: Path) -> None:
    page = opened(bare_window, [path])
    activate(bare_window)
    sheet = page.space.sheet
    sheet.setFocus()
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(sheet, key)
    assert sheet.currentIndex().data() == "North"
    where = sheet.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle).center()
    reason = QContextMenuEvent.Reason.Keyboard  # as the platform tells of the menu key
    QApplication.sendEvent(sheet, QContextMenuEvent(reason, where, sheet.mapToGlobal(QPoint())))
    menu = menu_shown()
    counted(menu, "Show only rows where region is “North”")
    for _ in range(4):  # past the three ways to copy
        QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    wait_for(lambda: page.space.model.rowCount() == 1)


def test_a_row_is_copied_with_its_header_by_menu_and_cells_by_keys(
    bare_window: Window, path: Path
) -> None:
    page = opened(bare_window, [path])
    activate(bare_window)
    right_click(page, 1, 1)
    pick("Copy row with header")
    assert QApplication.clipboard().text() == "id\tregion\n1\tNorth"
    sheet = page.space.sheet
    sheet.setFocus()
    sheet.setCurrentIndex(sheet.model().index(2, 1))
    QTest.keyClick(sheet, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(sheet, Qt.Key.Key_C, both)
    assert QApplication.clipboard().text() == "region\nNort\nn/a"
    QTest.keyClick(sheet, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "Nort\nn/a"
