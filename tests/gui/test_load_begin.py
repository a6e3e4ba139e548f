"""Where a load goes and what is said around its beginning and end: each true when it is read."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.store import Store
from gui.elided import Elided
from gui.load.planned import planned
from gui.pages.load import LoadPage
from gui.session import Session
from gui.toasts import Toast
from gui.window import Window
from tests.gui.load_states import asked_all, checked, copied, only, opened, wait_for
from tests.gui.test_load_main import activate, click

AWAY = "mongodb://127.0.0.1:1"


def message(page: LoadPage) -> str:
    line = page.space.message.line
    return " ".join((line.place, line.text)).strip() if line is not None else ""


def toast(window: Window) -> list[str]:
    shown = [one for one in window.findChildren(Toast) if one.isVisible()]
    return [label.text() for one in shown for label in one.findChildren(Elided)]


def press_load(page: LoadPage) -> None:
    activate(page.window())
    QTest.keyClick(page.window(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def write(path: Path, skus: range) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("sku,name\n" + "".join(f"S-{n},name {n}\n" for n in skus), "utf-8")
    return path


def test_this_computer_chosen_at_first_is_started_by_the_load_which_then_goes_on(
    bare_window: Window, bare_session: Session, store: Store, server: str, tmp_path: Path
) -> None:
    page = opened(bare_window, [write(tmp_path / "goods.csv", range(20))])
    asked: list[object] = []
    bare_session.connecting.connect(asked.append)
    bare_session.connect_to = lambda address: asked.append(address)  # type: ignore[method-assign]
    press_load(page)
    assert asked == ["local"]
    assert message(page) == "Starting the database of this computer…"
    bare_session.set_store(Store(server, store.database))  # as when it has started
    wait_for(lambda: only(page).phase == "done", 60)
    assert store.client[store.database]["goods"].count_documents({}) == 20


def test_a_question_goes_when_it_is_answered_elsewhere(
    bare_window: Window, bare_session: Session, store: Store, server: str, tmp_path: Path
) -> None:
    bare_session.settings.set("connection", AWAY)
    page = opened(bare_window, [write(tmp_path / "goods.csv", range(20))])
    press_load(page)
    assert message(page).startswith("Nothing is connected yet.")
    bare_session.set_store(Store(server, store.database))
    assert message(page) == "Every row is valid."
    assert only(page).phase == "ready"


def test_what_hindered_a_load_is_not_said_any_more_when_it_is_gone(
    window: Window, tmp_path: Path
) -> None:
    page = opened(window, [write(tmp_path / "goods.csv", range(20))])
    page.recipes.choose_mode("update")
    wait_for(lambda: checked(page))
    press_load(page)
    assert message(page).startswith("Choose the key")
    page.keys.choose(1, ("sku",))
    wait_for(lambda: checked(page))
    assert message(page) == "Every row is valid."


def test_a_file_that_is_gone_is_left_out_of_load_all_with_the_cause(
    window: Window, tmp_path: Path
) -> None:
    page = opened(window, copied(tmp_path / "in", "products", "customers"))
    (tmp_path / "in" / "customers.csv").unlink()
    gone = next(one for one in planned(page.desk.files.values()) if one.name == "customers.csv")
    assert gone.why_not == "It is not there any more: put it back, or close it here."
    click(page.space.bar.all)
    assert asked_all(window).go.text() == "Load 1 file"


def test_rows_that_the_collection_refuses_are_told_with_the_cause(
    window: Window, store: Store, tmp_path: Path
) -> None:
    goods = store.client[store.database]["goods"]
    goods.create_index("sku", unique=True)
    goods.insert_many([{"sku": f"S-{n}"} for n in range(5)])
    page = opened(window, [write(tmp_path / "goods.csv", range(20))])
    assert page.space.bar.primary.text() == "Load 20 rows"
    press_load(page)
    wait_for(lambda: only(page).phase == "done", 60)
    wait_for(lambda: bool(toast(window)))
    said = "Held by the collection's own rules: 5 already in the collection."
    assert toast(window) == ["15 rows loaded, 5 held", said]


def test_the_toast_of_an_undo_names_the_index_that_stays(
    window: Window, store: Store, tmp_path: Path
) -> None:
    page = opened(window, [write(tmp_path / "goods.csv", range(20))])
    page.recipes.choose_mode("update")
    page.keys.choose(1, ("sku",))
    wait_for(lambda: checked(page))
    press_load(page)
    wait_for(lambda: only(page).phase == "done", 60)
    load = only(page).load
    assert load is not None
    assert load.load is not None
    page.outcome.undo(1, load.load)
    wait_for(lambda: toast(window)[:1] == ["The load is undone"], 60)
    assert toast(window)[1] == "The collection keeps “sku” unique: that index stays."


def test_a_dry_run_by_mouse_tells_what_would_come_and_writes_nothing(
    window: Window, store: Store, tmp_path: Path
) -> None:
    goods = store.client[store.database]["goods"]
    goods.create_index("sku", unique=True)
    goods.insert_many([{"sku": f"S-{n}"} for n in range(5)])
    page = opened(window, [write(tmp_path / "goods.csv", range(20))])
    click(page.space.bar.dry)
    wait_for(lambda: "Loading would" in message(page), 60)
    assert message(page) == "Dry run: Loading would insert 15, change 0, refuse 5."
    assert goods.count_documents({}) == 5
    assert store.loads.list() == ()
    assert only(page).phase == "ready"


def test_a_read_only_connection_checks_and_says_why_it_does_not_load(
    window: Window, session: Session, store: Store, tmp_path: Path
) -> None:
    session.store.read_only = True
    page = opened(window, [write(tmp_path / "goods.csv", range(20))])
    press_load(page)
    wait_for(lambda: "read-only" in message(page), 60)
    assert store.database not in store.client.list_database_names()
    click(page.space.bar.dry)
    wait_for(lambda: "Loading would insert 20" in message(page), 60)
