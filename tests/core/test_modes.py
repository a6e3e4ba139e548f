"""Each mode does what it says, counts it where it happens, and can be undone."""

from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId

from core.documents.lineage import identity, record_of
from core.errors import RecipeError, StoreError
from core.loading.undo import UndoReport, undo, undo_plan
from core.store import Store
from tests.core.loads import documents, load, recipe, values, write_csv


@pytest.fixture
def store(either_store: Store) -> Store:
    return either_store


@pytest.fixture(params=["whole", "plain"])
def writer(request: pytest.FixtureRequest) -> dict[str, Any]:
    return {"writer": request.param}


def undone(store: Store, id: str | None) -> UndoReport:
    return [*undo(store, str(id))][-1]


def test_add_inserts_documents_that_tell_their_load_and_record(
    tmp_path: Path, store: Store, writer: dict[str, Any]
) -> None:
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1), (2, "b", "x"), (3, "", 3)])
    report = load(path, recipe(write=writer), store)
    assert (report.records, report.accepted, report.quarantined) == (3, 2, 1)
    assert report.reasons == {"type-error": 1}
    found = documents(store)
    name = ObjectId(report.load)
    assert [record_of(name, document["_id"]) for document in found] == [1, 3]
    assert found[1] == {"_id": identity(name, 3), "id": 3, "qty": 3}
    assert [held.record for held in store.quarantine.find(report.load)] == [2]


def test_a_clash_with_a_unique_index_is_refused_on_its_own(
    tmp_path: Path, store: Store, writer: dict[str, Any]
) -> None:
    collection = store.client[store.database]["c"]
    collection.create_index("name", unique=True)
    collection.insert_one({"name": "b"})
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1), (2, "b", 2), (3, "c", 3)])
    report = load(path, recipe(write=writer), store)
    assert (report.accepted, report.quarantined, report.reasons) == (2, 1, {"duplicate-key": 1})
    held = store.quarantine.find(report.load)[0]
    assert (held.record, held.reasons[0].field, held.reasons[0].value) == (2, "name", "b")
    assert "name" in held.reasons[0].message


def test_a_validators_refusal_is_quarantined(
    tmp_path: Path, store: Store, writer: dict[str, Any]
) -> None:
    store.client[store.database].create_collection(
        "c", validator={"$jsonSchema": {"properties": {"qty": {"maximum": 5}}}}
    )
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1), (2, "b", 9)])
    report = load(path, recipe(write=writer), store)
    assert (report.accepted, report.reasons) == (1, {"document-invalid": 1})


def test_a_document_beyond_16_mb_is_quarantined_and_the_rest_loaded(
    tmp_path: Path, store: Store, writer: dict[str, Any]
) -> None:
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1), (2, "b" * (16 << 20), 2), (3, "c", 3)])
    report = load(path, recipe(write=writer), store)
    assert (report.accepted, report.reasons) == (2, {"document-too-large": 1})
    held = store.quarantine.find(report.load)[0]
    assert store.quarantine.raw(held) == b"2," + b"b" * (16 << 20) + b",2"


def test_update_changes_what_differs_and_undo_brings_it_back(tmp_path: Path, store: Store) -> None:
    made = recipe("update", ("id",))
    first = load(
        write_csv(tmp_path / "a.csv", [(1, "a", 1), (2, "b", 2), (3, "c", 3)]), made, store
    )
    assert (first.accepted, first.inserted) == (3, 3)
    before = documents(store)
    path = write_csv(tmp_path / "b.csv", [(2, "b", 2), (3, "C", ""), (4, "d", 4)])
    second = load(path, made, store)
    assert (second.inserted, second.changed, second.unchanged) == (1, 1, 1)
    assert second.accepted == 3
    after = {document["id"]: document for document in documents(store)}
    assert (after[3]["name"], after[3]["qty"]) == ("C", 3)  # a blank cell keeps
    assert after[3]["_load"] == identity(ObjectId(second.load), 2)
    assert "_load" not in after[2]
    with pytest.raises(StoreError, match="Undo that load first"):
        undone(store, first.load)
    plan = undo_plan(store, str(second.load))
    assert (plan.removes, plan.restores) == (1, 1)
    assert plan.bytes > 0
    report = undone(store, second.load)
    assert (report.removed, report.restored, report.stays) == (1, 1, 0)
    assert documents(store) == before
    assert undone(store, first.load).removed == 3
    assert documents(store) == []


def test_update_unsets_blank_cells_where_the_recipe_says_so(tmp_path: Path, store: Store) -> None:
    made = recipe("update", ("id",), write={"blank": "unset"})
    load(write_csv(tmp_path / "a.csv", [(1, "a", 1)]), made, store)
    store.client[store.database]["c"].update_one({"id": 1}, {"$set": {"other": 5}})
    report = load(write_csv(tmp_path / "b.csv", [(1, "a", "")]), made, store)
    assert report.changed == 1
    found = documents(store)[0]
    assert "qty" not in found
    assert found["other"] == 5


def test_update_finds_documents_by_a_key_of_two_fields(tmp_path: Path, store: Store) -> None:
    made = recipe("update", ("id", "name"))
    rows = [(1, "a", 1), (1, "b", 2), (2, "a", 3)]
    load(write_csv(tmp_path / "a.csv", rows), made, store)
    report = load(write_csv(tmp_path / "b.csv", [(1, "b", 7), (2, "b", 8)]), made, store)
    assert (report.inserted, report.changed) == (1, 1)
    assert [dict(one)["qty"] for one in values(store)] == [1, 7, 3, 8]


def test_update_and_skip_need_a_key(tmp_path: Path, store: Store) -> None:
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1)])
    for mode in ("update", "skip"):
        with pytest.raises(RecipeError, match="primaryKey"):
            load(path, recipe(mode), store)


def test_a_key_that_existing_documents_share_is_refused_by_name(
    tmp_path: Path, store: Store
) -> None:
    store.client[store.database]["c"].insert_many([{"id": 1}, {"id": 1}])
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1)])
    with pytest.raises(StoreError, match="share the same id"):
        load(path, recipe("update", ("id",)), store)


def test_documents_without_the_key_do_not_clash(tmp_path: Path, store: Store) -> None:
    store.client[store.database]["c"].insert_many([{"x": 1}, {"x": 2}])
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1)])
    assert load(path, recipe("update", ("id",)), store).inserted == 1


def test_skip_leaves_known_keys_alone_and_counts_them(tmp_path: Path, store: Store) -> None:
    store.client[store.database]["c"].insert_one({"_id": "old", "id": 2, "name": "before"})
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1), (2, "b", 2), (3, "c", 3), (4, "d", "x")])
    report = load(path, recipe("skip", ("id",)), store)
    assert (report.accepted, report.skipped, report.quarantined) == (2, 1, 1)
    assert undone(store, report.load).removed == 2
    assert documents(store) == [{"_id": "old", "id": 2, "name": "before"}]


def test_replace_puts_the_new_collection_in_place_and_undo_the_old_one(
    tmp_path: Path, store: Store
) -> None:
    database = store.client[store.database]
    database.create_collection("c", validator={"$jsonSchema": {"required": ["name"]}})
    database["c"].insert_many([{"_id": n, "name": f"old {n}"} for n in range(3)])
    database["c"].create_index("name", unique=True)
    before = documents(store)
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1), (2, "", 2), (3, "a", 3), (4, "d", 4)])
    report = load(path, recipe("replace"), store)
    assert report.reasons == {"document-invalid": 1, "duplicate-key": 1}
    assert [document["name"] for document in documents(store)] == ["a", "d"]
    assert "name_1" in database["c"].index_information()
    assert database["c"].options()["validator"] == {"$jsonSchema": {"required": ["name"]}}
    assert undone(store, report.load).state == "undone"
    assert documents(store) == before
    assert "name_1" in database["c"].index_information()
    assert database["c"].options()["validator"] == {"$jsonSchema": {"required": ["name"]}}
    assert database.list_collection_names() == ["c"]


def test_replace_of_nothing_makes_the_collection_and_undo_drops_it(
    tmp_path: Path, store: Store
) -> None:
    report = load(write_csv(tmp_path / "a.csv", [(1, "a", 1)]), recipe("replace"), store)
    assert len(documents(store)) == 1
    undone(store, report.load)
    assert store.client[store.database].list_collection_names() == []


def test_a_replace_is_not_undone_once_others_have_written(tmp_path: Path, store: Store) -> None:
    report = load(write_csv(tmp_path / "a.csv", [(1, "a", 1)]), recipe("replace"), store)
    store.client[store.database]["c"].insert_one({"by": "another"})
    with pytest.raises(StoreError, match="written to since"):
        undone(store, report.load)
    entry = store.loads.get(str(report.load))
    assert entry is not None
    assert entry.state == "done"


def test_undo_leaves_documents_that_were_edited_since(tmp_path: Path, store: Store) -> None:
    rows = [(1, "a", 1), (2, "b", 2), (3, "c", 3)]
    report = load(write_csv(tmp_path / "a.csv", rows), recipe(), store)
    collection = store.client[store.database]["c"]
    collection.update_one({"id": 2}, {"$set": {"name": "edited"}})
    collection.delete_one({"id": 3})
    done = undone(store, report.load)
    assert (done.removed, done.stays, done.gone) == (1, 1, 1)
    assert done.stayed == (str(identity(ObjectId(report.load), 2)),)
    assert [document["name"] for document in documents(store)] == ["edited"]


def test_a_file_may_bring_its_own_ids(tmp_path: Path, store: Store, writer: dict[str, Any]) -> None:
    from core.recipes.schema import Field

    fields = (Field("_id", "integer"), Field("name"))
    made = recipe(fields=fields, write=writer)
    store.client[store.database]["c"].insert_one({"_id": 2, "name": "there"})
    path = write_csv(tmp_path / "a.csv", [(1, "a"), (2, "b"), (3, "c")], "_id,name")
    report = load(path, made, store)
    assert (report.accepted, report.reasons) == (2, {"duplicate-key": 1})
    found = documents(store)
    assert found[0] == {"_id": 1, "name": "a", "_load": identity(ObjectId(report.load), 1)}
    undone(store, report.load)
    assert documents(store) == [{"_id": 2, "name": "there"}]


@pytest.mark.parametrize("name", ["$where", "_load", ""])
def test_a_name_no_document_should_have_is_refused(tmp_path: Path, store: Store, name: str) -> None:
    from core.recipes.schema import Field

    made = recipe(fields=(Field("id", "integer", target=name or ""),))
    path = write_csv(tmp_path / "a.csv", [(1,)], "id")
    if not name:
        assert load(path, made, store).accepted == 1
        return
    with pytest.raises(RecipeError, match="cannot be called"):
        load(path, made, store)


def test_names_with_dots_and_dollars_inside_stay_names(tmp_path: Path, store: Store) -> None:
    from core.recipes.schema import Field

    made = recipe(fields=(Field("a.b"), Field("__proto__"), Field("c$d")))
    path = write_csv(tmp_path / "a.csv", [("x", "y", "{$where: 1}")], "a.b,__proto__,c$d")
    report = load(path, made, store)
    found = dict(documents(store)[0])
    found.pop("_id")
    assert found == {"a.b": "x", "__proto__": "y", "c$d": "{$where: 1}"}
    undone(store, report.load)
    assert documents(store) == []


def test_a_dry_run_says_what_a_load_would_do_and_writes_nothing(
    tmp_path: Path, store: Store
) -> None:
    load(
        write_csv(tmp_path / "a.csv", [(1, "a", 1), (2, "b", 2)]), recipe("update", ("id",)), store
    )
    before, loads = documents(store), len(store.loads.list(0))
    path = write_csv(tmp_path / "b.csv", [(1, "a", 1), (2, "B", 2), (3, "c", 3), (4, "d", "x")])
    expected = {
        "add": (1, 0, 0, 0, {"duplicate-key": 2, "type-error": 1}),
        "update": (1, 1, 1, 0, {"type-error": 1}),
        "skip": (1, 0, 0, 2, {"type-error": 1}),
        "replace": (3, 0, 0, 0, {"type-error": 1}),
    }
    for mode, counts in expected.items():
        report = load(path, recipe(mode, ("id",)), store, dry_run=True)
        found = (report.inserted, report.changed, report.unchanged, report.skipped, report.reasons)
        assert found == counts, mode
        assert (report.load, report.state) == (None, "done")
    assert documents(store) == before
    assert len(store.loads.list(0)) == loads


@pytest.mark.parametrize("mode", ["add", "update"])
def test_an_undo_that_was_stopped_goes_on(tmp_path: Path, store: Store, mode: str) -> None:
    made = recipe(mode, ("id",) if mode == "update" else ())
    collection = store.client[store.database]["c"]
    collection.insert_many([{"_id": n, "id": n, "name": "old"} for n in range(500, 580)])
    before = documents(store)
    rows = [(n, "a", 1) for n in range(501, 620)] if mode == "update" else [(1, "a", 1)] * 120
    report = load(write_csv(tmp_path / "a.csv", rows), made, store)
    work = undo(store, str(report.load))
    next(work)
    assert next(work).state == "undoing"
    work.close()
    entry = store.loads.get(str(report.load))
    assert entry is not None
    assert (entry.state, entry.holder) == ("undoing", None)
    assert undone(store, report.load).state == "undone"
    assert documents(store) == before
    with pytest.raises(StoreError, match="undone already"):
        undone(store, report.load)
    assert load(tmp_path / "a.csv", made, store).state == "done"  # may be loaded again
