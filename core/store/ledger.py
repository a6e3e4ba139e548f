"""`sluice.loads` and `sluice.batches`: what each load did, written before and after it is done.

Everything here is written with majority and journal: a ledger that a crash rolls back would lie.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
from bson import ObjectId
from bson.binary import UuidRepresentation
from bson.codec_options import CodecOptions, DatetimeConversion
from pymongo import DESCENDING, WriteConcern
from pymongo.database import Database

from core.documents.lineage import identify, identity, object_ids
from core.errors import Busy, StoreError
from core.store.entries import UNFINISHED, Holder, LoadEntry, entry, holder
from core.store.lease import LEASE, WORKING, claim, is_over

Document = dict[str, Any]
DURABLE = WriteConcern(w="majority", j=True)
_AWARE: CodecOptions[Document] = CodecOptions(tz_aware=True)
# Values come back as they are stored: no date is out of Python's range, no binary becomes a UUID.
FAITHFUL: CodecOptions[Document] = CodecOptions(
    document_class=dict,
    tz_aware=True,
    uuid_representation=UuidRepresentation.UNSPECIFIED,
    datetime_conversion=DatetimeConversion.DATETIME_MS,
)
_PAGE = 50  # computed `_id`s in one $in: more is slower on the embedded server


class Ledger:
    """Reads and writes of the bookkeeping; `now` is the server's clock."""

    def __init__(
        self,
        database: Database[Document],
        guard: Callable[[], None],
        now: Callable[[], datetime],
    ) -> None:
        self.guard = guard
        self.now = now
        self.database = database.with_options(codec_options=_AWARE, write_concern=DURABLE)
        self.loads = self.database["loads"]
        self.batches = self.database["batches"]
        self.before = self.database.get_collection("before", codec_options=FAITHFUL)

    def prepare(self) -> None:
        """The indexes that reading the ledger needs."""
        self.guard()
        self.loads.create_index([("source.size", 1), ("collection", 1)])
        self.database["before"].create_index("load")

    def begin(self, document: Mapping[str, Any], token: str) -> LoadEntry:
        """A new load, held by us under that token. Repeatable."""
        self.guard()
        WORKING.add(token)
        now = self.now()
        held = {"state": "running", "started": now, "holder": claim(now, token)}
        whole = {**document, **held, "noted": True}  # `moves` tells which records it held are gone
        self.loads.replace_one({"_id": document["_id"]}, whole, upsert=True)
        return entry(whole, False)

    def get(self, load: ObjectId) -> LoadEntry | None:
        found = self.loads.find_one({"_id": load})
        return None if found is None else self._entry(found)

    def _entry(self, document: Mapping[str, Any]) -> LoadEntry:
        found = entry(document, is_over(holder(document.get("holder")), self.now()))
        cut_off = found.resumable and found.state == "running"
        return replace(found, counts=self._brought(found)) if cut_off else found

    def _brought(self, load: LoadEntry) -> Mapping[str, int]:
        """What a load brought whose process died before it said so."""
        totals: Counter[str] = Counter()
        for batch in self.recorded(load.object_id, {"counts": 1}):
            totals.update(batch["counts"])
        return totals if totals["records"] > load.records else load.counts

    def find(self, query: Mapping[str, Any], limit: int = 0) -> tuple[LoadEntry, ...]:
        """Loads that match, newest first."""
        newest = [("started", DESCENDING), ("_id", DESCENDING)]
        return tuple(self._entry(load) for load in self.loads.find(query).sort(newest).limit(limit))

    def take(self, load: ObjectId, token: str, state: str = "running") -> LoadEntry:
        """Hold a load that nobody alive holds; raises Busy. Repeatable."""
        self.guard()
        found = self.loads.find_one({"_id": load})
        if found is None:
            raise StoreError(f"There is no load {load}.", "List them with: sluice loads.")
        held = holder(found.get("holder"))
        changes = {"holder": claim(self.now(), token), "state": state, "message": ""}
        ours = held is not None and held.token == token
        WORKING.add(token)
        if not ours and not (is_over(held, self.now()) and self._swap(load, held, changes)):
            WORKING.discard(token)
            raise Busy(
                f"Another window or command is working on the load of {found['source']['name']}.",
                "Wait for it, or stop it there.",
            )
        return entry({**found, **changes}, False)

    def let_go(self, token: str) -> None:
        """Nothing here works under this hold any more, whether or not the server knows."""
        WORKING.discard(token)

    def _swap(self, load: ObjectId, held: Holder | None, changes: Mapping[str, Any]) -> bool:
        token = held.token if held else None
        done = self.loads.update_one({"_id": load, "holder.token": token}, {"$set": changes})
        return bool(done.matched_count)

    def keep(self, load: ObjectId, token: str, changes: Mapping[str, Any]) -> None:
        """Renew our hold and note progress; raises Busy where another has taken the load."""
        self.guard()
        lease = {"holder.lease": self.now() + LEASE}
        done = self.loads.update_one(
            {"_id": load, "holder.token": token}, {"$set": {**changes, **lease}}
        )
        if not done.matched_count:
            raise Busy("Another window or command has taken over this load.", "Watch it there.")

    def end(self, load: ObjectId, token: str, state: str, changes: Mapping[str, Any]) -> bool:
        """The load's last word from us; False where it is no longer ours. Repeatable."""
        self.guard()
        said = {"state": state, "holder": None, "ended_by": token}
        mine = {"_id": load, "holder.token": token}
        if self.loads.update_one(mine, {"$set": {**changes, **said}}).matched_count:
            return True
        return self.loads.find_one({"_id": load, **said}) is not None  # the reply was lost

    def resubmitted(self, load: ObjectId) -> dict[ObjectId, int]:
        """The `_id`s (or `_load`s) of records that came in later from quarantine, with their
        documents' digests."""
        query = {"load": load, "state": "resubmitted"}
        found = self.database["quarantine"].find(query, {"resubmitted.digest": 1})
        told = {one["_id"]: one.get("resubmitted", {}).get("digest") for one in found}
        return {id: mark % (1 << 64) for id, mark in told.items() if mark is not None}

    def claimed(self, load: ObjectId) -> tuple[list[ObjectId], bool]:
        """Held records that a resubmission works on, or worked on when it died: what it wrote it
        has not told; and whether one is at work now."""
        query = {"load": load, "claim": {"$exists": True}}
        found = list(self.database["quarantine"].find(query, {"claim": 1}))
        now = self.now()
        return [one["_id"] for one in found], any(
            not is_over(holder(one["claim"]), now) for one in found
        )

    def note_stage(self, load: ObjectId, told: Mapping[str, Any]) -> None:
        """How far a load came beyond its batches. Repeatable."""
        self.guard()
        changes = {f"stage.{key}": value for key, value in told.items()}
        self.loads.update_one({"_id": load}, {"$set": changes})

    def record_batch(self, load: ObjectId, n: int, batch: Mapping[str, Any]) -> None:
        """What batch n put in; the same again is harmless."""
        self.guard()
        id = identity(load, n + 1)
        self.batches.replace_one(
            {"_id": id}, {"_id": id, "load": load, "n": n, **batch}, upsert=True
        )

    def recorded(
        self, load: ObjectId, wanted: Mapping[str, int] | None = None
    ) -> Iterator[Document]:
        """The batches of a load from the first to the last before a gap, in order."""
        n = 0
        while True:
            ids = object_ids(identify(load, np.arange(n + 1, n + 1 + _PAGE, dtype=np.int64)))
            page = {
                found["_id"]: found for found in self.batches.find({"_id": {"$in": ids}}, wanted)
            }
            for id in ids:
                if id not in page:
                    return
                yield page[id]
            n += _PAGE


class Loads:
    """The loads of a server, for lists and histories."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def latest(self) -> LoadEntry | None:
        return next(iter(self.list(1)), None)

    def get(self, id: str) -> LoadEntry | None:
        """By id, or by the beginning of one that only one load has."""
        if ObjectId.is_valid(id):
            return self._ledger.get(ObjectId(id))
        found = [load for load in self._ledger.find({}) if load.id.startswith(id)]
        return found[0] if len(found) == 1 else None

    def list(
        self, limit: int = 100, text: str = "", state: str | Sequence[str] | None = None
    ) -> tuple[LoadEntry, ...]:
        """Newest first; `text` is part of the name of the file or the collection, any case."""
        query: Document = {}
        if state is not None:
            query["state"] = {"$in": [state] if isinstance(state, str) else [*state]}
        if not text:
            return self._ledger.find(query, limit)
        sought = text.casefold()
        found = tuple(load for load in self._ledger.find(query) if sought in _words(load))
        return found[:limit] if limit else found

    def resumable(self) -> tuple[LoadEntry, ...]:
        return tuple(load for load in self.list(0, state=UNFINISHED) if load.resumable)


def _words(load: LoadEntry) -> str:
    return f"{load.name} {load.database}.{load.collection}".casefold()
