"""Held rows found, walked through and counted, by mouse and keys."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest

from core.loading.undo import undo
from core.store import Store, walks
from core.store.walks import Found
from gui.held import work
from gui.held.discard import DiscardDialog
from gui.held.model import REASON
from gui.pages.quarantine import QuarantinePage
from gui.window import Window
from tests.gui.held_states import lines, settled, small_page, type_in_panel
from tests.gui.load_states import load_page, wait_for
from tests.gui.page_states import click, click_cell, slow, small

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(window: Window, store: Store, tmp_path: Path) -> QuarantinePage:
    return small_page(window, store, tmp_path)


def files(window: Window) -> list[Any]:
    return list(load_page(window).desk.files.values())


def test_what_is_held_is_listed_with_its_reasons(page: QuarantinePage) -> None:
    assert lines(page) == [3, 5, 6, 8]
    assert page.view.total.text() == "4"
    assert dict(page.view.figures.reasons.bars) == {
        "not a number": 2, "not a date": 1, "too many cells": 1,
    }  # fmt: skip
    assert page.view.panel.title.text() == "Line 3"
    assert not page.view.bar.resubmit.isEnabled()


def test_of_many_rows_the_first_are_seen_before_those_that_are_ready_are_counted(
    window: Window, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "MANY", 3)
    small(store, tmp_path)
    with slow(store, "aggregate"):  # which is how the server counts
        page = window.show_page("Quarantine")
        assert isinstance(page, QuarantinePage)
        wait_for(lambda: lines(page) == [3, 5, 6, 8])
        assert page.view.bar.resubmit.text() == "Resubmit ready ones"
        assert page.view.bar.resubmit.toolTip() == "Counting the rows that are ready…"
        assert page.view.figures.ready.text() == "4 wait"
        wait_for(lambda: page.view.bar.resubmit.text() == "Resubmit 0 ready")
        wait_for(lambda: page.view.panel.edits[0].isVisible())
        type_in_panel(page, "12")
        QTest.keyClick(page.view.panel.edits[0], Qt.Key.Key_Return, CONTROL)
        wait_for(lambda: lines(page) == [5, 6, 8], 30)  # it waited for the count, and went on
    wait_for(lambda: settled(page))
    assert store.quarantine.states()["resubmitted"] == 1


@pytest.mark.parametrize(("most", "width"), [(9_999, 76), (2_500_000, 104)])
def test_line_numbers_have_room_beside_the_mark(
    page: QuarantinePage, most: int, width: int
) -> None:
    page.view.sheet.number_to(most)
    assert page.view.sheet.verticalHeader().width() == width


def test_a_bar_filters_and_a_second_click_clears(page: QuarantinePage) -> None:
    bars = page.view.figures.reasons
    middle = bars.rect().topLeft() + bars.rect().topLeft()
    middle.setX(20)
    middle.setY(14)
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=middle)
    wait_for(lambda: lines(page) == [3, 5])
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=middle)
    wait_for(lambda: lines(page) == [3, 5, 6, 8])


def test_the_search_looks_into_the_raw_lines(page: QuarantinePage) -> None:
    click(page.view.search)
    QTest.keyClicks(page.view.search, "moreau")
    wait_for(lambda: lines(page) == [6])
    page.view.search.clear()
    QTest.keyClicks(page.view.search, "no such thing")
    wait_for(lambda: page.view.table.currentIndex() == 1)
    assert "no such thing" in page.view.nothing.text()


def test_a_long_search_shows_no_other_rows_and_is_stopped(
    page: QuarantinePage, store: Store
) -> None:
    with slow(store, "find"):
        click(page.view.search)
        QTest.keyClicks(page.view.search, "moreau")
        wait_for(lambda: page.view.search_box.isVisible())
        assert "Looking for “moreau”" in page.view.nothing.text()
        assert page.view.table.currentIndex() == 1
        click(page.view.stop)
        assert not page.view.search_box.isVisible()
        assert "stopped" in page.view.nothing.text()
    page.view.search.clear()
    wait_for(lambda: page.view.table.currentIndex() == 0 and lines(page) == [3, 5, 6, 8])


def test_rows_are_shown_as_a_long_search_finds_them(
    page: QuarantinePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walks, "SMALL", 0)
    monkeypatch.setattr(walks, "LOOK", 1)
    held = page.session.store.quarantine
    going_on, search = threading.Event(), held.search

    def held_up(**words: Any) -> Iterator[Found]:
        for found in search(**words):
            yield found
            assert going_on.wait(60)

    monkeypatch.setattr(held, "search", held_up)
    click(page.view.search)
    QTest.keyClicks(page.view.search, "7007")
    wait_for(lambda: lines(page) == [3])
    assert "open" in page.asker.asks, "the search is still under way"
    assert page.view.found.text() == "1 row found so far"
    click_cell(page.view.sheet, 0, 2)
    shown_anew = QSignalSpy(page.view.model.modelReset)
    going_on.set()
    wait_for(lambda: lines(page) == [3, 5, 6, 8] and settled(page))
    assert shown_anew.count() == 0, "what was shown stays where it is"
    assert page.view.sheet.currentIndex().column() == 2
    assert not page.view.search_box.isVisible()


def test_f8_walks_what_needs_attention(page: QuarantinePage) -> None:
    page.view.sheet.setFocus()
    for line in (5, 6):
        QTest.keyClick(page.view.sheet, Qt.Key.Key_F8)
        assert page.view.panel.title.text() == f"Line {line}"
    QTest.keyClick(page.view.sheet, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert page.view.panel.title.text() == "Line 5"
    QTest.keyClick(page.view.sheet, Qt.Key.Key_Down)
    assert page.view.panel.title.text() == "Line 6"


def test_columns_stay_in_place_and_all_figures_agree(
    page: QuarantinePage, window: Window, store: Store
) -> None:
    before = page.view.model.columns
    assert before[:3] == ("amount", "date", REASON)
    click(page.view.bar.discard)
    dialog = window.findChild(DiscardDialog)
    assert isinstance(dialog, DiscardDialog)
    click(dialog.go)
    wait_for(lambda: settled(page) and page.view.model.total == 3)
    assert page.view.total.text() == "3"
    assert window.rail.badge.text() == "3"
    assert page.view.states.parts[0].text() == "Held 3"
    (item,) = page.view.side.side.items
    assert item.tag == "3"
    page.ask(field="date")
    wait_for(lambda: lines(page) == [6])
    assert page.view.model.columns == before
    assert page.view.sheet.currentIndex().column() == before.index("date")


def test_rows_of_an_undone_load_say_so_and_lead_to_its_file(
    page: QuarantinePage, window: Window, store: Store
) -> None:
    type_in_panel(page, "1250.00\r")
    wait_for(lambda: page.view.bar.resubmit.isEnabled())
    *_, report = undo(store, page.asked.load)
    assert report.state == "undone"
    window.session.loaded.emit(report.load)
    wait_for(lambda: page.view.undone_box.isVisible())
    assert "load 1 · undone" in page.view.side.side.items[0].detail
    assert not page.view.bar.resubmit.isEnabled()
    assert "undone" in page.view.bar.resubmit.toolTip()
    click(page.view.load_again)
    wait_for(lambda: [file.path.name for file in files(window)] == ["orders.csv"])


def test_a_read_only_connection_says_why_nothing_is_written(
    page: QuarantinePage, window: Window
) -> None:
    window.session.store.read_only = True
    page.refresh()
    wait_for(lambda: settled(page) and not page.view.bar.discard.isEnabled())
    assert "read-only" in page.view.bar.discard.toolTip()
