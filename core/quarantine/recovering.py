"""Resubmissions that died half-way: what they had claimed is either loaded or still held."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from bson import ObjectId

from core.documents.digests import digests
from core.quarantine.judging import Bench
from core.quarantine.walking import by_load, pages
from core.store import LoadEntry, Store
from core.store.lease import WORKING, user
from core.store.sought import object_id


def recover(store: Store, load: str | None = None, ids: Sequence[str] | None = None) -> int:
    """Settle what resubmissions that died left half-way; how many records that were."""
    query: dict[str, Any] = {} if load is None else {"load": object_id(load)}
    if ids is not None:
        query["_id"] = {"$in": [object_id(id) for id in ids]}
    token, taken = store.quarantine.changes.take_over(query)
    bench = Bench(store)
    with working(token):
        for records in pages(store, [str(id) for id in taken]):
            for group in by_load(records):
                entry = bench.entry(group[0].load)
                there = _documents(store, entry, [object_id(one.id) for one in group])
                gone = {object_id(one.id): None for one in group if object_id(one.id) not in there}
                store.quarantine.changes.settle(there, token, user())
                store.quarantine.changes.release(gone, token)
    return len(taken)


def _documents(
    store: Store, entry: LoadEntry, ids: Sequence[ObjectId]
) -> dict[ObjectId, int | None]:
    """Which of these records have their document in the collection, with its digest."""
    found = store.browse.raw_documents(entry.database, entry.collection, entry.lineage, ids)
    return {
        id: int(digests(raw, np.array([0, len(raw)])).view(np.int64)[0])
        for id, raw in found.items()
    }


@contextlib.contextmanager
def working(token: str) -> Iterator[None]:
    """While this lasts, the claim is not one that died."""
    WORKING.add(token)
    try:
        yield
    finally:
        WORKING.discard(token)
