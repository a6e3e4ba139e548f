"""Pages and counts of what Sluice loaded, from the ledger: for a server that would read it all.

The `_id`s of a load's documents can be computed, so page n is some `$in`s of computed `_id`s. That
holds for loads that insert under their own `_id`s; any other load into a collection makes its pages
unknown here (None). Documents of other programs come last, and only the last page looks for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from bson import ObjectId

from core.batch import Integers
from core.documents.lineage import COUNTER, identify, identity, object_ids, ranges
from core.store.changes import pages
from core.store.entries import LoadEntry
from core.store.ledger import Ledger

Document = dict[str, Any]
SMALL = 5_000  # documents that the server may as well read
_OWN = ("add", "skip", "replace")


@dataclass(frozen=True, slots=True)
class _Part:
    """What one load put in: batch i, from record `firsts[i]`, has the documents counted from
    `starts[i]`; then those that came later, from quarantine."""

    load: ObjectId
    records: int
    firsts: Integers
    starts: Integers
    later: tuple[ObjectId, ...]

    @property
    def total(self) -> int:
        return int(self.starts[-1]) + len(self.later)


class Loaded:
    """One collection as the ledger knows it."""

    def __init__(self, ledger: Ledger, parts: Sequence[_Part], deleted: int) -> None:
        self._ledger = ledger
        self._parts = parts
        self.total = sum(part.total for part in parts)  # places on pages; some may be empty
        self.count = self.total - deleted

    @property
    def spans(self) -> list[tuple[ObjectId, ObjectId]]:
        """First and last `_id` of the ranges that these loads may have filled."""
        return [one for p in self._parts for one in ranges(p.load, 1, p.records + COUNTER)]

    def ids(self, first: int, count: int) -> list[ObjectId]:
        """The `_id`s of documents `first` to `first` + `count`, from 0."""
        found: list[ObjectId] = []
        for part in self._parts:
            if first < part.total and len(found) < count:
                found += self._of_part(part, first, count - len(found))
            first = max(first - part.total, 0)
        return found

    def _of_part(self, part: _Part, first: int, count: int) -> list[ObjectId]:
        found: list[ObjectId] = []
        inserted = int(part.starts[-1])
        n = int(np.searchsorted(part.starts, first, "right")) - 1
        while n < len(part.firsts) and len(found) < count:
            batch = self._ledger.batches.find_one({"_id": identity(part.load, n + 1)})
            records = _records(batch) if batch else np.empty(0, np.int64)
            start = max(first - int(part.starts[n]), 0)
            found += object_ids(identify(part.load, records[start : start + count - len(found)]))
            n += 1
        late = max(first - inserted, 0)
        return found + list(part.later[late : late + count - len(found)])


class LedgerPages:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._known: dict[tuple[str, int, int], _Part] = {}

    def of(self, database: str, collection: str) -> Loaded | None:
        """None where the ledger cannot tell what is in the collection."""
        query = {"database": database, "collection": collection, "state": {"$ne": "undone"}}
        loads = list(reversed(self._ledger.find(query)))
        for at, load in enumerate(loads):
            if load.mode == "replace" and load.state == "done":
                loads = loads[at:]
        if not loads or not all(_computed(load) for load in loads):
            return None
        deleted = sum(load.deleted for load in loads)
        return Loaded(self._ledger, [self._part(load) for load in loads], deleted)

    def _part(self, load: LoadEntry) -> _Part:
        later = tuple(sorted(self._ledger.resubmitted(load.object_id)))
        key = (load.id, load.batches, len(later))
        if load.state != "done" or key not in self._known:
            batches = list(self._ledger.recorded(load.object_id))
            firsts = np.array([batch["first"] for batch in batches], np.int64)
            sizes = [len(batch["digests"]) // 8 for batch in batches]
            starts = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
            self._known[key] = _Part(load.object_id, load.records, firsts, starts, later)
        return self._known[key]


def _computed(load: LoadEntry) -> bool:
    """Whether the documents of a load have the `_id`s that can be computed."""
    return (
        load.lineage == "_id"
        and load.mode in _OWN
        and load.state != "undoing"
        and (load.mode != "replace" or load.state == "done")
    )


def _records(batch: Document) -> Integers:
    bits = np.unpackbits(np.frombuffer(batch["accepted"], np.uint8), count=batch["count"])
    return np.flatnonzero(bits) + int(batch["first"])


def fetch_in_order(collection: Any, ids: Sequence[ObjectId]) -> list[Document]:
    """The documents that are still there, in the order of `ids`."""
    found = {
        document["_id"]: document
        for page in pages(ids)
        for document in collection.find({"_id": {"$in": page}})
    }
    return [found[id] for id in ids if id in found]
