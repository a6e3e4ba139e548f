"""One collection as a load writes to it: every call waits for a server that went away."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any

from bson import ObjectId
from pymongo import WriteConcern
from pymongo.collection import Collection
from pymongo.database import Database

from core.documents.encoder import Encoded
from core.recipes.writing import concern
from core.store.patience import Patience
from core.store.write import Written, fetch, insert, judged

Document = dict[str, Any]
WRITER = "whole"  # of core.store.write.WRITERS, where the recipe names none


class Target:
    """`patient` runs each piece of work, which may therefore be repeated."""

    def __init__(
        self,
        database: Database[Document],
        collection: str,
        settings: Mapping[str, Any],
        patient: Patience,
        embedded: bool,
        guard: Callable[[], None],
    ) -> None:
        self.database = database
        self.name = collection
        self.concern = WriteConcern(**concern(settings))
        self.collection: Collection[Document] = self.database[collection].with_options(
            write_concern=self.concern
        )
        self.patient = patient
        self.embedded = embedded
        self.guard = guard
        self._writer = settings.get("writer", WRITER)

    def beside(self, name: str) -> "Target":
        """Another collection of the same database, written the same way."""
        other = copy(self)
        other.name = name
        other.collection = self.database[name].with_options(write_concern=self.concern)
        return other

    def insert(self, documents: Encoded) -> Written:
        self.guard()
        return self.patient(lambda: insert(self.collection, documents, self.concern, self._writer))

    def run(self, verb: str, word: str, asked: Sequence[Any]) -> Mapping[str, Any]:
        """A write command's reply; raises its write concern's failure, and write errors that blame
        the server. Not patient."""
        self.guard()
        statements: Document = {
            word: list(asked),
            "ordered": False,
            "writeConcern": self.concern.document,
        }
        reply: Mapping[str, Any] = self.database.command(verb, self.name, **statements)
        return judged(reply)

    def loads_of(self, ids: list[Any]) -> dict[Any, ObjectId | None]:
        """Which of those documents are there, each with its `_load`."""
        found = self.patient(lambda: fetch(self.collection, ids, {"_load": 1}))
        return {id: document.get("_load") for id, document in found.items()}
