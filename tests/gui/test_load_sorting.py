"""The sheet sorted by a column, by mouse and keys: the view changes, records stay themselves."""

import gzip
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from core.recipes.recipe import Recipe
from gui.cells import FIELD, LINE, FieldView
from gui.load import recipe_changes as changes
from gui.pages.load import LoadPage
from gui.window import Window
from tests.gui.load_states import checked, copied, only, opened, wait_for
from tests.gui.test_load_columns import pick
from tests.gui.test_load_main import activate, click

ROWS = (  # id, amount, day, who
    ("1", "10", "2024-03-01", "beta"),
    ("2", "9.5", "2023-12-31", "Alpha"),
    ("3", "", "2024-01-15", "gamma"),
    ("4", "oops", "2024-01-15", ""),
    ("5", "-3", "", "alpha"),
    ("6", "100", "2022-07-04", "Ωmega"),
    ("7", "9.5", "not a day", "delta"),
)
KINDS = {"id": "integer", "amount": "number", "day": "date", "who": "string"}


@pytest.fixture
def page(bare_window: Window, tmp_path: Path) -> LoadPage:
    path = tmp_path / "few.csv"
    lines = ["id,amount,day,who", *(",".join(row) for row in ROWS)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return _typed(bare_window, path)


def _typed(window: Window, path: Path) -> LoadPage:
    """Read by the types of KINDS, whatever so few rows would let one guess."""
    page = opened(window, [path])
    work = only(page).work
    assert work is not None
    recipe: Recipe = work.recipe
    for name, kind in KINDS.items():
        recipe = changes.retyped(recipe, name, kind)
    page.columns.change(recipe, "types")
    wait_for(lambda: checked(page))
    wait_for(lambda: page.space.fixing.settled)
    activate(window)
    return page


def sort(page: LoadPage, name: str, words: str) -> None:
    """By the menu of the column's head."""
    sheet = page.space.sheet
    column = page.space.model.names.index(name)
    sheet.scrollTo(page.space.model.index(0, column))
    header = sheet.horizontalHeader()
    where = QPoint(header.sectionViewportPosition(column) + 20, 12)
    header.customContextMenuRequested.emit(where)
    pick(words)
    wait_for(lambda: not page.columns.sorting.busy)
    wait_for(lambda: "…" not in texts(page, name))


def texts(page: LoadPage, name: str) -> list[str]:
    model = page.space.model
    column = model.names.index(name)
    return [str(model.index(row, column).data()) for row in range(min(model.rowCount(), 30))]


def arrows(page: LoadPage) -> list[str]:
    model = page.space.model
    fields = (model.headerData(i, Qt.Orientation.Horizontal, FIELD) for i in range(4))
    return [field.sorted for field in fields if isinstance(field, FieldView)]


def line(page: LoadPage, row: int) -> str:
    found = page.space.model.headerData(row, Qt.Orientation.Vertical, LINE)
    assert isinstance(found, tuple)
    return str(found[0])


def test_numbers_dates_and_text_sort_as_what_they_are_and_file_order_comes_back(
    page: LoadPage,
) -> None:
    expected = {
        ("amount", "Sort ascending"): ["5", "2", "7", "1", "6", "4", "3"],
        ("amount", "Sort descending"): ["6", "1", "2", "7", "5", "4", "3"],
        ("day", "Sort ascending"): ["6", "2", "3", "4", "1", "7", "5"],
        ("who", "Sort ascending"): ["2", "5", "1", "7", "3", "6", "4"],
        ("who", "Sort descending"): ["6", "3", "7", "1", "2", "5", "4"],
        ("who", "File order"): ["1", "2", "3", "4", "5", "6", "7"],
    }
    for (name, words), ids in expected.items():
        sort(page, name, words)
        wait_for(lambda: "…" not in texts(page, "id"))
        assert texts(page, "id") == ids, (name, words)


def test_the_header_shows_the_order_and_the_gutter_the_lines_of_the_file(page: LoadPage) -> None:
    sort(page, "amount", "Sort descending")
    assert arrows(page) == ["", "down", "", ""]
    assert [line(page, row) for row in range(3)] == ["7", "2", "3"]
    sort(page, "day", "Sort ascending")
    assert arrows(page) == ["", "", "up", ""]


def test_a_cell_typed_in_a_sorted_sheet_is_of_the_record_that_is_seen(page: LoadPage) -> None:
    sort(page, "amount", "Sort ascending")
    sheet, model = page.space.sheet, page.space.model
    sheet.setCurrentIndex(model.index(5, 1))  # “oops”, record 4
    QTest.keyClick(sheet, Qt.Key.Key_F2)
    editor = sheet.viewport().findChild(QLineEdit)
    assert editor is not None
    assert editor.text() == "oops"
    QTest.keyClicks(editor, "7")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait_for(lambda: checked(page))
    work = only(page).work
    assert work is not None
    assert dict(work.edits) == {4: {"amount": "7"}}
    assert texts(page, "id") == ["5", "2", "7", "1", "6", "4", "3"]  # it does not run away
    sort(page, "amount", "Sort ascending")
    assert texts(page, "id") == ["5", "4", "2", "7", "1", "6", "3"]


def test_problems_are_walked_and_filtered_in_the_order_shown(
    page: LoadPage, bare_window: Window
) -> None:
    sort(page, "who", "Sort descending")  # 6 3 7 1 2 5 4
    activate(bare_window)
    sheet, model = page.space.sheet, page.space.model
    sheet.setFocus()
    seen = []
    for _ in range(2):
        QTest.keyClick(sheet, Qt.Key.Key_F8)
        index = sheet.currentIndex()
        seen.append((model.record(index.row()), model.names[index.column()], index.data()))
    assert seen == [(7, "day", "not a day"), (4, "amount", "oops")]
    click(page.space.chips.segment.parts[1])
    wait_for(lambda: "…" not in texts(page, "id"))
    assert texts(page, "id") == ["7", "4"]
    sort(page, "id", "Sort ascending")
    assert texts(page, "id") == ["4", "7"]
    click(page.space.chips.segment.parts[0])
    wait_for(lambda: "…" not in texts(page, "id"))
    assert texts(page, "id") == [row[0] for row in ROWS]


def test_text_is_found_and_rows_are_copied_where_they_stand_now(
    page: LoadPage, bare_window: Window
) -> None:
    sort(page, "amount", "Sort ascending")
    activate(bare_window)
    sheet, model = page.space.sheet, page.space.model
    QTest.keyClick(sheet, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(page.space.findbar.text, "gamma")
    QTest.keyClick(page.space.findbar.text, Qt.Key.Key_Return)
    wait_for(lambda: sheet.currentIndex().data() == "gamma")
    assert model.record(sheet.currentIndex().row()) == 3
    sheet.setFocus()
    QTest.keyClick(sheet, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(sheet, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: not sheet.copying.busy)
    lines = QApplication.clipboard().text().split("\n")
    assert [line.split("\t")[0] for line in lines] == ["5", "2", "7", "1", "6", "4", "3"]


def test_the_find_bar_counts_the_places_and_tells_which_one_is_current(
    page: LoadPage, bare_window: Window
) -> None:
    sheet, bar = page.space.sheet, page.space.findbar
    Enter, Shift = Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier
    sheet.setCurrentIndex(page.space.model.index(0, 0))
    QTest.keyClick(sheet, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(bar.text, "alpha")
    QTest.keyClick(bar.text, Enter)
    wait_for(lambda: bar.answer.text() == "1 of 2")
    assert sheet.currentIndex().data() == "Alpha"
    for keys, words in ((None, "2 of 2"), (None, "1 of 2"), (Shift, "2 of 2")):
        QTest.keyClick(bar.text, Enter, *([keys] if keys else []))
        wait_for(lambda words=words: bar.answer.text() == words)
    assert sheet.currentIndex().data() == "alpha"
    QTest.keyClicks(bar.text, "x")
    assert bar.answer.text() == ""
    QTest.keyClick(bar.text, Enter)
    wait_for(lambda: bar.answer.text() == "No match in the file")
    QTest.keyClick(bar.text, Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_reading_the_file_in_another_way_ends_the_order(page: LoadPage) -> None:
    sort(page, "amount", "Sort ascending")
    click(page.space.head.change)
    choice = page.space.dialect.delimiter
    choice.setCurrentIndex(choice.values.index(";"))
    choice.activated.emit(choice.currentIndex())
    wait_for(lambda: page.space.model.names == ("id,amount,day,who",))
    wait_for(lambda: checked(page))
    assert page.space.model.order is None
    assert page.space.model.rowCount() == len(ROWS)
    assert page.space.model.record(0) == 1


def test_another_file_and_back_finds_the_order_again(
    page: LoadPage, bare_window: Window, tmp_path: Path
) -> None:
    sort(page, "amount", "Sort ascending")
    bare_window.open_files(copied(tmp_path / "in", "products"))
    wait_for(lambda: len(page.desk.files) == 2 and checked(page))
    assert page.space.model.order is None
    page.files.show_file(1)
    wait_for(lambda: "…" not in texts(page, "id"))
    assert texts(page, "id") == ["5", "2", "7", "1", "6", "4", "3"]


@pytest.mark.parametrize("packed", [False, True])
def test_rows_that_stand_in_many_blocks_are_read_together(
    bare_window: Window, tmp_path: Path, packed: bool
) -> None:
    """Of some 6 MB; every tenth block holds a row of the first screen."""
    count = 60_000
    path = tmp_path / ("many.csv.gz" if packed else "many.csv")
    lines = (f"{i},{(i * 7919) % count},2024-01-01,{'x' * 80}\n" for i in range(1, count + 1))
    data = ("id,amount,day,who\n" + "".join(lines)).encode()
    path.write_bytes(gzip.compress(data, 1) if packed else data)
    page = opened(bare_window, [path])
    sort(page, "amount", "Sort ascending")
    sheet, model = page.space.sheet, page.space.model
    assert texts(page, "amount") == [str(i) for i in range(30)]
    bar = sheet.verticalScrollBar()
    bar.setValue(bar.maximum())
    last = model.index(count - 1, 1)
    wait_for(lambda: last.data() == str(count - 1))
    record = model.record(count - 1)
    assert (record * 7919) % count == count - 1
    wait_for(lambda: line(page, count - 1) != "")
    assert line(page, count - 1) == f"{record + 1:,}"


def test_the_footer_stops_a_sort_and_a_click_on_the_head_opens_the_panel(
    page: LoadPage, bare_window: Window
) -> None:
    page.columns.sorting.sort("amount", False)
    assert bare_window.footer.job.text() == "Sorting by amount"
    click(bare_window.footer.halt)
    assert not bare_window.footer.halt.isVisible()
    assert not page.columns.sorting.busy
    header = page.space.sheet.horizontalHeader()
    where = QPoint(header.sectionViewportPosition(1) + 20, 12)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert page.panel.isVisible()
    assert page.space.model.order is None
    menu = QApplication.activePopupWidget()
    assert not isinstance(menu, QMenu)
