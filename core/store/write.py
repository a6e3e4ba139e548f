"""Documents on their way into a collection: whole batches, and each refusal on its own.

Two writers put the same documents in: `send_whole` hands all bytes of a batch to the server at once
(it rests on how pymongo treats a RawBSONDocument), `send_plain` uses only its public interface.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import bson
import numpy as np
from bson import ObjectId
from bson.raw_bson import RawBSONDocument
from pymongo import InsertOne, WriteConcern
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, OperationFailure, WriteConcernError

from core.documents.encoder import LARGEST, Encoded
from core.store.translate import cause

Document = dict[str, Any]
BLOB = 15 << 20  # bytes of documents in one message
MOST = 50_000  # documents in one message
PAGE = 50  # computed `_id`s in one $in: more is slower on the embedded server
DUPLICATE = 11000
TOO_LARGE = frozenset({10334, 17419, 17420})
TOO_LARGE_PAIR = -1  # no server's: what a document was and becomes does not fit one statement
# Duplicates; validation; BadValue, TypeMismatch, InvalidBSON; names with $, dots or nothing
# in them; InvalidIdField; sizes; keys of text, geo and other indexes that a value does not fit.
OWN_FAULT = TOO_LARGE | {DUPLICATE, 11001, 12582, 121, 2, 14, 22, 52, 53, 55, 56, 57, 171, 17280}
OWN_FAULT |= {10003, 13026, 13027, 16755, 16756, 16804, 17261, 17262}


@dataclass(frozen=True, slots=True)
class Rejection:
    """The server's refusal of one document; `row` counts within what was to be written."""

    row: int
    code: int
    message: str
    fields: tuple[str, ...] = ()  # of the unique index that it clashed with


@dataclass(frozen=True, slots=True)
class Written:
    inserted: int
    rejected: tuple[Rejection, ...]


class _Blob(RawBSONDocument):
    """Many documents, one after the other, where the driver expects one."""

    __slots__ = ("_whole",)

    def __init__(self, whole: bytes) -> None:
        self._whole = whole

    @property
    def raw(self) -> bytes:
        return self._whole


def send_whole(
    collection: Collection[Document], documents: Encoded, concern: WriteConcern
) -> tuple[int, list[Mapping[str, Any]]]:
    """How many went in, and the server's write errors; raises WriteConcernError."""
    start, stop = int(documents.offsets[0]), int(documents.offsets[-1])
    reply = collection.database.command(
        "insert",
        collection.name,
        documents=[_Blob(bytes(documents.data[start:stop]))],
        ordered=False,
        writeConcern=concern.document,
    )
    judged(reply)
    return reply["n"], reply.get("writeErrors", [])


def judged(reply: Mapping[str, Any]) -> Mapping[str, Any]:
    """The reply, if all it complains of are single documents; raises OperationFailure."""
    if failure := reply.get("writeConcernError"):
        raise WriteConcernError(failure.get("errmsg", ""), failure.get("code"), failure)
    for error in reply.get("writeErrors", ()):
        _own_fault(error)
    return reply


def send_plain(
    collection: Collection[Document], documents: Encoded, concern: WriteConcern
) -> tuple[int, list[Mapping[str, Any]]]:
    """The same through `bulk_write`."""
    asked: list[Any] = [InsertOne(RawBSONDocument(part)) for part in documents]
    try:
        done = collection.with_options(write_concern=concern).bulk_write(asked, ordered=False)
    except BulkWriteError as error:
        details = error.details
        if details.get("writeConcernErrors"):
            raise cause(error) from error
        return details["nInserted"], details["writeErrors"]
    return done.inserted_count, []


WRITERS: dict[str, Callable[..., tuple[int, list[Mapping[str, Any]]]]] = {
    "whole": send_whole,
    "plain": send_plain,
}


def insert(
    collection: Collection[Document], documents: Encoded, concern: WriteConcern, writer: str
) -> Written:
    """Insert documents that bring their `_id`s; each refused one is told with its reason."""
    inserted = 0
    rejected: list[Rejection] = []
    for first, part in _portions(documents):
        if len(part) == 1 and part.offsets[1] - part.offsets[0] > LARGEST:
            size = int(part.offsets[1] - part.offsets[0])
            rejected.append(Rejection(first, 10334, f"{size:,} bytes"))
            continue
        done, errors = WRITERS[writer](collection, part, concern)
        inserted += done
        rejected += [rejection(first, error) for error in errors if _own_fault(error)]
    return Written(inserted, tuple(rejected))


def _own_fault(error: Mapping[str, Any]) -> bool:
    """Whether the document is to blame; raises what blames the server: a full disk, a step-down."""
    code = error["code"]
    if code in OWN_FAULT:
        return True
    message = error.get("errmsg", f"error {code}")
    raise OperationFailure(message, code, {"errmsg": message, "code": code})


def rejection(first: int, error: Mapping[str, Any]) -> Rejection:
    fields = tuple(error.get("keyPattern") or ())
    return Rejection(first + error["index"], error["code"], error.get("errmsg", ""), fields)


def _portions(documents: Encoded) -> Iterator[tuple[int, Encoded]]:
    """The documents in runs that fit one message, each with the row it begins at."""
    offsets, first = documents.offsets, 0
    while first < len(documents):
        fits = int(np.searchsorted(offsets, offsets[first] + BLOB, "right")) - 1
        stop = max(first + 1, min(fits, first + MOST))
        yield first, Encoded(documents.data, offsets[first : stop + 1])
        first = stop


def runs(asked: Sequence[Document]) -> Iterator[list[tuple[int, RawBSONDocument]]]:
    """The statements of a write command, each with its place, in runs that fit one message; those
    that fit none are left out."""
    run: list[tuple[int, RawBSONDocument]] = []
    size = 0
    for at, statement in enumerate(asked):
        raw = bson.encode(statement)
        if len(raw) > LARGEST:
            continue
        if run and (len(run) == PAGE or size + len(raw) > BLOB):
            yield run
            run, size = [], 0
        run.append((at, RawBSONDocument(raw)))
        size += len(raw)
    if run:
        yield run


def fetch(
    collection: Collection[Document], ids: list[Any], fields: Mapping[str, int] | None = None
) -> dict[Any, Document]:
    """The documents that have those `_id`s."""
    found: dict[Any, Document] = {}
    for at in range(0, len(ids), PAGE):
        query = {"_id": {"$in": ids[at : at + PAGE]}}
        found |= {document["_id"]: document for document in collection.find(query, fields)}
    return found


def existing(collection: Collection[Document], ids: list[ObjectId]) -> set[ObjectId]:
    return set(fetch(collection, ids, {"_id": 1}))
