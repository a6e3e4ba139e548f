"""`sluice.quarantine`: the records that were refused, found, counted and paged through.

A page is best asked for with `after`, which costs the same at the ten-millionth record as at the
first; `skip` walks there.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from bson.codec_options import CodecOptions
from pymongo import IndexModel
from pymongo.collection import Collection
from pymongo.database import Database

from core.store.changes import Changes
from core.store.figures import Figures, Kind
from core.store.moves import GONE, STATES, Moves
from core.store.records import Edit, HeldRecord, Reason, held_record
from core.store.refused import RefusedIds
from core.store.sought import object_id, sought
from core.store.translate import speaking
from core.store.walks import Found, Walks

__all__ = ["INDEXES", "STATES", "Edit", "Found", "Held", "HeldRecord", "Reason", "held_record"]

Document = dict[str, Any]
# The order of a load's records is the order of _id: every page below is a walk along an index.
INDEXES = (
    IndexModel([("load", 1), ("state", 1), ("_id", 1)]),
    IndexModel([("state", 1), ("_id", 1)]),
    IndexModel([("load", 1), ("was.code", 1), ("state", 1), ("_id", 1)]),
    IndexModel([("ready", 1), ("load", 1)], partialFilterExpression={"ready": True}),
)
FEW_INDEXES = (INDEXES[0], INDEXES[-1])  # the embedded server: each halves the speed of writing


class Held:
    """Reads `sluice.quarantine`; `changes` are its writes, refused on a read-only connection."""

    def __init__(
        self,
        ledger: Database[Document],
        guard: Callable[[], None],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        address: str = "the server",
        refused: RefusedIds | None = None,
    ) -> None:
        aware: Database[Document] = ledger.with_options(codec_options=CodecOptions(tz_aware=True))
        self._records: Collection[Document] = aware["quarantine"]
        self._raw: Collection[Document] = aware["raw"]
        self._recipes: Collection[Document] = aware["recipes"]
        self._moves = Moves(aware, guard)
        self._figures = Figures(aware, self._moves, refused)
        # on the embedded server, which reads all for any page
        self._walks = None if refused is None else Walks(self._records, self._figures, refused)
        self._guard = guard
        self._address = address
        self.changes = Changes(aware, guard, now, address, self._moves)

    def prepare(self) -> None:
        """Make the indexes that pages and counts walk along; a load does so before it writes."""
        self._guard()
        with speaking(self._address):
            self._records.create_indexes(list(INDEXES if self._walks is None else FEW_INDEXES))
            self._raw.create_index([("record", 1), ("n", 1)])
            self._moves.prepare()

    def find(
        self,
        load: str | None = None,
        collection: str | None = None,
        reason: str | None = None,
        field: str | None = None,
        text: str | None = None,
        state: str | None = "held",
        skip: int = 0,
        limit: int = 100,
        *,
        rule: str | None = None,
        ready: bool | None = None,
        cell: tuple[str, str] | None = None,
        after: str | None = None,
        ids: Sequence[str] | None = None,
    ) -> tuple[HeldRecord, ...]:
        """A page of records in the order of load and record; `after` is the id to go on from.

        `reason`, `field` and `rule` speak of what was wrong when the record came, so that a mended
        one does not vanish from the list it is in; `cell` is a field and its text now.
        """
        query = sought(load, collection, reason, field, text, state, rule, ready, cell)
        if self._walks is not None and state is not None and not ready and ids is None:
            start = None if after is None else object_id(after)
            wrong = _wrong(reason, field, rule)
            with speaking(self._address):
                if state == "held":
                    found = self._walks.page(query, wrong, start, skip, limit)
                else:
                    found = self._walks.moved(query, start, skip, limit)
            if found is not None:
                return tuple(held_record(document) for document in found)
        chosen: Document = {} if ids is None else {"$in": [object_id(one) for one in ids]}
        if after is not None:
            chosen["$gt"] = object_id(after)
        if chosen:
            query["_id"] = chosen
        cursor = self._records.find(query).sort("_id", 1).skip(skip).limit(limit)
        with speaking(self._address):
            return tuple(held_record(document) for document in cursor)

    def search(
        self,
        load: str | None = None,
        reason: str | None = None,
        field: str | None = None,
        text: str | None = None,
        state: str | None = "held",
        limit: int = 100,
        *,
        rule: str | None = None,
    ) -> Iterator[Found]:
        """What `find` and `count` say to the same words, the first records and how many match, in
        one pass: each value tells how far it came, the last is the whole answer, and who stops
        asking ends it."""
        query = sought(load, None, reason, field, text, state, rule, None)
        walked = None
        with speaking(self._address):
            if self._walks is not None and state == "held":
                walked = self._walks.search(query, _wrong(reason, field, rule), limit)
            if walked is not None:
                yield from walked
                return
        words = (load, None, reason, field, text, state)
        records = self.find(*words, limit=limit, rule=rule)
        total = len(records) if len(records) < limit else self.count(*words, rule=rule)
        yield Found(records, total, total, total)

    def ids(
        self,
        load: str | None = None,
        reason: str | None = None,
        field: str | None = None,
        text: str | None = None,
        state: str = "held",
        *,
        rule: str | None = None,
        deed: str | None = None,
        size: int = 500,
    ) -> Iterator[list[ObjectId]]:
        """The ids of all records that match, some hundred at a time, for whoever moves them on the
        way; `deed` is the one that brought them where they are."""
        query = sought(load, None, reason, field, text, state, rule, None)
        query |= {} if deed is None else {"deed": deed}
        walk = None
        with speaking(self._address):
            if self._walks is not None and state == "held" and deed is None:
                walk = self._walks.ids(query, _wrong(reason, field, rule))
            elif self._walks is not None and state != "held":
                walk = self._walks.moved_ids(query)
            found: list[ObjectId] = []
            for page in self._paged(query, size) if walk is None else walk:
                found += page
                if len(found) >= size:
                    yield found
                    found = []
        if found:
            yield found

    def _paged(self, query: Document, size: int) -> Iterator[list[ObjectId]]:
        after: Document = {}
        while True:
            found = self._records.find({**query, **after}, {"_id": 1}).sort("_id", 1).limit(size)
            page = [one["_id"] for one in found]
            if not page:
                return
            yield page
            after = {"_id": {"$gt": page[-1]}}

    def get(self, id: str) -> HeldRecord | None:
        with speaking(self._address):
            document = self._records.find_one({"_id": object_id(id)})
        return None if document is None else held_record(document)

    def count(
        self,
        load: str | None = None,
        collection: str | None = None,
        reason: str | None = None,
        field: str | None = None,
        text: str | None = None,
        state: str | None = "held",
        *,
        rule: str | None = None,
        ready: bool | None = None,
        cell: tuple[str, str] | None = None,
    ) -> int:
        query = sought(load, collection, reason, field, text, state, rule, ready, cell)
        with speaking(self._address):
            if set(query) <= {"load", "state"} and state in GONE:
                return self._figures.by_load(state, query.get("load")).total()
            if state == "held" and set(query) <= {"load", "state"}:
                return self._figures.held(query.get("load")).total()
            if self._walks is not None and state == "held" and not ready:
                found = self._walks.count(query, _wrong(reason, field, rule))
                if found is not None:
                    return found
            return self._records.count_documents(query)

    def waiting(self) -> int:
        """How many are held and not in vain: those of undone loads can only be discarded."""
        with speaking(self._address):
            return self._figures.waiting()

    def ready(self, load: str | None = None) -> int:
        return self.count(load, ready=True)

    def reasons(self, load: str | None = None, state: str = "held") -> dict[str, int]:
        """How many records came with each code, most first; a record counts once a code."""
        id = None if load is None else object_id(load)
        with speaking(self._address):
            held = state == "held"
            found = self._figures.reasons(id) if held else self._figures.of_state(id, state)[0]
        return dict(found.most_common())

    def kinds(self, load: str | None = None, state: str = "held") -> dict[Kind, int]:
        """How many problems of each (code, field, rule) the records came with, most first."""
        id = None if load is None else object_id(load)
        with speaking(self._address):
            held = state == "held"
            found = self._figures.kinds(id) if held else self._figures.of_state(id, state)[1]
        return dict(found.most_common())

    def loads(self, state: str = "held") -> dict[str, int]:
        """How many records each load has in that state, newest load first; `resubmitted` tells
        what came in after the load itself, whose own counts never change."""
        with speaking(self._address):
            found = self._figures.held() if state == "held" else self._figures.by_load(state)
        return {str(load): found[load] for load in sorted(found, reverse=True)}

    def states(self, load: str | None = None) -> dict[str, int]:
        """How many records are in each state."""
        return {state: self.count(load, state=state) for state in STATES}

    def raw(self, record: HeldRecord) -> bytes:
        """The record's original bytes, however many."""
        if record.raw is not None:
            return record.raw
        with speaking(self._address):
            chunks = list(self._raw.find({"record": object_id(record.id)}).sort("n", 1))
        return b"".join(chunk["data"] for chunk in chunks)

    def recipe(self, key: str) -> Document | None:
        """The descriptor of a newer recipe that mended some records."""
        with speaking(self._address):
            found = self._recipes.find_one({"_id": key})
        return None if found is None else json.loads(found["descriptor"])


def _wrong(reason: str | None, field: str | None, rule: str | None) -> dict[str, str]:
    asked = {"code": reason, "field": field, "rule": rule}
    return {name: value for name, value in asked.items() if value is not None}
