"""Quarantine by mouse and keys, and what MongoDB then holds."""

import csv
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from core.loading.undo import undo
from core.store import Store
from gui.held.discard import DiscardDialog
from gui.held.fix import FixDialog
from gui.held.model import REASON
from gui.held.panel import CellEdit
from gui.pages.quarantine import QuarantinePage
from gui.widgets import Button
from gui.window import Window
from tests.gui.load_states import load_page, wait_for
from tests.gui.page_states import click, click_cell, load, quarantine, slow, small

PEOPLE = "id,joined,age,balance\n1,2023-01-13,31,10.5\n2,2023-02-13,32,11.5\n3,2023-03-13,33,12.5\n"


@pytest.fixture
def page(window: Window, store: Store, tmp_path: Path) -> QuarantinePage:
    small(store, tmp_path)
    made = quarantine(window)
    wait_for(lambda: made.opened is not None and made.view.panel.record is not None)
    return made


def records(store: Store, **query: Any) -> list[dict[str, Any]]:
    return list(store.client["sluice"]["quarantine"].find(query).sort("record", 1))


def orders(store: Store) -> list[dict[str, Any]]:
    return list(store.client[store.database]["orders"].find())


def settled(page: QuarantinePage) -> bool:
    return not (page.asker.busy or page.desk.asker.busy or page.deeds.asker.busy)


def type_in_panel(page: QuarantinePage, text: str) -> None:
    wait_for(lambda: page.view.panel.edits[0].isVisible())
    edit = page.view.panel.edits[0]
    click(edit)
    edit.selectAll()
    QTest.keyClicks(edit, text)


def lines(page: QuarantinePage) -> list[int]:
    return [record.line for record in page.view.model.loaded()]


def test_what_is_held_is_listed_with_its_reasons(page: QuarantinePage) -> None:
    assert lines(page) == [3, 5, 6, 8]
    assert page.view.total.text() == "4"
    assert dict(page.view.figures.reasons.bars) == {
        "not a number": 2, "not a date": 1, "too many cells": 1,
    }  # fmt: skip
    assert page.view.panel.title.text() == "Line 3"
    assert not page.view.bar.resubmit.isEnabled()


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


def test_what_is_beyond_the_last_column_is_left_out_only_when_said(
    page: QuarantinePage, store: Store
) -> None:
    row = lines(page).index(8)
    column = page.view.model.columns.index("customer")
    click_cell(page.view.sheet, row, column, double=True)
    QTest.keyClicks(page.view.sheet.focusWidget(), "Another")
    QTest.keyClick(page.view.sheet.focusWidget(), Qt.Key.Key_Return)
    wait_for(lambda: records(store, line=8)[0]["values"]["customer"] == "Another")
    wait_for(lambda: settled(page))
    assert [one["code"] for one in records(store, line=8)[0]["reasons"]] == ["extra-cell"]
    wait_for(lambda: page.view.panel.title.text() == "Line 8")
    leave = next(b for b in page.view.panel.findChildren(Button) if "Leave out" in b.text())
    click(leave)
    wait_for(lambda: records(store, line=8)[0]["reasons"] == [])
    wait_for(lambda: settled(page))
    assert records(store, line=8)[0]["edits"][-1]["new"] == ""
    page.view.sheet.setFocus()
    QTest.keyClick(page.view.sheet, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: [o["code"] for o in records(store, line=8)[0]["reasons"]] == ["extra-cell"])


def test_an_export_can_be_made_safe_for_a_spreadsheet(page: QuarantinePage, tmp_path: Path) -> None:
    column = page.view.model.columns.index("customer")
    click_cell(page.view.sheet, 0, column, double=True)
    QTest.keyClicks(page.view.sheet.focusWidget(), "=1+1")
    QTest.keyClick(page.view.sheet.focusWidget(), Qt.Key.Key_Return)
    wait_for(lambda: settled(page) and page.view.model.loaded()[0].values["customer"] == "=1+1")
    click(page.view.bar.export)
    (dialog,) = page.window().findChildren(QFileDialog)
    dialog.selectNameFilter("CSV safe to open in a spreadsheet (*.csv)")
    (name,) = dialog.findChildren(QLineEdit)
    name.setText(str(tmp_path / "held.csv"))
    QTest.keyClick(name, Qt.Key.Key_Return)
    wait_for((tmp_path / "held.csv").exists)
    with (tmp_path / "held.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert next(csv.DictReader(stream, delimiter=";"))["customer"] == "'=1+1"


def test_absent_cells_are_left_empty_only_when_said(
    window: Window, store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "few.csv"
    path.write_text("id,amount,region,note\n1,2,North,a\n2,3\n3,4,South,b\n", "utf-8")
    load(store, path, "few")
    page = quarantine(window)
    wait_for(lambda: page.view.panel.record is not None)
    click_cell(page.view.sheet, 0, page.view.model.columns.index("region"), double=True)
    QTest.keyClicks(page.view.sheet.focusWidget(), "West")
    QTest.keyClick(page.view.sheet.focusWidget(), Qt.Key.Key_Return)
    wait_for(lambda: records(store)[0]["values"].get("region") == "West")
    wait_for(lambda: settled(page))
    assert [one["code"] for one in records(store)[0]["reasons"]] == ["missing-cell"]
    leave = next(b for b in page.view.panel.findChildren(Button) if "Leave note empty" in b.text())
    click(leave)
    wait_for(lambda: records(store)[0]["reasons"] == [])


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


def test_f8_walks_what_needs_attention(page: QuarantinePage) -> None:
    page.view.sheet.setFocus()
    for line in (5, 6):
        QTest.keyClick(page.view.sheet, Qt.Key.Key_F8)
        assert page.view.panel.title.text() == f"Line {line}"
    QTest.keyClick(page.view.sheet, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert page.view.panel.title.text() == "Line 5"
    QTest.keyClick(page.view.sheet, Qt.Key.Key_Down)
    assert page.view.panel.title.text() == "Line 6"


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


def test_the_export_is_for_whoever_mends_it_at_the_source(
    page: QuarantinePage, store: Store, tmp_path: Path
) -> None:
    target = tmp_path / "held.csv"
    page.deeds.export_to(str(target))
    wait_for(target.exists)
    with target.open(encoding="utf-8-sig", newline="") as stream:
        found = list(csv.reader(stream, delimiter=";"))
    assert len(found) == 5
    raw, file = found[0].index("_raw"), found[0].index("_file")
    assert found[1][raw] == "70072;Milo Okafor;2025-05-19;1.250,00;North"
    assert {row[file] for row in found[1:]} == {"orders.csv"}
    assert found[0][:5] == ["order_id", "customer", "date", "amount", "region"]
    assert "1.250,00" in found[1]


def test_the_original_line_is_copied_whole(page: QuarantinePage) -> None:
    from gui.held.original import Original

    original = page.view.panel.findChild(Original)
    assert original is not None
    assert "1.250,00" in original.view.toPlainText().replace("\n", "")
    original.copy()
    text = QApplication.clipboard().text()
    assert text.rstrip("\r\n") == "70072;Milo Okafor;2025-05-19;1.250,00;North"


def test_a_read_only_connection_says_why_nothing_is_written(
    page: QuarantinePage, window: Window
) -> None:
    window.session.store.read_only = True
    page.refresh()
    wait_for(lambda: settled(page) and not page.view.bar.discard.isEnabled())
    assert "read-only" in page.view.bar.discard.toolTip()


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


def press(what: Qt.Key | str, *held: Qt.KeyboardModifier) -> None:
    """To whatever has the focus."""
    focus = QApplication.focusWidget()
    assert focus is not None
    if isinstance(what, str):
        QTest.keyClicks(focus, what)
    else:
        QTest.keyClick(focus, what, held[0] if held else Qt.KeyboardModifier.NoModifier)


def type_over(text: str) -> None:
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLineEdit)
    focus.selectAll()
    QTest.keyClicks(focus, text)


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


def name_of_box() -> str:
    focus = QApplication.focusWidget()
    return focus.name if isinstance(focus, CellEdit) else ""


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


def files(window: Window) -> list[Any]:
    return list(load_page(window).desk.files.values())
