"""How the numbers or dates of a field are spread: bins of equal width."""

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from core.profile.asking import Query, as_float, asker, documents, extent, matching
from core.store import Store
from core.store.paths import both, value_of, where

_MOST = sys.float_info.max
KINDS: Mapping[str, Mapping[str, Any]] = {  # nan and the infinities have no place on an axis
    "number": {"$type": "number", "$gte": -_MOST, "$lte": _MOST},
    "date": {"$type": "date"},
}


@dataclass(frozen=True, slots=True)
class Histogram:
    """`counts[i]` values from `edges[i]` up to `edges[i + 1]`; edges are float or datetime.

    The last bin holds its upper edge too. `others` documents have no value of that kind.
    """

    field: str
    kind: str  # "number", "date" or "" for no values
    edges: tuple[Any, ...]
    counts: tuple[int, ...]
    others: int
    queries: tuple[Query, ...]


def histogram(
    store: Store,
    collection: str,
    field: str,
    *,
    bins: int = 30,
    query: Query | None = None,
    database: str | None = None,
) -> Histogram:
    """Bins of equal width with round edges over all numbers of a field, or over all its dates."""
    ask = asker(store, collection, database)
    total = documents(ask, query)
    for kind, condition in KINDS.items():
        picked = both(query, where(field, condition))
        limits = extent(ask, field, picked)
        if limits is not None:
            return _binned(ask, field, kind, picked, limits, bins, total)
    return Histogram(field, "", (), (), total, ())


def _binned(
    ask: Any, field: str, kind: str, picked: Query, limits: Any, bins: int, total: int
) -> Histogram:
    first, width = _dates(limits, bins) if kind == "date" else _numbers(limits, bins)
    place = {"$floor": {"$divide": [{"$subtract": [value_of(field), first]}, width]}}
    found = ask([*matching(picked), {"$group": {"_id": place, "n": {"$sum": 1}}}])
    counted = {int(as_float(one["_id"])): one["n"] for one in found if one["_id"] is not None}
    last = max(counted, default=0)
    if last >= bins > 1:  # the highest value stands on the last edge
        counted[last - 1] = counted.get(last - 1, 0) + counted.pop(last)
        last -= 1
    step: Any = timedelta(milliseconds=width) if kind == "date" else width
    edges = tuple(first + place * step for place in range(last + 2))
    counts = tuple(counted.get(place, 0) for place in range(last + 1))
    queries = tuple(
        both(picked, where(field, {"$gte": edges[i], "$lte" if i == last else "$lt": edges[i + 1]}))
        for i in range(last + 1)
    )
    return Histogram(field, kind, edges, counts, total - sum(counts), queries)


def _dates(limits: tuple[Any, Any], bins: int) -> tuple[Any, float]:
    """First edge and width in whole milliseconds."""
    return limits[0], max(1, math.ceil((limits[1] - limits[0]).total_seconds() * 1000 / bins))


def _numbers(limits: tuple[Any, Any], bins: int) -> tuple[Any, float]:
    low, high = as_float(limits[0]), as_float(limits[1])
    width = round_up((high - low) / bins) or 1.0
    return math.floor(low / width) * width, width


def round_up(width: float) -> float:
    """The next of 1, 2, 2.5, 5 and 10 times a power of ten; 0 for no width."""
    if width <= 0 or not math.isfinite(width):
        return 0.0
    power = 10.0 ** math.floor(math.log10(width))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= width * (1 - 1e-12))
