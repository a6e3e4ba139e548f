"""What a load put in, as the ledger tells it: the name of each document and its digest."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from bson import ObjectId

from core.batch import Integers
from core.documents.lineage import identify, object_ids, record_of
from core.store import LoadEntry, Store

Marks = dict[ObjectId, int]  # digest by `_id` (or `_load`)


def batch_marks(load: ObjectId, batch: Mapping[str, Any]) -> Marks:
    """What a batch put in, by the names of the documents."""
    marks = np.frombuffer(batch["digests"], "<u8").tolist()
    return dict(zip(object_ids(identify(load, _records(batch))), marks, strict=True))


def _records(batch: Mapping[str, Any]) -> Integers:
    bits = np.unpackbits(np.frombuffer(batch["accepted"], np.uint8), count=batch["count"])
    return np.flatnonzero(bits) + int(batch["first"])


class AllMarks:
    """The digests of all documents of a load, by record."""

    def __init__(self, store: Store, entry: LoadEntry) -> None:
        load = entry.object_id
        later = {
            record_of(load, id) or 0: mark for id, mark in store.ledger.resubmitted(load).items()
        }
        records, digests = [np.array(list(later), np.int64)], [np.array([*later.values()], "<u8")]
        for batch in store.ledger.recorded(load):
            records.append(_records(batch))
            digests.append(np.frombuffer(batch["digests"], "<u8"))
        order = np.argsort(np.concatenate(records))
        self._records = np.concatenate(records)[order]
        self._digests = np.concatenate(digests)[order]

    def __len__(self) -> int:
        return len(self._records)

    def of(self, record: int | None) -> int | None:
        if record is None:
            return None
        at = int(np.searchsorted(self._records, record))
        known = at < len(self._records) and self._records[at] == record
        return int(self._digests[at]) if known else None
