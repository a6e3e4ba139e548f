"""Bars over the values of a field, or over spans of time, split by another field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.errors import RecipeError
from core.profile.asking import (
    OUT_OF_CHART,
    Query,
    as_float,
    asker,
    documents,
    equal,
    extent,
    label,
    matching,
)
from core.store import Store
from core.store.paths import both, value_of, where

UNITS = ("year", "quarter", "month", "week", "day", "hour", "minute")
HOW: Mapping[str, str] = {"sum": "$sum", "mean": "$avg", "min": "$min", "max": "$max"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A height over one value (or the start of one span of time), and the documents behind it."""

    value: Any
    label: str
    y: float
    documents: int
    query: Query


@dataclass(frozen=True, slots=True)
class Series:
    """The bars of one value of the field that splits the chart; name is "" where none does."""

    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """`others` documents are in no bar: beyond the limit, or of another type."""

    x: str
    y: str | None
    how: str
    by: str | None
    kind: str  # "bar" or "time"
    unit: str
    series: tuple[Series, ...]
    others: int


def bars(
    store: Store,
    collection: str,
    x: str,
    *,
    y: str | None = None,
    how: str = "count",
    by: str | None = None,
    limit: int = 20,
    query: Query | None = None,
    database: str | None = None,
) -> Chart:
    """A bar for each of the `limit` highest values of x, split by the field `by`."""
    ask = asker(store, collection, database)
    scalar = both(query, {"$expr": {"$not": {"$in": [{"$type": value_of(x)}, list(OUT_OF_CHART)]}}})
    groups = grouped(ask, scalar, {"x": _or_null(x), **split(by)}, y, how)
    totals = ranked(groups, "x")
    shown = totals[:limit]
    kept = [group for group in groups if _key(group["_id"].get("x")) in {key for key, _ in shown}]
    order = {key: place for place, (key, _) in enumerate(shown)}
    kept.sort(key=lambda group: order[_key(group["_id"].get("x"))])
    series = by_series(kept, by, 8, lambda g: _bar(g, x, by, query))
    counted = sum(bar.documents for one in series for bar in one.bars)
    return Chart(x, y, how, by, "bar", "", series, documents(ask, query) - counted)


def series(
    store: Store,
    collection: str,
    x: str,
    *,
    y: str | None = None,
    how: str = "count",
    by: str | None = None,
    unit: str = "auto",
    limit: int = 8,
    query: Query | None = None,
    database: str | None = None,
) -> Chart:
    """A bar for each span of time (UTC, weeks from Monday), for the `limit` biggest of `by`."""
    ask = asker(store, collection, database)
    dated = both(query, where(x, {"$type": "date"}))
    chosen = _unit(ask, x, dated) if unit == "auto" else unit
    if chosen not in UNITS:
        raise RecipeError(f"There is no unit of time “{unit}”.", f"Use one of {', '.join(UNITS)}.")
    span = {"date": value_of(x), "unit": chosen, "startOfWeek": "monday"}
    groups = grouped(ask, dated, {"x": {"$dateTrunc": span}, **split(by)}, y, how)
    groups.sort(key=lambda group: group["_id"]["x"])
    lines = by_series(groups, by, limit, lambda g: _span_bar(g, x, by, chosen, query))
    counted = sum(bar.documents for one in lines for bar in one.bars)
    return Chart(x, y, how, by, "time", chosen, lines, documents(ask, query) - counted)


def grouped(ask: Any, query: Query, key: Query, y: str | None, how: str) -> list[dict[str, Any]]:
    height: dict[str, Any] = {"$sum": 1}
    if how != "count":
        if how not in HOW or y is None:
            raise RecipeError(
                f"A chart cannot show “{how}” of {y or 'no field'}.",
                f"Use count, or one of {', '.join(HOW)} of a field of numbers.",
            )
        height = {HOW[how]: {"$cond": [{"$isNumber": value_of(y)}, value_of(y), None]}}
    stage = {"$group": {"_id": dict(key), "y": height, "n": {"$sum": 1}}}
    return list(ask([*matching(query), stage]))


def split(by: str | None) -> dict[str, Any]:
    return {"by": _or_null(by)} if by else {}


def _or_null(field: str) -> dict[str, Any]:
    """A missing value is the same bar as null, which no server makes of it by itself."""
    return {"$ifNull": [value_of(field), None]}


def _bar(group: Mapping[str, Any], x: str, by: str | None, query: Query | None) -> Bar:
    value = group["_id"].get("x")
    picked = picked_by(group, by, equal(x, value, query))
    return Bar(value, label(value), as_float(group["y"]), group["n"], picked)


def _span_bar(
    group: Mapping[str, Any], x: str, by: str | None, unit: str, query: Query | None
) -> Bar:
    start = group["_id"]["x"]
    span = {"$gte": start, "$lt": after(start, unit)}
    picked = picked_by(group, by, both(query, where(x, span)))
    return Bar(start, span_label(start, unit), as_float(group["y"]), group["n"], picked)


def picked_by(group: Mapping[str, Any], by: str | None, query: dict[str, Any]) -> dict[str, Any]:
    return both(query, where(by, {"$eq": group["_id"].get("by")})) if by else query


def by_series(groups: Sequence[Any], by: str | None, limit: int, bar: Any) -> tuple[Series, ...]:
    if by is None:
        return (Series("", tuple(bar(group) for group in groups)),) if groups else ()
    named = [(key, value) for key, value in ranked(groups, "by")[:limit]]
    return tuple(
        Series(label(value), tuple(bar(g) for g in groups if _key(g["_id"].get("by")) == key))
        for key, value in named
    )


def ranked(groups: Sequence[Mapping[str, Any]], part: str) -> list[tuple[Any, Any]]:
    """The different values of a part of the key, those with the highest bars first."""
    totals: dict[Any, list[Any]] = {}
    for group in groups:
        value = group["_id"].get(part)
        totals.setdefault(_key(value), [0.0, value])[0] += abs(as_float(group["y"]))
    ranked = sorted(totals.items(), key=lambda item: (-item[1][0], label(item[1][1])))
    return [(key, value) for key, (_, value) in ranked]


def _key(value: Any) -> Any:
    return (type(value).__name__, str(value))  # 1 and true are different bars


def _unit(ask: Any, field: str, picked: Query) -> str:
    """The unit that gives some 12 to 90 spans."""
    limits = extent(ask, field, picked)
    days = (limits[1] - limits[0]).total_seconds() / 86400 if limits else 0
    wanted = ((365 * 8, "year"), (365 * 4, "quarter"), (150, "month"), (60, "week"), (3, "day"))
    return next((unit for least, unit in wanted if days >= least), "hour")


def after(start: datetime, unit: str) -> datetime:
    """Where the span of time that begins at `start` ends."""
    months = {"year": 12, "quarter": 3, "month": 1}.get(unit)
    if months is None:
        steps = {"week": 7 * 86400, "day": 86400, "hour": 3600, "minute": 60}
        return start + timedelta(seconds=steps[unit])
    whole = start.year * 12 + start.month - 1 + months
    return start.replace(year=whole // 12, month=whole % 12 + 1)


def span_label(start: datetime, unit: str) -> str:
    if unit == "quarter":
        return f"{start.year} Q{(start.month + 2) // 3}"
    forms = {"year": "%Y", "month": "%Y-%m", "week": "%G-W%V", "day": "%Y-%m-%d"}
    return start.replace(tzinfo=UTC).strftime(forms.get(unit, "%Y-%m-%d %H:%M"))
