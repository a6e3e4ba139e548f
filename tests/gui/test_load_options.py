"""The menu beside the form: the first rows only, the file's name, documents of dotted names."""

from pathlib import Path
from typing import Any

from pymongo import MongoClient
from PySide6.QtWidgets import QApplication, QMenu

from core.store import Store
from gui.window import Window
from tests.gui.load_states import checked, copied, only, opened, wait_for
from tests.gui.test_load_columns import pick
from tests.gui.test_load_main import (
    click,
    held_and_loaded,
)

DOTTED = "id,address.city,address.zip\n1,Lyon,69001\n2,Bonn,53111\n"


def test_the_name_of_the_file_is_loaded_as_a_column(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    page = opened(window, copied(tmp_path / "in", "products"))
    click(page.space.head.more)
    pick("Add a column with the file's name")
    wait_for(lambda: checked(page))
    assert page.desk.stack.undoText() == "a column with the file's name"
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 60)
    client: MongoClient[dict[str, object]] = MongoClient(server)
    names = client[store.database]["products"].distinct("source_file")
    client.close()
    assert names == ["products.csv"]


def test_only_the_first_rows_are_chosen_from_the_menu(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    page = opened(window, copied(tmp_path / "in", "customers"))
    click(page.space.head.more)
    pick("Load only the first 100 rows, to try")
    wait_for(lambda: page.space.bar.primary.text() == "Try with the first 100 rows")
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 60)
    loaded, held, _ = held_and_loaded(server, store, "customers")
    assert loaded + held == 100


def test_dotted_names_become_documents_from_the_menu_and_undo_takes_it_back(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(DOTTED)
    page = opened(window, [path])
    click(page.space.head.more)
    pick("Make documents of dotted names: address.city becomes city in address")
    wait_for(lambda: checked(page))
    assert page.desk.stack.undoText() == "documents of dotted names"
    click(page.space.bar.undo)
    work = only(page).work
    assert work is not None
    assert not work.recipe.nested
    click(page.space.bar.redo)
    wait_for(lambda: checked(page))
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 40)
    client: MongoClient[dict[str, Any]] = MongoClient(server)
    found = client[store.database]["people"].find_one({"id": 1})
    client.close()
    assert found is not None
    assert found["address"] == {"city": "Lyon", "zip": "69001"}


def test_names_that_want_the_same_place_are_told_before_loading(
    bare_window: Window, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("address,address.city\nx,Lyon\n")
    page = opened(bare_window, [path])
    click(page.space.head.more)
    pick("Make documents of dotted names: address.city becomes city in address")
    wait_for(lambda: checked(page))
    line = page.space.message.line
    assert line is not None
    assert "“address” and “address.city” want the same place" in line.text
    assert not page.space.bar.primary.isEnabled()
    click(page.space.message.link)
    wait_for(lambda: checked(page))
    assert page.space.bar.primary.isEnabled()


def test_a_plain_header_offers_no_documents_of_dotted_names(
    bare_window: Window, tmp_path: Path
) -> None:
    page = opened(bare_window, copied(tmp_path / "in", "products"))
    click(page.space.head.more)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert not [one for one in menu.actions() if "dotted" in one.text()]
    menu.close()
