"""A replace whose side collections seem to be there again, as they do on the embedded server when
another lists them at the moment of the rename."""

from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId

from core.errors import StoreError
from core.loading.undo import UndoReport, undo
from core.store import Store, sides
from tests.core.loads import documents, load, recipe, write_csv

NEW = [(1, "new", 1), (2, "new", 2)]


@pytest.fixture
def store(either_store: Store) -> Store:
    return either_store


def undone(store: Store, id: ObjectId) -> UndoReport:
    return [*undo(store, str(id))][-1]


def replaced(tmp_path: Path, store: Store) -> ObjectId:
    """A load that replaced the one old document; an empty side collection is there again."""
    store.client[store.database]["c"].insert_one({"_id": "old"})
    id = ObjectId(load(write_csv(tmp_path / "a.csv", NEW), recipe("replace"), store).load)
    store.client[store.database].create_collection(sides.side(id, "new"))
    return id


def back_to(store: Store, id: ObjectId, step: str, state: str) -> None:
    """As if it had died there, between a rename and the word of it."""
    changes: dict[str, Any] = {"stage.step": step, "state": state}
    assert store.ledger.loads.update_one({"_id": id}, {"$set": changes}).matched_count


def test_its_undo_brings_the_old_collection_back(tmp_path: Path, store: Store) -> None:
    id = replaced(tmp_path, store)
    assert undone(store, id).removed == 2
    assert documents(store) == [{"_id": "old"}]


def test_resumed_after_the_rename_it_keeps_what_came_through(tmp_path: Path, store: Store) -> None:
    id = replaced(tmp_path, store)
    back_to(store, id, "copied", "stopped")
    path = tmp_path / "a.csv"
    report = load(path, recipe("replace"), store, resume=True)
    assert (report.state, report.accepted) == ("done", 2)
    assert [one["name"] for one in documents(store)] == ["new", "new"]
    assert sides.side(id, "new") not in store.client[store.database].list_collection_names()


def test_an_undo_that_had_come_through_is_only_ended(tmp_path: Path, store: Store) -> None:
    id = replaced(tmp_path, store)
    undone(store, id)
    store.client[store.database].create_collection(sides.side(id, "old"))
    back_to(store, id, "restoring", "stopped")
    undone(store, id)
    assert documents(store) == [{"_id": "old"}]


def test_a_copy_that_was_dropped_is_told_each_time(tmp_path: Path, store: Store) -> None:
    id = replaced(tmp_path, store)
    store.client[store.database].drop_collection(sides.side(id, "old"))
    for _ in range(2):
        with pytest.raises(StoreError, match="copy of c from before has been dropped"):
            undone(store, id)
    assert len(documents(store)) == 2
