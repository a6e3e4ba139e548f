"""A collection dropped on the Collections page by mouse and keys."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from core.store import Store
from gui.confirm import Confirm
from gui.pages.collections import CollectionsPage
from gui.window import Window
from tests.gui.load_states import wait_for
from tests.gui.page_states import click, collections, small
from tests.gui.test_collections import settled
from tests.gui.test_collections_deleting import asked


@pytest.fixture
def page(window: Window, store: Store, tmp_path: Path) -> CollectionsPage:
    small(store, tmp_path)
    made = collections(window, "orders")
    wait_for(lambda: made.total is not None and bool(made.page.documents) and settled(made))
    return made


def menu_of(page: CollectionsPage, reason: QContextMenuEvent.Reason) -> QMenu:
    """The menu of the current collection, asked for by mouse or keys."""
    tree = page.view.tree
    at = tree.visualRect(tree.currentIndex()).center()
    event = QContextMenuEvent(reason, at, tree.viewport().mapToGlobal(at))
    QApplication.sendEvent(tree.viewport(), event)
    wait_for(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


@pytest.mark.parametrize(
    "reason", [QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard]
)
def test_a_collection_is_dropped_after_a_question_that_says_what_hangs_on_it(
    page: CollectionsPage, store: Store, window: Window, reason: QContextMenuEvent.Reason
) -> None:
    count, held = page.total, store.quarantine.count(collection="orders")
    menu = menu_of(page, reason)
    (action,) = menu.actions()
    assert action.text() == "Drop orders…"
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    question = asked(window)
    told = " ".join(fact.text() for fact in question.facts)
    assert f"{count:,} documents" in told
    assert "1 load into it" in told
    assert f"{held} held row" in told
    assert question.focusWidget() is question.typed
    QTest.keyClicks(question.typed, "order")
    assert not question.go.isEnabled()
    QTest.keyClicks(question.typed, "s")
    if reason is QContextMenuEvent.Reason.Mouse:
        click(question.go)
    else:
        QTest.keyClick(question.typed, Qt.Key.Key_Return)
    wait_for(lambda: (store.database, "orders") not in page.view.tree.places())
    assert "orders" not in store.client[store.database].list_collection_names()
    (entry,) = (one for one in store.loads.list() if one.collection == "orders")
    assert entry.state == "undone"


def test_return_alone_drops_nothing_and_a_read_only_connection_says_why(
    page: CollectionsPage, store: Store, window: Window
) -> None:
    menu = menu_of(page, QContextMenuEvent.Reason.Keyboard)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    QTest.keyClick(asked(window), Qt.Key.Key_Return)
    wait_for(lambda: window.findChild(Confirm) is None and settled(page))
    assert (store.database, "orders") in page.view.tree.places()
    window.session.store.read_only = True
    menu = menu_of(page, QContextMenuEvent.Reason.Keyboard)
    (action,) = menu.actions()
    assert not action.isEnabled()
    assert action.toolTip() == "The connection is read-only."
    menu.close()
