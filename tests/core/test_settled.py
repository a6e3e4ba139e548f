"""A load follows the fields of its documents: renamed, derived, left open, in any order."""

from pathlib import Path
from typing import Any

import pytest

from core.checking.checker import check_file
from core.errors import RecipeError
from core.loading.undo import undo
from core.recipes.schema import Field, Schema
from core.store import Store
from core.values.cleaning import Step
from tests.core.loads import documents, load, recipe, values, write_csv

RENAMED = (Step("rename", {"field": "id", "to": "order_id"}),)
ROWS = [(1, "a", 1), (2, "b", 2), (3, "c", 3)]


@pytest.fixture
def store(either_store: Store) -> Store:
    return either_store


def told(store: Store) -> list[dict[str, object]]:
    found = ({k: v for k, v in one.items() if k[0] != "_"} for one in documents(store))
    return sorted(found, key=str)


def test_an_update_finds_documents_by_a_key_that_was_renamed(tmp_path: Path, store: Store) -> None:
    made = recipe("update", ("id",), clean=RENAMED)
    assert load(write_csv(tmp_path / "a.csv", ROWS), made, store).inserted == 3
    later = write_csv(tmp_path / "b.csv", [(n, name, 10 * n) for n, name, _ in ROWS])
    assert load(later, made, store).changed == 3
    assert told(store) == [{"order_id": n, "name": name, "qty": 10 * n} for n, name, _ in ROWS]


def test_skip_knows_keys_that_were_renamed(tmp_path: Path, store: Store) -> None:
    made = recipe("skip", ("id",), clean=RENAMED)
    load(write_csv(tmp_path / "a.csv", ROWS), made, store)
    report = load(write_csv(tmp_path / "b.csv", [(3, "c", 3), (4, "d", 4)]), made, store)
    assert (report.inserted, report.skipped) == (1, 1)
    assert {one["order_id"] for one in told(store)} == {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("header", "changes"),
    [
        ("id,name,qty", {"derived": (Step("id", {"fields": ["id"]}),)}),
        ("id,name,qty", {"clean": (Step("rename", {"field": "id", "to": "_id"}),)}),
        ("name,_id,qty", {"fields": (Field("name"), Field("_id", "integer"), Field("qty"))}),
    ],
)
def test_documents_with_an_id_of_their_own_are_undone(
    tmp_path: Path, store: Store, header: str, changes: dict[str, Any]
) -> None:
    """Wherever it stands in the file: the server puts it first."""
    rows = [(n, n, n) for n in (1, 2, 3)]
    report = load(write_csv(tmp_path / "a.csv", rows, header), recipe(**changes), store)
    assert {one["_id"] for one in documents(store)} == {1, 2, 3}
    *_, taken = undo(store, str(report.load))
    assert (taken.removed, taken.stays) == (3, 0)
    assert not documents(store)


def test_made_fields_are_stored_by_their_type(tmp_path: Path, store: Store) -> None:
    uuid = "123e4567-e89b-12d3-a456-426614174000"
    derived = (
        Step(
            "join",
            {"fields": ["name"], "into": "key", "as": {"type": "string", "format": "uuid"}},
        ),
        Step("constant", {"into": "about", "value": '{"a": 1}', "as": {"type": "object"}}),
    )
    load(write_csv(tmp_path / "a.csv", [(1, uuid, 1)]), recipe(derived=derived), store)
    found = documents(store)[0]
    assert str(found["key"]) == uuid
    assert found["about"] == {"a": 1}


def test_columns_that_the_schema_leaves_open_keep_the_rules_of_names(
    tmp_path: Path, store: Store
) -> None:
    made = recipe(fields=(Field("name"),))
    made = made.replace(schema=Schema(made.schema.fields, fields_match="subset"))
    path = write_csv(tmp_path / "a.csv", [("a", 1)], "name,_id")
    report = load(path, made, store)
    *_, taken = undo(store, str(report.load))
    assert taken.removed == 1
    with pytest.raises(RecipeError, match="_load"):
        load(write_csv(tmp_path / "b.csv", [("a", 1)], "name,_load"), made, store)
    assert values(store) == []


ID = Step("id", {"fields": ["id"]})


@pytest.mark.parametrize("match", ["superset", "partial"])
@pytest.mark.parametrize(
    ("name", "key", "derived"), [("_id", (), ()), ("id", ("id",), ()), ("id", (), (ID,))]
)
def test_a_file_without_the_column_of_its_key_is_refused_as_a_whole(
    tmp_path: Path, store: Store, match: str, name: str, key: tuple[str, ...], derived: Any
) -> None:
    """Though fieldsMatch lets columns be missing."""
    fields = (Field(name, "integer"), Field("name"))
    made = recipe().replace(
        schema=Schema(fields, primary_key=key, fields_match=match), derived=derived
    )
    path = write_csv(tmp_path / "a.csv", [("a",)], "name")
    with pytest.raises(RecipeError, match=f"no column “{name}”"):
        load(path, made, store)
    with pytest.raises(RecipeError, match=f"no column “{name}”"):
        list(check_file(path, made))
    assert not store.loads.list(5)
