"""Saved charts: questions with a name, kept as JSON beside the settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gui import kept
from gui.chart.ask import Question

KIND = "charts"


@dataclass(frozen=True, slots=True)
class SavedChart:
    """A question put to one collection; drawn anew each time from what the server holds."""

    name: str
    database: str
    collection: str
    question: Question


def read() -> tuple[SavedChart, ...]:
    """What does not fit this version is left out; raises SettingsError for no JSON at all."""
    charts = [_chart(item) for item in kept.read(KIND)]
    return tuple(chart for chart in charts if chart is not None)


def _chart(item: Any) -> SavedChart | None:
    try:
        question = Question(**item["question"])
        return SavedChart(item["name"], item["database"], item["collection"], question)
    except (KeyError, TypeError):
        return None


def write(charts: Sequence[SavedChart]) -> None:
    items = [
        {
            "name": one.name,
            "database": one.database,
            "collection": one.collection,
            "question": one.question.to_descriptor(),
        }
        for one in charts
    ]
    kept.write(KIND, items)
