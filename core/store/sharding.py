"""Sharded clusters (`hello` says `isdbgrid`): new collections spread by a hash of `_id`, and what
cannot be done to sharded ones refused beforehand.

From MongoDB's manual (shardCollection, config.collections, Unique Indexes on sharded collections).
No cluster stood at hand when this was written: it has never met one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.errors import OperationFailure
from pymongo.read_concern import ReadConcern

from core.errors import StoreError
from core.store.target import Target

_UNAUTHORISED, _ALREADY = 13, 23
_HASHED = {"_id": "hashed"}


def spread(target: Target) -> None:
    """Shard a collection that is not there yet. A login that may not shard leaves it whole, as the
    server's default is. Repeatable."""
    names = target.patient(lambda: target.database.list_collection_names())
    if target.name not in names:
        target.patient(lambda: _shard(target))


def _shard(target: Target) -> None:
    admin = target.database.client.admin
    try:
        admin.command("enableSharding", target.database.name)  # needed before MongoDB 6.0
        admin.command("shardCollection", f"{target.database.name}.{target.name}", key=_HASHED)
    except OperationFailure as error:
        if error.code not in (_UNAUTHORISED, _ALREADY):
            raise


def shard_key(target: Target) -> Mapping[str, Any]:
    """Empty for a collection that is not sharded, or where the login may not look."""

    def found() -> Mapping[str, Any]:
        collections = target.database.client.get_database(
            "config", read_concern=ReadConcern("majority")
        )["collections"]
        try:
            told = collections.find_one({"_id": f"{target.database.name}.{target.name}"})
        except OperationFailure as error:
            if error.code != _UNAUTHORISED:
                raise
            return {}
        return {} if told is None or told.get("dropped") else told.get("key", {})

    return target.patient(found)


def check(name: str, key: Mapping[str, Any], mode: str, known: Sequence[str]) -> None:
    """Whether a mode can work on a collection sharded by that key; `known` are the fields by which
    documents are looked up. Raises StoreError."""
    if key and mode == "replace":
        raise StoreError(
            f"{name} is sharded, and replacing it would bring it onto one shard.",
            "Load into a new collection.",
        )
    # a document is changed by its `_id`, and never in the fields it is looked up by
    lacking = [field for field in key if field != "_id" and field not in known]
    if mode == "update" and lacking:
        raise StoreError(
            f"{name} is sharded by {', '.join(key)}, and the key of this update lacks "
            f"{', '.join(lacking)}.",
            "Take the shard key into the recipe's primaryKey.",
        )
