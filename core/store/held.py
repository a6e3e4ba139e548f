"""`sluice.quarantine`: the records that were refused, found, counted and paged through."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bson import ObjectId
from pymongo.collection import Collection
from pymongo.database import Database

STATES = ("held", "resubmitted", "discarded")
Document = dict[str, Any]


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
    """One cell that a person changed."""

    field: str
    old: str | None
    new: str | None
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """One refused record, whole.

    `id` is the hex of the `_id` that its document would have had; `values` are its cells as text,
    edits included; `raw` is None for a raw record over 1 MB, which `Held.raw` fetches.
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
    state: str
    edits: tuple[Edit, ...] = ()
    note: str = ""
    version: int = 0  # goes up with every change, for compare-and-swap
    names: tuple[str, ...] = field(default=())


class Held:
    """Reads and changes `sluice.quarantine`; `guard` raises ReadOnly where writing is refused."""

    def __init__(self, ledger: Database[Document], guard: Callable[[], None]) -> None:
        self._records: Collection[Document] = ledger["quarantine"]
        self._raw: Collection[Document] = ledger["raw"]
        self._guard = guard

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
        after: str | None = None,
    ) -> tuple[HeldRecord, ...]:
        """A page of records in the order of load and record; `after` is the id to go on from."""
        query = _query(load, collection, reason, field, text, state)
        if after is not None:
            query["_id"] = {"$gt": ObjectId(after)}
        cursor = self._records.find(query).sort("_id", 1).skip(skip).limit(limit)
        return tuple(_record(document) for document in cursor)

    def get(self, id: str) -> HeldRecord | None:
        document = self._records.find_one({"_id": ObjectId(id)})
        return None if document is None else _record(document)

    def count(
        self,
        load: str | None = None,
        collection: str | None = None,
        reason: str | None = None,
        field: str | None = None,
        text: str | None = None,
        state: str | None = "held",
    ) -> int:
        return self._records.count_documents(_query(load, collection, reason, field, text, state))

    def reasons(self, load: str | None = None, state: str | None = "held") -> dict[str, int]:
        """How many records are held under each code, most first; a record counts once a code."""
        stages: list[Mapping[str, Any]] = [
            {"$match": _query(load, None, None, None, None, state)},
            {"$project": {"code": {"$setUnion": ["$reasons.code", []]}}},
            {"$unwind": "$code"},
            {"$group": {"_id": "$code", "n": {"$sum": 1}}},
            {"$sort": {"n": -1, "_id": 1}},
        ]
        return {found["_id"]: found["n"] for found in self._records.aggregate(stages)}

    def raw(self, record: HeldRecord) -> bytes:
        """The record's original bytes, however many."""
        if record.raw is not None:
            return record.raw
        chunks = self._raw.find({"record": ObjectId(record.id)}).sort("n", 1)
        return b"".join(chunk["data"] for chunk in chunks)


def _query(
    load: str | None,
    collection: str | None,
    reason: str | None,
    field: str | None,
    text: str | None,
    state: str | None,
) -> Document:
    query: Document = {}
    if load is not None:
        query["load"] = ObjectId(load)
    if state is not None:
        query["state"] = state
    if collection is not None:
        query["collection"] = collection
    if reason is not None and field is not None:
        query["reasons"] = {"$elemMatch": {"code": reason, "field": field}}
    elif reason is not None:
        query["reasons.code"] = reason
    elif field is not None:
        query["reasons.field"] = field
    if text:
        query["text"] = {"$regex": re.escape(text), "$options": "i"}
    return query


def _record(document: Mapping[str, Any]) -> HeldRecord:
    return HeldRecord(
        id=str(document["_id"]),
        load=str(document["load"]),
        database=document.get("database", ""),
        collection=document["collection"],
        record=document["record"],
        line=document["line"],
        raw=document.get("raw"),
        values=dict(document.get("values", {})),
        reasons=tuple(_reason(found) for found in document["reasons"]),
        state=document["state"],
        edits=tuple(Edit(**edit) for edit in document.get("edits", ())),
        note=document.get("note", ""),
        version=document.get("version", 0),
    )


def _reason(found: Mapping[str, Any]) -> Reason:
    return Reason(
        found["code"], found.get("field"), found["value"], found["message"], found.get("rule", "")
    )
