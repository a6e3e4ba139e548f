"""What is looked for among held records, as a query: no text of a user or a file becomes part of an
operator or a path in it."""

import re
from typing import Any

from bson import ObjectId
from bson.errors import InvalidId

from core.errors import StoreError
from core.store.records import key_of

Document = dict[str, Any]


def object_id(text: str) -> ObjectId:
    """Raises StoreError for what is no id."""
    try:
        return ObjectId(text)
    except (InvalidId, TypeError) as error:
        raise StoreError(
            f"“{text}” is no load or record.", "Give the 24 characters that the lists show."
        ) from error


def sought(
    load: str | None,
    collection: str | None,
    reason: str | None,
    field: str | None,
    text: str | None,
    state: str | None,
    rule: str | None,
    ready: bool | None,
    cell: tuple[str, str] | None = None,
) -> Document:
    query: Document = {}
    if load is not None:
        query["load"] = object_id(load)
    if state is not None:
        query["state"] = state
    if collection is not None:
        query["collection"] = collection
    wrong = {"code": reason, "field": field, "rule": rule}
    asked = {name: value for name, value in wrong.items() if value is not None}
    if len(asked) == 1:
        query |= {f"was.{name}": value for name, value in asked.items()}
    elif asked:
        query["was"] = {"$elemMatch": asked}
    if (
        ready
    ):  # first, and without the state that it implies: so the embedded server takes its index
        query.pop("state", None)
        query = {"ready": True, **query}
    elif ready is not None:
        query["reasons"] = {"$ne": []}
    if cell is not None:
        query |= _equals(*cell)
    if text:
        query["text"] = {"$regex": re.escape(text.lower())}
    return query


def _equals(name: str, text: str) -> Document:
    """A name from a file may be anything: part of a path only where it cannot be read otherwise,
    since the embedded server is a hundred times slower without."""
    name = key_of(name)
    if name and not set(name) & set(".$"):
        return {f"values.{name}": {"$eq": text}}
    value = {"$getField": {"field": {"$literal": name}, "input": "$values"}}
    return {"$expr": {"$eq": [value, {"$literal": text}]}}
