"""Bringing the documents of a batch in: what a mode is, and the plainest of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol

import bson
import numpy as np

from core.batch import Batch, Integers, Refused
from core.checking.findings import Finding, refuse
from core.documents.digests import Digests
from core.documents.encoder import Encoded
from core.documents.lineage import Ids, object_ids
from core.loading.keys import unique_keys
from core.loading.sealing import guard_keys, postponed
from core.loading.setting import Setting
from core.store import FAITHFUL
from core.store.lookups import Lookups
from core.store.matching import unique_fields
from core.store.uniqueness import UniqueKey, ensure_unique
from core.store.write import DUPLICATE, PAGE, TOO_LARGE, TOO_LARGE_PAIR, Rejection


@dataclass(frozen=True, slots=True)
class Prepared:
    """A checked batch, ready to be sent. `names` are the `_id`s (or, where the file brings its
    own, the `_load`s) of its documents."""

    n: int
    batch: Batch
    documents: Encoded
    names: Ids
    digests: Digests


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch's documents, each counted where it happened; `accepted` are the rows
    whose document is in the collection because of this load, or was there unchanged, and `digests`
    are of those documents as they now are."""

    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    accepted: Integers = field(default_factory=lambda: np.zeros(0, np.int64))
    digests: Digests = field(default_factory=lambda: np.zeros(0, np.uint64))
    refused: tuple[Refused, ...] = ()


class Mode(Protocol):
    def prepare(self) -> None:
        """Before the first batch; repeatable."""

    def put(self, prepared: Prepared) -> Outcome:
        """Bring one batch in; repeatable."""

    def seal(self) -> None:
        """After the last batch: indexes that were left for then; repeatable, and harmless to leave
        running."""

    def finish(self) -> None:
        """After that; repeatable."""

    def lost(self, prepared: Prepared, outcome: Outcome) -> bool:
        """Whether documents that the server said were in are not."""

    def foresee(self, prepared: Prepared) -> Outcome:
        """What `put` would come to, as far as looking tells; nothing is written."""


class Add:
    """Inserts; whatever the server refuses is refused here, record by record."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._later: tuple[UniqueKey, ...] = ()

    def prepare(self) -> None:
        self._later = postponed(self._setting)
        guard_keys(self._setting, self._later)

    def put(self, prepared: Prepared) -> Outcome:
        inserted, rejected = bring_in(self._setting, prepared.documents, prepared.names)
        wrong = np.array([found.row for found in rejected], np.int64)
        rows = np.delete(np.arange(len(prepared.documents)), wrong)
        return Outcome(
            inserted=inserted,
            accepted=rows,
            digests=prepared.digests[rows],
            refused=refusals(prepared.batch, rejected),
        )

    def seal(self) -> None:
        ensure_unique(self._setting.target, self._later, late=True)

    def finish(self) -> None:
        pass

    def lost(self, prepared: Prepared, outcome: Outcome) -> bool:
        rows = outcome.accepted[-PAGE:]
        names = object_ids(prepared.names[rows])
        if self._setting.own_ids:
            names = [bson.decode(prepared.documents[row], FAITHFUL)["_id"] for row in rows.tolist()]
        return len(self._setting.target.loads_of(names)) < len(rows)

    def foresee(self, prepared: Prepared) -> Outcome:
        clashes = self._clashes(prepared)
        return Outcome(
            inserted=len(prepared.documents) - len(clashes),
            refused=refusals(prepared.batch, clashes),
        )

    def _clashes(self, prepared: Prepared) -> list[Rejection]:
        """Rows whose documents a unique index would refuse: one that is there, or is to come."""
        documents = decoded(prepared.documents)
        wanted = [key.fields for key in unique_keys(self._setting.recipe)]
        found: dict[int, Rejection] = {}
        for fields in dict.fromkeys([*unique_fields(self._setting.target), *wanted]):
            named = {row: tuple(map(one.get, fields)) for row, one in enumerate(documents)}
            keys = {row: key for row, key in named.items() if None not in key}
            there = self._lookup(self._setting.target.name, fields, list(keys.values()))
            for row, known in zip(keys, there, strict=True):
                if known:
                    found.setdefault(row, Rejection(row, DUPLICATE, "", fields))
        return [found[row] for row in sorted(found)]

    @cached_property
    def _lookup(self) -> Lookups:
        return self._setting.store.lookup(
            self._setting.entry.database, self._setting.target.patient
        )


def decoded(documents: Encoded) -> list[dict[str, Any]]:
    return [bson.decode(document, FAITHFUL) for document in documents]


def bring_in(setting: Setting, documents: Encoded, names: Ids) -> tuple[int, list[Rejection]]:
    """Insert; how many are in, those we had sent before included, and what was refused.

    The server's word for a clash may name any unique index, also for a document's clash with
    itself: so a document that clashes is looked for by its `_id`.
    """
    if not len(documents):
        return 0, []
    written = setting.target.insert(documents)
    clashes = [found.row for found in written.rejected if found.code == DUPLICATE]
    ours = _ours(setting, documents, names, clashes) if clashes else set()
    rejected = [found for found in written.rejected if found.row not in ours]
    return written.inserted + len(ours), rejected


def _ours(setting: Setting, documents: Encoded, names: Ids, rows: list[int]) -> set[int]:
    lineage = object_ids(names[rows])
    if not setting.own_ids:
        there = setting.target.loads_of(lineage)
        return {row for row, name in zip(rows, lineage, strict=True) if name in there}
    ids = [bson.decode(documents[row])["_id"] for row in rows]
    there = setting.target.loads_of(ids)
    named = zip(rows, ids, lineage, strict=True)
    return {row for row, id, name in named if there.get(id) == name}


def refusals(batch: Batch, rejections: Sequence[Rejection]) -> tuple[Refused, ...]:
    """The server's refusals as refused records."""
    if not rejections:
        return ()
    raw = replace(batch.raw, refused=())
    rows = np.searchsorted(raw.records, batch.records[[found.row for found in rejections]])
    findings = [
        _finding(batch, found, int(row)) for found, row in zip(rejections, rows, strict=True)
    ]
    return refuse(raw, raw.columns, findings)


def _finding(batch: Batch, found: Rejection, row: int) -> Finding:
    field = found.fields[0] if found.fields else None
    text = batch.raw.columns.get(field) if field else None
    code, message = _words(found)
    return Finding(
        field, code, "server", np.array([row]), text, lambda value, _: message.format(value)
    )


def _words(found: Rejection) -> tuple[str, str]:
    plain = found.message.replace("{", "{{").replace("}", "}}")
    if found.code == DUPLICATE:
        fields = ", ".join(found.fields) or "_id"
        whence = ", from before or from an earlier row" if fields == "_id" else ""
        return (
            "duplicate-key",
            f"The collection already holds a document with this {fields}{whence}",
        )
    if found.code == TOO_LARGE_PAIR:
        said = "The document it would change is too large: MongoDB takes 16 MB for old and new"
        return "document-too-large", said
    if found.code in TOO_LARGE:
        return "document-too-large", f"The document is larger than 16 MB ({plain})"
    return "document-invalid", f"The collection does not take this document: {plain}"
