"""Indexes that keep keys unique in a collection, made once and never dropped again by Sluice.

They are partial, so that documents without the key do not clash with each other. An index that is
there already and keeps the same promise, whoever made it, is left as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pymongo.errors import OperationFailure

from core.errors import StoreError
from core.store.target import Target
from core.store.write import DUPLICATE

Document = dict[str, Any]
_PREFIX = "sluice_unique"
_SHOWN = 80  # characters of an example
_NO_SHARD_KEY = 67  # CannotCreateIndex: on a sharded collection it must begin with the shard key
# All that a load can store but null, which clashes with nothing: neither in a file.
_SOMETHING = ["string", "number", "bool", "date", "objectId", "binData", "object"]


@dataclass(frozen=True, slots=True)
class UniqueKey:
    """Fields of documents that are unique together; `nullable` are those that a load may set to
    null; `sought` says that documents are looked up by the key, `told` that what an index finds
    equal is equal to the check of a file as well."""

    fields: tuple[str, ...]
    nullable: frozenset[str] = frozenset()
    sought: bool = False
    told: bool = False

    @property
    def index(self) -> Document:
        present = {
            field: {"$type": _SOMETHING} if field in self.nullable else {"$exists": True}
            for field in self.fields
        }
        return {
            "key": dict.fromkeys(self.fields, 1),
            "name": "_".join([_PREFIX, *self.fields]),
            "unique": True,
            "partialFilterExpression": present,
        }


def ensure_unique(target: Target, keys: Sequence[UniqueKey], *, late: bool = False) -> None:
    """Make the indexes that those keys lack, all or none of them; `late` those that can be made,
    after a load's documents. Repeatable.

    Raises StoreError with an example where documents share a key.
    """
    target.guard()
    made: list[str] = []
    for key in lacking(target, keys):
        try:
            target.patient(partial(_make, target, key.index, late))
        except StoreError:
            for name in () if late else made:
                target.patient(partial(target.collection.drop_index, name))
            raise
        made.append(key.index["name"])
    if target.embedded:  # it finds no documents by a partial index: a plain one goes beside it
        for key in keys:
            if key.sought and "_id" not in key.fields:
                _make_plain(target, key.fields)


def lacking(target: Target, keys: Sequence[UniqueKey]) -> tuple[UniqueKey, ...]:
    """The keys that no index keeps unique, nor one that is made for a key before them."""
    if not keys:
        return ()
    there: list[Mapping[str, Any]] = target.patient(lambda: [*target.collection.list_indexes()])
    found: list[UniqueKey] = []
    for key in keys:
        if "_id" not in key.fields and not any(_keeps(index, key.index) for index in there):
            found.append(key)
            there.append(key.index)
    return tuple(found)


def is_fresh(target: Target) -> bool:
    """Whether there is no such collection, or an empty one that compares text byte by byte."""
    named = {"name": target.name}
    found = target.patient(lambda: list(target.database.list_collections(filter=named)))
    if not found:
        return True
    if "collation" in found[0].get("options", {}):
        return False
    return target.patient(lambda: target.collection.find_one({}, {"_id": 1})) is None


def _keeps(index: Mapping[str, Any], wanted: Document) -> bool:
    """Whether an index refuses whatever the wanted one would."""
    if not index.get("unique") or not set(index["key"]) <= set(wanted["key"]):
        return False
    present = wanted["partialFilterExpression"]
    told = index.get("partialFilterExpression", {})
    return all(present.get(field) == dict(rule) for field, rule in told.items() if rule)


def _make(target: Target, index: Document, late: bool) -> None:
    try:
        target.database.command("createIndexes", target.name, indexes=[index])
    except OperationFailure as error:
        named = ", ".join(index["key"])
        if error.code == DUPLICATE and late:
            raise StoreError(
                f"While this load ran, others wrote documents with the same {named}"
                f"{_example(error)} into {target.name}, so it cannot be kept unique there.",
                "Mend them and resume the load (--resume), or undo it.",
            ) from error
        if error.code == DUPLICATE:
            raise StoreError(
                f"Documents in {target.name} share the same {named}{_example(error)}, "
                "so it cannot be kept unique there.",
                "Mend them, or take that key or constraint out of the recipe.",
            ) from error
        if error.code == _NO_SHARD_KEY:
            raise StoreError(
                f"{target.name} is sharded by other fields than {named}, so the server cannot keep "
                "that unique.",
                "Take that key or constraint out of the recipe, or load into another collection.",
            ) from error
        raise


def _example(error: OperationFailure) -> str:
    shared = (error.details or {}).get("keyValue") or {}
    shown = ", ".join(str(value) for value in shared.values())
    return f" ({shown[:_SHOWN]}, for example)" if shown else ""


def _make_plain(target: Target, fields: Sequence[str]) -> None:
    keys = [(field, 1) for field in fields]
    name = "_".join(["sluice", *fields])
    target.patient(lambda: target.collection.create_index(keys, name=name))
