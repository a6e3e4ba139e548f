"""The list of open files and what is done to all: Load all, questions, undo across files."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.recipes.recipe import infer
from core.store import Store
from gui.held.discard import DiscardDialog
from gui.pages.load import LoadPage
from gui.pages.quarantine import QuarantinePage
from gui.toasts import Toast
from gui.window import Window
from tests.gui.held_states import settled as still
from tests.gui.held_states import type_in_panel
from tests.gui.load_states import (
    asked_all,
    checked,
    copied,
    doubtful,
    load_page,
    only,
    opened,
    wait_for,
)
from tests.gui.page_states import GOOD, SMALL
from tests.gui.test_load_main import (
    activate,
    answer_dialog,
    click,
    close_file,
    drop,
    held_and_loaded,
)
from tests.gui.test_load_ways import toast_link

SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def line(page: LoadPage, name: str) -> str:
    """What the list says of a file, as a screen reader tells it."""
    model = page.files.model
    spoken = (str(model.index(row).data(SPOKEN)) for row in range(model.rowCount()))
    return next(words for words in spoken if words.startswith(name))


def settled(page: LoadPage) -> bool:
    files = page.desk.files.values()
    return bool(files) and all(f.phase == "failed" or f.checked for f in files)


# -- Load all ------------------------------------------------------------------------------------
def test_load_all_tells_of_each_file_first_and_return_loads_them(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    copied(tmp_path / "in", "products", "customers")
    doubtful(tmp_path / "in")
    page = load_page(window)
    activate(window)
    drop(window, tmp_path / "in")
    wait_for(lambda: len(page.desk.files) == 5 and settled(page))
    assert page.space.bar.all.text() == "Load all 4…"
    click(page.space.bar.all)
    asked = asked_all(window)
    assert held_and_loaded(server, store, "products")[:2] == (0, 0)
    model = asked.view.model()
    told = [str(model.index(row, 0).data(SPOKEN)) for row in range(model.rowCount())]
    assert told[0].startswith("customers.csv → customers, 2,345 rows, Add rows · 55 rows will be")
    assert told[1].startswith("products.csv → products, 592 rows, Add rows · 28 rows will be held")
    assert "stray.csv → stray, 58 rows" in told[2]
    assert "1 question: Please check the quotes" in told[2]
    assert "1 question: Please check the order of day and month" in told[3]
    assert told[4].startswith("march.csv, not loaded, ")
    assert "cannot be unpacked" in told[4]
    wait_for(asked.isActiveWindow)
    QTest.keyClick(asked.focusWidget() or asked, Qt.Key.Key_Return)
    done = ("customers.csv", "products.csv", "stray.csv", "visits.csv")
    files = page.desk.files.values()
    wait_for(lambda: {f.name for f in files if f.phase == "done"} == {*done}, 60)
    assert held_and_loaded(server, store, "products")[:2] == (592, 28)
    assert held_and_loaded(server, store, "stray")[:2] == (58, 2)


def test_escape_loads_nothing_and_one_file_alone_is_not_asked_about(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    page = opened(window, copied(tmp_path / "in", "products", "customers"))
    activate(window)
    click(page.space.bar.all)
    asked = asked_all(window)
    wait_for(asked.isActiveWindow)
    QTest.keyClick(asked.focusWidget() or asked, Qt.Key.Key_Escape)
    wait_for(lambda: not asked.isVisible())
    assert {file.phase for file in page.desk.files.values()} == {"ready"}
    assert page.loader.current is None
    click(page.space.bar.primary)
    wait_for(lambda: page.desk.files[1].phase == "done", 60)
    assert held_and_loaded(server, store, "products")[:2] == (592, 28)
    assert held_and_loaded(server, store, "customers")[:2] == (0, 0)


def test_a_file_whose_tick_is_taken_away_is_left_out(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    page = opened(window, copied(tmp_path / "in", "products", "customers"))
    activate(window)
    click(page.space.bar.all)
    asked = asked_all(window)
    wait_for(asked.isActiveWindow)
    assert asked.go.text() == "Load 2 files"
    first = asked.view.visualRect(asked.view.model().index(0, 0)).center()
    QTest.mouseClick(asked.view.viewport(), Qt.MouseButton.LeftButton, pos=first)
    assert (asked.go.text(), asked.words.text()) == (
        "Load 1 file",
        "2,345 rows ready · 55 will be held · 1 left out",
    )
    asked.view.setFocus()
    QTest.keyClick(asked.view, Qt.Key.Key_Down)
    QTest.keyClick(asked.view, Qt.Key.Key_Space)
    assert not asked.go.isEnabled()  # none is left
    QTest.keyClick(asked.view, Qt.Key.Key_Space)
    QTest.keyClick(asked.view, Qt.Key.Key_Return)
    wait_for(lambda: page.desk.files[2].phase == "done", 60)
    assert held_and_loaded(server, store, "customers")[:2] == (2345, 55)
    assert held_and_loaded(server, store, "products")[:2] == (0, 0)


def test_load_all_without_a_server_asks_for_one_and_keeps_no_file_waiting(
    bare_window: Window, tmp_path: Path
) -> None:
    bare_window.session.settings.set("connection", "mongodb://127.0.0.1:1")  # chosen, and away
    page = opened(bare_window, copied(tmp_path / "in", "products", "customers"))
    click(page.space.bar.all)
    assert page.space.message.line is not None
    assert page.space.message.line.place == "Nothing is connected yet."
    assert {file.phase for file in page.desk.files.values()} == {"ready"}


def test_a_file_that_replaces_what_another_of_the_list_loads_says_so(
    window: Window, tmp_path: Path
) -> None:
    paths = copied(tmp_path / "in", "products")
    again = tmp_path / "in" / "products_new.csv"
    again.write_bytes(paths[0].read_bytes())
    page = opened(window, [*paths, again])
    activate(window)
    page.files.view.setFocus()
    QTest.keyClick(page.files.view, Qt.Key.Key_End)
    page.space.head.into.setFocus()
    page.space.head.into.selectAll()
    QTest.keyClicks(page.space.head.into, "products")
    page.space.head.mode.setFocus()
    QTest.keyClick(page.space.head.mode, Qt.Key.Key_End)  # Replace all
    wait_for(lambda: checked(page))
    click(page.space.bar.all)
    model = asked_all(window).view.model()
    words = "It takes the place of all that products holds, products.csv of this list too."
    assert words in str(model.index(1, 0).data(SPOKEN))


def test_files_of_a_folder_that_are_of_another_shape_than_the_first_say_so_before_they_are_loaded(
    window: Window, tmp_path: Path
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, header in (("april", "id,name"), ("may", "id,name"), ("prices", "id,price")):
        rows = "".join(f"{n},{n}.5\n" for n in range(40))
        (folder / f"{name}.csv").write_text(f"{header}\n{rows}")
    page = load_page(window)
    activate(window)
    drop(window, folder)
    wait_for(lambda: len(page.desk.files) == 3 and checked(page))
    for row in range(3):
        page.files.view.setFocus()
        page.files.view.setCurrentIndex(page.files.model.index(row))
        wait_for(lambda row=row: page.space.key == [*page.desk.files][row])
        page.space.head.into.setFocus()
        page.space.head.into.selectAll()
        QTest.keyClicks(page.space.head.into, "sales")
        QTest.keyClick(page.space.head.into, Qt.Key.Key_Return)
    files = page.desk.files.values()
    wait_for(lambda: all(f.work and f.work.recipe.collection == "sales" for f in files))
    wait_for(lambda: checked(page))
    click(page.space.bar.all)
    model = asked_all(window).view.model()
    april, may, prices = (str(model.index(row, 0).data(SPOKEN)) for row in range(3))
    assert "unlike" not in april + may
    words = "It is unlike april.csv, which goes into sales too: “name” is missing. “price” is new. "
    assert words + "Choose another collection for it, or the same recipe for both." in prices


def test_dry_run_keeps_its_word_beside_load_all_with_a_panel_open(
    window: Window, tmp_path: Path
) -> None:
    page = opened(window, copied(tmp_path / "in", "orders", "products"))
    page.columns.open("amount")
    wait_for(page.panel.isVisible)
    bar = page.space.bar
    wait_for(lambda: bar.dry.text() == "Dry run")
    assert bar.all.text() == "Load all 2…"
    assert bar.line.sizeHint().width() <= bar.width()


# -- questions -----------------------------------------------------------------------------------
def test_open_questions_stand_in_the_list_until_they_are_answered(
    bare_window: Window, tmp_path: Path
) -> None:
    visits, stray, _ = doubtful(tmp_path / "in")
    page = opened(bare_window, [visits, stray])
    assert line(page, "visits.csv") == "visits.csv, 60 rows, 1 question"
    assert line(page, "stray.csv") == "stray.csv, 60 rows, 2 problems, 1 question"
    activate(bare_window)
    click(page.space.message.link)
    wait_for(page.space.dialect.isVisible)
    page.space.dialect.dates.setFocus()
    QTest.keyClick(page.space.dialect.dates, Qt.Key.Key_Down)
    wait_for(lambda: line(page, "visits.csv") == "visits.csv, 60 rows, ready")


def test_a_question_is_answered_by_choosing_what_stands_there_already(
    bare_window: Window, tmp_path: Path
) -> None:
    _, stray, _ = doubtful(tmp_path / "in")
    page = opened(bare_window, [stray])
    activate(bare_window)
    click(page.space.message.link)
    wait_for(page.space.dialect.isVisible)
    quote = page.space.dialect.quote
    click(quote)
    wait_for(lambda: quote.view().isVisible())
    QTest.keyClick(quote.view(), Qt.Key.Key_Return)
    wait_for(lambda: line(page, "stray.csv") == "stray.csv, 60 rows, 2 problems")


# -- undo across files ---------------------------------------------------------------------------
def two_changes(window: Window, tmp_path: Path) -> LoadPage:
    """The mode of products changed, then that of customers, which is shown."""
    page = opened(window, copied(tmp_path, "products", "customers"))
    activate(window)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        page.files.view.setFocus()
        QTest.keyClick(page.files.view, key)
        page.space.head.mode.setFocus()
        QTest.keyClick(page.space.head.mode, Qt.Key.Key_End)
        wait_for(lambda: checked(page))
    return page


def test_undo_says_which_file_it_would_change_and_shows_it_then(
    bare_window: Window, tmp_path: Path
) -> None:
    page = two_changes(bare_window, tmp_path)
    bar = page.space.bar
    assert (bar.undo.text(), bar.undo.toolTip()) == ("Undo", "Undo “replace all” in customers.csv")
    page.files.view.setFocus()
    QTest.keyClick(page.files.view, Qt.Key.Key_Home)
    assert page.space.file is not None
    assert page.space.file.name == "products.csv"
    assert bar.undo.text() == "Undo in customers.csv"
    click(bar.undo)
    assert page.space.file.name == "customers.csv"
    assert page.space.head.mode.currentText() == "Add rows"
    assert bar.undo.text() == "Undo in products.csv"
    assert (bar.redo.text(), bar.redo.toolTip()) == ("Redo", "Redo “replace all” in customers.csv")
    wait_for(lambda: checked(page))


def test_undo_passes_over_what_was_done_to_a_file_closed_since(
    bare_window: Window, tmp_path: Path
) -> None:
    page = two_changes(bare_window, tmp_path)
    page.files.view.setFocus()
    QTest.keyClick(page.files.view, Qt.Key.Key_End)
    QTest.keyClick(page.files.view, Qt.Key.Key_Delete)
    wait_for(lambda: len(page.desk.files) == 1)
    assert page.space.bar.undo.toolTip() == "Undo “replace all” in products.csv"
    QTest.keyClick(bare_window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert page.space.head.mode.currentText() == "Add rows"
    assert not page.space.bar.undo.isEnabled()
    assert page.space.bar.redo.isEnabled()
    wait_for(lambda: checked(page))


def test_a_file_that_is_loading_is_not_changed_by_undo(window: Window, tmp_path: Path) -> None:
    page = two_changes(window, tmp_path)
    click(page.space.bar.all)
    asked = asked_all(window)
    click(asked.go)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    files = page.desk.files
    wait_for(lambda: {file.phase for file in files.values()} == {"done"}, 60)
    assert {f.work.recipe.mode for f in files.values() if f.work is not None} == {"replace"}
    assert page.desk.stack.canUndo()


# -- a file that is open already -----------------------------------------------------------------
def toast(window: Window) -> str:
    """What the toast on the screen says."""
    shown = [one for one in window.findChildren(Toast) if one.isVisible()]
    return shown[-1].accessibleName() if shown else ""


def test_a_file_that_is_open_already_is_shown_and_said_to_be(
    bare_window: Window, tmp_path: Path
) -> None:
    page = two_changes(bare_window, tmp_path)
    assert page.space.file is not None
    assert page.space.file.name == "customers.csv"
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
    drop(bare_window, tmp_path / "link" / "products.csv")
    assert page.space.file.name == "products.csv"
    assert page.space.head.mode.currentText() == "Replace all"
    assert len(page.desk.files) == 2
    assert toast(bare_window).startswith("products.csv is open already.")
    with (tmp_path / "products.csv").open("a", encoding="utf-8") as file:
        file.write("x\n")
    click(toast_link(bare_window, "Read again"))
    wait_for(lambda: line(page, "products.csv") == "products.csv, 621 rows, 29 problems")
    assert page.space.head.mode.currentText() == "Replace all"
    close_file(bare_window)
    drop(bare_window, tmp_path / "products.csv")
    wait_for(lambda: len(page.desk.files) == 2 and checked(page))
    assert page.space.head.mode.currentText() == "Add rows"
    (other,) = copied(tmp_path / "more", "orders")
    drop(bare_window, tmp_path / "customers.csv", other)
    assert page.space.file.name == "orders.csv"
    assert toast(bare_window).startswith("1 of 2 files were open already.")
    wait_for(lambda: checked(page))


# -- what becomes of held rows -------------------------------------------------------------------
def held_four(folder: Path) -> Path:
    """Eight orders of which four are refused, with the recipe that does."""
    folder.mkdir(parents=True, exist_ok=True)
    path, good = folder / "orders.csv", folder / "good.txt"
    path.write_text(SMALL, "utf-8")
    good.write_text(GOOD, "utf-8")
    infer(good).replace(collection="orders").save(folder / "orders.recipe.json")
    good.unlink()
    return path


def loaded_four(window: Window, folder: Path) -> LoadPage:
    page = opened(window, [held_four(folder)])
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 60)
    assert line(page, "orders.csv") == "orders.csv, 4 loaded, 4 held"
    return page


def test_the_list_follows_what_becomes_of_held_rows_in_quarantine(
    window: Window, tmp_path: Path
) -> None:
    page = loaded_four(window, tmp_path / "in")
    click(window.rail.buttons["Quarantine"])
    held = window.pages["Quarantine"]
    assert isinstance(held, QuarantinePage)
    wait_for(lambda: held.opened is not None and held.view.panel.record is not None)
    type_in_panel(held, "1250.00\r")
    wait_for(held.view.bar.resubmit.isEnabled)
    click(held.view.bar.resubmit)
    wait_for(lambda: line(page, "orders.csv") == "orders.csv, 5 loaded, 3 held")
    wait_for(lambda: still(held) and held.view.model.total == 3)
    click(held.view.bar.discard)
    dialog = held.window().findChild(DiscardDialog)
    assert isinstance(dialog, DiscardDialog)
    click(dialog.go)
    wait_for(lambda: line(page, "orders.csv") == "orders.csv, 5 loaded, 2 held")
    wait_for(lambda: still(held) and held.view.bar.undo.isEnabled())
    click(held.view.bar.undo)
    wait_for(lambda: line(page, "orders.csv") == "orders.csv, 5 loaded, 3 held")
    click(window.rail.buttons["Load"])
    wait_for(lambda: page.space.bar.consequence.text() == "3 rows wait in Quarantine")


# -- held rows that come back --------------------------------------------------------------------
def exported(window: Window, folder: Path) -> Path:
    """The four held rows as Quarantine exports them, mended by their owner, renamed and moved."""
    loaded_four(window, folder / "in")
    click(window.rail.buttons["Quarantine"])
    held = window.pages["Quarantine"]
    assert isinstance(held, QuarantinePage)
    wait_for(lambda: held.opened is not None and held.view.panel.record is not None)
    made, mended = folder / "held.csv", folder / "from the owner.csv"
    answer_dialog(made)
    click(held.view.bar.export)
    wait_for(lambda: made.exists() and still(held))
    text = made.read_text("utf-8-sig").replace(";1.250,00;North;", ";1250.00;North;")
    mended.write_text(text.replace("\r\n", "\n"), "utf-8")
    return mended


def test_a_renamed_export_is_known_by_its_header_and_settles_the_rows_it_came_from(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    path = exported(window, tmp_path)
    page = load_page(window)
    drop(window, path)
    wait_for(lambda: len(page.desk.files) == 2 and checked(page))
    assert page.space.file is not None
    assert page.space.file.path == path
    said = page.space.message.line
    assert said is not None
    assert said.text.startswith(
        "These are 4 rows of orders.csv, held in Quarantine: loading settles"
    )
    assert "What was corrected goes into orders" in said.text
    assert page.space.head.into.text() == "orders"
    work = page.space.file.work
    assert work is not None
    field = work.recipe.schema.field
    assert (field("amount").type, field("_load").drop) == ("number", True)
    page.desk.relearn(page.space.file.key)  # “As read” does not bring our columns along
    wait_for(lambda: only_inferred(page))
    assert page.space.bar.primary.text() == "Bring back 4 rows"
    click(page.space.bar.primary)
    wait_for(lambda: page.space.file is not None and page.space.file.phase == "done", 60)
    found = list(store.client[store.database]["orders"].find({"order_id": 70072}))
    assert [{"_load", "_raw", "_record"} & one.keys() for one in found] == [set()]
    assert str(found[0]["amount"]) == "1250.00"
    assert store.client[store.database]["orders"].count_documents({}) == 5
    wait_for(lambda: line(page, "orders.csv") == "orders.csv, 5 loaded, 3 held")
    wait_for(lambda: page.space.message.link.text() == "Show them")
    words = "1 corrected row loaded, 3 unchanged and held as before."
    assert page.space.message.line is not None
    assert page.space.message.line.text == words
    click(page.space.message.link)
    held = window.pages["Quarantine"]
    assert isinstance(held, QuarantinePage)
    wait_for(lambda: still(held) and held.opened is not None)
    assert held.asked.load == page.desk.files[1].load.load  # type: ignore[union-attr]


def only_inferred(page: LoadPage) -> bool:
    """The recipe is what the file itself tells, checked, with no column of ours."""
    file = page.space.file
    if file is None or file.work is None or not checked(page):
        return False
    fields = {field.name: field for field in file.work.recipe.schema.fields}
    return fields["amount"].type != "number" and fields["_load"].drop and fields["_raw"].drop


def test_an_export_opened_before_the_server_was_there_is_known_when_it_is(
    window: Window, tmp_path: Path
) -> None:
    path = exported(window, tmp_path)
    page = load_page(window)
    store = window.session.store
    window.session.store = None
    drop(window, path)
    wait_for(lambda: len(page.desk.files) == 2 and checked(page))
    assert page.space.head.into.text() == "from_the_owner"
    window.session.store = store
    window.session.store_changed.emit(store)
    wait_for(lambda: page.space.head.into.text() == "orders" and checked(page))
    assert page.space.message.line is not None
    assert page.space.message.line.text.startswith("These are 4 rows of orders.csv")
