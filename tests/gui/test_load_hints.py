"""Columns that mostly have a type, and what the column's panel says of its figures."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.pages.load import LoadPage
from gui.window import Window
from tests.gui.load_states import checked, only, opened, wait_for
from tests.gui.test_load_columns import open_panel
from tests.gui.test_load_main import activate, click

BECAUSE = "45 of 60 cells are whole numbers; the others are like “about 4”, “about 8”, “about 12”."


def counts(folder: Path) -> Path:
    path = folder / "counts.csv"
    rows = [f"{n},{n if n % 4 else f'about {n}'}" for n in range(1, 61)]
    path.write_text("\n".join(["id,qty", *rows]) + "\n")
    return path


def kind(page: LoadPage, name: str) -> str:
    work = only(page).work
    assert work is not None
    return work.recipe.schema.field(name).type


def test_a_column_that_is_mostly_numbers_is_asked_about_and_read_so(
    bare_window: Window, tmp_path: Path
) -> None:
    page = opened(bare_window, [counts(tmp_path)])
    line = page.space.message.line
    assert line is not None
    assert (line.place, line.text) == ("qty:", BECAUSE)
    click(page.space.message.link)
    assert page.panel.why.words.text() == f"Stays text: {BECAUSE}"
    click(page.panel.why.retype)
    wait_for(lambda: checked(page) and only(page).report.quarantined == 15)  # type: ignore[union-attr]
    assert kind(page, "qty") == "integer"
    activate(bare_window)
    QTest.keyClick(page.space.sheet, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: checked(page) and only(page).report.quarantined == 0)  # type: ignore[union-attr]
    assert kind(page, "qty") == "string"


def test_once_the_column_was_looked_at_nobody_asks_again(
    bare_window: Window, tmp_path: Path
) -> None:
    page = opened(bare_window, [counts(tmp_path)])
    assert len(only(page).open_questions) == 1
    open_panel(page, "qty")
    assert only(page).open_questions == ()
    wait_for(lambda: page.space.message.line is not None)
    assert page.space.message.line.text == "Every row is valid."  # type: ignore[union-attr]


def test_the_figures_count_the_valid_cells_of_all_rows(bare_window: Window, tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    rows = [f"{n},{n}.50" for n in range(1, 40)]
    path.write_text("\n".join(["id,price", *rows, "x,41", "y,none"]) + "\n")
    page = opened(bare_window, [path])
    assert only(page).report.accepted == 39  # type: ignore[union-attr]
    open_panel(page, "price")
    wait_for(lambda: page.panel.values.profile is not None)
    values = page.panel.values
    wait_for(lambda: values.count.text() == "40 of 41 cells, 40 distinct")
    said = {name.text(): value.text() for name, value in values.figures}
    assert (said["lowest"], said["highest"]) == ("1.50", "41")
    assert page.panel.padding.text() == "All with 2 decimals: 5 is stored as 5.00."


def test_a_delimiter_that_does_not_split_the_header_is_told(
    bare_window: Window, tmp_path: Path
) -> None:
    page = opened(bare_window, [counts(tmp_path)])
    activate(bare_window)
    click(page.space.head.change)
    choice = page.space.dialect.delimiter
    choice.setFocus()
    QTest.keyClicks(choice, ";")
    wait_for(lambda: page.space.model.names == ("id,qty",) and checked(page))
    wait_for(lambda: page.space.message.line is not None)
    line = page.space.message.line
    assert line is not None
    assert line.text.startswith("The header is one cell, “id,qty”: no ';' stands in it")


@pytest.mark.parametrize("cell", ["3", "many"])
def test_lines_left_out_are_told_of_a_clean_file_and_a_dirty_one(
    bare_window: Window, tmp_path: Path, cell: str
) -> None:
    path = tmp_path / "a.csv"
    rows = "".join(f"{n},{n}\n" for n in range(1, 40))
    path.write_text(f"# exported today\nid,qty\n{rows}40,{cell}\n", "utf-8")
    page = opened(bare_window, [path])
    line = page.space.message.line
    assert line is not None
    assert line.cure.startswith("1 line left out, as no record: line 1.")


def test_comments_further_down_are_left_out_when_their_sign_is_chosen(
    bare_window: Window, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    rows = "".join(f"{n},{n}\n" for n in range(1, 40))
    path.write_text(f"# exported today\nid,qty\n{rows}# the end,\n", "utf-8")
    page = opened(bare_window, [path])
    assert only(page).report.quarantined == 1  # type: ignore[union-attr]
    activate(bare_window)
    click(page.space.head.change)
    wait_for(page.space.dialect.isVisible)
    comments = page.space.dialect.comments
    assert comments.currentText() == "no comments"
    comments.setFocus()
    QTest.keyClick(comments, Qt.Key.Key_Down)
    wait_for(lambda: checked(page) and only(page).report.quarantined == 0)  # type: ignore[union-attr]
    assert only(page).report.records == 39  # type: ignore[union-attr]
    assert comments.currentText() == "#  comments"
