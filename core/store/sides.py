"""Collections beside the one that is being replaced: the new one being built, the old one kept.

They stand in the same database, since only there a rename is one step; their names begin with
`sluice.`, and browsing leaves them out.
"""

import time
from collections.abc import Container, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from bson import ObjectId
from pymongo.errors import CollectionInvalid, OperationFailure

from core.errors import StoreError
from core.store.target import Target

Document = dict[str, Any]
PREFIX = "sluice."
_KEPT = ("validator", "validationLevel", "validationAction", "collation")
_VALIDATION = _KEPT[:3]
_EXISTS = 48
_LISTING = 0.05  # seconds that another's listing may take
_DROPS = 5  # another who lists or writes all the time is not fought for ever


def side(load: ObjectId, which: str) -> str:
    """`which`: new or old."""
    return f"{PREFIX}{load}.{which}"


def options(target: Target, name: str) -> Document | None:
    """A collection's options, None where there is no such collection; raises StoreError for a view
    or time series, which cannot be replaced."""
    found = target.patient(lambda: list(target.database.list_collections(filter={"name": name})))
    if not found:
        return None
    kind, told = found[0].get("type", "collection"), found[0].get("options", {})
    if kind != "collection" or told.get("capped"):
        raise StoreError(
            f"{name} is no plain collection, so it cannot be replaced.", "Load into another one."
        )
    return {key: value for key, value in told.items() if key in _KEPT}


def identity(target: Target, name: str) -> bytes | None:
    """What tells a collection from a later one of its name (its UUID; empty where a server gives
    none); None where there is no such collection."""
    found = target.patient(lambda: list(target.database.list_collections(filter={"name": name})))
    if not found:
        return None
    uuid = found[0].get("info", {}).get("uuid", b"")
    return uuid.bytes if isinstance(uuid, UUID) else bytes(uuid)


def stands(target: Target, name: str, told: bytes | None) -> bool:
    """Whether a collection is there and the one that was told of, where one was."""
    found = identity(target, name)
    return found is not None and told in (None, found)


def create_like(
    target: Target, name: str, like: str, later: Sequence[Mapping[str, Any]] = ()
) -> None:
    """An empty collection with the options and indexes of another, if that exists, but for those
    indexes that are to come later. Repeatable."""
    target.guard()
    kept = options(target, like) or {}
    if options(target, name) is None:
        target.patient(lambda: _create(target, name, kept))
    copy_indexes(target, like, name, {index["name"] for index in later})


def _create(target: Target, name: str, kept: Mapping[str, Any]) -> None:
    try:
        target.database.create_collection(name, check_exists=False, **kept)
    except CollectionInvalid:
        return
    except OperationFailure as error:
        if error.code != _EXISTS:
            raise


def copy_indexes(
    target: Target, like: str, name: str, without: Container[str] = frozenset()
) -> None:
    target.guard()

    def copied() -> None:
        if options(target, like) is None:
            return
        indexes = [
            {key: value for key, value in index.items() if key != "ns"}
            for index in target.database[like].list_indexes()
            if index["name"] != "_id_" and index["name"] not in without
        ]
        if indexes:
            target.database.command("createIndexes", name, indexes=indexes)

    target.patient(copied)


def copy_aside(target: Target, name: str, aside: str) -> None:
    """A whole copy of a collection, indexes and validator included; a former copy goes."""

    target.guard()

    def copied() -> None:
        list(target.database[name].aggregate([{"$out": aside}]))

    target.patient(copied)
    if options(target, aside) is None:  # $out of no documents may make no collection
        target.patient(lambda: _create(target, aside, {}))
    copy_indexes(target, name, aside)
    validate_like(target, aside, options(target, name) or {})


def validate_like(target: Target, name: str, kept: Mapping[str, Any]) -> None:
    """Give a collection the validator of those options; a rename loses it on some servers."""
    target.guard()
    rules = {key: kept[key] for key in _VALIDATION if key in kept}
    if rules:
        target.patient(lambda: target.database.command("collMod", name, **rules))


def put_in_place(target: Target, aside: str, name: str, told: bytes | None) -> None:
    """One rename over what is there: readers see the old collection or the new one. Repeatable:
    `told` is the identity of what is to be renamed.

    Beside three that list all the time the embedded server left an empty collection of the former
    name after half of the renames: that is not renamed over what had come through.
    """
    target.guard()
    target.patient(lambda: _rename(target, aside, name, told))
    drop(target, aside)


def _rename(target: Target, aside: str, name: str, told: bytes | None) -> None:
    if not stands(target, aside, told) and identity(target, name) is not None:
        return  # an earlier attempt came through, though its answer did not
    target.database[aside].rename(name, dropTarget=True)


def drop(target: Target, name: str) -> None:
    """Repeatable. The embedded server brings back, empty, what another was listing at that moment:
    such a one goes as well, once that listing has come to its end."""
    target.guard()
    there = partial(target.database.list_collection_names, filter={"name": name})
    for _ in range(_DROPS):
        target.patient(lambda: target.database.drop_collection(name))
        if target.embedded:
            time.sleep(_LISTING)
        if not target.patient(there):
            return
