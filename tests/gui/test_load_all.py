"""Load all: what it says of each file first, what is left out, what Return and Esc do."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.store import Store
from gui.pages.load import LoadPage
from gui.window import Window
from tests.gui.load_states import (
    asked_all,
    checked,
    copied,
    doubtful,
    load_page,
    opened,
    wait_for,
)
from tests.gui.test_load_main import (
    activate,
    click,
    drop,
    held_and_loaded,
)

SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def line(page: LoadPage, name: str) -> str:
    """What the list says of a file, as a screen reader tells it."""
    model = page.files.model
    spoken = (str(model.index(row).data(SPOKEN)) for row in range(model.rowCount()))
    return next(words for words in spoken if words.startswith(name))


def settled(page: LoadPage) -> bool:
    files = page.desk.files.values()
    return bool(files) and all(f.phase == "failed" or f.checked for f in files)


def test_load_all_tells_of_each_file_first_and_return_loads_them(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    copied(tmp_path / "in", "products", "customers")
    doubtful(tmp_path / "in")
    page = load_page(window)
    notes: list[Any] = []
    window.session.noted.connect(notes.append)
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
    (note,) = notes  # one for all
    assert note.title == "4 files: 3,055 rows loaded, 85 held"
    assert note.detail == "customers.csv, products.csv, stray.csv and 1 more"
    dict(note.actions)["View held"]()
    wait_for(lambda: window.stack.currentWidget() is window.pages.get("Quarantine"))


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
