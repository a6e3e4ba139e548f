"""Held records from a real load: edited, checked again, loaded, given up, handed back."""

import csv
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace as changed
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId

from core import quarantine
from core.documents.lineage import identity
from core.errors import Busy, FileError, ReadOnly, RecipeError, StoreError
from core.loading.loader import load_file
from core.quarantine import recovering, walking
from core.recipes.recipe import Recipe, find_beside
from core.store import Store
from core.store import held as store_held
from core.store.held import HeldRecord
from core.store.sought import object_id
from core.values.cleaning import Step

ORDERS = """\
id,amount,region
1,10.50,North
2,"1,5",North
3,abc,South
4
5,7.00,East,extra
1,8.00,West
6,-3,South
7,"2,5",West
8,=1+1,East
"""
GOOD, HELD = 1, 8
DESCRIPTOR: dict[str, Any] = {
    "name": "orders",
    "path": "orders.csv",
    "schema": {
        "fields": [
            {"name": "id", "type": "integer", "constraints": {"required": True, "unique": True}},
            {"name": "amount", "type": "number", "constraints": {"minimum": 0}},
            {"name": "region", "type": "string"},
        ]
    },
    "sluice": {"version": 1, "collection": "orders", "mode": "add"},
}


@pytest.fixture
def recipe() -> Recipe:
    return Recipe.from_descriptor(DESCRIPTOR)


@pytest.fixture
def load(store: Store, recipe: Recipe, tmp_path: Path) -> str:
    """The id of a load of ORDERS: GOOD accepted, HELD in quarantine."""
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    report = list(load_file(path, recipe, store))[-1]
    assert (report.accepted, report.quarantined) == (GOOD, HELD)
    assert report.load is not None
    return report.load


@pytest.fixture
def other(store: Store, server: str) -> Iterator[Store]:
    """The same database seen from another window."""
    with Store(server, store.database) as opened:
        yield opened


def held(store: Store, load: str) -> dict[int, HeldRecord]:
    return {record.line: record for record in store.quarantine.find(load)}


def last(reports: Any) -> Any:
    return list(reports)[-1]


def documents(store: Store) -> list[dict[str, Any]]:
    return list(store.client[store.database].orders.find().sort("_id", 1))


def amounts(store: Store) -> list[float]:
    return [document["amount"] for document in documents(store)]


def test_a_load_leaves_every_refused_record_whole_with_its_reasons(store: Store, load: str) -> None:
    found = held(store, load)
    assert list(found) == [3, 4, 5, 6, 7, 8, 9, 10]
    assert {line: one.reasons[0].code for line, one in found.items()} == {
        3: "type-error",
        4: "type-error",
        5: "missing-cell",
        6: "extra-cell",
        7: "unique-error",
        8: "constraint-error",
        9: "type-error",
        10: "type-error",
    }
    assert found[3].raw == b'2,"1,5",North'
    assert found[3].values == {"id": "2", "amount": "1,5", "region": "North"}
    assert found[6].raw == b"5,7.00,East,extra"
    assert all(one.was == one.reasons for one in found.values())
    assert {object_id(one.id) for one in found.values()} == {
        identity(ObjectId(load), one.record) for one in found.values()
    }


def test_finding_and_counting_agree_for_every_filter(store: Store, load: str) -> None:
    for filters, lines in (
        ({"reason": "type-error"}, [3, 4, 9, 10]),
        ({"reason": "type-error", "field": "amount", "rule": "number"}, [3, 4, 9, 10]),
        ({"field": "id"}, [7]),
        ({"text": "NORTH"}, [3]),
        ({"text": "=1+1"}, [10]),
        ({"text": ".*"}, []),
        ({"cell": ("region", "South")}, [4, 8]),
        ({"cell": ("$where", "1")}, []),
        ({"collection": "orders"}, list(range(3, 11))),
        ({"collection": "others"}, []),
        ({"state": "discarded"}, []),
        ({"ready": True}, []),
    ):
        chosen: dict[str, Any] = {"load": load, **filters}
        assert [one.line for one in store.quarantine.find(**chosen)] == lines, filters
        assert store.quarantine.count(**chosen) == len(lines), filters
    assert store.quarantine.reasons(load) == {
        "type-error": 4,
        "constraint-error": 1,
        "extra-cell": 1,
        "missing-cell": 1,
        "unique-error": 1,
    }
    assert store.quarantine.kinds(load)["type-error", "amount", "number"] == 4
    assert store.quarantine.loads() == {load: HELD}


def test_pages_meet_without_gap_or_overlap(store: Store, load: str) -> None:
    walked: list[int] = []
    after = None
    while page := store.quarantine.find(load, limit=3, after=after):
        walked += [one.line for one in page]
        after = page[-1].id
    skipped = [
        one.line
        for start in range(0, HELD, 3)
        for one in store.quarantine.find(load, skip=start, limit=3)
    ]
    assert walked == skipped == list(range(3, 11))


def test_pages_by_computed_ids_are_the_pages_that_the_server_would_give(
    store: Store, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loads = []
    for name in ("a", "b"):
        path = tmp_path / f"{name}.csv"
        rows = [f"{n},{'x' if n % 3 else n},{'North' if n % 2 else 'South'}" for n in range(150)]
        path.write_text("id,amount,region\n" + "\n".join(rows))
        own = changed(recipe, collection=name)
        loads.append(last(load_file(path, own, store)).load)
    ids = [one.id for one in store.quarantine.find(loads[0], limit=1_000)]
    quarantine.discard(store, ids[10:60:7], "some")
    quarantine.edit(store, ids[0], {"amount": "1"})

    def pages_of(**chosen: Any) -> list[list[str]]:
        skipped = [
            [one.id for one in store.quarantine.find(skip=at, limit=30, **chosen)]
            for at in range(0, 240, 30)
        ]
        walked, after = [], None
        while page := store.quarantine.find(after=after, limit=30, **chosen):
            walked.append([one.id for one in page])
            after = page[-1].id
        assert walked == [page for page in skipped if page]
        return walked

    for chosen in (
        {"load": loads[0]},
        {},
        {"load": loads[0], "cell": ("region", "South")},
        {"reason": "type-error", "text": "north"},
        {"load": loads[0], "ready": False},
        {"load": loads[0], "reason": "type-error"},
        {"field": "amount"},
        {"reason": "type-error", "field": "amount", "rule": "number"},
    ):
        monkeypatch.setattr(store_held, "SMALL", 10_000)
        expected = pages_of(**chosen)
        monkeypatch.setattr(store_held, "SMALL", 0)
        assert pages_of(**chosen) == expected, chosen
        total = sum(len(page) for page in expected)
        if chosen.get("rule") is None:
            assert total > 30
        assert store.quarantine.count(**chosen) == total
        assert not store.quarantine.count(**{**chosen, "reason": "extra-cell"})


def test_counts_of_a_finished_load_are_those_of_its_records(store: Store, load: str) -> None:
    ids = [one.id for one in held(store, load).values()]
    quarantine.discard(store, ids[:2], "gone")
    quarantine.edit(store, ids[4], {"id": "77"})
    last(quarantine.resubmit(store, load))
    left = store.quarantine.find(load)
    assert len(left) == HELD - 3
    codes = Counter(code for one in left for code in {reason.code for reason in one.was})
    kinds = Counter((r.code, r.field, r.rule) for one in left for r in one.was)
    assert store.quarantine.count(load) == store.quarantine.count() == len(left)
    assert store.quarantine.reasons(load) == store.quarantine.reasons() == codes
    assert store.quarantine.kinds(load) == store.quarantine.kinds() == kinds
    assert store.quarantine.loads() == {load: len(left)}
    assert store.quarantine.loads("discarded") == {load: 2}
    assert store.quarantine.states(load) == {"held": 5, "resubmitted": 1, "discarded": 2}
    assert store.quarantine.reasons(load, "discarded") == {"type-error": 2}


def test_pages_walk_along_an_index(store: Store, load: str) -> None:
    ledger = store.client["sluice"]
    ledger.quarantine.create_indexes(list(store_held.INDEXES))  # the embedded one makes do with few
    for query in (
        {"load": ObjectId(load), "state": "held"},
        {"state": "held"},
        {"load": ObjectId(load), "was.code": "type-error", "state": "held"},
    ):
        asked = {"find": "quarantine", "filter": query, "sort": {"_id": 1}, "limit": 100}
        plan = ledger.command("explain", asked)["queryPlanner"]["winningPlan"]
        assert "IXSCAN" in str(plan), query
        assert "COLLSCAN" not in str(plan), query


def test_an_edit_is_checked_noted_and_resubmitted(store: Store, load: str) -> None:
    record = held(store, load)[3]
    assert quarantine.try_edit(store, record, {"amount": "x"})[0].code == "type-error"
    assert quarantine.try_edit(store, record, {"amount": "1.5"}) == ()
    assert held(store, load)[3] == record, "trying changes nothing"

    wrong = quarantine.edit(store, record.id, {"amount": "-1"}, by="ann")
    assert [one.code for one in wrong.reasons] == ["constraint-error"]
    right = quarantine.edit(store, record.id, {"amount": "1.5"}, by="ann")
    assert right.ready
    assert [(e.field, e.old, e.new, e.by) for e in right.edits] == [
        ("amount", "1,5", "-1", "ann"),
        ("amount", "-1", "1.5", "ann"),
    ]
    assert right.was == record.was
    assert right.raw == record.raw
    assert store.quarantine.ready(load) == 1

    report = last(quarantine.resubmit(store, load))
    assert (report.loaded, report.held, report.busy) == (1, HELD - 1, 0)
    assert documents(store)[1] == {
        "_id": identity(ObjectId(load), record.record),
        "id": 2,
        "amount": 1.5,
        "region": "North",
    }
    assert quarantine.review(store, load).resubmitted == 1
    gone = store.quarantine.get(record.id)
    assert gone is not None
    assert (gone.state, gone.was, gone.edits) == ("resubmitted", record.was, right.edits)


def test_resubmitting_twice_changes_nothing(store: Store, load: str) -> None:
    quarantine.edit(store, held(store, load)[3].id, {"amount": "1.5"})
    last(quarantine.resubmit(store, load))
    before, ledger = documents(store), quarantine.review(store, load)
    report = last(quarantine.resubmit(store, load))
    assert (report.loaded, report.held) == (0, HELD - 1)
    assert documents(store) == before
    assert quarantine.review(store, load) == ledger
    entry = store.loads.get(load)
    assert entry is not None
    assert entry.quarantined == HELD, "the counts of a run are facts"


def test_a_record_that_did_not_split_stays_until_someone_says_what_it_is(
    store: Store, load: str
) -> None:
    short = held(store, load)[5]
    assert last(quarantine.revalidate(store, load)).ready == 0
    assert last(quarantine.resubmit(store, load, [short.id])).held == 1
    ready = quarantine.edit(store, short.id, {"amount": "4", "region": "North"})
    assert ready.ready
    assert last(quarantine.resubmit(store, ids=[short.id])).loaded == 1
    assert documents(store)[-1]["region"] == "North"


def test_a_duplicate_stays_until_its_key_is_another_one(store: Store, load: str) -> None:
    double = held(store, load)[7]
    quarantine.edit(store, double.id, {"region": "South"})
    assert last(quarantine.resubmit(store, load)).loaded == 0
    quarantine.edit(store, double.id, {"id": "1"})
    assert not held(store, load)[7].ready, "the same key again is no other key"
    other = held(store, load)[3]
    quarantine.edit(store, other.id, {"amount": "1.5"})
    for taken in ("1", "2"):  # of a document that is in, and of a record that comes in with it
        quarantine.edit(store, double.id, {"id": "50"})
        quarantine.edit(store, double.id, {"id": taken})
        last(quarantine.resubmit(store, load))
        refused = held(store, load)[7]
        assert [one.code for one in refused.reasons] == ["unique-error"]
        assert "each may come once" in refused.reasons[0].message
    quarantine.edit(store, double.id, {"id": "99"})
    assert last(quarantine.resubmit(store, load)).loaded == 1
    assert [document["id"] for document in documents(store)] == [1, 2, 99]


def test_a_reference_is_looked_up_in_the_database_when_loading_and_again_later(
    store: Store, tmp_path: Path
) -> None:
    customers = store.client[store.database].customers
    customers.insert_many([{"_id": n, "code": f"c{n}", "n": float(n)} for n in range(3)])
    descriptor = {
        **DESCRIPTOR,
        "schema": {
            "fields": [{"name": "id", "type": "integer"}, {"name": "customer"}, {"name": "boss"}],
            "foreignKeys": [
                {"fields": "customer", "reference": {"resource": "customers", "fields": "code"}},
                {"fields": "id", "reference": {"resource": "customers", "fields": "n"}},
                {"fields": "boss", "reference": {"resource": "", "fields": "customer"}},
            ],
        },
    }
    path = tmp_path / "refs.csv"
    path.write_text("id,customer,boss\n1,c1,c0\n0,c0,\n2,c9,c1\n7,c1,\n2,c2,c8\n")
    report = last(load_file(path, Recipe.from_descriptor(descriptor), store))
    assert (report.accepted, report.quarantined) == (2, 3)
    assert report.reasons == {"foreign-key": 3}
    found = held(store, report.load)
    assert list(found) == [4, 5, 6]
    assert last(quarantine.resubmit(store, report.load)).loaded == 0

    customers.insert_one({"_id": 9, "code": "c9"})
    assert last(quarantine.revalidate(store, report.load)).ready == 1
    assert quarantine.edit(store, found[5].id, {"id": "1"}).ready
    assert not quarantine.edit(store, found[6].id, {"id": "1"}).ready, "its boss is still unknown"
    assert quarantine.edit(store, found[6].id, {"boss": "c1"}).ready
    assert last(quarantine.resubmit(store, report.load)).loaded == 3


def test_a_clash_with_the_collection_comes_back_as_a_reason(store: Store, load: str) -> None:
    orders = store.client[store.database].orders
    if not any(index.get("unique") for index in orders.list_indexes()):
        orders.create_index("id", unique=True)
    orders.insert_one({"_id": "stranger", "id": 2})
    record = held(store, load)[3]
    quarantine.edit(store, record.id, {"amount": "1.5"})
    report = last(quarantine.resubmit(store, load))
    assert (report.loaded, report.held) == (0, HELD)
    refused = held(store, load)[3]
    assert [one.code for one in refused.reasons] == ["duplicate-key"]
    assert refused.state == "held"
    assert not refused.claimed

    orders.delete_one({"_id": "stranger"})
    assert last(quarantine.resubmit(store, load)).loaded == 1, "the server is asked again"


def test_a_newer_recipe_mends_what_it_mends_and_is_used_to_resubmit(
    store: Store, load: str, recipe: Recipe
) -> None:
    field = recipe.schema.field("amount")
    fixed = changed(
        recipe,
        schema=recipe.schema.replace_field("amount", clean=(*field.clean, Step("decimalComma"))),
    )
    report = last(quarantine.revalidate(store, load, fixed, field="amount", reason="type-error"))
    assert (report.seen, report.ready) == (4, 2)
    assert last(quarantine.resubmit(store, load)).loaded == 2
    assert amounts(store) == [10.5, 1.5, 2.5]
    assert held(store, load)[4].values["amount"] == "abc"


def test_fixes_are_proposed_for_a_kind_and_applied_to_all_of_it(store: Store, load: str) -> None:
    kind = ("type-error", "amount", "number")
    fix = next(one for one in quarantine.fixes(store, load, kind) if one.name == "decimal comma")
    assert (fix.count, fix.of) == (2, 4)
    assert last(quarantine.fix_similar(store, load, kind, fix.recipe)).ready == 2
    assert [record.line for record in store.quarantine.find(load, ready=True)] == [3, 9]


def test_another_dialect_splits_the_raw_records_anew(
    store: Store, recipe: Recipe, tmp_path: Path
) -> None:
    path = tmp_path / "semi.csv"
    path.write_text("id,amount,region\n1,2.5,North\n2;3.5;South\n3;4.5\n")
    load = last(load_file(path, recipe, store)).load
    semicolons = changed(recipe, dialect=recipe.dialect.replace(delimiter=";"))
    report = last(quarantine.revalidate(store, load, semicolons))
    assert (report.ready, report.held) == (1, 1)
    assert last(quarantine.resubmit(store, load)).loaded == 1
    assert amounts(store) == [2.5, 3.5]


def test_replace_edits_every_equal_cell(store: Store, load: str) -> None:
    report = last(quarantine.replace(store, load, "amount", "abc", "3.5", by="ann"))
    assert (report.seen, report.ready, report.changed) == (1, 1, 1)
    assert held(store, load)[4].edits[0].by == "ann"


def test_two_windows_cannot_edit_the_same_version(store: Store, other: Store, load: str) -> None:
    seen = held(store, load)[3]
    quarantine.edit(other, seen.id, {"amount": "2"})
    with pytest.raises(Busy, match=r"line 3 was changed in another window"):
        quarantine.edit(store, seen.id, {"amount": "3"}, version=seen.version)
    assert held(store, load)[3].values["amount"] == "2"


def test_two_windows_resubmitting_at_once_load_everything_once(
    store: Store, other: Store, recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "PAGE", 20)
    path = tmp_path / "many.csv"
    rows = "".join(f"{n},x{n},North\n" for n in range(1, 201))
    path.write_text("id,amount,region\n" + rows)
    load = last(load_file(path, recipe, store)).load
    text = changed(
        recipe, schema=recipe.schema.replace_field("amount", type="string", constraints={})
    )
    last(quarantine.revalidate(store, load, text))
    reports: list[Any] = []
    start = threading.Barrier(2)

    def work(window: Store) -> None:
        start.wait()
        reports.append(last(quarantine.resubmit(window, load)))

    windows = [threading.Thread(target=work, args=(one,)) for one in (store, other)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()
    assert sum(report.loaded for report in reports) == 200
    found = documents(store)
    assert [document["amount"] for document in found] == [f"x{n}" for n in range(1, 201)]
    assert quarantine.review(store, load).resubmitted == 200


@pytest.mark.parametrize("written", [False, True])
def test_a_resubmission_that_died_is_finished_once(
    store: Store, load: str, written: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = quarantine.edit(store, held(store, load)[3].id, {"amount": "1.5"})

    class Died(BaseException):
        pass

    def die(*_: Any) -> None:
        raise Died

    step = "settle" if written else "release"
    if written:
        monkeypatch.setattr(store.quarantine.changes, "settle", die)
    else:
        monkeypatch.setattr("core.quarantine.resubmitting._write", die)
    with pytest.raises(Died):
        last(quarantine.resubmit(store, load))
    monkeypatch.undo()
    assert len(documents(store)) == GOOD + written, step
    assert held(store, load)[3].claimed

    if written:  # the document is in: an edit now would be of a record that is loaded
        with pytest.raises(StoreError, match="no longer held"):
            quarantine.edit(store, record.id, {"amount": "2"})
    else:
        assert quarantine.edit(store, record.id, {"amount": "2"}).ready
    assert last(quarantine.resubmit(store, load)).loaded == (not written)
    assert amounts(store) == [10.5, 1.5 if written else 2.0]
    assert quarantine.review(store, load).resubmitted == 1


RESUBMIT = """
import sys
from core import quarantine
from core.quarantine import walking
from core.store import Store
walking.PAGE = 5
with Store(sys.argv[1], sys.argv[2]) as store:
    for report in quarantine.resubmit(store, sys.argv[3]):
        print(report.seen, flush=True)
"""


def test_a_resubmission_killed_in_the_middle_goes_on_where_it_was(
    store: Store, server: str, recipe: Recipe, tmp_path: Path
) -> None:
    path = tmp_path / "many.csv"
    path.write_text("id,amount,region\n" + "".join(f"{n},x{n},North\n" for n in range(60)))
    load = last(load_file(path, recipe, store)).load
    schema = recipe.schema.replace_field("amount", type="string", constraints={})
    last(quarantine.revalidate(store, load, changed(recipe, schema=schema)))
    for seen in ("5", "10"):
        process = subprocess.Popen(
            [sys.executable, "-c", RESUBMIT, server, store.database, load],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.getcwd()},
        )
        assert process.stdout is not None
        while process.stdout.readline().strip() != seen:
            assert process.poll() is None
        process.kill()
        process.communicate()
    done = quarantine.review(store, load).resubmitted
    assert 15 <= done < 60
    assert done <= len(documents(store)), "no record counts as loaded whose document is not there"
    last(quarantine.resubmit(store, load))
    assert [document["amount"] for document in documents(store)] == [f"x{n}" for n in range(60)]
    assert quarantine.review(store, load).resubmitted == 60


def test_in_the_mode_update_a_mended_record_changes_the_document_it_names(
    store: Store, recipe: Recipe, tmp_path: Path
) -> None:
    orders = store.client[store.database].orders
    orders.insert_one({"_id": "mine", "id": 2, "amount": 9.0, "note": "stays"})
    keyed = changed(recipe, mode="update", schema=changed(recipe.schema, primary_key=("id",)))
    path = tmp_path / "update.csv"
    path.write_text('id,amount,region\n2,"1,5",North\n3,4.5,South\n')
    load = last(load_file(path, keyed, store)).load
    record = store.quarantine.find(load)[0]
    quarantine.edit(store, record.id, {"amount": "1.5"})
    assert last(quarantine.resubmit(store, load)).loaded == 1
    there = orders.find_one({"_id": "mine"})
    assert there is not None
    assert (there["amount"], there["region"], there["note"]) == (1.5, "North", "stays")
    assert orders.count_documents({}) == 2


def test_a_claim_of_a_living_window_is_respected(store: Store, other: Store, load: str) -> None:
    record = quarantine.edit(store, held(store, load)[3].id, {"amount": "1.5"})
    token, owned = store.quarantine.changes.claim([(object_id(record.id), record.version)])
    with recovering.working(token):
        assert owned == {object_id(record.id)}
        with pytest.raises(Busy, match="is being resubmitted"):
            quarantine.edit(other, record.id, {"amount": "2"})
        assert last(quarantine.resubmit(other, load)).busy == 1
        assert quarantine.discard(other, [record.id], "no") == 0
    assert len(documents(store)) == GOOD


def test_discarding_keeps_a_note_and_can_be_taken_back(store: Store, load: str) -> None:
    ids = [one.id for one in held(store, load).values()][:2]
    assert quarantine.discard(store, ids, "test rows") == 2
    assert quarantine.discard(store, ids, "again") == 0
    assert [one.note for one in store.quarantine.find(load, state="discarded")] == ["test rows"] * 2
    assert last(quarantine.resubmit(store, load)).total == HELD - 2
    assert quarantine.restore(store, ids) == 2
    assert last(quarantine.discard_all(store, load, "all")).changed == HELD
    assert store.quarantine.count(load) == 0


def test_the_export_goes_back_to_the_owner_and_comes_in_again(
    store: Store, load: str, tmp_path: Path
) -> None:
    quarantine.edit(store, held(store, load)[3].id, {"amount": "1.5"})
    out = tmp_path / "back.csv"
    done = quarantine.export(store, out, load)
    assert (done.records, done.guarded) == (HELD, 0)
    with out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == [
        "id", "amount", "region",
        "_file", "_line", "_reasons", "_problems", "_raw", "_record", "_load",
    ]  # fmt: skip
    assert rows[0] | {"_record": ""} == {
        "id": "2", "amount": "1.5", "region": "North", "_file": "orders.csv", "_line": "3",
        "_reasons": "", "_problems": "", "_raw": '2,"1,5",North', "_record": "", "_load": load,
    }  # fmt: skip
    assert rows[1]["_reasons"] == "type-error"
    assert rows[1]["_problems"].startswith("amount: “abc” is not a number")
    assert rows[3]["_raw"] == "5,7.00,East,extra"
    with pytest.raises(FileError, match="cannot be written"):
        quarantine.export(store, tmp_path / "no" / "such.csv", load)

    mended = out.read_text("utf-8-sig").replace("abc", "3.25").replace("=1+1", "1.75")
    out.write_text(mended, "utf-8-sig")
    recipe = Recipe.load(done.recipe)
    assert find_beside(out) == Path(done.recipe)
    report = last(load_file(out, recipe, store))
    assert report.encoding == "utf-8"
    # the double of id 1 stands alone in this file, but the collection has that id
    assert report.reasons == {"constraint-error": 1, "type-error": 1, "duplicate-key": 1}
    assert {one.get("amount") for one in documents(store)} >= {1.5, 1.75, 3.25}
    assert all("_line" not in document for document in documents(store))


def test_an_export_of_several_files_tells_them_apart(
    store: Store, load: str, recipe: Recipe, tmp_path: Path
) -> None:
    path = tmp_path / "mai.csv"
    path.write_bytes("id,_line,Größe\n1,a,2\n2,b,zwö\n".encode("cp1252"))
    fields = [{"name": "id"}, {"name": "_line"}, {"name": "Größe", "type": "integer"}]
    told = {"name": "mai", "encoding": "cp1252", "schema": {"fields": fields}}
    other = Recipe.from_descriptor({**DESCRIPTOR, **told})
    second = last(load_file(path, other, store)).load
    done = quarantine.export(store, tmp_path / "all.csv")
    assert (done.records, done.files, done.recipe) == (HELD + 1, 2, "")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {(row["_file"], row["_load"]) for row in rows} == {
        ("orders.csv", load), ("mai.csv", second)
    }  # fmt: skip
    (odd,) = [row for row in rows if row["_file"] == "mai.csv"]
    assert (odd["_line"], odd["__line"], odd["_raw"]) == ("b", "3", "2,b,zwö")
    assert all(row["_raw"] for row in rows)


def test_an_export_that_is_stopped_leaves_no_file(store: Store, load: str, tmp_path: Path) -> None:
    work = quarantine.exporting(store, tmp_path / "out.csv", load)
    assert next(work).total == HELD
    assert next(work).fraction == 1.0
    work.close()
    assert list(tmp_path.glob("out*")) == []


def test_the_recipe_for_the_way_back_overwrites_and_replaces_nothing(
    store: Store, recipe: Recipe, tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    load = last(load_file(path, changed(recipe, mode="replace"), store)).load
    done = quarantine.export(store, tmp_path / "back.csv", load)
    assert Recipe.load(done.recipe).mode == "add", "some rows never take the place of all"
    Path(done.recipe).write_text("mine")
    assert quarantine.export(store, tmp_path / "back.csv", load).recipe == ""
    assert (tmp_path / "back.recipe.json").read_text() == "mine"


def test_a_safe_export_runs_in_no_spreadsheet_and_says_what_it_changed(
    store: Store, load: str, tmp_path: Path
) -> None:
    done = quarantine.export(store, tmp_path / "safe.csv", load, safe=True)
    text = (tmp_path / "safe.csv").read_text("utf-8-sig")
    assert "8,'=1+1,East" in text
    assert "6,-3,South" in text, "a number is no formula"
    assert done.guarded >= 1
    assert "made safe" in str(done)
    for cell in ("=1", "@x", "-1+2|cmd", "+A1", "\t=1", "＝1", "\r=2", " =3"):
        assert quarantine.guard(cell) == f"'{cell}"
    for cell in ("-3", "+4.5", "1e-3", "North", "", "a=b", "-1,250.00"):
        assert quarantine.guard(cell) == cell


def test_nothing_is_written_on_a_read_only_connection(
    store: Store, server: str, load: str, tmp_path: Path
) -> None:
    with Store(server, store.database, read_only=True) as reader:
        record = held(reader, load)[3]
        for write in (
            lambda: quarantine.edit(reader, record.id, {"amount": "1"}),
            lambda: quarantine.discard(reader, [record.id], ""),
            lambda: last(quarantine.resubmit(reader, load)),
            lambda: last(quarantine.revalidate(reader, load)),
        ):
            with pytest.raises(ReadOnly):
                write()
        assert quarantine.export(reader, tmp_path / "out.csv", load).records == HELD
    assert held(store, load)[3] == record


def test_what_is_not_there_is_said(store: Store, load: str) -> None:
    with pytest.raises(StoreError, match="no record"):
        quarantine.edit(store, str(ObjectId()), {"amount": "1"})
    with pytest.raises(StoreError, match="no load or record"):
        store.quarantine.find("nonsense")
    with pytest.raises(RecipeError, match="no field “amuont”"):
        quarantine.edit(store, held(store, load)[3].id, {"amuont": "1"})
