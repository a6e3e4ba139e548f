"""One field over all documents: types, missing ones, distinct and top values, extremes."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.profile.asking import (
    OUT_OF_CHART,
    Query,
    as_float,
    asker,
    equal,
    label,
    matching,
)
from core.profile.charts import Bar
from core.store import Store
from core.store.paths import both, value_of

NUMBERS = ("int", "long", "double", "decimal")


@dataclass(frozen=True, slots=True)
class FieldShape:
    """A field seen in some documents: its BSON types with counts, and the share that has it."""

    name: str
    types: Mapping[str, int]
    share: float

    @property
    def type(self) -> str:
        """The type seen most."""
        return max(self.types, key=lambda name: self.types[name])


@dataclass(frozen=True, slots=True)
class FieldProfile:
    """One field over all documents that a query picks; distinct counts single values only."""

    field: str
    documents: int
    missing: int
    nulls: int
    types: Mapping[str, int]
    distinct: int
    top: tuple[Bar, ...]
    minimum: Any = None
    maximum: Any = None
    mean: float | None = None
    deviation: float | None = None


def fields(
    store: Store, collection: str, database: str | None = None, query: Query | None = None
) -> tuple[FieldShape, ...]:
    """The fields of the first documents, in their order there."""
    page = store.browse.documents(database or store.database, collection, query, size=100)
    seen: dict[str, dict[str, int]] = {}
    for document in page.documents:
        for name, value in document.items():
            kinds = seen.setdefault(name, {})
            kind = bson_type(value)
            kinds[kind] = kinds.get(kind, 0) + 1
    total = len(page.documents)
    return tuple(
        FieldShape(name, kinds, sum(kinds.values()) / total) for name, kinds in seen.items()
    )


def bson_type(value: Any) -> str:
    """The server's word for the type of a value that came from it."""
    names = {
        "bool": "bool", "float": "double", "str": "string", "datetime": "date", "bytes": "binData",
        "Binary": "binData", "UUID": "binData", "ObjectId": "objectId", "Decimal128": "decimal",
        "NoneType": "null", "list": "array", "dict": "object", "Int64": "long", "Regex": "regex",
        "Timestamp": "timestamp",
    }  # fmt: skip
    if type(value) is int:
        return "int" if -(2**31) <= value < 2**31 else "long"
    return names.get(type(value).__name__, "object")


def field_profile(
    store: Store,
    collection: str,
    field: str,
    query: Query | None = None,
    database: str | None = None,
) -> FieldProfile:
    value = value_of(field)
    shape = {
        "_id": {"$type": value},
        "n": {"$sum": 1},
        "min": {"$min": value},
        "max": {"$max": value},
        "mean": {"$avg": value},
        "deviation": {"$stdDevPop": value},
    }
    ask = asker(store, collection, database)
    found = {kind["_id"]: kind for kind in ask([*matching(query), {"$group": shape}])}
    top, distinct = _top(ask, field, query, 20)
    numbers = [found[kind] for kind in NUMBERS if kind in found]
    known = numbers or [kind for name, kind in found.items() if name not in ("missing", "null")]
    mean, deviation = _pooled(numbers)
    return FieldProfile(
        field=field,
        documents=sum(kind["n"] for kind in found.values()),
        missing=found.get("missing", {}).get("n", 0),
        nulls=found.get("null", {}).get("n", 0),
        types={name: kind["n"] for name, kind in found.items() if name != "missing"},
        distinct=distinct,
        top=top,
        minimum=_extreme([kind["min"] for kind in known], min),
        maximum=_extreme([kind["max"] for kind in known], max),
        mean=mean,
        deviation=deviation,
    )


def _top(ask: Any, field: str, query: Query | None, limit: int) -> tuple[tuple[Bar, ...], int]:
    outside = ["missing", "null", *OUT_OF_CHART]
    picked = both(query, {"$expr": {"$not": {"$in": [{"$type": value_of(field)}, outside]}}})
    ranked = [{"$sort": {"n": -1, "_id": 1}}, {"$limit": limit}]
    found = ask(
        [
            *matching(picked),
            {"$group": {"_id": value_of(field), "n": {"$sum": 1}}},
            {"$facet": {"top": ranked, "distinct": [{"$count": "n"}]}},
        ]
    )[0]
    top = tuple(
        Bar(
            one["_id"],
            label(one["_id"]),
            float(one["n"]),
            one["n"],
            equal(field, one["_id"], query),
        )
        for one in found["top"]
    )
    return top, found["distinct"][0]["n"] if found["distinct"] else 0


def _pooled(kinds: Sequence[Mapping[str, Any]]) -> tuple[float | None, float | None]:
    """Mean and deviation over int, long, double and decimal together, each known by itself."""
    total = sum(kind["n"] for kind in kinds)
    if not total:
        return None, None
    mean = sum(kind["n"] * as_float(kind["mean"]) for kind in kinds) / total
    square = sum(
        kind["n"] * (as_float(kind["deviation"]) ** 2 + (as_float(kind["mean"]) - mean) ** 2)
        for kind in kinds
    )
    return mean, math.sqrt(square / total)


def _extreme(values: Sequence[Any], which: Any) -> Any:
    try:
        return which(values, key=lambda value: as_float(value)) if values else None
    except ValueError:  # text and dates: one type is nearly always the only one
        return values[0]
