"""The main job in the window by mouse or by keyboard alone, and what MongoDB then holds."""

import json
from pathlib import Path

from pymongo import MongoClient
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QWidget

from core.store import Store
from gui.window import Window
from tests.gui.load_states import SAMPLES, asked_all, copied, load_page, only, wait_for

DEFECTS = {d["record"] for d in json.loads((SAMPLES / "orders.defects.json").read_text("utf-8"))}


def click(widget: QWidget) -> None:
    assert widget.isVisible()
    assert widget.isEnabled()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def click_cell(window: Window, row: int, column: int, double: bool = False) -> None:
    sheet = load_page(window).space.sheet
    sheet.scrollTo(sheet.model().index(row, column))
    point = sheet.visualRect(sheet.model().index(row, column)).center()
    QTest.mouseClick(sheet.viewport(), Qt.MouseButton.LeftButton, pos=point)
    if double:
        QTest.mouseDClick(sheet.viewport(), Qt.MouseButton.LeftButton, pos=point)


def drop(window: Window, *paths: Path) -> None:
    """Drags files over the window and lets go of them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(600, 400), copy, data, left, none))
    QApplication.sendEvent(window, QDropEvent(QPointF(600, 400), copy, data, left, none))


def tab_to(window: Window, target: QWidget) -> None:
    """Walks the focus with Tab until it is there."""
    for _ in range(60):
        if target.hasFocus():
            return
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
    raise AssertionError(f"{target} cannot be reached with Tab")


def activate(window: Window) -> None:
    window.activateWindow()
    wait_for(window.isActiveWindow)


def answer_dialog(path: Path) -> None:
    """Types a path into the file dialog that will open, and takes it."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):
            QTimer.singleShot(20, answer)
            return
        edit = dialog.findChild(QLineEdit, "fileNameEdit")
        assert edit is not None
        edit.setText(str(path))  # typed, its completer would take the Return
        QTest.keyClick(edit, Qt.Key.Key_Return)

    QTimer.singleShot(0, answer)


def close_file(window: Window) -> None:
    """The one at which the list stands, by Delete."""
    page = load_page(window)
    open_ = len(page.desk.files)
    activate(window)
    page.files.view.setFocus()
    QTest.keyClick(page.files.view, Qt.Key.Key_Delete)
    wait_for(lambda: len(page.desk.files) == open_ - 1)


def held_and_loaded(server: str, store: Store, collection: str) -> tuple[int, int, set[int]]:
    """Documents, held records, and the record numbers held, by pymongo alone."""
    client: MongoClient[dict[str, object]] = MongoClient(server)
    documents = client[store.database][collection].count_documents({})
    held = list(client["sluice"]["quarantine"].find({"collection": collection}))
    client.close()
    return documents, len(held), {int(str(one["record"])) for one in held}


def test_the_main_job_by_mouse(window: Window, server: str, store: Store) -> None:
    page = load_page(window)
    click(page.start.sample_button)
    wait_for(lambda: len(page.desk.files) == 3 and all(f.checked for f in page.desk.files.values()))
    orders = next(file for file in page.desk.files.values() if file.name == "orders.csv")
    assert page.space.key == orders.key
    assert page.space.bar.primary.text() == "Load 9,740 rows"
    click(page.space.bar.primary)
    wait_for(lambda: page.desk.files[orders.key].phase == "done", 60)
    documents, held, records = held_and_loaded(server, store, "orders")
    assert (documents, held) == (9740, 72)
    assert records == DEFECTS
    client: MongoClient[dict[str, object]] = MongoClient(server)
    first = client[store.database]["orders"].find_one({"order_id": 70041})
    client.close()
    assert first is not None
    assert str(first["amount"]) == "146.97"
    assert first["coupon"] == "Été25"


def test_the_main_job_by_keyboard(window: Window, server: str, store: Store) -> None:
    page = load_page(window)
    activate(window)
    tab_to(window, page.start.sample_button)
    QTest.keyClick(page.start.sample_button, Qt.Key.Key_Space)
    wait_for(lambda: len(page.desk.files) == 3 and all(f.checked for f in page.desk.files.values()))
    tab_to(window, page.files.view)
    QTest.keyClick(page.files.view, Qt.Key.Key_Down)
    products = next(file for file in page.desk.files.values() if file.name == "products.csv")
    assert page.space.key == products.key
    tab_to(window, page.space.sheet)
    QTest.keyClick(page.space.sheet, Qt.Key.Key_F8)
    assert page.space.message.line is not None
    assert page.space.message.line.tone == "problem"
    QTest.keyClick(page.space.sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: page.desk.files[products.key].phase == "done", 60)
    documents, held, _ = held_and_loaded(server, store, "products")
    assert (documents, held) == (592, 28)


def first_orders(folder: Path) -> Path:
    """300 of the orders: two of them have a comma in their amount."""
    (path,) = copied(folder, "orders")
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:301]))
    return path


def test_a_cell_mended_by_typing_is_loaded_as_typed(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    path = first_orders(tmp_path / "in")
    page = load_page(window)
    activate(window)
    drop(window, path)
    wait_for(lambda: len(page.desk.files) == 1 and only(page).checked)
    QTest.keyClick(page.space.sheet, Qt.Key.Key_F8)
    record, column = page.editing.at()
    assert (record, page.space.model.names[column]) == (62, "amount")
    QTest.keyClick(page.space.sheet, Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "120.59")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    wait_for(lambda: page.space.bar.primary.text() == "Load 299 rows")
    click(page.space.bar.undo)
    wait_for(lambda: page.space.bar.primary.text() == "Load 298 rows")
    click(page.space.bar.redo)
    wait_for(lambda: page.space.bar.primary.text() == "Load 299 rows")
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 60)
    client: MongoClient[dict[str, object]] = MongoClient(server)
    found = client[store.database]["orders"].find_one({"order_id": 70102})
    client.close()
    assert found is not None
    assert str(found["amount"]) == "120.59"
    assert held_and_loaded(server, store, "orders")[:2] == (299, 1)


def test_a_chip_mends_all_cells_of_its_kind(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    path = first_orders(tmp_path / "in")
    page = load_page(window)
    drop(window, path)
    wait_for(lambda: len(page.desk.files) == 1 and only(page).checked)
    wait_for(lambda: page.space.fixing.settled and bool(page.space.chips.chips))
    chip = page.space.chips.chips[0]
    assert chip.fix is not None
    assert chip.fix.text() == "Fix 2"
    QTest.mouseMove(chip.fix, QPoint(5, 5))
    click(chip.fix)
    wait_for(lambda: page.space.bar.primary.text() == "Load 300 rows")
    assert page.desk.stack.undoText() == "Use comma decimals (amount)"
    activate(window)
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_Z, control)
    wait_for(lambda: page.space.bar.primary.text() == "Load 298 rows")
    QTest.keyClick(window, Qt.Key.Key_Z, control | shift)
    wait_for(lambda: page.space.bar.primary.text() == "Load 300 rows")
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 60)
    assert held_and_loaded(server, store, "orders")[:2] == (300, 0)
    client: MongoClient[dict[str, object]] = MongoClient(server)
    found = client[store.database]["orders"].find_one({"order_id": 70102})
    client.close()
    assert found is not None
    assert str(found["amount"]) == "120.59"


def test_the_same_file_again_is_noticed_and_not_loaded_twice(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    (path,) = copied(tmp_path / "in", "products")
    page = load_page(window)
    activate(window)
    drop(window, path)
    wait_for(lambda: len(page.desk.files) == 1 and only(page).checked)
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 60)
    tab_to(window, page.files.view)
    QTest.keyClick(page.files.view, Qt.Key.Key_Delete)
    wait_for(lambda: not page.desk.files)
    drop(window, path)
    wait_for(lambda: len(page.desk.files) == 1 and only(page).checked)
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "already-loaded", 60)
    assert page.space.message.link.text() == "Load it again"
    assert held_and_loaded(server, store, "products")[0] == 592


def test_several_files_load_as_a_queue_with_one_status_each(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    copied(tmp_path / "in", "products", "customers")
    page = load_page(window)
    drop(window, tmp_path / "in")
    wait_for(lambda: len(page.desk.files) == 2 and all(f.checked for f in page.desk.files.values()))
    assert page.space.bar.all.text() == "Load all 2…"
    click(page.space.bar.all)
    click(asked_all(window).go)
    wait_for(lambda: {f.phase for f in page.desk.files.values()} == {"done"}, 60)
    assert held_and_loaded(server, store, "products")[:2] == (592, 28)
    assert held_and_loaded(server, store, "customers")[:2] == (2345, 55)


def test_undo_in_the_toast_takes_the_load_back(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    (path,) = copied(tmp_path / "in", "products")
    page = load_page(window)
    drop(window, path)
    wait_for(lambda: len(page.desk.files) == 1 and only(page).checked)
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 60)
    assert held_and_loaded(server, store, "products")[0] == 592

    def links() -> list[QPushButton]:
        found = window.findChildren(QPushButton)
        return [one for one in found if one.text() == "Undo load"]

    wait_for(lambda: bool(links()))
    click(links()[-1])
    wait_for(lambda: only(page).phase == "ready", 60)
    assert held_and_loaded(server, store, "products")[0] == 0
    assert page.space.bar.primary.text() == "Load 592 rows"
