"""History by mouse and keys: what a load was, undo, and what MongoDB then holds."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QWidget

from core import quarantine
from core.loading.loader import load_file
from core.recipes.recipe import infer
from core.store import Store
from gui.history.confirm import UndoDialog
from gui.history.row import LoadRow
from gui.history.words import equation, plan_words, seconds_words
from gui.pages.history import HistoryPage
from gui.widgets import Button
from gui.window import Window
from tests.gui.load_states import load_page, wait_for
from tests.gui.page_states import click, history, load, small


@pytest.fixture
def page(window: Window, store: Store, tmp_path: Path) -> HistoryPage:
    small(store, tmp_path)
    made = history(window)
    wait_for(lambda: len(made.rows) == 1)
    return made


def only(page: HistoryPage) -> LoadRow:
    (row,) = page.rows.values()
    return row


def open_row(page: HistoryPage) -> LoadRow:
    row = only(page)
    QTest.mouseClick(row, Qt.MouseButton.LeftButton, pos=QPoint(300, 20))
    assert row.details is not None
    return row


def asked(window: Window) -> UndoDialog:
    (dialog,) = [d for d in window.findChildren(UndoDialog) if d.isVisible()]
    return dialog


def orders(store: Store) -> list[dict[str, Any]]:
    return list(store.client[store.database]["orders"].find())


def texts(page: HistoryPage) -> list[str]:
    return [words.text() for words in page.findChildren(QLabel)]


def test_a_load_opens_to_what_it_was(page: HistoryPage) -> None:
    row = open_row(page)
    assert "8 = 4 loaded + 4 held + 0 skipped" in texts(page)
    assert any(text.startswith("; · utf-8") for text in texts(page))
    details = row.details
    assert details is not None
    wait_for(lambda: details.plan is not None)
    assert "removes 4 documents" in details.message.words.text()
    QTest.keyClick(row, Qt.Key.Key_Return)
    assert row.details is None


def test_the_titles_stand_over_their_columns(page: HistoryPage) -> None:
    row = only(page)
    for name in ("when", "mode", "loaded", "held", "time"):
        title, cell = (line.findChild(QWidget, name) for line in (page.view.titles, row))
        assert title is not None
        assert cell is not None
        assert title.isVisible()
        left = [part.mapTo(page, QPoint()).x() for part in (title, cell)]
        assert left[0] == left[1], name


def test_a_load_is_undone_after_saying_what_that_does(
    page: HistoryPage, store: Store, window: Window
) -> None:
    notes: list[Any] = []
    window.session.noted.connect(notes.append)
    edited, deleted = orders(store)[:2]
    collection = store.client[store.database]["orders"]
    collection.update_one({"_id": edited["_id"]}, {"$set": {"region": "Elsewhere"}})
    collection.delete_one({"_id": deleted["_id"]})
    details = open_row(page).details
    assert details is not None
    wait_for(lambda: details.undo.isVisible())
    click(details.undo)
    dialog = asked(window)
    assert [fact.text() for fact in dialog.facts] == [
        "Undoing removes 2 documents.",
        "1 edited since will stay.",
        "1 was deleted since.",
        "Its 4 held rows stay in Quarantine, but cannot be resubmitted then.",
    ]
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    wait_for(lambda: not dialog.isVisible())
    assert len(orders(store)) == 3, "Return alone cancels"
    click(details.undo)
    click(asked(window).go)
    wait_for(lambda: [o["_id"] for o in orders(store)] == [edited["_id"]], 40)
    wait_for(lambda: bool(notes), 40)
    assert "1 edited since stay" in notes[0].detail
    wait_for(lambda: only(page).past.entry.state == "undone")
    entry = store.client["sluice"]["loads"].find_one({})
    assert entry is not None
    assert entry["state"] == "undone"


def test_an_undo_is_stopped_and_goes_on(window: Window, store: Store, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("n;word\n" + "".join(f"{n};w{n}\n" for n in range(2_000)), "utf-8")
    load(store, path, "many")
    page = history(window)
    wait_for(lambda: len(page.rows) == 1)
    details = open_row(page).details
    assert details is not None
    wait_for(lambda: details.undo.isVisible(), 40)
    click(details.undo)
    click(asked(window).go)
    wait_for(lambda: "Undoing: " in details.message.words.text() and details.stop.isVisible(), 40)
    click(details.stop)
    wait_for(lambda: only(page).past.entry.state == "undoing" and not page.asker.busy, 40)
    left = store.client[store.database]["many"].count_documents({})
    assert 0 < left < 2_000
    assert "partly undone" in texts(page)
    again = only(page).details
    assert again is not None
    wait_for(lambda: again.undo.isVisible(), 40)
    assert again.undo.text() == "Go on undoing load 1…"
    click(again.undo)
    click(asked(window).go)
    wait_for(lambda: only(page).past.entry.state == "undone", 60)
    assert store.client[store.database]["many"].count_documents({}) == 0
    assert any("undone: 2,000 removed" in text for text in texts(page))


def test_rows_that_came_in_from_quarantine_are_counted(
    page: HistoryPage, store: Store, window: Window
) -> None:
    held = store.quarantine.find()[0]
    quarantine.edit(store, held.id, {"amount": "1250.00"})
    *_, report = quarantine.resubmit(store, held.load)
    assert report.loaded == 1
    page.refresh()
    wait_for(lambda: only(page).past.loaded == 5)
    assert "5" in texts(page)
    open_row(page)
    assert "1 row loaded from Quarantine" in texts(page)
    assert "8 = 4 loaded + 4 held + 0 skipped" in texts(page), "facts of the run stay"


def test_a_stopped_load_is_resumed(window: Window, store: Store, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("n;word\n" + "".join(f"{n};w{n}\n" for n in range(16_000)), "utf-8")
    reports = load_file(path, infer(path).replace(collection="many"), store)
    for report in reports:
        if report.accepted:
            break
    reports.close()
    (entry,) = store.client["sluice"]["loads"].find()
    assert entry["state"] == "stopped"
    page = history(window)
    wait_for(lambda: len(page.rows) == 1)
    resume = next(b for b in only(page).findChildren(Button) if b.text() == "Resume")
    click(resume)
    wait_for(lambda: only(page).past.entry.state == "done", 60)
    assert store.client[store.database]["many"].count_documents({}) == 16_000


def test_the_search_and_the_states_narrow(page: HistoryPage) -> None:
    click(page.view.search)
    QTest.keyClicks(page.view.search, "no such file")
    wait_for(lambda: page.view.body.currentIndex() == 1)
    page.view.search.clear()
    wait_for(lambda: page.view.body.currentIndex() == 0 and len(page.rows) == 1)
    QTest.keyClicks(page.view.search, only(page).past.entry.sha256 or "")
    wait_for(lambda: not page.asker.busy)
    assert len(page.rows) == 1
    page.view.state.setFocus()
    QTest.keyClick(page.view.state, Qt.Key.Key_End)
    wait_for(lambda: page.view.body.currentIndex() == 1)


def test_it_leads_to_rows_and_held_records(page: HistoryPage, window: Window) -> None:
    details = open_row(page).details
    assert details is not None
    wanted: list[tuple[str, Any]] = []
    window.session.page_wanted.connect(lambda name, focus: wanted.append((name, focus)))
    buttons = {b.text(): b for b in details.findChildren(Button)}
    click(buttons["View rows"])
    window.show_page("History")
    click(buttons["View 4 held"])
    assert [name for name, _ in wanted] == ["Collections", "Quarantine"]
    assert wanted[1][1] == {"load": only(page).past.entry.id}


def test_a_read_only_connection_says_why_nothing_can_be_undone(
    page: HistoryPage, store: Store, window: Window
) -> None:
    assert window.session.store is not None
    window.session.store.read_only = True
    details = open_row(page).details
    assert details is not None
    wait_for(lambda: details.plan is not None)
    assert "read-only" in details.message.words.text()
    assert not details.undo.isVisible()
    assert len(orders(store)) == 4


def test_words() -> None:
    assert equation({"records": 9812, "accepted": 9771, "quarantined": 41}) == (
        "9,812 = 9,771 loaded + 41 held + 0 skipped"
    )
    assert plan_words(1, 0)[0] == "Undoing removes 1 document;"
    assert plan_words(0, 12)[0] == "Undoing puts 12 back as they were;"
    assert plan_words(1, 0, 3)[1] == "3 edited since will stay."
    assert plan_words(9, 0, None)[0] == "At most, undoing removes 9 documents;"
    assert seconds_words(3.14) == "3.1 s"
    assert seconds_words(134) == "2 min 14 s"


def test_another_file_is_loaded_like_this_one(
    page: HistoryPage, window: Window, tmp_path: Path
) -> None:
    """Its amounts are numbers because the earlier load says so, whatever the file looks like."""
    other = tmp_path / "june.csv"
    other.write_text("order_id;customer;date;amount;region\n1;a;2025-06-01;n/a;North\n", "utf-8")
    details = open_row(page).details
    assert details is not None
    buttons = {b.text(): b for b in details.findChildren(Button)}
    click(buttons["Repeat with another file…"])
    (dialog,) = window.findChildren(QFileDialog)
    dialog.selectFile(str(other))
    edit = dialog.findChild(QLineEdit, "fileNameEdit")
    assert edit is not None
    edit.setText(str(other))
    QTest.keyClick(edit, Qt.Key.Key_Return)
    wait_for(lambda: "Load" in window.pages and window.stack.currentWidget() is load_page(window))
    desk = load_page(window).desk
    wait_for(lambda: all(file.checked for file in desk.files.values()))
    (file,) = desk.files.values()
    assert file.work is not None
    assert file.work.recipe.collection == "orders"
    assert file.work.recipe.schema.field("amount").type == "number"
    assert file.report is not None
    assert file.report.quarantined == 1
