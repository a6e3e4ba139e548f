"""What a person says of held records with cells too many or too few, and takes back."""

from pathlib import Path
from typing import Any

import pytest

from core import quarantine
from core.errors import RecipeError
from core.loading.loader import load_file
from core.quarantine import MISSING, SHAPES, SURPLUS
from core.recipes.recipe import Recipe
from core.store import Store
from core.store.held import HeldRecord
from core.store.sought import object_id
from tests.core.held.orders import DESCRIPTOR, amounts, held, last

OUT, EMPTY = {SURPLUS: SHAPES[SURPLUS]}, {MISSING: SHAPES[MISSING]}


@pytest.fixture
def misfits(store: Store, tmp_path: Path) -> str:
    """Line 2 has a cell too many, line 3 two too few."""
    path = tmp_path / "misfits.csv"
    path.write_text("id,amount,region\n1,2,North,surplus\n2\n3,4,South\n")
    return str(last(load_file(path, Recipe.from_descriptor(DESCRIPTOR), store)).load)


def codes(record: HeldRecord) -> list[str]:
    return [reason.code for reason in record.reasons]


def raw_of(store: Store, record: HeldRecord) -> dict[str, Any]:
    found = store.client["sluice"].quarantine.find_one({"_id": object_id(record.id)})
    assert found is not None
    return found


def test_cells_too_many_or_too_few_stay_until_someone_says_what_is_with_them(
    store: Store, misfits: str
) -> None:
    many, few = held(store, misfits)[2], held(store, misfits)[3]
    assert codes(quarantine.edit(store, many.id, {"amount": "5"})) == ["extra-cell"]
    assert codes(quarantine.edit(store, few.id, {"amount": "5"})) == ["missing-cell"]
    assert last(quarantine.resubmit(store, misfits)).loaded == 0
    many = quarantine.edit(store, many.id, {}, shape=OUT)
    few = quarantine.edit(store, few.id, {}, shape=EMPTY)
    assert many.ready
    assert few.ready
    assert few.values == {"id": "2", "amount": "5"}, "what is left empty is still absent"
    assert (many.edits[-1].shape, many.edits[-1].old, many.edits[-1].new) == (
        SURPLUS,
        None,
        "left out",
    )
    assert last(quarantine.resubmit(store, misfits)).loaded == 2
    assert amounts(store) == [5.0, 5.0, 4.0]


def test_what_is_said_of_a_shape_is_taken_back(store: Store, misfits: str) -> None:
    many, few = held(store, misfits)[2], held(store, misfits)[3]
    quarantine.edit(store, many.id, {}, shape=OUT)
    quarantine.edit(store, few.id, {}, shape=EMPTY)
    many = quarantine.edit(store, many.id, {}, shape={SURPLUS: None})
    few = quarantine.edit(store, few.id, {}, shape={MISSING: None})
    assert codes(many) == ["extra-cell"]
    assert codes(few) == ["missing-cell"]
    assert many.shape == few.shape == {}
    assert [edit.new for edit in many.edits] == ["left out", None]
    assert last(quarantine.resubmit(store, misfits)).loaded == 0


def test_an_absent_cell_that_was_filled_is_absent_again(store: Store, misfits: str) -> None:
    few = held(store, misfits)[3]
    filled = quarantine.edit(store, few.id, {"amount": "5", "region": "North"})
    assert filled.ready
    for taken in (None, ""):  # by undo, or by hand
        back = quarantine.edit(store, few.id, {"amount": taken, "region": taken})
        assert codes(back) == ["missing-cell"]
        assert back.values == few.values
        filled = quarantine.edit(store, few.id, {"amount": "5", "region": "North"})
    assert filled.ready


def test_a_record_that_is_again_as_it_came_is_wrong_as_it_came(store: Store, load: str) -> None:
    for line, cells in ((7, {"id": "99"}), (6, {"region": "West"}), (3, {"amount": "1.5"})):
        record = held(store, load)[line]
        quarantine.edit(store, record.id, cells)
        before = {name: record.values.get(name) for name in cells}
        assert quarantine.edit(store, record.id, before).reasons == record.was


def test_a_shape_that_the_record_does_not_have_is_not_spoken_of(store: Store, misfits: str) -> None:
    with pytest.raises(RecipeError, match="line 2 has no missing columns"):
        quarantine.edit(store, held(store, misfits)[2].id, {}, shape=EMPTY)
    with pytest.raises(RecipeError, match="line 3 has no cells beyond the last column"):
        quarantine.edit(store, held(store, misfits)[3].id, {}, shape=OUT)


def test_words_noted_by_an_earlier_version_are_read_and_go_on(store: Store, misfits: str) -> None:
    many = held(store, misfits)[2]
    records, name = store.client["sluice"].quarantine, "beyond the last column"
    edit = {"field": name, "old": many.was[0].value, "new": "", "by": "ann"}
    noted = {**edit, "at": store.quarantine.changes.now()}
    update = {f"values.{name}": "", "reasons": [], "ready": True, "edits": [noted]}
    records.update_one({"_id": object_id(many.id)}, {"$set": update})
    old = held(store, misfits)[2]
    assert old.values == many.values
    assert old.shape == OUT
    assert (old.edits[0].field, old.edits[0].shape, old.edits[0].new) == (None, SURPLUS, "left out")
    back = quarantine.edit(store, many.id, {}, shape={SURPLUS: None})
    assert codes(back) == ["extra-cell"]
    assert back.shape == {}
    assert [edit.new for edit in back.edits] == ["left out", None]
    assert name not in raw_of(store, back)["values"]
    quarantine.edit(store, many.id, {}, shape=OUT)
    assert last(quarantine.resubmit(store, misfits)).loaded == 1


def test_a_column_that_has_the_name_once_reserved_is_a_column(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("id,beyond the last column\n1,a,b\n")
    recipe = Recipe.from_descriptor(
        {
            **DESCRIPTOR,
            "schema": {"fields": [{"name": "id"}, {"name": "beyond the last column"}]},
        }
    )
    load = str(last(load_file(path, recipe, store)).load)
    record = quarantine.edit(store, held(store, load)[2].id, {"beyond the last column": ""})
    assert codes(record) == ["extra-cell"]
    assert (record.shape, record.edits[0].field) == ({}, "beyond the last column")
