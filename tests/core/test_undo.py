"""What an undo leaves: nothing of the load in other people's documents, and what it promised."""

from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId

from core import quarantine
from core.documents.lineage import record_of
from core.errors import StoreError
from core.loading.undo import UndoReport, undo, undo_plan
from core.recipes.schema import Field
from core.store import Store
from tests.core.loads import documents, load, recipe, write_csv

OWN = (Field("_id", "integer"), Field("name"), Field("qty", "integer", bson="int32"))


@pytest.fixture
def store(either_store: Store) -> Store:
    return either_store


def undone(store: Store, id: str | None, **options: Any) -> UndoReport:
    """The last report of an undo that did what its plan had promised."""
    plan = undo_plan(store, str(id), **options)
    assert not plan.obstacle
    report = [*undo(store, str(id), **options)][-1]
    promised = (plan.removes, plan.restores, plan.stays, plan.gone, plan.unique)
    done = (report.removed, report.restored, report.stays, report.gone, report.unique)
    assert promised == done
    return report


def updated(tmp_path: Path, store: Store) -> tuple[str, list[Any]]:
    """An update that changed documents 1 to 3 and inserted 4 and 5; and what was there before."""
    collection = store.client[store.database]["c"]
    collection.insert_many([{"_id": f"old {n}", "id": n, "name": "old"} for n in (1, 2, 3)])
    before = documents(store)
    path = write_csv(tmp_path / "a.csv", [(n, "new", n) for n in range(1, 6)])
    return str(load(path, recipe("update", ("id",)), store).load), before


def test_a_document_edited_since_stays_without_the_name_of_the_load(
    tmp_path: Path, store: Store
) -> None:
    id, before = updated(tmp_path, store)
    collection = store.client[store.database]["c"]
    collection.update_one({"id": 2}, {"$set": {"name": "mine"}})
    collection.update_one({"id": 4}, {"$set": {"name": "mine"}})
    collection.delete_one({"id": 3})
    report = undone(store, id)
    assert (report.removed, report.restored, report.stays, report.gone) == (1, 1, 2, 1)
    assert report.unique == ("id",)  # the index of the key stays
    found = {document["id"]: document for document in documents(store)}
    assert found[1] == before[0]
    assert found[2] == {"_id": "old 2", "id": 2, "name": "mine", "qty": 2}
    assert record_of(ObjectId(id), found[4]["_id"]) == 4  # made by the load: its name is its own


def test_what_stayed_is_taken_back_by_force_alone(tmp_path: Path, store: Store) -> None:
    id, before = updated(tmp_path, store)
    collection = store.client[store.database]["c"]
    collection.update_many({"id": {"$in": [2, 4]}}, {"$set": {"name": "mine"}})
    assert undone(store, id).stays == 2
    left = documents(store)
    with pytest.raises(StoreError, match=rf"but for 2 documents.*edited.*undo {id} --force"):
        list(undo(store, id))
    assert "--force" in undo_plan(store, id).obstacle
    assert documents(store) == left
    report = undone(store, id, force=True)
    assert (report.removed, report.restored, report.stays, report.gone) == (1, 1, 0, 0)
    assert documents(store) == before
    with pytest.raises(StoreError, match=r"undone already\.$"):
        list(undo(store, id, force=True))


@pytest.mark.parametrize("mode", ["add", "update"])
def test_files_with_their_own_ids_are_undone_alike(tmp_path: Path, store: Store, mode: str) -> None:
    collection = store.client[store.database]["c"]
    collection.insert_many([{"_id": 1, "name": "old", "_load": "theirs"}, {"_id": 2, "x": 1}])
    before = documents(store)
    path = write_csv(tmp_path / "a.csv", [(n, "new", n) for n in range(1, 6)], "_id,name,qty")
    made = recipe(mode, ("_id",) if mode == "update" else (), fields=OWN)
    id = load(path, made, store).load
    collection.update_many({"_id": {"$in": [1, 2, 3]}}, {"$set": {"name": "mine"}})
    report = undone(store, id)
    assert (report.removed, report.restored) == (2, 0)
    assert report.stays == (3 if mode == "update" else 1)
    found = {document["_id"]: document for document in documents(store)}
    assert found[1]["_load"] == "theirs"
    assert "_load" not in found[2]
    assert record_of(ObjectId(id), found[3]["_load"]) == 3
    undone(store, id, force=True)
    if mode == "update":
        assert documents(store) == before
    else:
        assert [document["_id"] for document in documents(store)] == [1, 2]


def test_force_does_not_bring_an_older_load_back(tmp_path: Path, store: Store) -> None:
    older, before = updated(tmp_path, store)
    path = write_csv(tmp_path / "b.csv", [(2, "newer", 2)])
    newer = load(path, recipe("update", ("id",)), store).load
    collection = store.client[store.database]["c"]
    collection.update_one({"id": 2}, {"$set": {"mine": 1}})
    assert undone(store, newer).stays == 1
    assert undone(store, older).stays == 1
    assert not any("_load" in document for document in documents(store))
    assert undone(store, newer, force=True).restored == 1  # its own image is the older load's work
    assert documents(store) == before
    undone(store, older, force=True)
    assert documents(store) == before


@pytest.mark.parametrize("known", [True, False])
def test_a_held_record_that_came_in_over_a_newer_load_goes_back_to_what_was_before_both(
    tmp_path: Path, store: Store, known: bool
) -> None:
    if known:
        store.client[store.database]["c"].insert_one({"_id": "old", "id": 1, "name": "old"})
    before = documents(store)
    update = recipe("update", ("id",))
    older = load(write_csv(tmp_path / "a.csv", [(2, "a", 2), (1, "a", "bad")]), update, store).load
    newer = load(write_csv(tmp_path / "b.csv", [(1, "b", 5), (2, "b", 5)]), update, store).load
    held = store.quarantine.find(str(older))[0]
    quarantine.edit(store, held.id, {"qty": "9"})
    assert [*quarantine.resubmit(store, str(older))][-1].loaded == 1
    assert undone(store, newer).stays == 1
    undone(store, older)
    assert documents(store) == before


@pytest.mark.parametrize("mode", ["add", "update"])
def test_what_a_resubmission_wrote_before_it_died_goes_too(
    tmp_path: Path, store: Store, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = documents(store)
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1), (2, "b", "bad")])
    id = str(load(path, recipe(mode, ("id",)), store).load)
    quarantine.edit(store, store.quarantine.find(id)[0].id, {"qty": "9"})

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(store.quarantine.changes, "settle", die)
        with pytest.raises(KeyboardInterrupt):
            list(quarantine.resubmit(store, id))
    assert len(documents(store)) == len(before) + 2
    assert undone(store, id).removed == 2
    assert documents(store) == before


def test_an_undo_waits_for_rows_that_are_being_resubmitted(tmp_path: Path, store: Store) -> None:
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1), (2, "b", "bad")])
    id = str(load(path, recipe(), store).load)
    record = store.quarantine.find(id)[0]
    name = ObjectId(record.id)
    token, _ = store.quarantine.changes.claim([(name, record.version)])
    work = undo(store, id)
    assert "resubmitted" in [next(work) for _ in range(5)][-1].message
    store.quarantine.changes.release({name: None}, token)
    assert [*work][-1].state == "undone"


def test_a_document_that_may_not_be_as_it_was_stays(tmp_path: Path, store: Store) -> None:
    id, before = updated(tmp_path, store)
    store.client[store.database].command(
        "collMod", "c", validator={"$jsonSchema": {"required": ["qty"]}}
    )
    report = [*undo(store, id)][-1]
    assert (report.removed, report.restored, report.stays) == (2, 0, 3)
    assert not any("_load" in document for document in documents(store))
    store.client[store.database].command("collMod", "c", validator={})
    undone(store, id, force=True)
    assert documents(store) == before


def test_changes_that_never_came_about_are_not_promised(tmp_path: Path, store: Store) -> None:
    id, before = updated(tmp_path, store)
    collection = store.client[store.database]["c"]
    collection.replace_one({"_id": "old 1"}, before[0])
    report = undone(store, id)
    assert (report.removed, report.restored, report.stays, report.gone) == (2, 2, 0, 0)


def test_a_plan_that_may_not_look_at_all_says_what_it_does_not_know(
    tmp_path: Path, store: Store
) -> None:
    id, _ = updated(tmp_path, store)
    store.client[store.database]["c"].update_one({"id": 2}, {"$set": {"name": "mine"}})
    plan = undo_plan(store, id, most=4)
    assert (plan.removes, plan.restores, plan.stays, plan.gone) == (2, 3, None, None)
    plan = undo_plan(store, id, most=5)
    assert (plan.removes, plan.restores, plan.stays, plan.gone) == (2, 2, 1, 0)


def test_the_plan_of_a_replace_knows_that_others_have_written(tmp_path: Path, store: Store) -> None:
    store.client[store.database]["c"].insert_one({"old": 1})
    id = load(write_csv(tmp_path / "a.csv", [(1, "a", 1)]), recipe("replace"), store).load
    plan = undo_plan(store, str(id))
    assert (plan.removes, plan.restores, plan.stays, plan.obstacle) == (1, 0, 0, "")
    store.client[store.database]["c"].insert_one({"by": "another"})
    assert "written to since" in undo_plan(store, str(id)).obstacle


def test_documents_sent_before_a_stop_and_not_recorded_go_too(tmp_path: Path, store: Store) -> None:
    """A resumed load may be stopped before it comes to the batch that a crash left in doubt."""
    report = load(write_csv(tmp_path / "a.csv", [(1, "a", 1), (2, "b", 2)]), recipe(), store)
    ledger = store.client["sluice"]
    ledger["batches"].delete_many({})
    ledger["loads"].update_one({}, {"$set": {"state": "stopped"}})
    assert undone(store, report.load).removed == 2
    assert documents(store) == []
