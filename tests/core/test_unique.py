"""What a recipe wants unique is kept so by the collection, in every mode, or nothing is written."""

from pathlib import Path
from typing import Any

import pytest

from core.errors import RecipeError, StoreError
from core.loading.undo import undo
from core.recipes.schema import Field
from core.store import Store
from tests.core.loads import documents, load, recipe, write_csv

ROWS = [(1, "a", 1), (2, "b", 2), (3, "", 3), (4, "", 4)]
UNIQUE = (Field("id", "integer"), Field("name", constraints={"unique": True}), Field("qty"))


@pytest.fixture
def store(either_store: Store) -> Store:
    return either_store


def indexes(store: Store) -> dict[str, Any]:
    return dict(store.client[store.database]["c"].index_information())


@pytest.mark.parametrize("mode", ["add", "update", "skip", "replace"])
def test_a_unique_field_is_unique_across_files(tmp_path: Path, store: Store, mode: str) -> None:
    key = ("id",) if mode in ("update", "skip") else ()
    made = recipe(mode, key, fields=UNIQUE)
    assert load(write_csv(tmp_path / "a.csv", ROWS), made, store).accepted == 4  # blanks: no clash
    kept = indexes(store)["sluice_unique_name"]
    assert kept["unique"]
    assert kept["partialFilterExpression"] == {"name": {"$exists": True}}
    path = write_csv(tmp_path / "b.csv", [(7, "b", 1), (8, "c", 1)])
    report = load(path, recipe("update" if key else "add", key, fields=UNIQUE), store)
    assert (report.accepted, report.reasons) == (1, {"duplicate-key": 1})
    assert store.quarantine.find(report.load)[0].reasons[0].field == "name"


@pytest.mark.parametrize(
    "changes", [{"key": ("id", "name")}, {"unique_keys": (("id", "name"),)}, {"both": True}]
)
def test_keys_of_several_fields_are_kept(
    tmp_path: Path, store: Store, changes: dict[str, Any]
) -> None:
    from dataclasses import replace

    key = ("id", "name")
    made = recipe("add", () if "unique_keys" in changes else key)
    if "key" not in changes:
        made = replace(made, schema=replace(made.schema, unique_keys=(key,)))
    load(write_csv(tmp_path / "a.csv", ROWS), made, store)
    assert set(indexes(store)) == {"_id_", "sluice_unique_id_name"}
    report = load(write_csv(tmp_path / "b.csv", [(1, "b", 1), (2, "b", 1)]), made, store)
    assert report.reasons == {"duplicate-key": 1}


def test_data_that_shares_a_key_refuses_the_load_with_an_example(
    tmp_path: Path, store: Store
) -> None:
    collection = store.client[store.database]["c"]
    collection.insert_many([{"name": "b"}, {"name": "b"}, {"id": 1}])
    before = documents(store)
    path = write_csv(tmp_path / "a.csv", ROWS)
    with pytest.raises(StoreError, match=r"share the same name \(b, for example\).*unique"):
        load(path, recipe("add", ("id",), fields=UNIQUE), store)
    assert documents(store) == before
    assert set(indexes(store)) == {"_id_"}  # not even the index of the key that could be
    entry = store.loads.latest()
    assert entry is not None
    assert (entry.state, entry.records) == ("undone", 0)
    collection.delete_one({"name": "b"})
    assert load(path, recipe("add", ("id",), fields=UNIQUE), store).accepted == 2


def test_a_users_index_that_keeps_the_promise_is_enough_and_others_stay(
    tmp_path: Path, store: Store
) -> None:
    collection = store.client[store.database]["c"]
    collection.create_index("id", unique=True)
    collection.create_index("name")  # of the name that ours might have had, and not unique
    collection.create_index("qty", unique=True, partialFilterExpression={"qty": {"$gt": 100}})
    fields = (*UNIQUE[:2], Field("qty", "integer", constraints={"unique": True}))
    before = indexes(store)
    report = load(write_csv(tmp_path / "a.csv", ROWS), recipe(key=("id",), fields=fields), store)
    after = indexes(store)
    assert set(after) - set(before) == {"sluice_unique_name", "sluice_unique_qty"}
    assert {name: after[name] for name in before} == before
    assert [*undo(store, str(report.load))][-1].removed == 4
    assert {name: indexes(store)[name] for name in before} == before


def test_nulls_by_recipe_do_not_clash(tmp_path: Path, store: Store) -> None:
    fields = (
        Field("id", "integer"),
        Field("name", constraints={"unique": True}, options={"null": True}),
    )
    path = write_csv(tmp_path / "a.csv", [(1, ""), (2, ""), (3, "c")], "id,name")
    assert load(path, recipe(fields=fields), store).accepted == 3
    assert [one["name"] for one in documents(store)] == [None, None, "c"]
    again = load(path, recipe(fields=fields), store, again=True)
    assert (again.accepted, again.reasons) == (2, {"duplicate-key": 1})


def test_a_dry_run_knows_the_index_that_is_to_come(tmp_path: Path, store: Store) -> None:
    store.client[store.database]["c"].insert_many([{"name": "b"}, {"id": 1}])
    path = write_csv(tmp_path / "a.csv", ROWS)
    made = recipe(fields=UNIQUE)
    foreseen = load(path, made, store, dry_run=True)
    assert "sluice_unique_name" not in indexes(store)
    report = load(path, made, store)
    assert foreseen.reasons == report.reasons == {"duplicate-key": 1}


def test_a_name_with_a_dot_cannot_be_unique(tmp_path: Path, store: Store) -> None:
    fields = (Field("a.b", constraints={"unique": True}),)
    path = write_csv(tmp_path / "a.csv", [(1,)], "a.b")
    with pytest.raises(RecipeError, match="because of the dot"):
        load(path, recipe(fields=fields), store)
    renamed = (Field("a.b", target="ab", constraints={"unique": True}),)
    assert load(path, recipe(fields=renamed), store).accepted == 1
