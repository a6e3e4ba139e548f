"""Every page but Load and Quarantine, which have their own, by keys alone."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from core.store import Store
from gui import theme
from gui.history.confirm import UndoDialog
from gui.pages.charts import ChartsPage
from gui.pages.collections import CollectionsPage
from gui.pages.history import HistoryPage
from gui.pages.settings import SettingsPage
from gui.window import Window
from tests.gui.load_states import wait_for
from tests.gui.page_states import small
from tests.gui.test_collections import orders, settled
from tests.gui.test_load_by_keys import Control, Key, focused, press
from tests.gui.test_load_main import activate, tab_to


def shown(window: Window, name: str, number: Qt.Key) -> object:
    """By its shortcut."""
    activate(window)
    QTest.keyClick(window, number, Control)
    wait_for(lambda: window.stack.currentWidget() is window.pages.get(name))
    return window.pages[name]


def test_a_document_is_found_edited_saved_and_the_edit_taken_back(
    window: Window, store: Store, tmp_path: Path
) -> None:
    small(store, tmp_path)
    page = shown(window, "Collections", Key.Key_3)
    assert isinstance(page, CollectionsPage)
    wait_for(lambda: page.looked is not None and settled(page))
    before = orders(store)
    press(Key.Key_F, Control)
    assert page.view.query.hasFocus()
    QTest.keyClicks(focused(), f'{{"order_id": {before[1]["order_id"]}}}')
    press(Key.Key_Return)
    wait_for(lambda: len(page.page.documents) == 1 and settled(page))
    while not page.view.sheet.hasFocus():
        press(Key.Key_F6)
    press(Key.Key_Home)
    for _ in range(page.view.model.columns.index("region")):
        press(Key.Key_Right)
    press(Key.Key_F2)
    editor = focused()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "Elsewhere")
    press(Key.Key_Return)
    wait_for(lambda: page.view.save.isVisible())
    press(Key.Key_S, Control)
    wait_for(lambda: orders(store)[1]["region"] == "Elsewhere" and settled(page))
    press(Key.Key_Z, Control)
    wait_for(lambda: orders(store) == before and settled(page))


def test_a_bar_is_chosen_and_its_rows_opened(window: Window, store: Store, tmp_path: Path) -> None:
    small(store, tmp_path)
    page = shown(window, "Charts", Key.Key_4)
    assert isinstance(page, ChartsPage)
    wait_for(lambda: page.drawn is not None and not page.asker.busy)
    tab_to(window, page.view.chart)
    press(Key.Key_Right)
    wait_for(lambda: page.view.rows.isVisible())
    tab_to(window, page.view.open)
    press(Key.Key_Space)
    wait_for(lambda: window.stack.currentWidget() is window.pages.get("Collections"))
    found = window.pages["Collections"]
    assert isinstance(found, CollectionsPage)
    wait_for(lambda: settled(found) and len(found.page.documents) == 2)


def test_a_load_is_undone(window: Window, store: Store, tmp_path: Path) -> None:
    small(store, tmp_path)
    page = shown(window, "History", Key.Key_5)
    assert isinstance(page, HistoryPage)
    wait_for(lambda: len(page.rows) == 1 and not page.asker.busy)
    (row,) = page.rows.values()
    tab_to(window, row)
    press(Key.Key_Return)
    wait_for(lambda: row.details is not None and row.details.undo.isVisible())
    assert row.details is not None
    tab_to(window, row.details.undo)
    press(Key.Key_Space)
    wait_for(lambda: any(one.isVisible() for one in window.findChildren(UndoDialog)))
    (dialog,) = window.findChildren(UndoDialog)
    press(Key.Key_Tab)
    assert dialog.go.hasFocus()
    press(Key.Key_Return)
    wait_for(lambda: orders(store) == [], 40)


def test_the_theme_is_chosen(window: Window) -> None:
    page = shown(window, "Settings", Key.Key_Comma)
    assert isinstance(page, SettingsPage)
    while window.focusWidget() not in page.look.findChildren(QWidget):
        press(Key.Key_Tab)
    assert not theme.tokens().dark
    press(Key.Key_Right)
    press(Key.Key_Right)
    wait_for(lambda: theme.tokens().dark)
    assert window.session.settings.get("theme") == "dark"
