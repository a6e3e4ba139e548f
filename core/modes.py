"""What a load does with the documents of a batch: add, update, skip, replace."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import bson
import numpy as np
from bson import ObjectId

from core.batch import Batch, Integers, Refused
from core.documents import Encoded
from core.findings import Finding, refuse
from core.lineage import Ids, object_ids
from core.store.target import Target
from core.store.write import DUPLICATE, TOO_LARGE, Rejection


@dataclass(frozen=True, slots=True)
class Prepared:
    """A checked batch, ready to be sent. `names` are the `_id`s (or, where the file brings its
    own, the `_load`s) of its documents."""

    n: int
    batch: Batch
    documents: Encoded
    names: Ids


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch's documents, each counted where it happened; `accepted` are the rows
    whose document is in the collection because of this load, or was there unchanged."""

    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    accepted: Integers | None = None
    refused: tuple[Refused, ...] = ()


class Mode(Protocol):
    def prepare(self) -> None:
        """Before the first batch; repeatable."""

    def put(self, prepared: Prepared) -> Outcome:
        """Bring one batch in; repeatable."""

    def finish(self) -> None:
        """After the last batch; repeatable."""


class Add:
    """Inserts; whatever the server refuses is refused here, record by record."""

    def __init__(self, target: Target, load: ObjectId, own_ids: bool) -> None:
        self._target = target
        self._load = load
        self._own_ids = own_ids

    def prepare(self) -> None:
        pass

    def put(self, prepared: Prepared) -> Outcome:
        written = self._target.insert(prepared.documents)
        clashes = [found.row for found in written.rejected if found.code == DUPLICATE]
        ours = self._ours(prepared, clashes) if clashes else set()
        wrong = [found for found in written.rejected if found.row not in ours]
        rows = np.setdiff1d(
            np.arange(prepared.batch.rows), np.array([found.row for found in wrong], np.int64)
        )
        return Outcome(
            inserted=written.inserted + len(ours),
            accepted=rows,
            refused=refusals(prepared.batch, wrong),
        )

    def _ours(self, prepared: Prepared, rows: list[int]) -> set[int]:
        """Rows whose document is there because we sent it before: the server's word for a clash
        may name any unique index, also for a document's clash with itself."""
        names = object_ids(prepared.names[rows])
        if not self._own_ids:
            there = self._target.loads_of(names)
            return {row for row, name in zip(rows, names, strict=True) if name in there}
        ids = [bson.decode(prepared.documents[row])["_id"] for row in rows]
        there = self._target.loads_of(ids)
        return {
            row for row, id, name in zip(rows, ids, names, strict=True) if there.get(id) == name
        }

    def finish(self) -> None:
        pass


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
        return "duplicate-key", f"The collection already holds a document with this {fields}"
    if found.code in TOO_LARGE:
        return "document-too-large", f"The document is larger than 16 MB ({plain})"
    return "document-invalid", f"The collection does not take this document: {plain}"


MODES: dict[str, Callable[..., Any]] = {"add": Add}
