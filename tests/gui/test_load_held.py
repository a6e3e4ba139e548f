"""Held rows of an open file: what becomes of them elsewhere, and an export that comes back."""

from pathlib import Path

from core.recipes.recipe import infer
from core.store import Store
from gui.held.discard import DiscardDialog
from gui.pages.load import LoadPage
from gui.pages.quarantine import QuarantinePage
from gui.window import Window
from tests.gui.held_states import settled as still
from tests.gui.held_states import type_in_panel
from tests.gui.load_states import (
    checked,
    load_page,
    only,
    opened,
    wait_for,
)
from tests.gui.page_states import GOOD, SMALL
from tests.gui.test_load_all import line
from tests.gui.test_load_main import (
    answer_dialog,
    click,
    drop,
)


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


def test_a_fix_goes_with_the_rows_that_come_back_and_their_place_stands_firm(
    window: Window, store: Store, tmp_path: Path
) -> None:
    path = exported(window, tmp_path)
    page = load_page(window)
    drop(window, path)
    wait_for(lambda: len(page.desk.files) == 2 and checked(page))
    head = page.space.head
    assert not head.into.isEnabled()
    assert not head.mode.isEnabled()
    assert head.into.toolTip() == "Corrected rows go where their load went, as it went."
    wait_for(lambda: page.space.fixing.settled and bool(page.space.chips.chips))
    chip = next(one for one in page.space.chips.chips if one.fix and one.fix.text() == "Fix 1")
    assert chip.fix is not None
    click(chip.fix)  # 219,00
    wait_for(lambda: page.desk.stack.undoText() == "Use comma decimals (amount)" and checked(page))
    click(page.space.bar.primary)
    wait_for(lambda: page.space.file is not None and page.space.file.phase == "done", 60)
    orders = store.client[store.database]["orders"]
    wait_for(lambda: orders.count_documents({}) == 6)
    found = [orders.find_one({"order_id": n}) for n in (70072, 70074)]
    assert [str(one and one["amount"]) for one in found] == ["1250.00", "219.00"]


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
