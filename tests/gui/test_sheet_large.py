"""The sheet with a million rows or thousands of columns: what is asked for is what is seen."""

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.sheet import CELL
from gui.widths import FAR, MEASURED
from tests.gui.load_states import wait_for
from tests.gui.sheets import Index, Rows, shown

Key, Left, Control = Qt.Key, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize("size", [(1_000_000, 20), (10_000, 2_000)])
def test_nothing_depends_on_the_number_of_rows_or_columns(
    qtbot: QtBot, size: tuple[int, int]
) -> None:
    """Best of three: two cores and other work make single figures worthless."""
    sheet = shown(qtbot, Rows(*size))
    steps = {
        "all": lambda: qtbot.keyClick(sheet, Key.Key_A, Control),
        "end": lambda: qtbot.keyClick(sheet, Key.Key_End, Control),
        "column": lambda: qtbot.mouseClick(
            sheet.horizontalHeader().viewport(), Left, pos=QPoint(90, 20)
        ),
        "page": lambda: qtbot.keyClick(sheet, Key.Key_PageUp),
        "copy": lambda: qtbot.keyClick(sheet, Key.Key_C, Control),
        "home": lambda: qtbot.keyClick(sheet, Key.Key_Home, Control),
    }
    took: dict[str, float] = {}
    for _ in range(3):
        for name, step in steps.items():
            began = time.process_time()
            step()
            QApplication.processEvents()
            took[name] = min(took.get(name, 9.0), time.process_time() - began)
        sheet.copying.stop()
    assert max(took.values()) < 0.1, took


class Counted(Rows):
    """Remembers which cells were asked for."""

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__(rows, columns)
        self.asked: list[tuple[int, int]] = []

    def data(self, index: Index, role: int = 0) -> object:
        if role == CELL:
            self.asked.append((index.row(), index.column()))
        return super().data(index, role)


def _asked(model: Counted, act: Callable[[], object]) -> list[tuple[int, int]]:
    QApplication.processEvents()
    model.asked.clear()
    act()
    QApplication.processEvents()
    return model.asked


def test_a_repaint_asks_once_for_each_cell_that_is_seen(qtbot: QtBot) -> None:
    model = Counted(1_000_000, 2_000)
    sheet = shown(qtbot, model)
    asked = _asked(model, sheet.viewport().update)
    area = sheet.viewport().rect()
    seen = {cell for cell in asked if area.intersects(sheet.visualRect(model.index(*cell)))}
    assert len(asked) == len(set(asked)) == len(seen) > 20


def test_scrolling_asks_only_for_the_rows_that_come_in(qtbot: QtBot) -> None:
    model = Counted(1_000_000, 20)
    sheet = shown(qtbot, model)
    sheet.go_to(500, 0)
    wait_for(lambda: not _asked(model, lambda: None))  # its columns are measured and painted
    bar = sheet.verticalScrollBar()
    all_ = {row for row, _ in _asked(model, sheet.viewport().update)}
    steps = [_asked(model, lambda: bar.setValue(bar.value() + 1)) for _ in range(3)]
    came_in = [len({row for row, _ in asked}) for asked in steps]  # a busy machine joins repaints
    assert 1 <= min(came_in) <= len(all_) / 2, (came_in, len(all_))


def test_two_thousand_columns_are_not_measured_one_by_one(qtbot: QtBot) -> None:
    model = Counted(1_000, 2_000)
    sheet = shown(qtbot, model)
    model.asked.clear()
    sheet.fit()
    assert len(model.asked) <= MEASURED
    assert sheet.columnWidth(1_999) == FAR
