"""The ids of a load's refused records, from the ledger: for a server that would read them all.

A batch notes which of its records are in the collection; the others are in quarantine, under `_id`s
that can be computed. That does not hold for a load that skips known keys, nor before it is done.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from bson import ObjectId

from core.batch import Integers
from core.documents.lineage import identify, object_ids
from core.store.changes import PAGE
from core.store.figures import GONE
from core.store.ledger import Ledger

Document = dict[str, Any]
SMALL = 2_000  # held records that the server may as well read


class RefusedIds:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._records = ledger.database["quarantine"]
        self._known: dict[ObjectId, Integers] = {}

    def walk(
        self, loads: list[ObjectId], after: ObjectId | None, skip: int
    ) -> Iterator[list[ObjectId]] | None:
        """The ids of held records in their order, some at a time; None where nobody can tell."""
        found = [(load, self._of(load)) for load in sorted(loads)]
        if any(records is None for _, records in found):
            return None
        return self._pages([one for one in found if one[1] is not None], after, skip)

    def _pages(
        self, loads: list[tuple[ObjectId, Any]], after: ObjectId | None, skip: int
    ) -> Iterator[list[ObjectId]]:
        for load, records in loads:
            if skip:
                records = self._still_held(load, records)
            ids = identify(load, records)
            start = 0 if after is None else _first_after(ids, after)
            start, skip = start + skip, max(skip - (len(ids) - start), 0)
            for at in range(start, len(ids), PAGE):
                yield object_ids(ids[at : at + PAGE])

    def _still_held(self, load: ObjectId, records: Integers) -> Integers:
        gone = self._records.find({"load": load, "state": {"$in": list(GONE)}}, {"record": 1})
        return np.setdiff1d(records, np.array([one["record"] for one in gone], np.int64))

    def _of(self, load: ObjectId) -> Integers | None:
        """The numbers of a load's refused records."""
        if load not in self._known:
            entry = self._ledger.get(load)
            if entry is None or entry.state != "done" or entry.mode == "skip":
                return None
            parts = [_refused(batch) for batch in self._ledger.recorded(load)]
            records = np.concatenate(parts) if parts else np.empty(0, np.int64)
            if len(records) != entry.quarantined:
                return None
            self._known[load] = records
        return self._known[load]


def _refused(batch: Document) -> Integers:
    bits = np.unpackbits(np.frombuffer(batch["accepted"], np.uint8), count=batch["count"])
    return np.flatnonzero(bits == 0) + int(batch["first"])


def _first_after(ids: Any, after: ObjectId) -> int:
    low, high = 0, len(ids)
    while low < high:
        middle = (low + high) // 2
        if ids[middle].tobytes() <= after.binary:
            low = middle + 1
        else:
            high = middle
    return low
