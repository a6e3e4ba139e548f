"""A question put to the server, and its answer: a Figure, and what is behind each column."""

import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale

from core import profile
from core.profile import Bar, Chart
from core.profile.asking import equal
from core.profile.charts import after, span_label
from core.store import Store
from core.store.paths import both, where
from gui.chart.ask import DATES, MOST, Known, Question, known_fields
from gui.charts import Figure
from gui.plots import short

Place = tuple[str, str]  # database, collection
POINTS = 2000  # documents that a scatter chart shows
SPANS = 400  # spans of time in a row, empty ones between others included


@dataclass(frozen=True, slots=True)
class Answer:
    """`queries[i]` picks the documents of column i; `names[i]` says which they are."""

    question: Question
    figure: Figure = field(default_factory=Figure)
    queries: tuple[Mapping[str, Any], ...] = ()
    names: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    others: int = 0  # documents that are in no column
    documents: int = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """The fields that a collection seems to have."""

    fields: Mapping[str, Known]
    documents: int
    example: Mapping[str, Any]  # a value of each


def look(store: Store, place: Place) -> Sample:
    """The first documents tell the fields and which of them are categories, dates, measures."""
    page = store.browse.documents(*place, size=200)
    known = known_fields(page.documents)
    example = {
        one.name: next(d[one.name] for d in page.documents if d.get(one.name) is not None)
        for one in known
    }
    return Sample({one.name: one for one in known}, len(page.documents), example)


def answer(store: Store, place: Place, question: Question, known: Mapping[str, Known]) -> Answer:
    kind = known[question.x].kind if question.x in known else "string"
    if question.kind == "scatter":
        return _points(store, place, question)
    if question.kind == "histogram":
        return _histogram(store, place, question)
    if kind in DATES:
        return _spans(store, place, question)
    return _bars(store, place, question)


def answering(
    store: Store, place: Place, question: Question, known: Mapping[str, Known]
) -> Generator[Answer, None, None]:
    yield answer(store, place, question, known)


def _asked(place: Place, question: Question) -> dict[str, Any]:
    return {
        "database": place[0],
        "collection": place[1],
        "query": question.query or None,
        "y": question.y or None,
        "how": question.figure,
        "by": question.by or None,
    }


# ---- bars of values -----------------------------------------------------------------------------
def _bars(store: Store, place: Place, question: Question) -> Answer:
    limit = MOST + 1 if question.kind == "bar" else 20
    chart = profile.bars(store, x=question.x, limit=limit, **_asked(place, question))
    labels = _labels(chart)
    rest = question.figure == "count" and chart.others > 0 and not question.by
    keys = list(labels)[: limit - 1] if rest else list(labels)
    figure = _figure(chart, keys, [labels[key] for key in keys])
    queries = [_query(chart, key, question) for key in keys]
    counts = [_documents(chart, key) for key in keys]
    names = list(figure.labels)
    left = chart.others
    if rest:  # seven and “other”, whose documents are those of no other column
        left += sum(_documents(chart, key) for key in list(labels)[limit - 1 :])
        other = QCoreApplication.translate("charts", "other")
        figure = replace(
            figure,
            labels=(*figure.labels, other),
            values=tuple((*row, float(left)) for row in figure.values),
        )
        values = [_value(chart, key) for key in keys]
        queries.append(both(question.query, where(question.x, {"$nin": values})))
        counts.append(left)
        names.append(other)
        left = 0
    return _answer(question, figure, queries, names, counts, left)


def _answer(
    question: Question,
    figure: Figure,
    queries: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    counts: Sequence[int],
    others: int,
) -> Answer:
    total = sum(counts) + others
    return Answer(question, figure, tuple(queries), tuple(names), tuple(counts), others, total)


def _key(bar: Bar) -> tuple[str, str]:
    return (type(bar.value).__name__, bar.label)


def _labels(chart: Chart) -> dict[tuple[str, str], str]:
    """The columns in the order of their height, whichever series they stand in."""
    totals: dict[tuple[str, str], float] = {}
    labels: dict[tuple[str, str], str] = {}
    for series in chart.series:
        for bar in series.bars:
            labels[_key(bar)] = bar.label
            height = 0.0 if math.isnan(bar.y) else bar.y
            totals[_key(bar)] = totals.get(_key(bar), 0.0) + abs(height)
    return {key: labels[key] for key in sorted(labels, key=lambda k: -totals[k])}


def _figure(chart: Chart, keys: Sequence[Any], labels: Sequence[str]) -> Figure:
    adds_up = chart.how in ("count", "sum")
    gap = 0.0 if adds_up else math.nan
    rows = []
    for series in chart.series:
        heights = {_key(bar): bar.y for bar in series.bars}
        rows.append(tuple(heights.get(key, gap) for key in keys))
    names = tuple(series.name for series in chart.series)
    return Figure(tuple(labels), names, tuple(rows), stack=adds_up)


def _of(chart: Chart, key: Any) -> list[Bar]:
    return [bar for series in chart.series for bar in series.bars if _key(bar) == key]


def _documents(chart: Chart, key: Any) -> int:
    return sum(bar.documents for bar in _of(chart, key))


def _value(chart: Chart, key: Any) -> Any:
    return _of(chart, key)[0].value


def _query(chart: Chart, key: Any, question: Question) -> Mapping[str, Any]:
    return equal(question.x, _value(chart, key), question.query or None)


# ---- spans of time ------------------------------------------------------------------------------
def _spans(store: Store, place: Place, question: Question) -> Answer:
    unit = question.unit or "auto"
    chart = profile.series(store, x=question.x, unit=unit, limit=MOST, **_asked(place, question))
    question = replace(question, unit=chart.unit)
    found = {bar.value: bar for series in chart.series for bar in series.bars}
    starts = _row_of_spans(sorted(found), chart.unit)
    labels = _span_labels(starts, chart.unit)
    keys = [("datetime", span_label(start, chart.unit)) for start in starts]
    figure = _figure(chart, keys, labels)
    queries = [
        both(
            question.query,
            where(question.x, {"$gte": start, "$lt": after(start, chart.unit)}),
        )
        for start in starts
    ]
    counts = [_documents(chart, key) for key in keys]
    names = [span_words(start, chart.unit) for start in starts]
    return _answer(question, figure, queries, names, counts, chart.others)


def _row_of_spans(starts: Sequence[datetime], unit: str) -> list[datetime]:
    """Empty spans between others are columns too: time has no gaps."""
    result: list[datetime] = []
    for start in starts:
        while result and len(result) < SPANS and after(result[-1], unit) < start:
            result.append(after(result[-1], unit))
        result.append(start)
    return result


def _span_labels(starts: Sequence[datetime], unit: str) -> list[str]:
    if unit != "month":
        return [span_label(start, unit) for start in starts]
    short_form = QLocale.FormatType.ShortFormat
    years = len({start.year for start in starts}) > 1
    return [
        QLocale().monthName(start.month, short_form)
        + (f" {start.year}" if years and (start.month == 1 or i == 0) else "")
        for i, start in enumerate(starts)
    ]


def span_words(start: datetime, unit: str) -> str:
    if unit == "month":
        return f"{QLocale().monthName(start.month)} {start.year}"
    return span_label(start, unit)


# ---- histograms and points ----------------------------------------------------------------------
def _histogram(store: Store, place: Place, question: Question) -> Answer:
    query = question.query or None
    found = profile.histogram(store, place[1], question.x, bins=24, query=query, database=place[0])
    labels = tuple(_edge(edge) for edge in found.edges)
    values = tuple(float(n) for n in found.counts)
    figure = Figure(labels, ("",), (values,) if values else ())
    names = [f"{low} – {high}" for low, high in pairwise(labels)]
    return _answer(question, figure, found.queries, names, found.counts, found.others)


def _edge(edge: Any) -> str:
    return edge.strftime("%Y-%m-%d") if isinstance(edge, datetime) else short(float(edge))


def _points(store: Store, place: Place, question: Question) -> Answer:
    numbers = {question.x: {"$type": "number"}, question.y: {"$type": "number"}}
    query = both(question.query, numbers)
    page = store.browse.documents(*place, query, size=POINTS)
    places = tuple(float(str(d[question.x])) for d in page.documents)
    heights = tuple(float(str(d[question.y])) for d in page.documents)
    queries = [{"_id": document["_id"]} for document in page.documents]
    names = [f"{short(x)} · {short(y)}" for x, y in zip(places, heights, strict=True)]
    figure = Figure(("",), ("",), (heights,) if heights else (), places, stack=False)
    total = store.browse.count(*place, query) if page.more else len(places)
    counts = [1] * len(places)
    return _answer(question, figure, queries, names, counts, total - len(places))
