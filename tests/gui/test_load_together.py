"""Several files of the list at once, by mouse and keys, and the menus that a key opens."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu

from core.store import Store
from gui.pages.load import LoadPage
from gui.window import Window
from tests.gui.load_states import asked_all, checked, opened, wait_for
from tests.gui.test_load_main import activate, click

FILES = 20
Key, Shift, Control = Qt.Key, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    made = [tmp_path / f"shop_{n:02}.csv" for n in range(FILES)]
    for n, path in enumerate(made):
        path.write_text(f"id,shop\n{2 * n},S{n}\n{2 * n + 1},S{n}\n", "utf-8")
    return made


def answer(words: str) -> None:
    """Types it into the question that will come, and takes it."""

    def type_in() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QInputDialog):
            dialog.setTextValue(words)
            dialog.accept()
        else:
            QTimer.singleShot(20, type_in)

    QTimer.singleShot(0, type_in)


def targets(page: LoadPage) -> list[str]:
    works = [file.work for file in page.desk.files.values()]
    return [work.recipe.collection for work in works if work is not None]


def popup() -> QMenu:
    wait_for(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def take(menu: QMenu, words: str) -> None:
    """By keys."""
    action = next(one for one in menu.actions() if one.text().startswith(words))
    while menu.activeAction() is not action:
        QTest.keyClick(menu, Key.Key_Down)
    QTest.keyClick(menu, Key.Key_Return)


def test_twenty_files_go_into_one_collection_at_once(
    window: Window, store: Store, paths: list[Path]
) -> None:
    page = opened(window, paths)
    activate(window)
    page.files.view.setFocus()
    QTest.keyClick(page.files.view, Key.Key_Home)
    QTest.keyClick(page.files.view, Key.Key_End, Shift)
    assert page.files.bar.words.text() == "20 files chosen"
    answer("shops")
    click(page.files.bar.target)
    wait_for(lambda: checked(page))
    assert targets(page) == ["shops"] * FILES
    click(page.space.bar.all)
    click(asked_all(window).go)
    wait_for(lambda: {file.phase for file in page.desk.files.values()} == {"done"}, 60)
    assert store.client[store.database]["shops"].count_documents({}) == 2 * FILES


def test_files_chosen_with_control_are_closed_and_the_one_shown_stays(
    bare_window: Window, paths: list[Path]
) -> None:
    page = opened(bare_window, paths[:4])
    activate(bare_window)
    view = page.files.view
    third = view.visualRect(page.files.model.index(2)).center()  # the first is chosen already
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Control, third)
    assert page.files.keys() == [1, 3]
    QTest.keyClick(view, Key.Key_Delete)
    assert [file.name for file in page.desk.files.values()] == ["shop_01.csv", "shop_03.csv"]
    assert page.space.key in page.desk.files
    assert page.files.keys() == [page.space.key]
    assert not page.files.bar.isVisible()


def test_the_menu_key_opens_the_menus_of_a_file_a_cell_and_a_column(
    bare_window: Window, paths: list[Path]
) -> None:
    page = opened(bare_window, paths[:2])
    activate(bare_window)
    page.files.view.setFocus()
    QTest.keyClick(page.files.view, Key.Key_F10, Shift)
    answer("shops")
    take(popup(), "Load into…")
    wait_for(lambda: targets(page)[0] == "shops")
    activate(bare_window)
    sheet = page.space.sheet
    sheet.setFocus()
    sheet.setCurrentIndex(page.space.model.index(1, 1))
    QTest.keyClick(sheet, Key.Key_F10, Shift)
    take(popup(), "Column shop…")
    take(popup(), "Leave this column out")
    work = page.desk.files[1].work
    assert work is not None
    assert work.recipe.schema.field("shop").drop
