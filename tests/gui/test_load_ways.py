"""Ways into and out of the Load page by mouse and keys: the dialog, options, and the toast."""

from pathlib import Path
from typing import Any

from pymongo import MongoClient
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from core.recipes.recipe import infer
from core.store import Store
from gui.pages.history import HistoryPage
from gui.toasts import Toast
from gui.window import Window
from tests.gui.load_states import checked, copied, load_page, only, opened, wait_for
from tests.gui.test_history import asked, open_row
from tests.gui.test_load_columns import open_panel, pick
from tests.gui.test_load_main import (
    activate,
    answer_dialog,
    click,
    drop,
    held_and_loaded,
)


def toast_link(window: Window, text: str) -> QPushButton:
    def links() -> list[QPushButton]:
        toasts = [one for one in window.findChildren(Toast) if one.isVisible()]
        return [b for t in toasts for b in t.findChildren(QPushButton) if b.text() == text]

    wait_for(lambda: bool(links()))
    return links()[0]


def test_a_file_that_changed_since_its_check_is_checked_again_before_it_is_loaded(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    (path,) = copied(tmp_path / "in", "products")
    page = opened(window, [path])
    wait_for(lambda: checked(page))
    with path.open("ab") as file:
        file.write(path.read_bytes().splitlines(keepends=True)[-1].replace(b"SKU-", b"SKV-"))
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "failed")
    assert "has changed since it was checked" in only(page).error
    before = only(page).report
    assert before is not None
    assert held_and_loaded(server, store, "products") == (0, 0, set())
    click(page.space.message.link)
    wait_for(lambda: checked(page))
    after = only(page).report
    assert after is not None
    assert after.records == before.records + 1
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done")
    loaded, held, _ = held_and_loaded(server, store, "products")
    assert loaded + held == after.records


def test_what_only_a_person_can_tell_is_asked_in_a_sentence(
    bare_window: Window, tmp_path: Path
) -> None:
    path = tmp_path / "stray.csv"
    rows = [f"{n},name {n},x\n" for n in range(60)]
    rows[40] = '40,"joe,x\n'
    path.write_text("id,name,kind\n" + "".join(rows))
    page = opened(bare_window, [path])
    line = page.space.message.line
    assert line is not None
    assert "check the quotes: one cell begins with a quote that does not close it" in line.text
    click(page.space.message.link)
    wait_for(lambda: page.space.dialect.isVisible())


def undo_in_history(window: Window) -> None:
    """The only load there is."""
    click(window.rail.buttons["History"])
    history = window.pages["History"]
    assert isinstance(history, HistoryPage)
    wait_for(lambda: len(history.rows) == 1)
    details = open_row(history).details
    assert details is not None
    wait_for(lambda: details.undo.isVisible())
    click(details.undo)
    click(asked(window).go)


def test_a_load_undone_in_history_can_be_loaded_again(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    page = opened(window, copied(tmp_path / "in", "products"))
    wait_for(lambda: checked(page))
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 40)
    loaded, _, _ = held_and_loaded(server, store, "products")
    undo_in_history(window)
    wait_for(lambda: only(page).phase == "ready", 60)
    assert held_and_loaded(server, store, "products")[0] == 0
    click(window.rail.buttons["Load"])
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 40)
    assert held_and_loaded(server, store, "products")[0] == loaded


def test_a_load_that_never_began_is_not_offered_to_go_on(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    page = opened(window, copied(tmp_path / "in", "products"))
    wait_for(lambda: checked(page))
    store.client[store.database]["products"].insert_many([{"sku": "1"}, {"sku": "1"}])
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "failed", 40)
    assert "share the same sku" in only(page).error
    wait_for(lambda: not only(page).resumable)
    assert "Resume" not in page.space.bar.primary.text()
    assert held_and_loaded(server, store, "products")[:2] == (2, 0)


def test_undo_shows_the_file_it_changes(bare_window: Window, tmp_path: Path) -> None:
    page = opened(bare_window, copied(tmp_path / "in", "products", "customers"))
    first, second = page.desk.files
    activate(bare_window)
    page.space.head.mode.setFocus()
    QTest.keyClick(page.space.head.mode, Qt.Key.Key_Down)
    before = page.desk.files[first].work
    assert page.space.bar.done.text() == "1 change so far"
    page.files.view.setFocus()
    QTest.keyClick(page.files.view, Qt.Key.Key_Down)
    assert page.space.key == second
    assert page.space.bar.done.text() == ""
    QTest.keyClick(bare_window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.space.key == first
    assert page.desk.files[first].work != before


def test_control_o_opens_the_file_chosen(bare_window: Window, tmp_path: Path) -> None:
    (path,) = copied(tmp_path / "in", "products")
    page = load_page(bare_window)
    activate(bare_window)
    answer_dialog(path)
    QTest.keyClick(bare_window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: len(page.desk.files) == 1 and checked(page))
    assert only(page).path == path
    activate(bare_window)  # the dialog was
    page.files.view.setFocus()
    QTest.keyClick(page.files.view, Qt.Key.Key_Delete)
    wait_for(lambda: not page.desk.files)
    assert [one.toolTip() for one in page.start.recents] == [str(path)]
    click(page.start.recents[0])
    wait_for(lambda: len(page.desk.files) == 1 and checked(page))


def test_view_in_the_toast_shows_the_documents(
    window: Window, store: Store, tmp_path: Path
) -> None:
    page = opened(window, copied(tmp_path / "in", "products"))
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 60)
    click(toast_link(window, "View"))
    assert window.stack.currentWidget() is window.pages["Collections"]
    shown: Any = window.pages["Collections"]
    wait_for(lambda: shown.view.title.text() == "products" and shown.total == 592, 30)


def test_a_column_is_retyped_renamed_and_left_out_from_its_menu(
    bare_window: Window, tmp_path: Path
) -> None:
    page = opened(bare_window, copied(tmp_path / "in", "products"))
    header = page.space.sheet.horizontalHeader()
    left = header.sectionViewportPosition(page.space.model.names.index("name"))
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(left + 20, 12), QPoint())
    QApplication.sendEvent(header.viewport(), asked)
    pick("Leave this column out")
    wait_for(lambda: checked(page))
    assert page.desk.stack.undoText() == "leave name out"
    work = only(page).work
    assert work is not None
    assert work.recipe.schema.field("name").drop
    open_panel(page, "name")
    click(page.panel.more)
    pick("Load this column")
    wait_for(lambda: checked(page))
    page.panel.target.setFocus()
    page.panel.target.selectAll()
    QTest.keyClicks(page.panel.target, "title")
    QTest.keyClick(page.panel.target, Qt.Key.Key_Return)
    assert page.desk.stack.undoText() == "rename to title (name)"
    page.panel.type.setFocus()
    QTest.keyClicks(page.panel.type, "b")
    wait_for(lambda: page.desk.stack.undoText() == "read name as boolean")
    wait_for(lambda: checked(page))
    assert only(page).report is not None
    assert only(page).report.accepted == 0
    for _ in range(4):
        click(page.space.bar.undo)
    assert only(page).work is not None
    assert page.desk.stack.index() == 0


def test_a_dry_run_tells_what_a_load_would_warn_of(
    window: Window, store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("id,$set\n1,x\n")
    page = opened(window, [path])
    click(page.space.bar.dry)
    wait_for(lambda: page.space.said is not None and "Loading would" in page.space.said.text, 60)
    assert page.space.said is not None
    assert "“$set” is called “set” in the documents" in page.space.said.cure


def test_a_recipe_for_other_columns_keeps_what_the_file_itself_warns_of(
    bare_window: Window, tmp_path: Path
) -> None:
    path = tmp_path / "stock.csv"
    path.write_text("sku,price\nA-1,2.50\n")
    infer(path).save(tmp_path / "stock.recipe.json")
    path.write_text("sku,$set\nA-1,x\n")
    page = opened(bare_window, [path])
    line = page.space.message.line
    assert line is not None
    assert "“price” is missing." in line.text
    assert "“$set” is called “set” in the documents" in line.text


def test_a_file_loaded_before_is_free_again_when_that_load_is_undone(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    page = opened(window, copied(tmp_path / "in", "products"))
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 40)
    page.files.view.setFocus()
    activate(window)
    QTest.keyClick(page.files.view, Qt.Key.Key_Delete)
    wait_for(lambda: not page.desk.files)
    opened(window, [tmp_path / "in" / "products.csv"])
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "already-loaded", 40)
    assert not page.space.bar.primary.isEnabled()
    undo_in_history(window)
    wait_for(lambda: only(page).phase == "ready", 60)
    assert held_and_loaded(server, store, "products")[0] == 0
    click(window.rail.buttons["Load"])
    wait_for(page.space.bar.primary.isEnabled)
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 40)
    assert held_and_loaded(server, store, "products")[0] == 592


def test_a_recipe_saved_beside_a_file_is_found_again_and_drift_is_said_before_it_is_loaded(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "stock.csv"
    path.write_text("sku,price\nA-1,2.50\nA-2,3.75\n", "utf-8")
    page = opened(window, [path])
    activate(window)
    answer_dialog(tmp_path / "stock.recipe.json")
    click(page.space.head.save)
    wait_for((tmp_path / "stock.recipe.json").exists)
    activate(window)  # the dialog was
    page.files.view.setFocus()
    QTest.keyClick(page.files.view, Qt.Key.Key_Delete)
    wait_for(lambda: not page.desk.files)
    path.write_text("sku,colour\nA-1,red\n", "utf-8")
    drop(window, path)
    wait_for(lambda: len(page.desk.files) == 1 and checked(page))
    line = page.space.message.line
    assert line is not None
    assert line.tone == "warning"
    assert "“price” is missing. “colour” is new." in line.text
    assert page.space.head.recipe.currentText() == "stock"
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 40)
    client: MongoClient[dict[str, object]] = MongoClient(server)
    found = client[store.database]["stock"].find_one({}, {"_id": 0})
    client.close()
    assert found == {"sku": "A-1", "colour": "red"}
