"""Documents deleted by hand: which go, which stay, and that they come back byte for byte."""

from pathlib import Path
from typing import Any

import pytest
from bson import Decimal128, Int64
from bson.raw_bson import RawBSONDocument

from core.errors import ReadOnly
from core.store import Store, browse
from core.store.deleting import delete, put_back
from tests.core.loads import documents, load, recipe, write_csv

KINDS: list[dict[str, Any]] = [
    {"_id": 1, "name": "Ada", "price": Decimal128("12.50"), "n": Int64(7), "odd": float("nan")},
    {"_id": 2, "name": "Omar", "more": {"b": 1, "a": [1, None, "x"]}},
    {"_id": 3, "name": "Lea"},
]


def filled(store: Store) -> tuple[Any, list[bytes]]:
    collection = store.client[store.database]["people"]
    collection.insert_many(KINDS)
    return collection, raws(collection)


def raws(collection: Any) -> list[bytes]:
    whole = collection.with_options(
        codec_options=collection.codec_options.with_options(document_class=RawBSONDocument)
    )
    return [document.raw for document in whole.find().sort("_id", 1)]


def test_deleted_documents_come_back_byte_for_byte(either_store: Store) -> None:
    collection, before = filled(either_store)
    seen = list(collection.find().sort("_id", 1))[:2]
    deleted = delete(either_store, (either_store.database, "people"), seen)
    assert (len(deleted.documents), deleted.missed) == (2, 0)
    assert [one["_id"] for one in collection.find()] == [3]
    assert put_back(either_store, deleted) == 2
    assert raws(collection) == before


def test_what_another_changed_or_deleted_is_not_deleted(either_store: Store) -> None:
    collection, _ = filled(either_store)
    seen = list(collection.find().sort("_id", 1))
    collection.update_one({"_id": 1}, {"$set": {"name": "Theirs"}})
    collection.delete_one({"_id": 2})
    deleted = delete(either_store, (either_store.database, "people"), seen)
    assert (len(deleted.documents), deleted.missed) == (1, 2)
    assert [one["name"] for one in collection.find()] == ["Theirs"]


def test_a_document_made_under_the_same_id_meanwhile_is_not_overwritten(store: Store) -> None:
    collection, _ = filled(store)
    seen = list(collection.find().sort("_id", 1))[:2]
    deleted = delete(store, (store.database, "people"), seen)
    collection.insert_one({"_id": 1, "name": "Theirs"})
    assert put_back(store, deleted) == 1
    assert collection.find_one({"_id": 1})["name"] == "Theirs"


def test_a_read_only_connection_deletes_nothing(store: Store, server: str) -> None:
    collection, before = filled(store)
    with Store(server, store.database, read_only=True) as guarded, pytest.raises(ReadOnly):
        delete(guarded, (store.database, "people"), list(collection.find()))
    assert raws(collection) == before


def test_counts_follow_where_only_the_ledger_knows_how_many_there_are(
    either_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browse, "SMALL", 0)
    store, place = either_store, (either_store.database, "c")
    load(write_csv(tmp_path / "a.csv", [(n, "a", n) for n in range(20)]), recipe(), store)
    load(write_csv(tmp_path / "b.csv", [(n, "b", n) for n in range(9)]), recipe(), store)
    seen = documents(store)
    deleted = delete(store, place, [*seen[:3], seen[-1]])
    assert store.browse.count(*place) == 25
    pages = [store.browse.documents(*place, page=n, size=10) for n in range(3)]
    assert sum(len(page.documents) for page in pages) == 25
    put_back(store, deleted)
    assert store.browse.count(*place) == 29
    assert documents(store) == seen
