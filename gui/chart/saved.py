"""Saved charts: questions with a name, kept as JSON beside the settings."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bson import json_util

from core.drafts import drafted
from core.errors import SettingsError
from core.settings import config_folder
from gui.chart.ask import Question


@dataclass(frozen=True, slots=True)
class SavedChart:
    """A question put to one collection; drawn anew each time from what the server holds."""

    name: str
    database: str
    collection: str
    question: Question


def path() -> Path:
    return config_folder() / "charts.json"


def read() -> tuple[SavedChart, ...]:
    """What does not fit this version is left out; raises SettingsError for no JSON at all."""
    try:
        found: Any = json_util.loads(path().read_text("utf-8"))
    except FileNotFoundError:
        return ()
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"The saved charts in {path()} cannot be read: {error}.", "Mend or delete that file."
        ) from error
    charts = [_chart(item) for item in found] if isinstance(found, list) else []
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
    text = json.dumps(json.loads(json_util.dumps(items)), indent=2, ensure_ascii=False)
    try:
        path().parent.mkdir(parents=True, exist_ok=True)
        with drafted(path()) as draft:
            draft.write_text(text, "utf-8")
    except OSError as error:
        raise SettingsError(
            f"The chart cannot be saved to {path()}: {error.strerror}.", "Free some space there."
        ) from error
