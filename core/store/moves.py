"""Which records of a load are held no more, told by notes in `sluice.moves`: without them a server
that reads a whole record for each it counts would read them all.

A note is made before records go from one state to another, and completed with what they say then;
the records of a note that was never completed are looked at. Where notes differ, the highest
version of a record holds: so it does not matter who wrote first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
from bson import ObjectId
from pymongo import WriteConcern
from pymongo.database import Database

from core.batch import Integers
from core.documents.lineage import COUNTER, Ids, object_ids

Document = dict[str, Any]
Records = npt.NDArray[np.uint32]
STATES = ("held", "resubmitted", "discarded")
GONE = STATES[1:]
PAGE = 50  # ids in one $in: more is slower on the embedded server
NOTE = 10_000  # records in one note
_DURABLE = WriteConcern(w="majority", j=True)


class Moves:
    def __init__(self, ledger: Database[Document], guard: Callable[[], None]) -> None:
        self._guard = guard
        self._notes = ledger.get_collection("moves", write_concern=_DURABLE)
        self._records = ledger["quarantine"]

    def prepare(self) -> None:
        self._guard()
        self._notes.create_index("mark")

    @contextmanager
    def noting(self, ids: Sequence[ObjectId]) -> Iterator[None]:
        """While this lasts, these records are moved; where it fails, they stay in doubt."""
        self._guard()
        notes: list[tuple[Any, list[ObjectId]]] = []
        for mark, group in _by_mark(ids):
            note = {"mark": mark, "ids": b"".join(id.binary for id in group)}
            notes.append((self._notes.insert_one(note).inserted_id, group))
        yield
        for note_id, group in notes:
            states, versions = self._seen(group)
            told = {"states": states.tobytes(), "versions": versions.tobytes()}
            self._notes.update_one({"_id": note_id}, {"$set": told})

    def gone(self, load: ObjectId) -> dict[str, Records]:
        """The records of a load that are in each other state, in order."""
        notes = list(self._notes.find({"mark": _mark(load)}))
        seen = [self._told(note) for note in notes]
        ids = np.frombuffer(b"".join(note["ids"] for note in notes), np.uint8).reshape(-1, 12)
        states = np.concatenate([np.empty(0, np.uint8), *(one[0] for one in seen)])
        versions = np.concatenate([np.empty(0, np.uint32), *(one[1] for one in seen)])
        records = _numbers(load, ids)
        order = np.lexsort((versions, records))
        records, states = records[order], states[order]
        newest = np.append(records[1:] != records[:-1], True)[: len(records)]
        return {
            state: records[newest & (states == code)]
            for code, state in enumerate(STATES)
            if state in GONE
        }

    def _told(self, note: Mapping[str, Any]) -> tuple[npt.NDArray[np.uint8], Records]:
        if "states" not in note:
            ids = np.frombuffer(note["ids"], np.uint8).reshape(-1, 12)
            return self._seen(object_ids(ids))
        states = np.frombuffer(note["states"], np.uint8)
        return states, np.frombuffer(note["versions"], np.uint32)

    def _seen(self, ids: Sequence[ObjectId]) -> tuple[npt.NDArray[np.uint8], Records]:
        """Code of the state, and version, of each of these records now."""
        there: dict[ObjectId, Document] = {}
        for at in range(0, len(ids), PAGE):
            query = {"_id": {"$in": list(ids[at : at + PAGE])}}
            found = self._records.find(query, {"state": 1, "version": 1})
            there |= {one["_id"]: one for one in found}
        pairs = [
            (STATES.index(there[id]["state"]), there[id]["version"]) if id in there else (0, 0)
            for id in ids
        ]
        states, versions = zip(*pairs, strict=True) if pairs else ((), ())
        return np.array(states, np.uint8), np.array(versions, np.uint32)


def _mark(id: ObjectId) -> bytes:
    """What the ids of a load's records have in common with its own."""
    return id.binary[4:9]


def _by_mark(ids: Sequence[ObjectId]) -> Iterator[tuple[bytes, list[ObjectId]]]:
    groups: dict[bytes, list[ObjectId]] = {}
    for id in ids:
        groups.setdefault(_mark(id), []).append(id)
    for mark, group in groups.items():
        for at in range(0, len(group), NOTE):
            yield mark, group[at : at + NOTE]


def _numbers(load: ObjectId, ids: Ids) -> Records:
    """The records that these `_id`s of a load name."""
    whole = ids.astype(np.int64)
    seconds = whole[:, :4] @ np.array([1 << 24, 1 << 16, 1 << 8, 1])
    counter = whole[:, 9:] @ np.array([1 << 16, 1 << 8, 1])
    ahead = seconds - int.from_bytes(load.binary[:4], "big")
    numbers: Integers = ahead * COUNTER + counter
    return numbers.astype(np.uint32)
