"""Held records found, counted and paged through."""

from collections import Counter
from dataclasses import replace as changed
from pathlib import Path
from typing import Any

import pytest
from bson import ObjectId

from core import quarantine
from core.documents.lineage import identity
from core.loading.loader import load_file
from core.recipes.recipe import Recipe
from core.store import Store, walks
from core.store import held as store_held
from core.store.sought import object_id
from tests.core.held.orders import HELD, held, last


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
        rows = [f"{n},{'x' if n % 3 else n},{'North' if n % 2 else 'South'}" for n in range(75)]
        path.write_text("id,amount,region\n" + "\n".join(rows))
        own = changed(recipe, collection=name)
        loads.append(last(load_file(path, own, store)).load)
    ids = [one.id for one in store.quarantine.find(loads[0], limit=1_000)]
    quarantine.discard(store, ids[5:30:4], "some")
    quarantine.edit(store, ids[0], {"amount": "1"})

    def pages_of(**chosen: Any) -> list[list[str]]:
        skipped = [
            [one.id for one in store.quarantine.find(skip=at, limit=15, **chosen)]
            for at in range(0, 120, 15)
        ]
        walked, after = [], None
        while page := store.quarantine.find(after=after, limit=15, **chosen):
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
        monkeypatch.setattr(walks, "SMALL", 10_000)
        expected = pages_of(**chosen)
        monkeypatch.setattr(walks, "SMALL", 0)
        assert pages_of(**chosen) == expected, chosen
        total = sum(len(page) for page in expected)
        if chosen.get("rule") is None:
            assert total > 15
        if not {"cell", "ready"} & set(chosen):
            found = [*store.quarantine.search(limit=15, **chosen)]
            assert ([one.id for one in found[-1].records], found[-1].count) == (expected[0], total)
            assert found[-1].fraction == 1.0
            assert [one.seen for one in found] == sorted(one.seen for one in found)
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


def test_a_search_tells_its_first_hits_before_it_is_through(
    store: Store, load: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walks, "SMALL", 0)
    monkeypatch.setattr(walks, "LOOK", 3)
    work = store.quarantine.search(load, text="North", limit=1)
    first = next(work)
    assert (len(first.records), first.seen, first.total) == (1, 3, HELD)
    assert 0 < first.fraction < 1
    last_told = [*work][-1]
    assert (len(last_told.records), last_told.count, last_told.seen) == (1, 1, HELD)
    assert [*store.quarantine.search(load, text="nowhere")][-1].count == 0
