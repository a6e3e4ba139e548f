"""The Load page beyond the main job: drafts, recipes, dialect, columns, stop and resume, calm."""

import itertools
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest

from core.store import Store
from gui.load.state import Work, percent, size_words
from gui.window import Window
from tests.gui.load_states import (
    SAMPLES,
    STATES,
    big,
    checked,
    copied,
    load_page,
    only,
    opened,
    wait_for,
)
from tests.gui.test_load_main import (
    activate,
    answer_dialog,
    click,
    close_file,
    held_and_loaded,
    tab_to,
)


# -- recipes and dialect -------------------------------------------------------------------------
def test_a_known_recipe_is_taken_for_a_file_with_its_columns(
    bare_window: Window, tmp_path: Path
) -> None:
    (orders,) = copied(tmp_path / "in", "orders")
    page = opened(bare_window, [orders])
    activate(bare_window)
    tab_to(bare_window, page.space.head.recipe)
    answer_dialog(orders.with_name("orders.recipe.json"))
    QTest.keyClick(page.space.head.recipe, Qt.Key.Key_End)  # Open recipe…
    wait_for(lambda: checked(page))
    other = tmp_path / "march.csv"
    shutil.copy(SAMPLES / "orders.csv", other)
    bare_window.open_files([other])
    wait_for(lambda: len(page.desk.files) == 2 and checked(page))
    march = next(file for file in page.desk.files.values() if file.path == other)
    assert march.recipe_path == orders.with_name("orders.recipe.json")
    assert march.report is not None
    assert march.report.quarantined == 72


def test_changing_the_delimiter_splits_the_preview_anew_and_undo_brings_it_back(
    bare_window: Window, tmp_path: Path
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("a;b,c\n1;2,3\n4;5,6\n", "utf-8")
    page = opened(bare_window, [path])
    before = page.space.model.names
    activate(bare_window)
    click(page.space.head.change)
    choice = page.space.dialect.delimiter
    wanted = "," if before == ("a", "b,c") else ";"
    tab_to(bare_window, choice)
    QTest.keyClicks(choice, wanted)
    expected = ("a;b", "c") if wanted == "," else ("a", "b,c")
    wait_for(lambda: page.space.model.names == expected)
    wait_for(lambda: checked(page))
    assert page.space.model.rowCount() == 2
    QTest.keyClick(bare_window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: page.space.model.names == before)


# -- columns -------------------------------------------------------------------------------------
def test_the_column_panel_retypes_and_requires_and_undo_takes_both_back(
    bare_window: Window, tmp_path: Path
) -> None:
    page = opened(bare_window, copied(tmp_path / "in", "orders"))
    header = page.space.sheet.horizontalHeader()
    column = page.space.model.names.index("coupon")
    page.space.sheet.scrollTo(page.space.model.index(0, column))
    where = QPoint(header.sectionViewportPosition(column) + 20, 12)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert page.panel.isVisible()
    assert page.panel.title.text() == "coupon"
    wait_for(lambda: page.panel.values.profile is not None)
    click(page.panel.required)
    wait_for(lambda: checked(page))
    assert only(page).report is not None
    missing = ("coupon", "constraint-error", "required")
    wait_for(lambda: page.desk.findings[1].kinds.get(missing) == 5610)
    assert page.desk.stack.undoText() == "required (coupon)"
    click(page.space.bar.undo)
    wait_for(lambda: missing not in page.desk.findings[1].kinds)


def test_a_repeated_kind_filters_the_sheet_and_a_second_click_clears(
    bare_window: Window, tmp_path: Path
) -> None:
    page = opened(bare_window, copied(tmp_path / "in", "orders"))
    chip = page.space.chips.chips[0]
    click(chip)
    assert page.space.model.rowCount() == 31
    assert page.space.sheet.currentIndex().data() == "120,59"
    click(chip)
    assert page.space.model.rowCount() == 9812
    click(page.space.chips.segment.parts[1])
    assert page.space.model.rowCount() == 72


def test_hovering_a_fix_proposes_and_changes_nothing(bare_window: Window, tmp_path: Path) -> None:
    page = opened(bare_window, copied(tmp_path / "in", "orders"))
    work = only(page).work
    fix = page.space.chips.chips[0].fix
    assert fix is not None
    wait_for(lambda: page.space.fixing.settled)

    def proposed() -> bool:
        """The mouse comes from elsewhere: where it is already, moving it there is no event."""
        QTest.mouseMove(page.space.sheet.viewport(), QPoint(5, 5))
        QTest.mouseMove(fix, QPoint(5, 5))
        return page.space.model.cell(62, "amount").proposal == "120.59"

    wait_for(proposed)
    QTest.mouseMove(page.space.sheet.viewport(), QPoint(5, 5))
    wait_for(lambda: page.space.model.cell(62, "amount").proposal == "")
    assert page.space.model.cell(62, "amount").proposal == ""
    assert only(page).work is work
    assert page.desk.stack.count() == 0


def test_text_is_found_in_the_whole_file(bare_window: Window, tmp_path: Path) -> None:
    page = STATES["finding"](bare_window, tmp_path / "in")
    assert page.space.sheet.currentIndex().data() == "SPRING10"
    assert page.space.model.names[page.space.sheet.currentIndex().column()] == "coupon"
    QTest.keyClick(page.space.findbar.text, Qt.Key.Key_Escape)
    assert not page.space.findbar.isVisible()


# -- loading -------------------------------------------------------------------------------------
def test_a_dry_run_writes_nothing_and_says_what_it_would_do(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    page = opened(window, copied(tmp_path / "in", "products"))
    click(page.space.bar.dry)
    wait_for(lambda: page.space.said is not None and "Loading would" in page.space.said.text, 60)
    assert page.space.said is not None
    assert page.space.said.text == "Loading would insert 592, change 0, refuse 28."
    assert held_and_loaded(server, store, "products")[:2] == (0, 0)


def test_a_file_that_is_no_csv_says_why_in_place_of_the_sheet(
    bare_window: Window, tmp_path: Path
) -> None:
    page = STATES["failed"](bare_window, tmp_path / "in")
    assert page.space.unreadable.isVisible()
    assert "orders.csv" in page.space.unreadable.words.text()
    assert not page.space.bar.primary.isEnabled()


# -- calm ----------------------------------------------------------------------------------------
def worst_stall(seconds: float, act: Callable[[], None]) -> tuple[float, float]:
    """The longest that a 10 ms timer was kept waiting, in ms: by the clock, and of our own
    work in between (the difference is other processes, or core's threads holding the lock)."""
    ticks: list[tuple[float, float]] = []
    timer = QTimer()
    timer.setInterval(10)
    timer.timeout.connect(lambda: ticks.append((time.perf_counter(), time.thread_time())))
    timer.start()
    end = time.monotonic() + seconds
    act()
    while time.monotonic() < end:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
    timer.stop()
    pairs = list(itertools.pairwise(ticks))
    return (
        1000 * max((b[0] - a[0] for a, b in pairs), default=0),
        1000 * max((b[1] - a[1] for a, b in pairs), default=0),
    )


def test_the_window_does_not_stall_while_a_large_file_is_checked_and_scrolled(
    bare_window: Window, tmp_path: Path
) -> None:
    path = big(tmp_path / "in", 200_000)
    page = load_page(bare_window)
    stalls = []
    for _ in range(5):

        def work() -> None:
            bare_window.open_files([path])
            bar = page.space.sheet.verticalScrollBar()
            for i in range(40):
                QTimer.singleShot(200 + i * 30, lambda i=i: bar.setValue(bar.maximum() * i // 40))

        stalls.append(worst_stall(1.6, work))
        close_file(bare_window)
        if max(stalls[-1]) < 100:
            break
    print(f"worst stalls: {', '.join(f'{wall:.0f} ({own:.0f}) ms' for wall, own in stalls)}")
    assert min(own for _, own in stalls) < 100
    if os.getloadavg()[0] < (os.cpu_count() or 1):  # else the clock measures the neighbours
        assert min(wall for wall, _ in stalls) < 100


# -- words ---------------------------------------------------------------------------------------
def test_a_hundred_per_cent_is_said_only_where_it_is_true() -> None:
    assert percent(10, 10) == "100%"
    assert percent(999_999, 1_000_000) == "99.9%"
    assert percent(1, 1_000_000) == "0.1%"
    assert percent(0, 5) == "0.0%"
    assert size_words(623_838) == "624 KB"


def test_typing_the_files_own_text_again_is_no_edit(tmp_path: Path) -> None:
    from core.recipes.recipe import infer

    path = tmp_path / "a.csv"
    path.write_text("a\n1\n", "utf-8")
    work = Work(infer(path))
    edited = work.edit(1, "a", "2", "1")
    assert edited.edits == {1: {"a": "2"}}
    assert edited.edit(1, "a", "1", "1").edits == {}
