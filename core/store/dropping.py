"""A whole collection dropped, and what the ledger says of its loads afterwards."""

from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import TYPE_CHECKING
from uuid import uuid4

from core.errors import CoreError, StoreError
from core.store import sides
from core.store.before import Before
from core.store.browse import HIDDEN
from core.store.entries import LoadEntry
from core.store.patience import Patience
from core.store.sides import PREFIX
from core.store.translate import speaking

if TYPE_CHECKING:
    from core.store import Store

Place = tuple[str, str]  # database, collection
WAITING = 5.0  # seconds that a server may stay away
_SIDES = ("new", "old")
_RESERVED = (PREFIX, "system.")


@dataclass(frozen=True, slots=True)
class Standing:
    """What hangs on a collection: its documents, the ids of loads that could be undone, and rows of
    these that wait in quarantine."""

    place: Place
    documents: int
    loads: tuple[str, ...]
    held: int


def standing(store: "Store", place: Place) -> Standing:
    """Raises StoreError."""
    loads = _loads(store, place)
    with speaking(store.address):  # of the server itself: the ledger knows of no deletes
        documents = store.client[place[0]][place[1]].estimated_document_count()
    return Standing(
        place,
        documents,
        tuple(load.id for load in loads),
        sum(store.quarantine.count(load.id) for load in loads),
    )


def drop(store: "Store", place: Place) -> None:
    """Drop a collection with its indexes. Its loads count as undone from then on: their files may
    be loaded again, and what they hold back is not resubmitted by itself.

    What dies in between leaves loads whose undo has begun, which their undo, or a second drop,
    ends. Raises ReadOnly, Busy, and StoreError for a collection of Sluice's own or the server's.
    """
    store.guard()
    database, collection = place
    if database in HIDDEN or collection.startswith(_RESERVED):
        raise StoreError(f"Sluice or MongoDB needs {database}.{collection}: it cannot be dropped.")
    token, patient = uuid4().hex, store.patience(Event(), WAITING)
    loads = _taken(store, place, token, patient)
    try:
        target = store.target(database, collection, {}, patient)
        for name in (collection, *(sides.side(one.object_id, w) for one in loads for w in _SIDES)):
            sides.drop(target, name)
        for load in loads:
            told = {"undo": {"removed": load.accepted, "at": store.now()}}
            patient(partial(store.ledger.end, load.object_id, token, "undone", told))
            Before(store.ledger, load.object_id, patient).forget_done()
    finally:
        store.ledger.let_go(token)


def _taken(store: "Store", place: Place, token: str, patient: Patience) -> list[LoadEntry]:
    """All loads of the collection, held by us; or none, and Busy is raised."""
    taken: list[LoadEntry] = []
    try:
        for load in _loads(store, place):
            patient(partial(store.ledger.take, load.object_id, token, "undoing"))
            taken.append(load)
    except CoreError:
        for load in taken:
            state = "stopped" if load.state == "running" else load.state
            patient(partial(store.ledger.end, load.object_id, token, state, {}))
        store.ledger.let_go(token)
        raise
    return taken


def _loads(store: "Store", place: Place) -> list[LoadEntry]:
    query = {"database": place[0], "collection": place[1], "state": {"$ne": "undone"}}
    return list(store.ledger.find(query))
