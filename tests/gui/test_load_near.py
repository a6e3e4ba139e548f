"""A recipe used before for nearly the same columns is offered, with what differs."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.recipes.recipe import infer
from core.recipes.schema import Field
from core.store import Store
from gui.load import recipes
from gui.window import Window
from tests.gui.load_states import only, opened, wait_for
from tests.gui.test_load_main import activate, click, held_and_loaded

ROWS = "".join(f"{i},A-{i},{i}.50,{i % 7}\n" for i in range(1, 40))


def test_a_recipe_for_nearly_these_columns_is_offered_and_reads_the_renamed_one(
    window: Window, server: str, store: Store, tmp_path: Path
) -> None:
    before = tmp_path / "before.csv"
    before.write_text("id,sku,price,qty\n" + ROWS)
    recipe = infer(before).replace(collection="stock")
    fields = [
        Field(one.name, "string") if one.name == "id" else one for one in recipe.schema.fields
    ]
    place = tmp_path / "stock.recipe.json"
    recipe.replace(schema=replace(recipe.schema, fields=tuple(fields))).save(place)
    recipes.remember(window.session.settings, place)
    later = tmp_path / "later.csv"
    later.write_text("id,SKU,price,qty,colour\n" + "".join(f"{row},red\n" for row in ROWS.split()))
    page = opened(window, [later])
    line = page.space.message.line
    assert line is not None
    assert line.text == "The recipe “stock” is nearly for these columns."
    assert "“colour” is new." in line.cure
    click(page.space.message.link)
    wait_for(lambda: only(page).checked and only(page).recipe_path == place)
    work = only(page).work
    assert work is not None
    assert work.recipe.collection == "stock"
    assert {one.name: one.key for one in work.recipe.schema.fields} == {
        "id": "id",
        "SKU": "sku",
        "price": "price",
        "qty": "qty",
        "colour": "colour",
    }
    activate(window)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_for(lambda: only(page).recipe_path is None)
    QTest.keyClick(
        window,
        Qt.Key.Key_Z,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    wait_for(lambda: only(page).recipe_path == place and page.space.bar.primary.isEnabled())
    click(page.space.bar.primary)
    wait_for(lambda: only(page).phase == "done", 40)
    assert held_and_loaded(server, store, "stock") == (39, 0, set())
