"""The whole job without a mouse: open, mend a cell, choose a type, name the target, load, undo."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from core.store import Store
from gui.window import Window
from tests.gui.load_states import load_page, only, wait_for
from tests.gui.test_load_main import activate, answer_dialog, first_orders, tab_to
from tests.gui.test_load_together import popup, take
from tests.gui.test_load_ways import toast_link

Key, Shift, Control = Qt.Key, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(), key, held)


def test_the_whole_job_by_keys_alone(window: Window, store: Store, tmp_path: Path) -> None:
    page = load_page(window)
    activate(window)
    answer_dialog(first_orders(tmp_path / "in"))
    QTest.keyClick(window, Key.Key_O, Control)
    wait_for(lambda: len(page.desk.files) == 1 and only(page).checked)
    activate(window)
    assert page.space.sheet.hasFocus()
    press(Key.Key_F8)  # to the first problem, a comma in an amount
    press(Key.Key_F2)
    editor = focused()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "120.59")
    press(Key.Key_Return)
    wait_for(lambda: page.space.bar.primary.text() == "Load 299 rows")
    page.space.sheet.setFocus()
    press(Key.Key_Home)
    press(Key.Key_F10, Shift)
    take(popup(), "Column order_id…")
    menu = popup()
    take(menu, "Type")
    take(popup(), "string")
    wait_for(lambda: only(page).phase == "ready" and _type(page) == "string")
    activate(window)
    tab_to(window, page.space.head.into)
    page.space.head.into.selectAll()
    QTest.keyClicks(page.space.head.into, "spring")
    press(Key.Key_Return, Control)
    wait_for(lambda: only(page).phase == "done", 60)
    orders = store.client[store.database]["spring"]
    found = orders.find_one({"order_id": "70102"})
    assert found is not None
    assert str(found["amount"]) == "120.59"
    undo = toast_link(window, "Undo load")
    activate(window)
    tab_to(window, toast_link(window, "View"))
    press(Key.Key_Tab)
    assert undo.hasFocus()
    press(Key.Key_Space)
    wait_for(lambda: only(page).phase == "ready", 60)
    wait_for(lambda: orders.count_documents({}) == 0)


def _type(page: object) -> str:
    work = only(page).work  # type: ignore[arg-type]
    assert work is not None
    return work.recipe.schema.field("order_id").type
