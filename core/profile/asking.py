"""How figures are asked of the server, and how their values are written."""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.store import Store
from core.store.paths import both, value_of, where

Query = Mapping[str, Any]
OUT_OF_CHART = ("array", "object", "binData")  # no bar has such a value


def asker(store: Store, collection: str, database: str | None) -> Any:
    name = database or store.database
    return lambda stages: store.browse.aggregate(name, collection, stages)


def matching(query: Query | None) -> list[dict[str, Any]]:
    return [{"$match": dict(query)}] if query else []


def documents(ask: Any, query: Query | None) -> int:
    found = ask([*matching(query), {"$group": {"_id": None, "n": {"$sum": 1}}}])
    return int(found[0]["n"]) if found else 0


def extent(ask: Any, field: str, picked: Query) -> tuple[Any, Any] | None:
    value = value_of(field)
    extremes = {"_id": None, "low": {"$min": value}, "high": {"$max": value}}
    found = ask([*matching(picked), {"$group": extremes}])
    return (found[0]["low"], found[0]["high"]) if found else None


def equal(field: str, value: Any, query: Query | None = None) -> dict[str, Any]:
    """The query for documents whose field is that value; None picks missing ones too."""
    return both(query, where(field, {"$eq": value}))


def label(value: Any) -> str:
    """A value as a chart writes it."""
    if value is None:
        return "(missing)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime(
            "%Y-%m-%d" if value.time() == datetime.min.time() else "%Y-%m-%d %H:%M"
        )
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def as_float(value: Any) -> float:
    return math.nan if value is None else float(str(value))
