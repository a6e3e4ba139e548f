"""Held records of a server that reads all of them for any page: walked by their `_id`s, which the
ledger tells."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bson import ObjectId
from pymongo.collection import Collection

from core.store.figures import Figures
from core.store.moves import PAGE
from core.store.records import HeldRecord, held_record
from core.store.refused import SMALL, RefusedIds, Wrong

Document = dict[str, Any]
LOOK = 150  # ids in one $in where few records come back: the most a second


@dataclass(frozen=True, slots=True)
class Found:
    """A search so far: the first of the records that match, and how many do of the `seen` ones."""

    records: tuple[HeldRecord, ...]
    count: int
    seen: int
    total: int

    @property
    def fraction(self) -> float:
        return self.seen / self.total if self.total else 1.0


class Walks:
    def __init__(
        self, records: Collection[Document], figures: Figures, refused: RefusedIds
    ) -> None:
        self._records = records
        self._figures = figures
        self._refused = refused

    def page(
        self, query: Document, wrong: Wrong, after: ObjectId | None, skip: int, limit: int
    ) -> list[Document] | None:
        """None where the server is as quick by itself."""
        exact = self._is_exact(query, wrong)
        walk = self._walk(query, wrong, after, skip if exact else 0, PAGE if exact else LOOK)
        if walk is None:
            return None
        rest = {"state": "held"} if exact else _without_load(query)
        wanted, found = limit + (0 if exact else skip), list[Document]()
        for ids in walk:
            found += self._records.find({**rest, "_id": {"$in": ids}}).sort("_id", 1)
            if len(found) >= wanted:
                break
        return found[wanted - limit : wanted]

    def moved(
        self, query: Document, after: ObjectId | None, skip: int, limit: int
    ) -> list[Document] | None:
        """A page of the records in another state; None where the server must look for them."""
        if not query.keys() <= {"load", "state"}:
            return None
        load, state = query.get("load"), query["state"]
        loads = list(self._figures.by_load(state)) if load is None else [load]
        walk = self._refused.moved(loads, state, after, skip)
        if walk is None:
            return None
        found = list[Document]()
        for ids in walk:
            found += self._records.find({"state": state, "_id": {"$in": ids}}).sort("_id", 1)
            if len(found) >= limit:
                break
        return found[:limit]

    def ids(self, query: Document, wrong: Wrong) -> Iterator[list[ObjectId]] | None:
        """Of all held records that match, told once: what becomes of them meanwhile does not make
        it longer. None where the server must look for them."""
        exact = self._is_exact(query, wrong)
        walk = self._walk(query, wrong, None, 0, PAGE if exact else LOOK)
        return None if walk is None else self._found(_without_load(query), walk)

    def moved_ids(self, query: Document) -> Iterator[list[ObjectId]] | None:
        """The same of records in another state."""
        if not query.keys() <= {"load", "state", "deed"}:
            return None
        load, state = query.get("load"), query["state"]
        loads = list(self._figures.by_load(state)) if load is None else [load]
        walk = self._refused.moved(loads, state, None, 0)
        return None if walk is None else self._found(_without_load(query), walk)

    def _found(self, rest: Document, walk: Iterator[list[ObjectId]]) -> Iterator[list[ObjectId]]:
        for ids in walk:
            asked = {**rest, "_id": {"$in": ids}}
            yield [one["_id"] for one in self._records.find(asked, {"_id": 1})]

    def count(self, query: Document, wrong: Wrong) -> int | None:
        """By what the ledger tells, or at least without having the server read them all at once;
        None where it is as quick by itself."""
        walk = self._walk(query, wrong, None, 0, LOOK)
        if walk is None:
            return None
        if self._is_exact(query, wrong):
            return self._told(query, wrong)
        rest = _without_load(query)
        return sum(self._records.count_documents({**rest, "_id": {"$in": ids}}) for ids in walk)

    def search(self, query: Document, wrong: Wrong, limit: int) -> Iterator[Found] | None:
        """Slice by slice; None where `page` and `count` are as quick."""
        walk = self._walk(query, wrong, None, 0, LOOK)
        if walk is None or self._is_exact(query, wrong):
            return None
        told = self._told(query, wrong)
        total = self._figures.held(query.get("load")).total() if told is None else told
        return self._sliced(walk, _without_load(query), limit, total)

    def _sliced(
        self, walk: Iterator[list[ObjectId]], rest: Document, limit: int, total: int
    ) -> Iterator[Found]:
        found = Found((), 0, 0, total)
        for ids in walk:
            wanted = None if len(found.records) < limit else {"_id": 1}
            asked = {**rest, "_id": {"$in": ids}}
            there = list(self._records.find(asked, wanted).sort("_id", 1))
            more = there[: limit - len(found.records)]
            found = Found(
                (*found.records, *map(held_record, more)) if more else found.records,
                found.count + len(there),
                min(found.seen + len(ids), total),
                total,
            )
            yield found
        yield replace(found, seen=total)

    def _walk(
        self,
        query: Document,
        wrong: Wrong,
        after: ObjectId | None,
        skip: int,
        size: int,
    ) -> Iterator[list[ObjectId]] | None:
        held = self._figures.held(query.get("load"))
        if held.total() <= SMALL:
            return None
        return self._refused.walk(list(held), after, skip, wrong, size)

    def _is_exact(self, query: Document, wrong: Wrong) -> bool:
        """Whether the ledger alone tells which held records are meant."""
        if not all(name in ("load", "state") or name.startswith("was") for name in query):
            return False
        return not wrong or self._told(query, wrong) is not None

    def _told(self, query: Document, wrong: Wrong) -> int | None:
        return self._refused.count(list(self._figures.held(query.get("load"))), wrong)


def _without_load(query: Document) -> Document:
    """What is left to ask of records whose `_id`s are of that load."""
    return {name: value for name, value in query.items() if name != "load"}
