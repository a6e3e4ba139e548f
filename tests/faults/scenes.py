"""Small loads, everything they leave behind, and whether the ledger tells the truth meanwhile."""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from bson import ObjectId

import core.reading.source
from core.documents.lineage import identify, object_ids, record_of
from core.loading.loader import load_file
from core.recipes.recipe import Recipe
from core.store import LoadEntry, Store, sides
from tests.core.loads import recipe

MODES = ("add", "update", "skip", "replace")
WRITERS = ("whole", "plain")
BLOCK = 1 << 10  # bytes a batch: many batches in a small file
Outcome = dict[str, Any]


def small_batches() -> None:
    core.reading.source.BLOCK = BLOCK


def make_file(path: Path, rows: int, seed: int) -> Path:
    """Rows of which some are wrong, some clash with each other, and some have blank cells."""
    chance = random.Random(seed)
    lines = ["id,name,qty"]
    for n in range(1, rows + 1):
        qty = chance.choice(["x", "", *map(str, range(18))])
        lines.append(f"{n},name {chance.randrange(rows * 20)} {'é' * chance.randrange(9)},{qty}")
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@dataclass
class Trial:
    """A file, and what a load of it leaves behind in each mode when nothing disturbs it."""

    path: Path
    rows: int
    chance: random.Random
    _expected: dict[tuple[str, str], Outcome] = field(default_factory=dict)

    def expected(self, uri: str, mode: str, writer: str = "whole") -> Outcome:
        if (mode, writer) not in self._expected:
            with scene(uri, self.rows) as store:
                for _ in load_file(self.path, made(mode, writer), store):
                    pass
                self._expected[mode, writer] = outcome(store, newest(store))
        return self._expected[mode, writer]


def made(mode: str, writer: str = "whole") -> Recipe:
    return recipe(mode, ("id",) if mode in ("update", "skip") else (), write={"writer": writer})


@contextmanager
def scene(uri: str, rows: int) -> Iterator[Store]:
    """A furnished database that goes afterwards, and its part of the ledger."""
    with Store(uri, f"f{uuid4().hex[:12]}", socketTimeoutMS=10_000) as store:
        furnish(store, rows)
        yield store
        store.client.drop_database(store.database)
        for entry in loads(store):
            for name in ("batches", "quarantine", "before"):
                store.client["sluice"][name].delete_many({"load": entry.object_id})
            store.client["sluice"]["loads"].delete_one({"_id": entry.object_id})


def furnish(store: Store, rows: int) -> None:
    """What the collection holds before: some of the keys, and a unique name."""
    collection = store.client[store.database]["c"]
    collection.create_index("name", unique=True)
    collection.insert_many(
        {"_id": f"old {n}", "id": n, "name": f"old {n}", "qty": n % 7}
        for n in range(1, rows + 1, 3)
    )


def loads(store: Store) -> list[LoadEntry]:
    return [entry for entry in store.loads.list(0) if entry.database == store.database]


def newest(store: Store) -> LoadEntry:
    return loads(store)[0]


# ---- what a load left behind --------------------------------------------------------------------


def outcome(store: Store, entry: LoadEntry) -> Outcome:
    """Everything a load left behind, with its documents named by their records alone."""
    load = entry.object_id
    ledger = store.client["sluice"]
    held = [_named(load, d) for d in ledger["quarantine"].find({"load": load}).sort("_id", 1)]
    documents = [_named(load, d) for d in store.client[store.database]["c"].find()]
    batches = [
        {k: v for k, v in _named(load, batch).items() if k not in ("digests", "load")}
        for batch in store.ledger.recorded(load)
    ]
    images = [_named(load, d["image"]) for d in ledger["before"].find({"load": load})]
    return {
        "documents": sorted(documents, key=repr),
        "quarantine": [
            {k: v for k, v in one.items() if k not in ("load", "database")} for one in held
        ],
        "batches": batches,
        "images": sorted(images, key=repr),
        "counts": dict(entry.counts),
        "reasons": dict(entry.reasons),
        "state": entry.state,
        "beside": sorted(
            name.rpartition(".")[2]
            for name in store.client[store.database].list_collection_names()
            if name != "c"
        ),
    }


def _named(load: ObjectId, document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value if record_of(load, value) is None else record_of(load, value)
        for key, value in document.items()
    }


def same(found: Outcome, expected: Outcome, what: str) -> None:
    for part, value in expected.items():
        assert found[part] == value, f"{what}: {part} differ: {_first(found[part], value)}"


def _first(found: Any, expected: Any) -> str:
    if not isinstance(found, list):
        return f"{found!r} instead of {expected!r}"
    pairs = zip(found, expected, strict=False)
    first = next((pair for pair in pairs if pair[0] != pair[1]), None)
    return f"{len(found)} instead of {len(expected)}; first difference {first}"


# ---- what the ledger claims ---------------------------------------------------------------------


def honest(store: Store, expected: Outcome) -> None:
    """What the ledger claims is in the collection and in quarantine, now; “done” is the end."""
    for entry in loads(store):
        if entry.state == "done":
            same(outcome(store, entry), expected, "said to be done")
        for batch in store.ledger.recorded(entry.object_id):
            _batch_is_there(store, entry, batch)


def _batch_is_there(store: Store, entry: LoadEntry, batch: Mapping[str, Any]) -> None:
    counts = batch["counts"]
    bits = np.unpackbits(np.frombuffer(batch["accepted"], np.uint8), count=batch["count"])
    names = object_ids(identify(entry.object_id, np.flatnonzero(bits) + int(batch["first"])))
    assert len(names) == counts["accepted"], f"batch {batch['n']} claims {len(names)}: {counts}"
    there = max(_present(store, name, names) for name in _places(entry))
    claimed = counts["accepted"] - counts["unchanged"]
    assert there >= claimed, f"batch {batch['n']}: {there} of {claimed} are there"
    records = {"$gte": batch["first"], "$lt": batch["first"] + batch["count"]}
    query = {"load": entry.object_id, "record": records}
    held = store.client["sluice"]["quarantine"].count_documents(query)
    assert held == counts["quarantined"], f"batch {batch['n']}: {held} held instead of {counts}"


def _places(entry: LoadEntry) -> list[str]:
    """Where a load's documents may be; a replace has them beside until it has switched."""
    return [sides.side(entry.object_id, "new"), "c"] if entry.mode == "replace" else ["c"]


def _present(store: Store, collection: str, names: list[ObjectId]) -> int:
    ours = {"$or": [{"_id": {"$in": names}}, {"_load": {"$in": names}}]}
    return store.client[store.database][collection].count_documents(ours)
