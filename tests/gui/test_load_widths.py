"""Rows with cells too many or too few, mended from their chips by mouse and keys."""

from pathlib import Path

from pymongo import MongoClient
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from core.store import Store
from gui.load.chips import Chip
from gui.pages.load import LoadPage
from gui.window import Window
from tests.gui.load_states import checked, only, opened, wait_for
from tests.gui.test_load_columns import pick
from tests.gui.test_load_main import activate, click

EXTRA = (None, "extra-cell", "extra-cell")
MISSING = (None, "missing-cell", "missing-cell")


def uneven(folder: Path) -> Path:
    path = folder / "people.csv"
    rows = [f"{n},name {n},town {n % 7}" for n in range(1, 41)]
    rows[3] += ",,"
    rows[7] += ",,"
    rows[12] += ",left-over"
    rows[20] = "21,name 21"
    path.write_text("\n".join(["id,name,town", *rows]) + "\n")
    return path


def chip(page: LoadPage, kind: tuple[str | None, str, str]) -> Chip:
    return next(one for one in page.space.chips.chips if one.kind == kind)


def press(page: LoadPage, kind: tuple[str | None, str, str]) -> None:
    """The fix on a chip; what is on offer then is that of the new check."""
    accepted = only(page).report.accepted  # type: ignore[union-attr]
    click(chip(page, kind).fix)
    wait_for(lambda: checked(page) and only(page).report.accepted != accepted)  # type: ignore[union-attr]
    wait_for(lambda: page.space.fixing.settled)


def test_rows_of_the_wrong_width_are_mended_by_their_chips_and_loaded(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    page = opened(window, [uneven(tmp_path)])
    fix = chip(page, EXTRA).fix
    assert fix.text() == "Fix 2"
    assert fix.toolTip().startswith("Leave out empty cells beyond the last column\n…,, → …")
    press(page, EXTRA)
    fix = chip(page, EXTRA).fix
    assert fix.text() == "Fix 1"
    assert fix.toolTip() == "Leave out what is beyond the last column\n…,left-over → …"
    press(page, EXTRA)
    fix = chip(page, MISSING).fix
    assert fix.toolTip() == "Leave the missing columns empty\n21,name 21 → 21,name 21,"
    press(page, MISSING)
    assert not page.space.chips.views
    model = page.space.model
    wait_for(lambda: [model.data(model.index(n, 1)) for n in (20, 21)] == ["name 21", "name 22"])
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 40)
    client: MongoClient[dict[str, object]] = MongoClient(server)
    found = list(client[store.database]["people"].find({"id": {"$in": [4, 13, 21]}}).sort("id"))
    client.close()
    assert [one.get("town") for one in found] == ["town 4", "town 6", None]


def test_a_fix_of_rows_is_undone_and_redone_by_keys(bare_window: Window, tmp_path: Path) -> None:
    page = opened(bare_window, [uneven(tmp_path)])
    activate(bare_window)
    press(page, MISSING)
    assert MISSING not in page.desk.findings[only(page).key].kinds
    QTest.keyClick(page.space.sheet, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: checked(page) and MISSING in page.desk.findings[only(page).key].kinds)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(page.space.sheet, Qt.Key.Key_Z, modifiers)
    wait_for(lambda: checked(page) and MISSING not in page.desk.findings[only(page).key].kinds)


def test_what_was_decided_stands_in_the_menu_and_is_taken_back_there(
    bare_window: Window, tmp_path: Path
) -> None:
    page = opened(bare_window, [uneven(tmp_path)])
    press(page, MISSING)
    click(page.space.head.more)
    pick("Leave the missing columns empty")
    wait_for(lambda: checked(page) and MISSING in page.desk.findings[only(page).key].kinds)
    click(page.space.head.more)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert "Leave the missing columns empty" not in {one.text() for one in menu.actions()}
    menu.close()


def test_the_message_of_such_a_row_says_the_cure_and_counts_rows(
    bare_window: Window, tmp_path: Path
) -> None:
    page = opened(bare_window, [uneven(tmp_path)])
    one = chip(page, MISSING)
    QTest.mouseClick(one, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    QTest.keyClick(page.space.sheet, Qt.Key.Key_F8)
    wait_for(lambda: page.space.message.line is not None and page.space.message.line.link != "")
    line = page.space.message.line
    assert line is not None
    assert line.text.endswith("“town” is missing.")
    assert (line.cure, line.link) == ("Leave the missing columns empty.", "Fix 1 row")
    click(page.space.message.link)
    wait_for(lambda: checked(page) and MISSING not in page.desk.findings[only(page).key].kinds)
