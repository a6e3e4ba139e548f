"""Collections by mouse and keys: looking, asking, editing, and what MongoDB then holds."""

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QTextEdit

from core.store import Store
from gui.browse import behind
from gui.browse.pills import FilterPopup
from gui.browse.query import Filter, to_filters, to_query
from gui.browse.shell import to_json
from gui.browse.values import parse_query
from gui.pages.collections import CollectionsPage
from gui.widgets import Button
from gui.window import Window
from tests.gui.load_states import wait_for
from tests.gui.page_states import click, click_cell, collections, slow, small


@pytest.fixture
def page(window: Window, store: Store, tmp_path: Path) -> CollectionsPage:
    small(store, tmp_path)
    made = collections(window, "orders")
    wait_for(lambda: made.total is not None and bool(made.page.documents) and settled(made))
    return made


def settled(page: CollectionsPage) -> bool:
    return not page.asker.busy and not page.deeds.behind._rest.isActive()


def orders(store: Store) -> list[dict[str, Any]]:
    return list(store.client[store.database]["orders"].find().sort("_id", 1))


def ask(page: CollectionsPage, text: str) -> None:
    click(page.view.query)
    page.view.query.selectAll()
    QTest.keyClicks(page.view.query, text)
    QTest.keyClick(page.view.query, Qt.Key.Key_Return)


def ids(page: CollectionsPage) -> list[int]:
    return [document["order_id"] for document in page.page.documents]


def test_the_tree_counts_and_narrows(page: CollectionsPage, store: Store) -> None:
    tree = page.view.tree
    assert tree.places() == [(store.database, "orders")]
    wait_for(lambda: settled(page))
    QTest.keyClicks(page.view.narrow, "nothing like it")
    base = tree.model().index(0, 0)
    assert tree.isRowHidden(0, base) or tree.isRowHidden(0, base.parent())
    page.view.narrow.clear()
    assert not tree.isRowHidden(0, base.parent())


def test_a_query_is_text_and_pills_at_once(page: CollectionsPage) -> None:
    ask(page, "{region: 'South', amount: {$gt: 40}}")
    wait_for(lambda: ids(page) == [70071])
    assert len(page.view.pills.pills) == 2
    close = page.view.pills.pills[1].findChildren(type(page.view.before))[0]
    click(close)
    wait_for(lambda: ids(page) == [70071, 70078])
    assert page.view.query.text() == '{ "region": "South" }'


def test_a_wrong_query_is_told_beside_it_and_asks_nothing(page: CollectionsPage) -> None:
    before = ids(page)
    ask(page, "{region: South")
    assert page.view.query_wrong.isVisible()
    assert ids(page) == before
    ask(page, '{"$where": "sleep(1000)"}')
    wait_for(lambda: "$where" in page.view.query_wrong.text())


def test_a_filter_is_added_by_its_popup(page: CollectionsPage) -> None:
    click(page.view.pills.add)
    popup = page.window().findChild(FilterPopup)
    assert isinstance(popup, FilterPopup)
    popup.field.setCurrentText("amount")
    popup.verb.setCurrentText("over")
    QTest.keyClicks(popup.value, "forty")
    QTest.keyClick(popup.value, Qt.Key.Key_Return)
    assert popup.wrong.isVisible()
    popup.value.clear()
    QTest.keyClicks(popup.value, "40")
    QTest.keyClick(popup.value, Qt.Key.Key_Return)
    wait_for(lambda: ids(page) == [70071, 70073])


def test_the_panel_profiles_the_field_and_a_bar_filters(page: CollectionsPage) -> None:
    column = page.view.model.columns.index("region")
    click_cell(page.view.sheet, 0, column)
    wait_for(lambda: dict(page.view.panel.values.bars) == {"North": 1, "South": 2, "East": 1})
    QTest.mouseClick(page.view.panel.values, Qt.MouseButton.LeftButton, pos=QPoint(20, 14))
    wait_for(lambda: ids(page) == [70071, 70078])


def test_a_row_tells_its_load_line_and_raw_text(page: CollectionsPage) -> None:
    click_cell(page.view.sheet, 2, 1)
    panel = page.view.panel

    def told() -> list[str]:
        return [w.text() for w in panel.findChildren(QLabel)]

    wait_for(lambda: "7" in told())  # the sixth record stands in line 7
    raw = [text.toPlainText() for text in panel.findChildren(QTextEdit) if text.isVisible()]
    assert raw == ["70076;Jun Takeda;2025-06-03;18.00;North"]


def test_an_edited_cell_waits_is_saved_and_undone(
    page: CollectionsPage, store: Store, window: Window
) -> None:
    notes: list[Any] = []
    window.session.noted.connect(notes.append)
    before = orders(store)[0]
    column = page.view.model.columns.index("amount")
    click_cell(page.view.sheet, 0, column, double=True)
    editor = page.view.sheet.focusWidget()
    QTest.keyClicks(editor, "cheap")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait_for(lambda: "cheap" in page.view.message.words.text())
    click_cell(page.view.sheet, 0, column, double=True)
    editor = page.view.sheet.focusWidget()
    QTest.keyClicks(editor, "99.50")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait_for(lambda: page.view.save.isVisible() and page.view.save.text() == "Save 1 edit")
    assert orders(store)[0] == before, "nothing is written before Save"
    click(page.view.save)
    wait_for(lambda: orders(store)[0] != before and settled(page))
    after = orders(store)[0]
    assert type(after["amount"]) is type(before["amount"])
    assert float(str(after["amount"])) == 99.5
    assert not page.view.save.isVisible()
    (saved,) = notes
    dict(saved.actions)["Undo"]()
    wait_for(lambda: orders(store)[0] == before)


def test_an_edit_of_what_another_changed_is_not_written(
    page: CollectionsPage, store: Store
) -> None:
    column = page.view.model.columns.index("customer")
    click_cell(page.view.sheet, 1, column, double=True)
    editor = page.view.sheet.focusWidget()
    QTest.keyClicks(editor, "Mine")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait_for(page.view.save.isVisible)
    second = orders(store)[1]
    store.client[store.database]["orders"].update_one(
        {"_id": second["_id"]}, {"$set": {"customer": "Theirs"}}
    )
    click(page.view.save)
    wait_for(lambda: page.view.message_box.isVisible())
    assert orders(store)[1]["customer"] == "Theirs"


def export(page: CollectionsPage, kind: str, path: Path) -> None:
    """By the button and the dialog, as one of the kinds that it offers."""
    click(page.view.export)
    (dialog,) = (one for one in page.window().findChildren(QFileDialog) if one.isVisible())
    combo = dialog.findChild(QComboBox, "fileTypeCombo")
    assert combo is not None
    while combo.currentText() != kind:
        QTest.keyClick(combo, Qt.Key.Key_Down)
    (name,) = dialog.findChildren(QLineEdit)
    name.setText(str(path.with_suffix("")))
    QTest.keyClick(name, Qt.Key.Key_Return)
    wait_for(path.exists)
    wait_for(lambda: settled(page))


def test_the_export_holds_every_document(page: CollectionsPage, tmp_path: Path) -> None:
    export(page, "CSV files (*.csv)", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["order_id"] for row in rows] == ["70071", "70073", "70076", "70078"]
    export(page, "JSON lines (*.jsonl)", tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["region"] for line in lines] == ["South", "East", "North", "South"]
    export(page, "Parquet (*.parquet)", tmp_path / "out.parquet")
    table = pq.read_table(tmp_path / "out.parquet")
    assert table["order_id"].to_pylist() == [70071, 70073, 70076, 70078]
    assert pa.types.is_timestamp(table.schema.field("date").type)


def test_an_export_can_be_made_safe_for_a_spreadsheet(
    page: CollectionsPage, store: Store, tmp_path: Path
) -> None:
    store.client[store.database]["orders"].update_many({}, {"$set": {"customer": "=1+1"}})
    export(page, "CSV safe to open in a spreadsheet (*.csv)", tmp_path / "safe.csv")
    with (tmp_path / "safe.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert {row["customer"] for row in csv.DictReader(stream)} == {"'=1+1"}


def test_pages_turn(window: Window, store: Store) -> None:
    store.client[store.database]["many"].insert_many({"n": n} for n in range(230))
    page = collections(window, "many")
    wait_for(lambda: page.total == 230)
    assert page.view.range.text() == "1–100 of 230"
    click(page.view.after)
    wait_for(lambda: page.view.range.text() == "101–200 of 230")
    click(page.view.after)
    wait_for(lambda: page.view.range.text() == "201–230 of 230")
    assert not page.view.after.isEnabled()
    assert page.view.model.value(0, "n") == 200


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("{region: 'North'}", {"region": "North"}),
        ('{"a.b": {$in: [1, 2]}}', {"a.b": {"$in": [1, 2]}}),
        ("{note: 'it\\'s {x: 1}'}", {"note": "it's {x: 1}"}),
        ("", {}),
    ],
)
def test_the_shells_way_of_writing_is_understood(typed: str, meant: dict[str, Any]) -> None:
    assert parse_query(to_json(typed)) == meant


def test_filters_and_queries_say_the_same() -> None:
    filters = (Filter("a", "is", 1), Filter("b", "over", 2), Filter("b", "under", 5))
    query = to_query(filters)
    assert query == {"a": 1, "b": {"$gt": 2, "$lt": 5}}
    assert to_filters(query) == filters
    twice = (Filter("a", "is", 1), Filter("a", "is", 2))
    assert to_filters(to_query(twice)) == twice
    assert to_filters({"$or": [{"a": 1}]}) is None


def test_rows_of_another_question_never_stand_under_this_one(
    page: CollectionsPage, store: Store
) -> None:
    wait_for(lambda: settled(page))
    with slow(store, "find"):
        ask(page, "{region: 'South'}")
        assert page.view.range.text() == "…"
        wait_for(lambda: page.view.table.currentIndex() == 3)
        assert page.view.looking_for.text() == "Looking in orders…"
        ask(page, "{region: 'East'}")
        wait_for(lambda: settled(page))
    assert page.view.table.currentIndex() == 0
    assert {document["region"] for document in page.page.documents} == {"East"}
    assert page.view.words.text() == "1 document matches"


def test_a_question_that_takes_long_is_stopped_and_what_was_there_comes_back(
    page: CollectionsPage, store: Store
) -> None:
    wait_for(lambda: settled(page))
    before = ids(page)
    with slow(store, "find"):
        ask(page, "{region: 'South'}")
        wait_for(lambda: page.view.stop.isVisible())
        click(page.view.stop)
        assert page.view.table.currentIndex() == 0
        assert ids(page) == before
        assert page.view.query.text() == ""
        assert page.view.pills.pills == []
    wait_for(lambda: settled(page))
    assert ids(page) == before


def test_of_many_documents_a_sample_tells_until_all_are_asked_for(
    window: Window, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(behind, "WHOLE", 50)
    many = [{"_id": n, "town": "North" if n < 120 else "South"} for n in range(150)]
    store.client[store.database]["many"].insert_many(many)
    page = collections(window, "many")
    wait_for(lambda: bool(page.view.panel.values.bars) and settled(page))
    assert texts(page) >= {"of the 100 shown"}
    assert page.view.panel.values.bars == (("North", 100),)
    every = next(b for b in page.view.panel.findChildren(Button) if b.text() == "Count all 150")
    click(every)
    wait_for(lambda: page.view.panel.values.bars == (("North", 120), ("South", 30)))
    assert texts(page) >= {"of 150"}
    QTest.keyClick(page.view.sheet, Qt.Key.Key_Down)
    wait_for(lambda: settled(page))
    assert texts(page) >= {"of 150"}, "what was counted is not counted again"


def texts(page: CollectionsPage) -> set[str]:
    return {words.text() for words in page.view.panel.findChildren(QLabel)}
