"""Held records edited, checked again, loaded and given up."""

from dataclasses import replace as changed
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId

from core import quarantine
from core.documents.lineage import identity
from core.errors import ReadOnly, RecipeError, StoreError
from core.loading.loader import load_file
from core.recipes.recipe import Recipe
from core.store import Store
from core.values.cleaning import Step
from tests.core.held.orders import DESCRIPTOR, HELD, amounts, documents, held, last


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


@pytest.mark.parametrize(
    ("kind", "mended"),
    [
        (("type-error", "amount", "number"), [3, 9]),
        (("extra-cell", None, "extra-cell"), [6]),
        (("missing-cell", None, "missing-cell"), [5]),
    ],
)
def test_a_fix_of_many_is_taken_back_from_what_is_as_it_left_it(
    store: Store, load: str, kind: Any, mended: list[int]
) -> None:
    quarantine.edit(store, held(store, load)[3].id, {"region": "Farther"})
    before = held(store, load)
    fix = quarantine.fixes(store, load, kind)[0]
    assert last(quarantine.fix_similar(store, load, kind, fix.recipe, "one")).ready == len(mended)
    fixed = held(store, load)
    assert [line for line, record in fixed.items() if record.ready] == mended
    assert last(quarantine.unfix(store, load, kind, "another")).changed == 0
    assert held(store, load) == fixed
    assert last(quarantine.unfix(store, load, kind, "one")).changed == len(mended)
    after = held(store, load)
    for line, record in before.items():
        was = [getattr(record, name) for name in ("values", "reasons", "recipe", "shape", "state")]
        now = after[line]
        assert [now.values, now.reasons, now.recipe, now.shape, now.state] == was
    assert store.quarantine.ready(load) == 0
    assert last(quarantine.unfix(store, load, kind, "one")).changed == 0, "once"
    assert last(quarantine.fix_similar(store, load, kind, fix.recipe, "one")).ready == len(mended)
    quarantine.edit(store, held(store, load)[mended[0]].id, {"region": "Elsewhere"})
    report = last(quarantine.unfix(store, load, kind, "one"))
    assert (report.changed, report.busy) == (len(mended) - 1, 1)
    assert held(store, load)[mended[0]].values["region"] == "Elsewhere"


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


def test_discarding_keeps_a_note_and_can_be_taken_back(store: Store, load: str) -> None:
    ids = [one.id for one in held(store, load).values()][:2]
    assert quarantine.discard(store, ids, "test rows") == 2
    assert quarantine.discard(store, ids, "again") == 0
    assert [one.note for one in store.quarantine.find(load, state="discarded")] == ["test rows"] * 2
    assert last(quarantine.resubmit(store, load)).total == HELD - 2
    assert quarantine.restore(store, ids) == 2
    assert last(quarantine.discard_all(store, load, "all")).changed == HELD
    assert store.quarantine.count(load) == 0


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
