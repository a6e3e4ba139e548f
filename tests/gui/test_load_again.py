"""What is there again after a crash or a close: files, changes, recipes, and half a load."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from pymongo import MongoClient
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.loading.loader import load_file
from core.recipes.recipe import infer
from core.settings import Settings
from core.store import Store
from gui.load.journal import Journal
from gui.session import Session
from gui.window import Window
from tests.gui.load_states import big, checked, copied, load_page, only, opened, wait_for
from tests.gui.test_load_main import activate, click, close_file, held_and_loaded, tab_to

ROWS, WIDE = 1_000, 4_500  # some megabytes: several batches
DYING = """
import os, signal, sys
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from core.settings import Settings
from core.store import Store
from gui.app import dress
from gui.session import Session
from gui.window import Window
from tests.gui.load_states import opened, wait_for

def die(report):  # in the thread that loads, so that it is in the middle of it
    if report.accepted:
        os.kill(os.getpid(), signal.SIGKILL)

app = QApplication([])
dress(app, "light")
session = Session(Settings())
session.set_store(Store(sys.argv[1], sys.argv[2]))
window = Window(session)
window.show()
page = opened(window, [Path(sys.argv[3])])
page.space.bar.primary.click()
page.loader.task.progressed.connect(die, Qt.ConnectionType.DirectConnection)
wait_for(lambda: False, 60)
"""


def test_a_crash_loses_neither_files_nor_changes(
    bare_window: Window, home: Path, tmp_path: Path
) -> None:
    page = opened(bare_window, copied(tmp_path / "in", "orders"))
    fix = page.space.chips.chips[0].fix
    assert fix is not None
    click(fix)
    wait_for(lambda: page.desk.journal.settled)
    left = {path.read_text("utf-8") for path in (home / "data" / "drafts").glob("*.json")}
    window = Window(Session(Settings()))  # the first window is still there, as after kill -9
    try:
        second = load_page(window)
        wait_for(lambda: len(second.desk.files) == 1 and checked(second))
        file = only(second)
        assert file.report is not None
        assert (file.report.accepted, file.report.quarantined) == (9771, 41)
        assert len(left) == 1
        assert second.space.head.recipe.currentText() == "orders"
    finally:
        window.close()


def test_a_draft_by_a_recipe_for_other_columns_says_so_again(
    bare_window: Window, tmp_path: Path
) -> None:
    (path,) = copied(tmp_path / "in", "products")
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([lines[0].replace("price", "cost"), *lines[1:]]), "utf-8")
    page = opened(bare_window, [path])
    assert page.space.message.line is not None
    said = page.space.message.line
    assert said.tone == "warning"
    window = Window(Session(Settings()))
    try:
        second = load_page(window)
        wait_for(lambda: len(second.desk.files) == 1 and checked(second))
        assert second.space.message.line == said
        assert second.space.head.recipe.currentText() == "products"
    finally:
        window.close()


def test_undo_brings_back_the_recipe_that_was_chosen_before(
    bare_window: Window, tmp_path: Path
) -> None:
    page = opened(bare_window, copied(tmp_path / "in", "products"))
    assert page.space.head.recipe.currentText() == "products"
    activate(bare_window)
    tab_to(bare_window, page.space.head.recipe)
    QTest.keyClick(page.space.head.recipe, Qt.Key.Key_Home)
    wait_for(lambda: page.space.head.recipe.currentText() == "As read")
    wait_for(lambda: checked(page))
    click(page.space.bar.undo)
    wait_for(lambda: page.space.head.recipe.currentText() == "products")


def test_files_come_back_in_the_order_they_had(bare_window: Window, tmp_path: Path) -> None:
    page = opened(bare_window, copied(tmp_path / "in", "products", "orders", "customers"))
    before = [file.name for file in page.desk.files.values()]
    activate(bare_window)
    page.files.view.setFocus()
    QTest.keyClick(page.files.view, Qt.Key.Key_Home)
    page.space.head.mode.setFocus()
    QTest.keyClick(page.space.head.mode, Qt.Key.Key_Down)  # its draft is the latest now
    wait_for(lambda: page.desk.journal.settled)
    window = Window(Session(Settings()))
    try:
        second = load_page(window)
        assert [file.name for file in second.desk.files.values()] == before
        wait_for(lambda: checked(second))
    finally:
        window.close()


def test_a_load_cut_off_is_shown_or_dismissed_and_then_not_offered_again(
    window: Window, session: Session, server: str, store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "few.csv"
    path.write_text("a\n1\n2\n")
    recipe = infer(path).replace(collection="few")
    loading = load_file(path, recipe, store)
    next(loading)
    next(loading)
    loading.close()
    session.store_changed.emit(session.store)  # as a start that connects
    page = load_page(window)
    wait_for(page.banner.isVisible)
    assert page.banner.accessibleName().startswith(f"A load of few.csv into {store.database}.few")
    click(page.banner.look)
    wait_for(lambda: len(page.desk.files) == 1 and checked(page))
    assert only(page).path == path
    assert page.space.bar.primary.text() == "Resume"
    assert not page.banner.isVisible()
    session.store_changed.emit(session.store)
    wait_for(page.banner.isVisible)
    click(page.banner.dismiss)
    assert not page.banner.isVisible()
    session.store_changed.emit(session.store)
    wait_for(lambda: bool(page.targets.known.unfinished))
    QTest.qWait(50)
    assert not page.banner.isVisible()


def test_a_draft_that_cannot_be_read_is_left_out(home: Path) -> None:
    folder = home / "data" / "drafts"
    folder.mkdir(parents=True)
    (folder / "a.json").write_text("{", "utf-8")
    (folder / "b.json").write_text(json.dumps({"path": "/x", "recipe": {}}), "utf-8")
    assert list(Journal().drafts()) == []


def test_a_load_whose_window_was_killed_is_offered_and_ends_exactly(
    session: Session, server: str, store: Store, tmp_path: Path
) -> None:
    path = big(tmp_path / "in", ROWS, WIDE)
    command = [sys.executable, "-c", DYING, server, store.database, str(path)]
    died = subprocess.run(command, env={**os.environ}, capture_output=True, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    written = held_and_loaded(server, store, "order_items")[0]
    assert 0 < written < ROWS
    window = Window(session)
    window.resize(1280, 800)
    window.show()
    try:
        page = load_page(window)
        wait_for(lambda: len(page.desk.files) == 1 and checked(page))
        wait_for(page.banner.isVisible)
        said = f"A load of order_items.csv into {store.database}.order_items was cut off with "
        assert page.banner.accessibleName().startswith(said)
        (cut_off,) = store.loads.list()  # History's figure, and the banner's, are what is recorded
        (known,) = page.targets.known.unfinished
        batches = list(store.ledger.recorded(cut_off.object_id))
        recorded = sum(batch["counts"]["accepted"] for batch in batches)
        assert 0 < recorded == cut_off.accepted == known.rows <= written
        assert page.space.bar.primary.text() == "Resume"
        click(page.banner.resume)
        assert not page.banner.isVisible()
        wait_for(lambda: only(page).phase == "done", 90)
        client: MongoClient[dict[str, object]] = MongoClient(server)
        ids = client[store.database]["order_items"].distinct("order_id")
        loads = client["sluice"]["loads"].count_documents({})
        client.close()
        assert (len(ids), loads) == (ROWS, 1)
        assert held_and_loaded(server, store, "order_items")[:2] == (ROWS, 0)
    finally:
        window.close()


def test_a_stopped_load_is_resumed_to_exactly_the_file(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    for rows in (ROWS, 4 * ROWS, 16 * ROWS, 64 * ROWS):  # until Stop comes in time
        page = opened(window, [big(tmp_path / str(rows), rows, WIDE)])
        click(page.space.bar.primary)
        wait_for(lambda page=page: only(page).phase != "loading" or page.space.bar.halt.isVisible())
        wait_for(lambda page=page: getattr(only(page).load, "accepted", 0) > 0, 60)
        if page.space.bar.halt.isVisible():
            click(page.space.bar.halt)
            assert page.space.bar.halt.text() == "Stopping…" or only(page).phase != "loading"
        wait_for(lambda page=page: only(page).phase in ("stopped", "done"), 60)
        if only(page).phase == "stopped":
            break
        close_file(window)
        store.client.drop_database("sluice")
        store.client[store.database].drop_collection("order_items")
    assert only(page).phase == "stopped"
    wait_for(lambda: page.space.bar.primary.text() == "Resume")
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 90)
    client: MongoClient[dict[str, object]] = MongoClient(server)
    ids = client[store.database]["order_items"].distinct("order_id")
    client.close()
    assert len(ids) == rows
    assert held_and_loaded(server, store, "order_items")[:2] == (rows, 0)
