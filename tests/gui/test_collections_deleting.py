"""Documents deleted on the Collections page by mouse and keys, and put back by Undo."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.store import Store
from gui.confirm import Confirm
from gui.pages.collections import CollectionsPage
from gui.window import Window
from tests.gui.load_states import wait_for
from tests.gui.page_states import click, click_cell, collections, small
from tests.gui.test_collections import orders, settled
from tests.gui.test_load_main import activate


@pytest.fixture
def page(window: Window, store: Store, tmp_path: Path) -> CollectionsPage:
    small(store, tmp_path)
    made = collections(window, "orders")
    wait_for(lambda: made.total is not None and bool(made.page.documents) and settled(made))
    return made


def asked(window: Window) -> Confirm:
    wait_for(lambda: window.findChild(Confirm) is not None)
    question = window.findChild(Confirm)
    assert question is not None
    return question


def agree(window: Window, words: str) -> None:
    question = asked(window)
    assert question.go.text() == words
    click(question.go)


def test_the_chosen_documents_go_and_undo_puts_them_back(
    page: CollectionsPage, store: Store, window: Window
) -> None:
    notes: list[Any] = []
    window.session.noted.connect(notes.append)
    before = orders(store)
    click_cell(page.view.sheet, 1, 1)
    QTest.keyClick(page.view.sheet, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert page.view.delete.text() == "Delete 2"
    click(page.view.delete)
    agree(window, "Delete 2 documents")
    wait_for(lambda: orders(store) == [before[0], *before[3:]] and settled(page))
    wait_for(lambda: len(page.page.documents) == len(before) - 2)
    (note,) = notes
    assert note.title == "2 documents deleted"
    dict(note.actions)["Undo"]()
    wait_for(lambda: orders(store) == before and settled(page))
    wait_for(lambda: len(page.page.documents) == len(before))


def test_ctrl_del_asks_and_return_alone_deletes_nothing(
    page: CollectionsPage, store: Store, window: Window
) -> None:
    before = orders(store)
    click_cell(page.view.sheet, 0, 1)
    QTest.keyClick(page.view.sheet, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(asked(window), Qt.Key.Key_Return)
    wait_for(lambda: window.findChild(Confirm) is None and settled(page))
    assert orders(store) == before
    activate(window)  # the dialog was
    QTest.keyClick(page.view.sheet, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    agree(window, "Delete 1 document")
    wait_for(lambda: orders(store) == before[1:])


def test_ctrl_z_puts_deleted_documents_back_once(
    page: CollectionsPage, store: Store, window: Window
) -> None:
    notes: list[Any] = []
    window.session.noted.connect(notes.append)
    before = orders(store)
    click_cell(page.view.sheet, 1, 1)
    click(page.view.delete)
    agree(window, "Delete 1 document")
    wait_for(lambda: len(orders(store)) == len(before) - 1 and settled(page))
    activate(window)  # the dialog was
    QTest.keyClick(page.view.sheet, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: orders(store) == before and settled(page))
    assert not page.staging.stack.canUndo()
    dict(notes[0].actions)["Undo"]()  # the message is still there
    wait_for(lambda: settled(page))
    assert orders(store) == before
    assert not page.view.message_box.isVisible()


def test_a_delete_can_be_taken_back_after_an_edit_was_saved(
    page: CollectionsPage, store: Store, window: Window
) -> None:
    before = orders(store)
    click_cell(page.view.sheet, 1, 1)
    click(page.view.delete)
    agree(window, "Delete 1 document")
    wait_for(lambda: len(page.page.documents) == len(before) - 1 and settled(page))
    activate(window)  # the dialog was
    page.staging.type(before[0], "region", "Elsewhere")
    QTest.keyClick(page.view.sheet, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: orders(store)[0]["region"] == "Elsewhere" and settled(page))
    undo = page.view.sheet, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(*undo)  # the newer first
    wait_for(lambda: orders(store)[0]["region"] != "Elsewhere" and settled(page))
    assert len(orders(store)) == len(before) - 1
    QTest.keyClick(*undo)
    wait_for(lambda: orders(store) == before and settled(page))
    assert not page.staging.stack.canUndo()


def test_a_read_only_connection_says_why_nothing_can_be_deleted(
    page: CollectionsPage, store: Store, window: Window
) -> None:
    before = orders(store)
    window.session.store.read_only = True
    click_cell(page.view.sheet, 1, 1)
    assert not page.view.delete.isEnabled()
    assert page.view.delete.toolTip() == "The connection is read-only."
    QTest.keyClick(page.view.sheet, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: settled(page))
    assert orders(store) == before
