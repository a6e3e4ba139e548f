"""What the server refuses waits in quarantine, each record by itself with its reason, and the rest
of its batch is in: by both writers, on both forms of the server, in every mode."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.errors import RecipeError
from core.loading.undo import undo
from core.recipes.schema import Field
from core.store import Store
from tests.conftest import opened
from tests.core.loads import documents, load, recipe, write_csv

HUGE = "b" * (16 << 20)
RULES = {"$jsonSchema": {"properties": {"qty": {"maximum": 5}}}}
OF_NEW = {2: "duplicate-key", 3: "document-invalid", 4: "document-too-large", 6: "duplicate-key"}


@pytest.fixture
def store(either_store: Store) -> Store:
    return either_store


@pytest.fixture
def plain_store(server: str) -> Iterator[Store]:
    yield from opened(server)


def furnished(store: Store, *there: dict[str, Any]) -> Any:
    """A collection with a validator and a unique index of its owner."""
    collection = store.client[store.database].create_collection("c", validator=RULES)
    collection.create_index("name", unique=True)
    collection.insert_many(there)
    return collection


def held(store: Store, load: str | None) -> dict[int, str]:
    records = store.quarantine.find(load)
    assert all(record.raw and len(record.reasons) == 1 for record in records if record.record != 4)
    return {record.record: record.reasons[0].code for record in records}


@pytest.mark.parametrize("mode", ["add", "update", "skip", "replace"])
def test_new_documents_are_refused_one_by_one(mode: str, tmp_path: Path, store: Store) -> None:
    furnished(store, {"_id": 0, "id": 100, "name": "taken"})
    rows = [(1, "a", 1), (2, "taken", 2), (3, "c", 9), (4, HUGE, 1), (5, "e", 5), (6, "e", 1)]
    path = write_csv(tmp_path / "a.csv", [*rows, (7, "g", 3)])
    key = ("id",) if mode in ("update", "skip") else ()
    report = load(path, recipe(mode, key), store)
    refused = dict(OF_NEW)
    if mode == "replace":  # what was there is not in the new collection
        del refused[2]
    assert held(store, report.load) == refused
    assert (report.state, report.accepted) == ("done", 7 - len(refused))
    ids = {document["id"] for document in documents(store)} - {100}
    assert ids == set(range(1, 8)) - set(refused)


def test_changes_are_refused_one_by_one_and_what_was_there_stays(
    tmp_path: Path, store: Store
) -> None:
    there = [{"_id": n, "id": n, "name": f"old {n}"} for n in range(1, 7)]
    there[3]["other"] = "x" * (9 << 20)  # as it was and as it becomes it is beyond one message
    collection = furnished(store, *there)
    rows = [(1, "a", 1), (2, "old 6", 2), (3, "c", 9), (4, "d", 1), (5, "e", 5)]
    report = load(write_csv(tmp_path / "a.csv", rows), recipe("update", ("id",)), store)
    assert held(store, report.load) == {n: code for n, code in OF_NEW.items() if n < 6}
    assert (report.state, report.changed) == ("done", 2)
    assert [document["name"] for document in documents(store)] == [
        *("a", "old 2", "old 3", "old 4", "e", "old 6")
    ]
    assert [*undo(store, str(report.load))][-1].restored == 2
    assert list(collection.find().sort("_id", 1)) == there


def test_many_large_documents_are_changed_and_put_back(tmp_path: Path, plain_store: Store) -> None:
    """The statements of one page would be more than one message may be."""
    store = plain_store
    there = [{"_id": n, "id": n, "other": "x" * (1 << 20)} for n in range(26)]
    store.client[store.database]["c"].insert_many(there)
    path = write_csv(tmp_path / "a.csv", [(n, "new", 1) for n in range(26)])
    report = load(path, recipe("update", ("id",)), store)
    assert (report.changed, report.quarantined) == (26, 0)
    assert [*undo(store, str(report.load))][-1].restored == 26
    assert documents(store) == there


@pytest.mark.parametrize("type", ["list", "object"])
def test_an_id_that_no_document_can_have_is_refused_beforehand(
    type: str, tmp_path: Path, plain_store: Store
) -> None:
    made = recipe(fields=(Field("_id", type), Field("name")))
    path = write_csv(tmp_path / "a.csv", [("1", "a")], "_id,name")
    with pytest.raises(RecipeError, match="_id cannot be of the type"):
        load(path, made, plain_store)
