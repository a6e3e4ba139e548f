"""Documents found by a key of theirs, and changed only if they still are as they were seen."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import bson
from bson import Binary, Decimal128, ObjectId
from bson.datetime_ms import DatetimeMS

from core.store.target import Target
from core.store.write import PAGE, TOO_LARGE_PAIR, Rejection, rejection, runs

Document = dict[str, Any]
Key = tuple[Any, ...]


def comparable(values: Iterable[Any]) -> Key:
    """A key as MongoDB compares it: numbers by value, whatever their type."""
    return tuple(_comparable(value) for value in values)


def _comparable(value: Any) -> Any:
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, Decimal128):
        return value.to_decimal()
    if isinstance(value, DatetimeMS):
        return ("date", int(value))
    if isinstance(value, Binary):
        return ("binary", value.subtype, bytes(value))
    if isinstance(value, int | float | str | bytes | ObjectId | None):
        return value
    return bson.encode({"": value})


def find_by_key(
    target: Target, fields: Sequence[str], keys: Sequence[Key], wanted: Mapping[str, int] | None
) -> dict[Key, Document]:
    """The documents that have one of the keys, which a unique index keeps apart."""
    found: dict[Key, Document] = {}
    sought = {comparable(key) for key in keys}
    for query in queries(fields, keys):
        for document in target.patient(partial(_all, target, query, wanted)):
            key = comparable(document.get(field) for field in fields)
            if key in sought:
                found.setdefault(key, document)
    return found


def queries(fields: Sequence[str], keys: Sequence[Key], most: int = PAGE) -> Iterator[Document]:
    """Filters that together find the documents with these keys, `most` of them each; of a key of
    several fields they may find others as well."""
    for at in range(0, len(keys), most):
        page = keys[at : at + most]
        yield {
            field: {"$in": list({comparable([key[n]]): key[n] for key in page}.values())}
            for n, field in enumerate(fields)
        }


def _all(target: Target, query: Document, wanted: Mapping[str, int] | None) -> list[Document]:
    return list(target.collection.find(query, wanted))


def swap(
    target: Target, changes: Sequence[tuple[Document, Document]]
) -> tuple[list[Rejection], int]:
    """Replace each document that still equals the first of its pair by the second, atomically;
    what was refused, and how many were changed. A pair goes to the server as one statement: one
    larger than that may be is refused here."""
    done, refused, sent = 0, list[Rejection](), set[int]()
    for run in runs([_conditional(old, new) for old, new in changes]):
        asked = [statement for _, statement in run]
        reply = target.patient(partial(target.run, "update", "updates", asked))
        done += reply["nModified"]
        told = [rejection(0, error) for error in reply.get("writeErrors", [])]
        refused += [replace(one, row=run[one.row][0]) for one in told]
        sent |= {at for at, _ in run}
    beyond = [at for at in range(len(changes)) if at not in sent]
    return [*refused, *(Rejection(at, TOO_LARGE_PAIR, "") for at in beyond)], done


def _conditional(old: Document, new: Document) -> Document:
    same = {"$eq": ["$$ROOT", {"$literal": old}]}
    return {
        "q": {"_id": old["_id"]},
        "u": [{"$replaceWith": {"$cond": [same, {"$literal": new}, "$$ROOT"]}}],
    }


def unique_fields(target: Target) -> list[tuple[str, ...]]:
    """The fields of each unique index of the collection, `_id` first."""
    found = target.patient(lambda: list(target.collection.list_indexes()))
    return [("_id",), *(tuple(index["key"]) for index in found if index.get("unique"))]
