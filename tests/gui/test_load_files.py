"""The list of open files: questions, undo across files, a file that is open already."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.pages.load import LoadPage
from gui.toasts import Toast
from gui.window import Window
from tests.gui.load_states import (
    asked_all,
    checked,
    copied,
    doubtful,
    opened,
    wait_for,
)
from tests.gui.test_load_all import line
from tests.gui.test_load_main import (
    activate,
    click,
    close_file,
    drop,
)
from tests.gui.test_load_ways import toast_link


# -- questions -----------------------------------------------------------------------------------
def test_open_questions_stand_in_the_list_until_they_are_answered(
    bare_window: Window, tmp_path: Path
) -> None:
    visits, stray, _ = doubtful(tmp_path / "in")
    page = opened(bare_window, [visits, stray])
    assert line(page, "visits.csv") == "visits.csv, 60 rows, 1 question"
    assert line(page, "stray.csv") == "stray.csv, 60 rows, 2 problems, 1 question"
    activate(bare_window)
    click(page.space.message.link)
    wait_for(page.space.dialect.isVisible)
    page.space.dialect.dates.setFocus()
    QTest.keyClick(page.space.dialect.dates, Qt.Key.Key_Down)
    wait_for(lambda: line(page, "visits.csv") == "visits.csv, 60 rows, ready")


def test_a_question_is_answered_by_choosing_what_stands_there_already(
    bare_window: Window, tmp_path: Path
) -> None:
    _, stray, _ = doubtful(tmp_path / "in")
    page = opened(bare_window, [stray])
    activate(bare_window)
    click(page.space.message.link)
    wait_for(page.space.dialect.isVisible)
    quote = page.space.dialect.quote
    click(quote)
    wait_for(lambda: quote.view().isVisible())
    QTest.keyClick(quote.view(), Qt.Key.Key_Return)
    wait_for(lambda: line(page, "stray.csv") == "stray.csv, 60 rows, 2 problems")


# -- undo across files ---------------------------------------------------------------------------
def two_changes(window: Window, tmp_path: Path) -> LoadPage:
    """The mode of products changed, then that of customers, which is shown."""
    page = opened(window, copied(tmp_path, "products", "customers"))
    activate(window)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        page.files.view.setFocus()
        QTest.keyClick(page.files.view, key)
        page.space.head.mode.setFocus()
        QTest.keyClick(page.space.head.mode, Qt.Key.Key_End)
        wait_for(lambda: checked(page))
    return page


def test_undo_says_which_file_it_would_change_and_shows_it_then(
    bare_window: Window, tmp_path: Path
) -> None:
    page = two_changes(bare_window, tmp_path)
    bar = page.space.bar
    assert (bar.undo.text(), bar.undo.toolTip()) == ("Undo", "Undo “replace all” in customers.csv")
    page.files.view.setFocus()
    QTest.keyClick(page.files.view, Qt.Key.Key_Home)
    assert page.space.file is not None
    assert page.space.file.name == "products.csv"
    assert bar.undo.text() == "Undo in customers.csv"
    click(bar.undo)
    assert page.space.file.name == "customers.csv"
    assert page.space.head.mode.currentText() == "Add rows"
    assert bar.undo.text() == "Undo in products.csv"
    assert (bar.redo.text(), bar.redo.toolTip()) == ("Redo", "Redo “replace all” in customers.csv")
    wait_for(lambda: checked(page))


def test_undo_passes_over_what_was_done_to_a_file_closed_since(
    bare_window: Window, tmp_path: Path
) -> None:
    page = two_changes(bare_window, tmp_path)
    page.files.view.setFocus()
    QTest.keyClick(page.files.view, Qt.Key.Key_End)
    QTest.keyClick(page.files.view, Qt.Key.Key_Delete)
    wait_for(lambda: len(page.desk.files) == 1)
    assert page.space.bar.undo.toolTip() == "Undo “replace all” in products.csv"
    QTest.keyClick(bare_window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.space.head.mode.currentText() == "Add rows"
    assert not page.space.bar.undo.isEnabled()
    assert page.space.bar.redo.isEnabled()
    wait_for(lambda: checked(page))


def test_a_file_that_is_loading_is_not_changed_by_undo(window: Window, tmp_path: Path) -> None:
    page = two_changes(window, tmp_path)
    click(page.space.bar.all)
    asked = asked_all(window)
    click(asked.go)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    files = page.desk.files
    wait_for(lambda: {file.phase for file in files.values()} == {"done"}, 60)
    assert {f.work.recipe.mode for f in files.values() if f.work is not None} == {"replace"}
    assert page.desk.stack.canUndo()


# -- a file that is open already -----------------------------------------------------------------
def toast(window: Window) -> str:
    """What the toast on the screen says."""
    shown = [one for one in window.findChildren(Toast) if one.isVisible()]
    return shown[-1].accessibleName() if shown else ""


def test_a_file_that_is_open_already_is_shown_and_said_to_be(
    bare_window: Window, tmp_path: Path
) -> None:
    page = two_changes(bare_window, tmp_path)
    assert page.space.file is not None
    assert page.space.file.name == "customers.csv"
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
    drop(bare_window, tmp_path / "link" / "products.csv")
    assert page.space.file.name == "products.csv"
    assert page.space.head.mode.currentText() == "Replace all"
    assert len(page.desk.files) == 2
    assert toast(bare_window).startswith("products.csv is open already.")
    with (tmp_path / "products.csv").open("a", encoding="utf-8") as file:
        file.write("x\n")
    click(toast_link(bare_window, "Read again"))
    wait_for(lambda: line(page, "products.csv") == "products.csv, 621 rows, 29 problems")
    assert page.space.head.mode.currentText() == "Replace all"
    close_file(bare_window)
    drop(bare_window, tmp_path / "products.csv")
    wait_for(lambda: len(page.desk.files) == 2 and checked(page))
    assert page.space.head.mode.currentText() == "Add rows"
    (other,) = copied(tmp_path / "more", "orders")
    drop(bare_window, tmp_path / "customers.csv", other)
    assert page.space.file.name == "orders.csv"
    assert toast(bare_window).startswith("1 of 2 files were open already.")
    wait_for(lambda: checked(page))
