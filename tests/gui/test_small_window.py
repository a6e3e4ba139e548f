"""Long names in the smallest window: nothing is cut off, and names come before lesser things."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from core.store import Store
from gui.elided import Elided
from gui.history.row import LoadRow
from gui.pages.history import HistoryPage
from gui.window import Window
from tests.gui.clipped import complaints
from tests.gui.load_states import load_page, only, wait_for
from tests.gui.page_states import charts, click_cell, collections, history, load, quarantine
from tests.gui.test_collections import settled

FIELDS = (
    "order_identifier_as_assigned_by_the_upstream_system",
    "Kundennummer (laut Bestandsführung, nicht Buchhaltung)",
    "date",
    "amount in EUR (net, incl. discount)",
)


def written(folder: Path) -> Path:
    path = folder / f"quarterly_export_of_{'all_' * 12}orders_2025_final_version_2.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(FIELDS)
        for n in range(200):
            day = "soon" if n % 50 == 3 else f"2025-0{n % 9 + 1}-1{n % 9}"
            rows.writerow((100_000 + n, f"K-{n:05}", day, "1.250,00" if n % 40 == 7 else f"{n}.25"))
    return path


def in_load(window: Window, path: Path) -> None:
    page = load_page(window)
    window.open_files([path])
    wait_for(lambda: only(page).checked)
    page.columns.open(FIELDS[3])
    wait_for(lambda: page.panel.values.profile is not None)
    assert page.panel.target.cursorPosition() == 0


def in_quarantine(window: Window, path: Path) -> None:
    page = quarantine(window)
    wait_for(lambda: page.view.panel.record is not None)
    (area,) = page.view.panel.findChildren(QScrollArea)
    wait_for(lambda: area.widget().width() <= area.viewport().width())


def in_collections(window: Window, path: Path) -> None:
    page = collections(window, "orders")
    click_cell(page.view.sheet, 0, 0, double=True)
    QTest.keyClicks(page.view.sheet.focusWidget(), "7")
    QTest.keyClick(page.view.sheet.focusWidget(), Qt.Key.Key_Return)
    wait_for(lambda: page.view.save.isVisible() and settled(page))
    sheet = page.view.sheet
    assert sheet.columnWidth(0) <= sheet.viewport().width()


def in_charts(window: Window, path: Path) -> None:
    charts(window, "orders")


def in_history(window: Window, path: Path) -> None:
    page = history(window)
    wait_for(lambda: len(page.rows) == 1)
    (row,) = page.rows.values()
    QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(300, 20))
    wait_for(lambda: row.details is not None and row.details.plan is not None)
    name = next(one for one in row.findChildren(Elided) if one.text() == path.name)
    assert name.width() > 120
    for width, seen in ((1280, True), (960, False), (1920, True), (960, False)):
        window.resize(width, 600)
        wait_for(lambda seen=seen: _columns(page, row) == [seen] * 4)  # type: ignore[misc]


def _columns(page: HistoryPage, row: LoadRow) -> list[bool]:
    """Whether mode and time are seen, in the titles and in a row."""
    return [
        any(part.isVisible() for part in line.findChildren(QWidget, name))
        for line in (page.view.titles, row)
        for name in ("mode", "time")
    ]


@pytest.mark.parametrize("shown", [in_load, in_quarantine, in_collections, in_charts, in_history])
def test_nothing_is_cut_off(
    window: Window, store: Store, tmp_path: Path, shown: Callable[[Window, Path], None]
) -> None:
    path = written(tmp_path)
    window.resize(960, 600)
    if shown is not in_load:
        load(store, path, "orders")
    shown(window, path)
    for _ in range(3):  # layouts follow
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QApplication.processEvents()
    wait_for(lambda: complaints(window) == [], 3)
