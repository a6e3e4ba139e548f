"""One collection as a load writes to it: every call waits for a server that went away."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Any

from bson import ObjectId
from pymongo import WriteConcern
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import ConfigurationError

from core.documents.encoder import Encoded
from core.errors import RecipeError
from core.store.patience import Patience
from core.store.write import WRITERS, Written, fetch, insert, judged

Document = dict[str, Any]
WRITER = "whole"  # of core.store.write.WRITERS, where the recipe names none
_CONCERN = ("w", "j", "wtimeout")
# `blank`: what a blank cell does to a field of a document that is there, in mode update
_CHOICES = {"writer": tuple(WRITERS), "blank": ("keep", "unset")}


def write_concern(settings: Mapping[str, Any]) -> WriteConcern:
    """Of a recipe's `write`: {"w": …, "j": …, "wtimeout": ms}; majority and journaled unless said
    otherwise. Raises RecipeError, also for other words of it that make no sense: a load counts what
    the server has acknowledged, so `w` 0 is none."""
    for word, value in settings.items():
        if word not in (*_CONCERN, *_CHOICES):
            raise RecipeError(
                f"“{word}” is no word of a recipe's write.",
                f"There are {', '.join((*_CONCERN, *_CHOICES))}.",
            )
        if word in _CHOICES and value not in _CHOICES[word]:
            raise RecipeError(
                f"{word} cannot be {value!r}.", f"Choose one of {', '.join(_CHOICES[word])}."
            )
    w = settings.get("w", "majority")
    try:
        if w == 0 or w is True:  # 1 equals True
            raise ValueError(f"w cannot be {w}")
        return WriteConcern(w=w, j=settings.get("j", True), wtimeout=settings.get("wtimeout"))
    except (TypeError, ValueError, ConfigurationError) as error:
        raise RecipeError(
            f"The recipe's write concern cannot be used: {error}.", 'Write {"w": "majority"}.'
        ) from error


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
        self.concern = write_concern(settings)
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
