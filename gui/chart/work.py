"""What the Charts page asks of core, each a generator for a task."""

import csv
import io
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.errors import CoreError
from core.store import Store
from core.store.browse import Page
from core.store.limits import within
from gui.chart.answer import Answer, Place, Sample, answer, look
from gui.chart.ask import DATES, NUMBERS, Question, first_question, x_words
from gui.chart.saved import SavedChart
from gui.charts import Figure

SECONDS = 60.0  # after which a chart is given up
ROWS = 100  # documents shown behind a bar


@dataclass(frozen=True, slots=True)
class Drawn:
    """An answer with what it was asked of."""

    place: Place
    sample: Sample
    answer: Answer


def places(store: Store) -> Generator[tuple[Place, ...], None, None]:
    """Every collection that can be listed; the database of the connection first."""
    found: list[Place] = []
    for database in store.browse.databases():
        try:
            infos = store.browse.collections(database)
        except CoreError:
            continue  # a database that may be named but not opened
        found += [(database, info.name) for info in infos]
    yield tuple(sorted(found, key=lambda place: (place[0] != store.database, place)))


def likeliest(found: Sequence[Place]) -> Place:
    """Things that happen make better charts than things that are: orders before customers."""
    words = ("order", "sale", "event", "payment", "transaction", "visit", "log")
    told = (p for word in words for p in found if word in p[1].lower())
    return next(told, found[0])


def drawing(
    store: Store, place: Place, question: Question | None, x: str, query: Mapping[str, Any]
) -> Generator[Drawn, None, None]:
    """Without a question, the one that is worth a look; `x` asks for that field. Raises TooSlow."""
    sample = look(store, place)
    if question is None:
        question = replace(
            first_question(list(sample.fields.values()), sample.documents), query=query
        )
        if x in sample.fields:
            question = by_field(question, sample, x)
    if question.x not in sample.fields:
        yield Drawn(place, sample, Answer(question))
        return
    with within(SECONDS):
        found = answer(store, place, question, sample.fields)
    yield Drawn(place, sample, found)


def by_field(question: Question, sample: Sample, x: str) -> Question:
    kind = sample.fields[x].kind
    if kind in DATES:
        return Question("bar", x, "month", query=question.query)
    if kind in NUMBERS:
        return Question("histogram", x, query=question.query)
    form = "rows" if sample.fields[x].distinct > 8 else "bar"
    return Question(form, x, query=question.query)


def behind(store: Store, place: Place, query: Mapping[str, Any]) -> Generator[Page, None, None]:
    yield store.browse.documents(*place, query, size=ROWS)


def pictures(
    store: Store, charts: Sequence[SavedChart]
) -> Generator[tuple[str, Question, Figure], None, None]:
    """One that cannot be drawn any more, its collection being gone, stays without a picture."""
    for chart in charts:
        place = (chart.database, chart.collection)
        try:
            known = look(store, place).fields
            if chart.question.x in known:
                found = answer(store, place, chart.question, known)
                yield chart.name, found.question, found.figure
        except CoreError:
            continue


def table(found: Answer) -> str:
    """The figures as CSV: a line a column of the chart, a column a series."""
    figure, out = found.figure, io.StringIO()
    writer = csv.writer(out)
    if found.question.kind == "scatter":
        writer.writerow([found.question.x, found.question.y])
        writer.writerows(zip(figure.places, figure.values[0], strict=True))
        return out.getvalue()
    y = found.question.figure + (f" of {found.question.y}" if found.question.y else "")
    writer.writerow([x_words(found.question), *(name or y for name in figure.names)])
    for i, name in enumerate(found.names):
        writer.writerow([name, *(f"{row[i]:.15g}" for row in figure.values)])
    return out.getvalue()
