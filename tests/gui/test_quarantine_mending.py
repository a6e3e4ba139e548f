"""Held rows edited, fixed, discarded and loaded by mouse and keys, and what MongoDB then holds."""

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from core.quarantine import discard
from core.store import Store
from gui.held.discard import DiscardDialog
from gui.held.fix import FixDialog
from gui.pages.quarantine import QuarantinePage
from gui.sheet import CELL
from gui.window import Window
from tests.gui.held_states import (
    lines,
    name_of_box,
    orders,
    press,
    records,
    settled,
    small_page,
    type_in_panel,
    type_over,
)
from tests.gui.load_states import wait_for
from tests.gui.page_states import click, click_cell, load, quarantine, slow

PEOPLE = "id,joined,age,balance\n1,2023-01-13,31,10.5\n2,2023-02-13,32,11.5\n3,2023-03-13,33,12.5\n"


CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(window: Window, store: Store, tmp_path: Path) -> QuarantinePage:
    return small_page(window, store, tmp_path)


def test_a_cell_mended_in_the_panel_is_resubmitted(page: QuarantinePage, store: Store) -> None:
    type_in_panel(page, "12x")
    wait_for(page.view.panel._verdict.isVisible)
    assert "not a number" in page.view.panel._verdict.text()
    type_in_panel(page, "1250.00")
    wait_for(lambda: "Good" in page.view.panel._verdict.text())
    assert records(store, record=2)[0]["reasons"], "typing alone writes nothing"
    QTest.keyClick(page.view.panel.edits[0], Qt.Key.Key_Return)
    wait_for(lambda: page.view.bar.resubmit.isEnabled())
    assert page.view.bar.resubmit.text() == "Resubmit 1 ready"
    click(page.view.bar.resubmit)
    wait_for(lambda: len(orders(store)) == 5)
    wait_for(lambda: settled(page) and page.view.model.total == 3)
    (mended,) = records(store, state="resubmitted")
    assert mended["edits"][0]["old"] == "1.250,00"
    assert mended["raw"].startswith(b"70072;Milo Okafor;2025-05-19;1.250,00")
    (order,) = [o for o in orders(store) if o["order_id"] == 70072]
    assert float(str(order["amount"])) == 1250.0
    assert order["_id"] == mended["_id"]


def test_nothing_happens_twice(page: QuarantinePage, store: Store) -> None:
    type_in_panel(page, "1250.00\r")
    wait_for(lambda: page.view.bar.resubmit.isEnabled())
    page.window().activateWindow()
    QTest.keyClick(page.view.sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(page.view.sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(page.view.bar.resubmit, Qt.MouseButton.LeftButton)
    wait_for(lambda: settled(page) and page.view.model.total == 3)
    assert len(orders(store)) == 5
    assert len(records(store, state="resubmitted")) == 1


def holds(store: Store, customer: str) -> bool:
    return bool(records(store, record=4)[0]["values"]["customer"] == customer)


def test_a_cell_of_the_sheet_is_edited_and_undone(page: QuarantinePage, store: Store) -> None:
    column = page.view.model.columns.index("amount")
    click_cell(page.view.sheet, 1, column, double=True)
    editor = page.view.sheet.focusWidget()
    QTest.keyClicks(editor, "219.00")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait_for(lambda: records(store, record=4)[0]["values"]["amount"] == "219.00")
    wait_for(lambda: settled(page) and page.opened is not None and page.opened.review.ready == 1)
    QTest.keyClick(page.view.sheet, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: records(store, record=4)[0]["values"]["amount"] == "219,00")
    wait_for(lambda: page.opened is not None and page.opened.review.ready == 0)
    assert len(records(store, record=4)[0]["edits"]) == 2
    wait_for(lambda: settled(page))
    name = page.view.model.columns.index("customer")
    before = records(store, record=4)[0]["values"]["customer"]
    for text, state in (("Another", "changed"), (before, "valid")):
        click_cell(page.view.sheet, 1, name, double=True)
        type_over(text)
        press(Qt.Key.Key_Return)
        wait_for(partial(holds, store, text))
        wait_for(lambda: settled(page))
        assert page.view.model.data(page.view.model.index(1, name), CELL).state == state


def test_similar_rows_are_fixed_together_and_resubmitted(
    page: QuarantinePage, store: Store
) -> None:
    click(page.view.bar.fix)
    dialog = page.window().findChild(FixDialog)
    assert isinstance(dialog, FixDialog)
    wait_for(lambda: bool(dialog.found))
    assert dialog.fix is not None
    assert dialog.fix.count == 2
    click(dialog.go)
    wait_for(lambda: page.view.bar.resubmit.text() == "Resubmit 2 ready" and settled(page))
    click(page.view.bar.resubmit)
    wait_for(lambda: len(orders(store)) == 6)
    amounts = {o["order_id"]: float(str(o["amount"])) for o in orders(store)}
    assert amounts[70072] == 1250.0
    assert amounts[70074] == 219.0


def test_a_fix_of_similar_rows_is_undone_and_done_again_and_so_is_what_was_before_it(
    page: QuarantinePage, store: Store
) -> None:
    before = records(store)
    type_in_panel(page, "1.250.0")
    QTest.keyClick(page.view.panel.edits[0], Qt.Key.Key_Return)
    wait_for(lambda: records(store)[0]["values"]["amount"] == "1.250.0" and settled(page))
    click_cell(page.view.sheet, 1, 0)
    click(page.view.bar.fix)
    dialog = page.window().findChild(FixDialog)
    assert isinstance(dialog, FixDialog)
    wait_for(lambda: bool(dialog.found))
    click(dialog.go)
    wait_for(lambda: page.view.bar.resubmit.text() == "Resubmit 1 ready" and settled(page))
    wait_for(lambda: page.view.bar.undo.isEnabled())
    assert page.view.bar.undo.toolTip() == "Undo fix of amount"
    click(page.view.bar.undo)
    wait_for(lambda: page.view.bar.resubmit.text() == "Resubmit 0 ready" and settled(page))
    page.window().activateWindow()  # the dialog was
    wait_for(page.window().isActiveWindow)
    QTest.keyClick(page.view.sheet, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    wait_for(lambda: page.view.bar.resubmit.text() == "Resubmit 1 ready" and settled(page))
    for _ in range(2):
        wait_for(lambda: page.view.bar.undo.isEnabled())
        click(page.view.bar.undo)
        wait_for(lambda: settled(page))
    wait_for(lambda: [one["values"] for one in records(store)] == [o["values"] for o in before])
    assert [one["reasons"] for one in records(store)] == [one["reasons"] for one in before]


def test_a_fix_under_way_is_not_taken_back_before_it_is_done(
    page: QuarantinePage, store: Store
) -> None:
    click(page.view.bar.fix)
    dialog = page.window().findChild(FixDialog)
    assert isinstance(dialog, FixDialog)
    wait_for(lambda: bool(dialog.found))
    with slow(store, "update"):
        click(dialog.go)
        page.window().activateWindow()  # the dialog was
        wait_for(page.window().isActiveWindow)
        assert page.desk.busy
        QTest.keyClick(page.view.sheet, Qt.Key.Key_Z, CONTROL)
        assert page.desk.stack.canUndo()
        wait_for(lambda: page.view.bar.resubmit.text() == "Resubmit 2 ready" and settled(page))
    QTest.keyClick(page.view.sheet, Qt.Key.Key_Z, CONTROL)
    wait_for(lambda: page.view.bar.resubmit.text() == "Resubmit 0 ready" and settled(page))


def test_a_discard_keeps_note_and_row_and_is_undone(page: QuarantinePage, store: Store) -> None:
    click(page.view.bar.discard)
    dialog = page.window().findChild(DiscardDialog)
    assert isinstance(dialog, DiscardDialog)
    QTest.keyClicks(dialog.note_edit, "test order")
    click(dialog.go)
    wait_for(lambda: len(records(store, state="discarded")) == 1)
    (gone,) = records(store, state="discarded")
    assert (gone["line"], gone["note"]) == (3, "test order")
    wait_for(lambda: lines(page) == [5, 6, 8] and settled(page))
    click(page.view.bar.undo)
    wait_for(lambda: len(records(store, state="held")) == 4)
    wait_for(lambda: lines(page) == [3, 5, 6, 8])


def test_a_discard_of_all_rows_is_undone_but_not_one_before_it(
    page: QuarantinePage, store: Store
) -> None:
    first, *_ = records(store, state="held")
    discard(store, [str(first["_id"])], "before")
    page.refresh()
    wait_for(lambda: page.view.model.total == 3 and settled(page))
    click(page.view.bar.discard)
    dialog = page.window().findChild(DiscardDialog)
    assert isinstance(dialog, DiscardDialog)
    click(dialog.all)
    click(dialog.go)
    wait_for(lambda: len(records(store, state="discarded")) == 4)
    wait_for(lambda: settled(page) and page.view.bar.undo.isEnabled())
    click(page.view.bar.undo)
    wait_for(lambda: len(records(store, state="held")) == 3)
    assert [one["_id"] for one in records(store, state="discarded")] == [first["_id"]]


def test_rows_with_too_many_cells_are_fixed_together(page: QuarantinePage, store: Store) -> None:
    click(page.view.bar.fix)
    dialog = page.window().findChild(FixDialog)
    assert isinstance(dialog, FixDialog)
    shown = [dialog.which.itemText(at) for at in range(dialog.which.count())]
    assert "too many cells · 1" in shown
    dialog.which.setCurrentIndex(shown.index("too many cells · 1"))
    wait_for(lambda: dialog.fix is not None and "beyond the last column" in dialog.fix.label)
    click(dialog.go)
    wait_for(lambda: page.view.bar.resubmit.text() == "Resubmit 1 ready" and settled(page))
    (mended,) = records(store, ready=True)
    assert mended["shape"] == {"surplus": "left out"}


def test_discarded_rows_are_found_and_taken_back(page: QuarantinePage, store: Store) -> None:
    click(page.view.bar.discard)
    dialog = page.window().findChild(DiscardDialog)
    assert isinstance(dialog, DiscardDialog)
    click(dialog.all)
    click(dialog.go)
    wait_for(lambda: len(records(store, state="discarded")) == 4)
    wait_for(lambda: settled(page))
    click(page.view.states.parts[2])
    wait_for(lambda: page.view.model.total == 4 and settled(page))
    click(page.view.bar.restore)
    wait_for(lambda: len(records(store, state="held")) == 4)


def test_what_is_being_typed_survives_a_refresh(page: QuarantinePage, store: Store) -> None:
    type_in_panel(page, "1250.00")
    QTest.keyClick(page.view.panel.edits[0], Qt.Key.Key_Return)
    QTest.keyClick(page.view.sheet, Qt.Key.Key_F8)
    assert page.view.panel.title.text() == "Line 5"
    type_in_panel(page, "219.0")
    wait_for(lambda: settled(page) and page.opened is not None and page.opened.review.ready == 1)
    assert page.view.panel.title.text() == "Line 5"
    assert page.view.panel.edits[0].text() == "219.0"
    column = page.view.model.columns.index("customer")
    click_cell(page.view.sheet, 3, column, double=True)
    editor = page.view.sheet.focusWidget()
    QTest.keyClicks(editor, "Half a na")
    page.refresh()
    wait_for(lambda: settled(page))
    assert isinstance(editor, QLineEdit)
    assert editor.isVisible()
    assert editor.text() == "Half a na"


def test_one_who_types_and_presses_tab_mends_one_cell_after_the_other(
    window: Window, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "good.csv").write_text(PEOPLE, "utf-8")
    (tmp_path / "people.csv").write_text(PEOPLE + "4,2023-13-01,x4,1O.5\n", "utf-8")
    load(store, tmp_path / "people.csv", "people", tmp_path / "good.csv")
    page = quarantine(window)
    wait_for(lambda: len(page.view.panel.edits) == 3)
    order = [edit.name for edit in page.view.panel.edits]
    typed = {"joined": "2023-01-13", "age": "45", "balance": "10.7"}
    click(page.view.panel.edits[0])
    page.view.panel.edits[0].selectAll()
    for name in order:
        for letter in typed[name]:
            press(letter)
        press(Qt.Key.Key_Tab)
    wait_for(lambda: settled(page) and len(records(store)[0]["edits"]) == 3)
    (held,) = records(store)
    assert {name: held["values"][name] for name in typed} == typed
    assert [edit.name for edit in page.view.panel.edits] == order
    wait_for(lambda: [edit.text() for edit in page.view.panel.edits] == [typed[n] for n in order])
    wait_for(lambda: page.view.bar.resubmit.isEnabled())


def test_rows_are_mended_and_loaded_by_keyboard_alone(page: QuarantinePage, store: Store) -> None:
    """Return and F8 in the sheet, Tab into the panel, F8 from there, and Ctrl+Return while the last
    text still stands in its box."""
    wait_for(lambda: page.view.sheet.hasFocus())
    press(Qt.Key.Key_Return)
    type_over("1250.00")
    press(Qt.Key.Key_Return)
    wait_for(page.view.sheet.hasFocus)
    press(Qt.Key.Key_F8)
    assert page.view.panel.title.text() == "Line 5"
    for _ in range(3):
        press(Qt.Key.Key_Tab)
    type_over("219.00")
    press(Qt.Key.Key_F8)
    wait_for(lambda: page.view.panel.title.text() == "Line 6" and name_of_box() == "date")
    type_over("2025-05-22")
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: len(orders(store)) == 7)
    wait_for(lambda: settled(page) and lines(page) == [8])
    mended = records(store, state="resubmitted")
    assert [one["edits"][0]["new"] for one in mended] == ["1250.00", "219.00", "2025-05-22"]
