"""Views of a collection saved under a name, chosen again and forgotten, by mouse and keys."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMenu

from core.store import Store
from gui import kept
from gui.browse.work import Looked
from gui.pages.collections import CollectionsPage
from gui.window import Window
from tests.gui.load_states import wait_for
from tests.gui.page_states import click, collections, small
from tests.gui.test_collections import ask, settled
from tests.gui.test_load_main import activate


@pytest.fixture
def page(window: Window, store: Store, tmp_path: Path) -> CollectionsPage:
    small(store, tmp_path)
    made = collections(window, "orders")
    wait_for(lambda: made.total is not None and bool(made.page.documents) and settled(made))
    return made


def menu(page: CollectionsPage) -> QMenu:
    click(page.view.views)
    wait_for(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    shown = QApplication.activePopupWidget()
    assert isinstance(shown, QMenu)
    return shown


def pick(shown: QMenu, words: str) -> None:
    action = next(one for one in shown.actions() if one.text() == words)
    QTest.mouseClick(shown, Qt.MouseButton.LeftButton, pos=shown.actionGeometry(action).center())


def name_it(window: Window, name: str) -> None:
    wait_for(lambda: window.findChild(QInputDialog) is not None)
    dialog = window.findChild(QInputDialog)
    assert dialog is not None
    line = dialog.findChild(QLineEdit)
    assert line is not None
    line.selectAll()
    QTest.keyClicks(line, name)
    QTest.keyClick(line, Qt.Key.Key_Return)
    wait_for(lambda: not dialog.isVisible())


def test_a_view_is_saved_chosen_again_and_forgotten(page: CollectionsPage, window: Window) -> None:
    every = len(page.page.documents)
    ask(page, '{ "date": { "$gte": { "$date": "2025-06-01T00:00:00Z" } } }')
    wait_for(lambda: settled(page) and len(page.page.documents) < every)
    late = len(page.page.documents)
    pick(menu(page), "Save this view…")
    name_it(window, "Since June")
    (item,) = kept.read("views")
    assert item["query"] == {"date": {"$gte": datetime(2025, 6, 1, tzinfo=UTC)}}
    activate(window)  # the dialog was
    ask(page, "{}")
    wait_for(lambda: settled(page) and len(page.page.documents) == every)
    shown = menu(page)
    assert [one.isChecked() for one in shown.actions() if one.isCheckable()] == [False]
    pick(shown, "Since June")
    wait_for(lambda: settled(page) and len(page.page.documents) == late)
    pick(menu(page), "Forget Since June")
    assert kept.read("views") == []


def test_a_view_of_another_collection_and_a_damaged_file_are_told_apart(
    page: CollectionsPage, store: Store
) -> None:
    kept.write(
        "views", [{"name": "x", "database": "d", "collection": "c", "query": {}, "sort": []}]
    )
    words = [one.text() for one in menu(page).actions() if one.text()]
    assert words == ["No view of this collection is saved", "Save this view…"]
    QApplication.activePopupWidget().close()
    kept.place_of("views").write_text("{")
    menu(page).close()
    assert "cannot be read" in page.view.message.words.text()
    assert page.looked == Looked((store.database, "orders"))
