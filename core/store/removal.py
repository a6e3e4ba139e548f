"""Documents taken out again, each only while it is as it was seen."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import bson
from bson import ObjectId

from core.store.ledger import FAITHFUL
from core.store.listing import RAW, listed
from core.store.target import Target
from core.store.write import PAGE, runs

Document = dict[str, Any]


def fetch_raw(target: Target, ids: Sequence[Any]) -> dict[Any, bytes]:
    """The documents with those `_id`s (at most PAGE are asked for at once), as their bytes."""
    found: dict[Any, bytes] = {}
    for at in range(0, len(ids), PAGE):
        query = {"_id": {"$in": list(ids[at : at + PAGE])}}
        for raw in target.patient(partial(_raw, target, query)):
            found[bson.decode(raw, FAITHFUL)["_id"]] = raw
    return found


def _raw(target: Target, query: Document) -> list[bytes]:
    collection: Any = target.collection.with_options(codec_options=RAW)
    return [document.raw for document in collection.find(query)]


def scan(target: Target, query: Document) -> Iterator[list[bytes]]:
    """All documents that match, some at a time, of a collection however large."""
    collection: Any = target.collection.with_options(codec_options=RAW)
    for page in listed(target.patient, partial(collection.find, query, {"_id": 1}), PAGE):
        yield list(fetch_raw(target, [one["_id"] for one in page]).values())


def remove(target: Target, documents: Sequence[bytes]) -> int:
    """Delete those documents that are still as given, comparing and deleting in one step; how many
    there were.

    One statement a document: the embedded server's time goes into statements, yet it reads the
    whole collection for one statement that compares several documents ($or, $nor, $expr).
    """
    seen = (_as_seen(bson.decode(raw, FAITHFUL), target.embedded) for raw in documents)
    removed = 0
    for run in runs([{"q": query, "limit": 1} for query in seen]):
        asked = [statement for _, statement in run]
        removed += target.patient(partial(target.run, "delete", "deletes", asked))["n"]
    return removed


def _as_seen(document: Document, embedded: bool) -> Document:
    """A filter for this very document.

    The embedded server reads its whole collection for an `$expr`, so there the fields are compared
    one by one: a field added in the instant since we looked would go unseen.
    """
    plain = all(name and "." not in name and name[0] != "$" for name in document)
    if embedded and plain:
        return {
            name: value if name == "_id" else {"$eq": value} for name, value in document.items()
        }
    same = {"$eq": ["$$ROOT", {"$literal": document}]}
    return {"_id": document["_id"], "$expr": same}


def every(target: Target) -> Iterator[bytes]:
    """The whole collection, document by document. Not patient."""
    collection: Any = target.collection.with_options(codec_options=RAW)
    for document in collection.find({}):
        yield document.raw


def within(spans: Sequence[tuple[ObjectId, ObjectId]], field: str) -> Document:
    """A filter for documents whose `_id` or `_load` lies in one of these ranges."""
    ranges = [{field: {"$gte": first, "$lte": last}} for first, last in spans]
    return ranges[0] if len(ranges) == 1 else {"$or": ranges}
