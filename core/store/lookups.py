"""Whether what a foreign key refers to is there: many keys asked at once.

A server finds them by `$in`. The embedded one would read the whole collection for each question, so
there its keys are read once and remembered, for as long as the lookup lives.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

from bson import ObjectId
from pymongo.database import Database

from core.documents.lineage import record_of
from core.store.matching import Key, comparable, queries

T = TypeVar("T")
Document = dict[str, Any]
PAGE = 1_000


class Patient(Protocol):
    """Runs a piece of work, again where it failed for a passing reason."""

    def __call__(self, work: Callable[[], T]) -> T: ...


class Lookups:
    """As `core.checking.references.Lookup` wants it."""

    def __init__(self, database: Database[Document], embedded: bool, patient: Patient) -> None:
        self._database = database
        self._embedded = embedded
        self._patient = patient
        self._all: dict[tuple[str, tuple[str, ...]], set[Key]] = {}

    def __call__(
        self, collection: str, fields: tuple[str, ...], keys: Sequence[tuple[Any, ...]]
    ) -> list[bool]:
        """For each key whether a document of the collection has it."""
        found = self._everything(collection, fields) if self._embedded else set[Key]()
        if not self._embedded:
            for query in queries(fields, keys, PAGE):
                found |= self._patient(partial(self._keys, collection, fields, query))
        return [comparable(key) in found for key in keys]

    def _everything(self, collection: str, fields: tuple[str, ...]) -> set[Key]:
        known = self._all.get((collection, fields))
        if known is None:
            known = self._patient(partial(self._keys, collection, fields, {}))
            self._all[collection, fields] = known
        return known

    def _keys(self, collection: str, fields: tuple[str, ...], query: Document) -> set[Key]:
        wanted = dict.fromkeys(fields, 1) | ({} if "_id" in fields else {"_id": 0})
        documents = self._database[collection].find(query, wanted)
        return {comparable(document.get(name) for name in fields) for document in documents}


def owners(
    database: Database[Document],
    collection: str,
    load: ObjectId,
    fields: Sequence[str],
    keys: Sequence[Key],
) -> dict[Key, int]:
    """Which of these keys a document of that load has, and the record it came from."""
    found: dict[Key, int] = {}
    wanted = dict.fromkeys((*fields, "_id", "_load"), 1)
    for query in queries(fields, keys, PAGE):
        for document in database[collection].find(query, wanted):
            named = (record_of(load, document.get(name)) for name in ("_load", "_id"))
            record = next((one for one in named if one is not None), None)
            if record is not None:
                found[comparable(document.get(name) for name in fields)] = record
    return found
