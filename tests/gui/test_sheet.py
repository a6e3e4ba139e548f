"""The sheet by mouse and keys: moving, copying and widths that are the user's."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from gui import copying, theme
from gui.sheet import FIELD, Sheet
from tests.gui.sheets import Rows, shown

Key, Left = Qt.Key, Qt.MouseButton.LeftButton
Control, Shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def rows() -> Rows:
    return Rows()


@pytest.fixture
def sheet(qtbot: QtBot, rows: Rows) -> Sheet:
    return shown(qtbot, rows)


def _click(qtbot: QtBot, sheet: Sheet, row: int, column: int, keys: object = None) -> None:
    where = sheet.visualRect(sheet.model().index(row, column)).center()
    qtbot.mouseClick(sheet.viewport(), Left, *([keys] if keys else []), pos=where)


def _line_click(qtbot: QtBot, sheet: Sheet, row: int) -> None:
    place = QPoint(20, sheet.rowViewportPosition(row) + 10)
    qtbot.mouseClick(sheet.verticalHeader().viewport(), Left, pos=place)


def _head(sheet: Sheet, column: int) -> QPoint:
    return QPoint(sheet.columnViewportPosition(column) + 20, 12)


def _clipboard() -> str:
    return QGuiApplication.clipboard().text()


# ---- copying --------------------------------------------------------------------------------
def test_a_cell_is_copied_as_it_stands(sheet: Sheet, qtbot: QtBot) -> None:
    _click(qtbot, sheet, 1, 2)
    qtbot.keyClick(sheet, Key.Key_C, Control)
    assert _clipboard() == "1.250,00"


def test_a_click_on_a_line_number_takes_the_row_and_shift_brings_the_header(
    sheet: Sheet, qtbot: QtBot
) -> None:
    _line_click(qtbot, sheet, 1)
    qtbot.keyClick(sheet, Key.Key_C, Control)
    assert _clipboard() == '\t"5"" pipe"\t1.250,00'
    qtbot.keyClick(sheet, Key.Key_C, Control | Shift)
    assert _clipboard().splitlines()[0] == "order_id\tcustomer\tamount"


def test_a_cell_with_a_tab_stays_one_cell(sheet: Sheet, qtbot: QtBot) -> None:
    _click(qtbot, sheet, 0, 0)
    _click(qtbot, sheet, 0, 2, Shift)
    qtbot.keyClick(sheet, Key.Key_C, Control)
    assert _clipboard() == '70071\t"Ada\tBrandt"\t89.90'


def test_rows_that_are_being_fetched_are_waited_for(sheet: Sheet, rows: Rows, qtbot: QtBot) -> None:
    rows.absent = {2}
    QGuiApplication.clipboard().setText("before")
    qtbot.keyClick(sheet, Key.Key_A, Control)
    qtbot.keyClick(sheet, Key.Key_C, Control)
    assert sheet.copying.busy
    assert _clipboard() == "before"
    with qtbot.waitSignal(sheet.copying.copied):
        rows.absent.clear()
    assert _clipboard().splitlines()[2] == "70073\t\t45.00"


def test_a_copy_is_given_up_when_other_rows_come(sheet: Sheet, rows: Rows, qtbot: QtBot) -> None:
    rows.absent = {2}
    qtbot.keyClick(sheet, Key.Key_A, Control)
    qtbot.keyClick(sheet, Key.Key_C, Control)
    rows.beginResetModel()
    rows.absent.clear()
    rows.endResetModel()
    assert not sheet.copying.busy


def test_too_much_to_copy_is_cut_and_said(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "MOST", 3_000)
    sheet = shown(qtbot, Rows(100_000, 20))
    qtbot.keyClick(sheet, Key.Key_A, Control)
    with qtbot.waitSignal(sheet.copying.copied) as told:
        qtbot.keyClick(sheet, Key.Key_C, Control)
    assert told.args == [150, 100_000]
    assert len(_clipboard().splitlines()) == 150


# ---- moving and editing ---------------------------------------------------------------------
def test_the_arrows_move_and_are_told(sheet: Sheet, qtbot: QtBot) -> None:
    _click(qtbot, sheet, 0, 0)
    with qtbot.waitSignal(sheet.moved) as told:
        qtbot.keyClick(sheet, Key.Key_Down)
    assert (told.args[0].row(), told.args[0].column()) == (1, 0)


def test_going_to_a_cell_far_away_brings_it_into_view(qtbot: QtBot) -> None:
    sheet = shown(qtbot, Rows(1_000_000, 20))
    sheet.go_to(777_777, 15)
    seen = sheet.visualRect(sheet.currentIndex())
    assert sheet.viewport().rect().contains(seen.center())


def test_going_to_a_cell_whose_column_is_seen_moves_no_column(qtbot: QtBot) -> None:
    sheet = shown(qtbot, Rows(5_000, 40))
    sheet.go_to(4_000, 1)
    assert sheet.horizontalScrollBar().value() == 0
    assert (
        abs(sheet.visualRect(sheet.currentIndex()).center().y() - sheet.viewport().height() // 2)
        < 40
    )
    sheet.go_to(10, 39)
    assert sheet.viewport().rect().contains(sheet.visualRect(sheet.currentIndex()).center())


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_F2])
def test_a_key_edits_the_cell_with_its_text(
    sheet: Sheet, rows: Rows, qtbot: QtBot, key: Qt.Key
) -> None:
    _click(qtbot, sheet, 1, 2)
    qtbot.keyClick(sheet, key)
    editor = sheet.findChild(QLineEdit)
    assert editor is not None
    assert editor.text() == "1.250,00"
    qtbot.keyClicks(editor, "1250.00")
    qtbot.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: rows.typed == [(1, 2, "1250.00")])


def test_escape_leaves_the_cell_as_it_was(sheet: Sheet, rows: Rows, qtbot: QtBot) -> None:
    where = sheet.visualRect(rows.index(0, 2)).center()
    qtbot.mouseClick(sheet.viewport(), Left, pos=where)
    qtbot.mouseDClick(sheet.viewport(), Left, pos=where)
    editor = sheet.findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClicks(editor, "9")
    qtbot.keyClick(editor, Key.Key_Escape)
    assert rows.typed == []


# ---- headers and widths ---------------------------------------------------------------------
def test_a_click_on_a_header_tells_its_column(sheet: Sheet, qtbot: QtBot) -> None:
    with qtbot.waitSignal(sheet.field_clicked) as told:
        qtbot.mouseClick(sheet.horizontalHeader().viewport(), Left, pos=_head(sheet, 1))
    assert told.args == [1]


def test_the_columns_share_the_room(sheet: Sheet) -> None:
    widths = [sheet.columnWidth(column) for column in range(3)]
    assert sum(widths) == sheet.viewport().width()
    assert min(widths) > sheet.viewport().width() // 5


def test_a_width_the_user_gave_stays(sheet: Sheet, qtbot: QtBot) -> None:
    header = sheet.horizontalHeader().viewport()
    edge = QPoint(sheet.columnViewportPosition(1) - 1, 20)
    qtbot.mousePress(header, Left, pos=edge)
    qtbot.mouseMove(header, edge + QPoint(40, 0))
    qtbot.mouseRelease(header, Left, pos=edge + QPoint(40, 0))
    wide = sheet.columnWidth(0)
    sheet.resize(900, 400)
    sheet.fit()
    assert sheet.columnWidth(0) == wide


def test_widths_are_set_again_when_awaited_texts_come(qtbot: QtBot) -> None:
    model = Rows()
    model.absent = {0, 1, 2}
    sheet = shown(qtbot, model)
    before = sheet.columnWidth(1)
    model.absent.clear()
    model.dataChanged.emit(model.index(0, 0), model.index(2, 2))
    qtbot.waitUntil(lambda: sheet.columnWidth(1) != before)


# ---- what is painted ------------------------------------------------------------------------
def test_a_problem_is_told_by_fill_and_mark(sheet: Sheet, rows: Rows) -> None:
    picture = sheet.viewport().grab(sheet.visualRect(rows.index(1, 2))).toImage()
    assert picture.pixelColor(40, 4).name() == QColor(theme.LIGHT.problemSoft).name()
    assert _has(picture, theme.LIGHT.problem)
    assert _has(picture, theme.LIGHT.changed)  # the proposal


def test_a_problem_is_told_in_the_dark_too(sheet: Sheet, rows: Rows) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "dark")
    picture = sheet.viewport().grab(sheet.visualRect(rows.index(1, 2))).toImage()
    assert picture.pixelColor(40, 4).name() == QColor(theme.DARK.problemSoft).name()


def _has(picture: QImage, colour: str) -> bool:
    wanted = QColor(colour)
    near = (
        abs(c.red() - wanted.red())
        + abs(c.green() - wanted.green())
        + abs(c.blue() - wanted.blue())
        for x in range(picture.width())
        for y in range(picture.height())
        if (c := picture.pixelColor(x, y))
    )
    return min(near) < 90  # thin lines are mixed with what they stand on


def test_where_room_is_short_a_name_keeps_its_first_letters(sheet: Sheet) -> None:
    sheet.resize(120, 400)
    font = theme.sized(sheet.font(), theme.SMALL, QFont.Weight.DemiBold)
    for column in range(sheet.model().columnCount()):
        name = sheet.model().headerData(column, Qt.Orientation.Horizontal, FIELD).name
        seen = QFontMetrics(font).horizontalAdvance(name[:8])
        assert sheet.columnWidth(column) >= seen + 37
