"""`sluice.quarantine`: the records that were refused, found, counted and paged through.

A page is best asked for with `after`, which costs the same at the ten-millionth record as at the
first; `skip` walks there.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bson import ObjectId
from bson.codec_options import CodecOptions
from pymongo import IndexModel
from pymongo.collection import Collection
from pymongo.database import Database

from core.store.changes import Changes
from core.store.figures import GONE, Figures, Kind
from core.store.refused import SMALL, RefusedIds, Wrong
from core.store.sought import object_id, sought
from core.store.translate import speaking

Document = dict[str, Any]
STATES = ("held", "resubmitted", "discarded")
# The order of a load's records is the order of _id: every page below is a walk along an index.
INDEXES = (
    IndexModel([("load", 1), ("state", 1), ("_id", 1)]),
    IndexModel([("state", 1), ("_id", 1)]),
    IndexModel([("load", 1), ("was.code", 1), ("state", 1), ("_id", 1)]),
    IndexModel([("ready", 1), ("load", 1)], partialFilterExpression={"ready": True}),
)
FEW_INDEXES = (INDEXES[0], INDEXES[-1])  # the embedded server: each halves the speed of writing


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a record is held: a rule it broke, as `core.batch.Problem` without the place."""

    code: str
    field: str | None
    value: str
    message: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell that a person changed; `old` is None where the record could not be split."""

    field: str
    old: str | None
    new: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """One refused record, whole.

    `id` is the hex of the `_id` that its document would have had. `values` are its cells as text,
    edits included; `reasons` what is wrong with them now, `was` what was wrong when it came. `raw`
    is None for a raw record over 1 MB, which `Held.raw` fetches. `version` goes up by one with
    every change: a change made to another version than the one on screen is refused.
    """

    id: str
    load: str
    database: str
    collection: str
    record: int
    line: int
    raw: bytes | None
    values: Mapping[str, str]
    reasons: tuple[Reason, ...]
    was: tuple[Reason, ...]
    state: str
    edits: tuple[Edit, ...] = ()
    note: str = ""
    version: int = 0
    recipe: str = ""  # key of the newer recipe that mended it
    claimed: bool = False  # a resubmission is under way, or died half-way

    @property
    def ready(self) -> bool:
        """Nothing is wrong any more: it can be resubmitted."""
        return self.state == "held" and not self.reasons


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
        self._figures = Figures(aware)
        self._refused = refused  # on the embedded server, which reads all for any page
        self._guard = guard
        self._address = address
        self.changes = Changes(aware, guard, now, address)

    def prepare(self) -> None:
        """Make the indexes that pages and counts walk along; a load does so before it writes."""
        self._guard()
        with speaking(self._address):
            self._records.create_indexes(list(INDEXES if self._refused is None else FEW_INDEXES))
            self._raw.create_index([("record", 1), ("n", 1)])

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
        if self._refused is not None and state == "held" and not ready and ids is None:
            with speaking(self._address):
                wrong = _wrong(reason, field, rule)
                found = self._walked(self._refused, query, wrong, after, skip, limit)
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

    def _walked(
        self,
        refused: RefusedIds,
        query: Document,
        wrong: Wrong,
        after: str | None,
        skip: int,
        limit: int,
    ) -> list[Document] | None:
        """A page by computed `_id`s; None where the server is as quick by itself."""
        start = None if after is None else object_id(after)
        exact = self._is_exact(refused, query, wrong)
        walk = self._walk(refused, query, wrong, start, skip if exact else 0)
        if walk is None:
            return None
        rest = {"state": "held"} if exact else _without_load(query)
        wanted, found = limit + (0 if exact else skip), list[Document]()
        for ids in walk:
            found += self._records.find({**rest, "_id": {"$in": ids}}).sort("_id", 1)
            if len(found) >= wanted:
                break
        return found[wanted - limit : wanted]

    def _walk(
        self, refused: RefusedIds, query: Document, wrong: Wrong, after: ObjectId | None, skip: int
    ) -> Iterator[list[ObjectId]] | None:
        held = self._figures.held(query.get("load"))
        if held.total() <= SMALL:
            return None
        return refused.walk(list(held), after, skip, wrong)

    def _is_exact(self, refused: RefusedIds, query: Document, wrong: Wrong) -> bool:
        """Whether the ledger alone tells which held records are meant."""
        if not all(name in ("load", "state") or name.startswith("was") for name in query):
            return False
        return not wrong or self._told(refused, query, wrong) is not None

    def _told(self, refused: RefusedIds, query: Document, wrong: Wrong) -> int | None:
        return refused.count(list(self._figures.held(query.get("load"))), wrong)

    def _counted(self, refused: RefusedIds, query: Document, wrong: Wrong) -> int | None:
        """The count of held records by what the ledger tells of them, or at least without having
        the server read them all at once; None where it is as quick by itself."""
        walk = self._walk(refused, query, wrong, None, 0)
        if walk is None:
            return None
        if self._is_exact(refused, query, wrong):
            return self._told(refused, query, wrong)
        rest = _without_load(query)
        return sum(self._records.count_documents({**rest, "_id": {"$in": ids}}) for ids in walk)

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
            if set(query) == {"state"} and state in GONE:
                return self._figures.by_load(state).total()
            if state == "held" and set(query) <= {"load", "state"}:
                return self._figures.held(query.get("load")).total()
            if self._refused is not None and state == "held" and not ready:
                found = self._counted(self._refused, query, _wrong(reason, field, rule))
                if found is not None:
                    return found
            return self._records.count_documents(query)

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
        """How many records each load has here, newest load first."""
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


def _without_load(query: Document) -> Document:
    """What is left to ask of records whose `_id`s are of that load."""
    return {name: value for name, value in query.items() if name != "load"}


def held_record(document: Mapping[str, Any]) -> HeldRecord:
    return HeldRecord(
        id=str(document["_id"]),
        load=str(document["load"]),
        database=document.get("database", ""),
        collection=document["collection"],
        record=document["record"],
        line=document["line"],
        raw=document.get("raw"),
        values=dict(document.get("values") or {}),
        reasons=tuple(_reason(found) for found in document["reasons"]),
        was=tuple(_reason(found) for found in document.get("was", document["reasons"])),
        state=document["state"],
        edits=tuple(Edit(**edit) for edit in document.get("edits", ())),
        note=document.get("note", ""),
        version=document.get("version", 0),
        recipe=document.get("recipe", ""),
        claimed="claim" in document,
    )


def _reason(found: Mapping[str, Any]) -> Reason:
    return Reason(
        found["code"], found.get("field"), found["value"], found["message"], found.get("rule", "")
    )
