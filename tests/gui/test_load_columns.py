"""The panel of a column by mouse and keys: cleaning steps, their order, and taking it back."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QMenu

from gui.cells import FIELD, FieldView
from gui.load.step_row import StepRow
from gui.pages.load import LoadPage
from gui.window import Window
from tests.gui.load_states import checked, copied, only, opened, wait_for
from tests.gui.test_load_main import activate, click

STEPS = ("trim", "collapse", "normalise")
MENU = ("Trim spaces at both ends", "Collapse inner spaces", "Normalise Unicode (NFC)")


@pytest.fixture
def page(bare_window: Window, tmp_path: Path) -> LoadPage:
    """Three steps on a column, added by the panel's menu."""
    page = opened(bare_window, copied(tmp_path / "in", "products"))
    open_panel(page, "name")
    page.panel.area.ensureWidgetVisible(page.panel.steps)
    for words in MENU:
        click(page.panel.steps.add)
        pick(words)
        wait_for(lambda: checked(page))
    assert steps(page) == STEPS
    return page


def open_panel(page: LoadPage, name: str) -> None:
    """By a click on the column's head."""
    column, header = page.space.model.names.index(name), page.space.sheet.horizontalHeader()
    page.space.sheet.scrollTo(page.space.model.index(0, column))
    where = QPoint(header.sectionViewportPosition(column) + 20, 12)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert page.panel.isVisible()


def pick(words: str) -> None:
    """By mouse, from the menu that is open."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(one for one in menu.actions() if one.text() == words)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())


def steps(page: LoadPage) -> tuple[str, ...]:
    work = only(page).work
    assert work is not None
    return tuple(step.name for step in work.recipe.schema.field("name").clean)


def rows(page: LoadPage) -> list[StepRow]:
    return [one for one in page.panel.steps.rows if isinstance(one, StepRow)]


def drag(page: LoadPage, at: int, to: int) -> None:
    """A step by its grip, `to` pixels down."""
    wait_for(lambda: checked(page))  # the rows stand where they are seen
    one = rows(page)[at]
    start = one.grip.geometry().center()
    QTest.mousePress(one, Qt.MouseButton.LeftButton, pos=start)
    for part in (1, 2, 3, 4):
        QTest.mouseMove(one, start + QPoint(0, to * part // 4))
    QTest.mouseRelease(one, Qt.MouseButton.LeftButton, pos=start + QPoint(0, to))


def test_a_step_is_dragged_before_another_and_undo_puts_it_back(page: LoadPage) -> None:
    drag(page, 2, -2 * 28)
    assert steps(page) == ("normalise", "trim", "collapse")
    assert page.desk.stack.undoText() == "another order of steps (name)"
    drag(page, 0, 40)
    assert steps(page) == ("trim", "normalise", "collapse")
    drag(page, 0, 200)
    assert steps(page) == ("normalise", "collapse", "trim")
    for _ in range(3):
        click(page.space.bar.undo)
    assert steps(page) == STEPS


def test_a_drag_shows_where_the_step_would_stand_and_a_short_one_does_nothing(
    page: LoadPage,
) -> None:
    wait_for(lambda: checked(page))
    one, line = rows(page)[0], page.panel.steps.line
    start = one.grip.geometry().center()
    QTest.mousePress(one, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(one, start + QPoint(0, 40))
    assert line.isVisible()
    assert line.geometry().center().y() == rows(page)[1].geometry().bottom()
    QTest.mouseMove(one, start)
    QTest.mouseRelease(one, Qt.MouseButton.LeftButton, pos=start)
    assert not line.isVisible()
    assert steps(page) == STEPS


def test_alt_and_an_arrow_move_the_step_that_has_the_focus(
    page: LoadPage, bare_window: Window
) -> None:
    activate(bare_window)
    rows(page)[2].box.setFocus()
    alt = Qt.KeyboardModifier.AltModifier
    for expected in (("trim", "normalise", "collapse"), ("normalise", *STEPS[:2])):
        focused = QApplication.focusWidget()
        assert isinstance(focused, QCheckBox)
        QTest.keyClick(focused, Qt.Key.Key_Up, alt)
        assert steps(page) == expected
    QTest.keyClick(rows(page)[0].box, Qt.Key.Key_Up, alt)
    assert steps(page) == ("normalise", *STEPS[:2])
    QTest.keyClick(rows(page)[0].box, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert steps(page) == ("trim", "normalise", "collapse")


def test_a_renamed_column_is_called_so_wherever_it_is_named_and_undo_takes_it_back(
    bare_window: Window, tmp_path: Path
) -> None:
    page = opened(bare_window, copied(tmp_path / "in", "orders"))
    activate(bare_window)
    column = page.space.model.names.index("amount")
    open_panel(page, "amount")
    click(page.panel.target)
    page.panel.target.selectAll()
    QTest.keyClicks(page.panel.target, "total")
    QTest.keyClick(page.panel.target, Qt.Key.Key_Return)
    wait_for(lambda: checked(page) and page.space.fixing.settled)
    field = page.space.model.headerData(column, Qt.Orientation.Horizontal, FIELD)
    assert isinstance(field, FieldView)
    assert (field.name, field.was) == ("total", "amount")
    assert (page.panel.title.text(), page.panel.title.toolTip()) == ("total", "was amount")
    assert page.space.chips.chips[0].view.name == "total"
    QTest.keyClick(page.space.sheet, Qt.Key.Key_F8)
    assert page.space.message.line is not None
    assert page.space.message.line.place == "Line 63, total:"
    click(page.space.bar.undo)
    wait_for(lambda: page.panel.title.text() == "amount")
    assert page.panel.title.toolTip() == ""


def test_the_panel_calls_a_problem_what_it_is(bare_window: Window, tmp_path: Path) -> None:
    path = tmp_path / "keys.csv"
    path.write_text("id,name\n1,a\n2,b\n1,c\n3,d\n", "utf-8")
    page = opened(bare_window, [path])
    open_panel(page, "id")
    page.panel.area.ensureWidgetVisible(page.panel.primary)
    QTest.mouseClick(page.panel.primary, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    wait_for(lambda: checked(page) and page.panel.values.wrong.text() == "1 repeated key")


def test_the_words_that_count_as_missing_are_named_with_how_often_they_came(
    bare_window: Window, tmp_path: Path
) -> None:
    path = tmp_path / "prices.csv"
    cells = [*map(str, range(30)), "n/a", "N/A", "n/a", ""]
    path.write_text("id,price\n" + "".join(f"r{n},{c}\n" for n, c in enumerate(cells)), "utf-8")
    page = opened(bare_window, [path])
    wait_for(lambda: checked(page) and page.space.message.line is not None)
    assert page.space.message.line is not None
    assert page.space.message.line.cure == "price: taken as missing: “n/a” 2, “N/A” 1."
    open_panel(page, "price")
    values = page.panel.values
    wait_for(values.gone.isVisible)
    assert values.gone.text() == "“n/a” ×2 and “N/A” ×1 are read as missing."
    assert values.missing.text() == "4 missing"
    assert values.missing.toolTip() == values.gone.text()
