"""The key of the modes that look documents up by it, chosen by mouse and by keys."""

from pathlib import Path

import pytest
from pymongo import MongoClient
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.store import Store
from gui.load.key_popup import KeyPopup
from gui.pages.load import LoadPage
from gui.window import Window
from tests.gui.load_states import checked, only, opened, wait_for
from tests.gui.test_load_main import activate, click, close_file, held_and_loaded, tab_to

ROWS = "shop,name,number,code\nN,Ada,1,a\nN,Bea,2,b\nS,Ada,1,c\nS,Bea,2,d\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(ROWS)
    return path


def shown(page: LoadPage) -> KeyPopup:
    wait_for(lambda: page.keys.popup is not None and page.keys.popup.isVisible())
    assert page.keys.popup is not None
    return page.keys.popup


def key_of(page: LoadPage) -> tuple[str, ...]:
    work = only(page).work
    assert work is not None
    return work.recipe.schema.primary_key


def tick(popup: KeyPopup, name: str) -> None:
    """By mouse."""
    row = [column.name for column in popup.found.columns].index(name)
    middle = popup.view.visualRect(popup.model.index(row)).center()
    QTest.mouseClick(popup.view.viewport(), Qt.MouseButton.LeftButton, pos=middle)


def test_a_mode_by_key_asks_for_the_key_and_loads_by_it(
    window: Window, server: str, store: Store, path: Path
) -> None:
    page = opened(window, [path])
    assert not page.space.head.keyed.isVisible()
    page.space.head.mode.setFocus()
    QTest.keyClick(page.space.head.mode, Qt.Key.Key_Down)
    wait_for(lambda: checked(page))
    assert not page.space.bar.primary.isEnabled()
    assert page.space.message.link.text() == "Choose the key"
    click(page.space.message.link)
    popup = shown(page)
    assert [column.name for column in popup.found.columns] == ["code", "shop", "name", "number"]
    tick(popup, "shop")
    assert popup.words.text() == "2 rows have the key of a row before."
    tick(popup, "number")
    assert popup.words.text() == "No two rows have the same key."
    click(popup.done_button)
    wait_for(lambda: checked(page) and page.space.bar.primary.isEnabled())
    assert key_of(page) == ("shop", "number")
    assert page.desk.stack.undoText() == "key: shop, number"
    assert page.space.head.key.currentText() == "shop, number"
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 40)
    path.write_text(ROWS.replace("S,Bea", "S,Cleo"))
    close_file(window)
    page = opened(window, [path])
    tab_to(window, page.space.head.mode)
    QTest.keyClick(page.space.head.mode, Qt.Key.Key_Down)
    QTest.keyClick(page.space.head.key, Qt.Key.Key_Down)
    popup = shown(page)
    tick(popup, "shop")
    tick(popup, "number")
    click(popup.done_button)
    wait_for(lambda: checked(page) and page.space.bar.primary.isEnabled())
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 40)
    client: MongoClient[dict[str, object]] = MongoClient(server)
    found = client[store.database]["people"].find_one({"shop": "S", "number": 2})
    client.close()
    assert found is not None
    assert found["name"] == "Cleo"
    assert held_and_loaded(server, store, "people")[:2] == (4, 0)


def test_the_key_is_chosen_by_keyboard_in_one_step_of_undo(bare_window: Window, path: Path) -> None:
    page = opened(bare_window, [path])
    activate(bare_window)
    page.space.head.mode.setFocus()
    QTest.keyClick(page.space.head.mode, Qt.Key.Key_Down)
    tab_to(bare_window, page.space.head.key)
    QTest.keyClick(page.space.head.key, Qt.Key.Key_Down)
    popup = shown(page)
    for _ in range(2):
        QTest.keyClick(popup.view, Qt.Key.Key_Space)
        QTest.keyClick(popup.view, Qt.Key.Key_Down)
    QTest.keyClick(popup.view, Qt.Key.Key_Return)
    wait_for(lambda: len(key_of(page)) == 2)
    wait_for(lambda: page.keys.popup is None)
    QTest.keyClick(bare_window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert key_of(page) == ()
    QTest.keyClick(
        bare_window,
        Qt.Key.Key_Z,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert len(key_of(page)) == 2


def test_escape_leaves_the_key_as_it_was(bare_window: Window, path: Path) -> None:
    page = opened(bare_window, [path])
    page.space.head.mode.setFocus()
    QTest.keyClick(page.space.head.mode, Qt.Key.Key_Down)
    page.space.head.key.setFocus()
    QTest.keyClick(page.space.head.key, Qt.Key.Key_Down)
    popup = shown(page)
    QTest.keyClick(popup.view, Qt.Key.Key_Space)
    QTest.keyClick(popup.view, Qt.Key.Key_Escape)
    wait_for(lambda: page.keys.popup is None)
    assert key_of(page) == ()
    assert page.desk.stack.undoText() == "add or update by key"
