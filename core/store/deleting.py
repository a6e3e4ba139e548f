"""Documents deleted by hand, kept as their bytes so that they can be put back as they were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Any

import bson
import numpy as np

from core.documents.encoder import Encoded
from core.documents.lineage import record_of
from core.store.removal import fetch_raw, remove
from core.store.target import Target
from core.store.translate import speaking

if TYPE_CHECKING:
    from core.store import Store

WAITING = 5.0  # seconds that a server may stay away
Place = tuple[str, str]  # database, collection


@dataclass(frozen=True, slots=True)
class Deleted:
    """`documents` are what went, byte for byte; `missed` others had changed or deleted by then."""

    place: Place
    documents: tuple[bytes, ...]
    ids: tuple[Any, ...]
    missed: int


def delete(store: "Store", place: Place, seen: Sequence[Mapping[str, Any]]) -> Deleted:
    """Each document only while it is as it was seen. Raises ReadOnly, StoreError.

    What Sluice keeps of loads stays: an undo of the load counts these documents as gone.
    """
    store.guard()
    target = _target(store, place)
    there = fetch_raw(target, [document["_id"] for document in seen])
    options = store.client.codec_options
    same = [
        there[document["_id"]]
        for document in seen
        if document["_id"] in there and _is(there[document["_id"]], document, options)
    ]
    remove(target, same)
    left = fetch_raw(target, [bson.decode(raw, options)["_id"] for raw in same])
    gone = {id: raw for raw in same if (id := bson.decode(raw, options)["_id"]) not in left}
    _note(store, place, list(gone), 1)
    return Deleted(place, tuple(gone.values()), tuple(gone), len(seen) - len(gone))


def put_back(store: "Store", deleted: Deleted) -> int:
    """The same documents again, under the same `_id`s; how many: one whose `_id` or unique value is
    taken by now is not put over the other. Raises ReadOnly, StoreError."""
    store.guard()
    sizes = [len(raw) for raw in deleted.documents]
    offsets = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
    documents = Encoded(memoryview(b"".join(deleted.documents)), offsets)
    target = _target(store, deleted.place)
    inserted = target.insert(documents).inserted
    _note(store, deleted.place, list(fetch_raw(target, deleted.ids)), -1)
    return inserted


def _note(store: "Store", place: Place, ids: Sequence[Any], change: int) -> None:
    """For counts where only the ledger knows how many documents there are."""
    query = {"database": place[0], "collection": place[1], "state": {"$ne": "undone"}}
    with speaking(store.address):
        for load in store.ledger.find(query):
            of_it = sum(record_of(load.object_id, id) is not None for id in ids)
            if of_it:
                told = {"$inc": {"deleted": change * of_it}}
                store.ledger.loads.update_one({"_id": load.object_id}, told)


def _target(store: "Store", place: Place) -> Target:
    return store.target(*place, {}, store.patience(Event(), WAITING))


def _is(raw: bytes, seen: Mapping[str, Any], options: Any) -> bool:
    """By bytes, as a NaN is not equal to itself; by values where a deprecated type reads as
    another."""
    return bson.encode(seen, codec_options=options) == raw or bson.decode(raw, options) == seen
