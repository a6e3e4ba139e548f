"""Small files, recipes and looks at the server that the tests of loading share."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.batch import LoadReport
from core.loading.loader import load_file
from core.reading.dialect import Dialect
from core.recipes.recipe import Recipe
from core.recipes.schema import Field, Schema
from core.store import Store

FIELDS = (
    Field("id", "integer", constraints={"required": True}),
    Field("name"),
    Field("qty", "integer", bson="int32"),
)


def write_csv(path: Path, rows: Iterable[Iterable[Any]], header: str = "id,name,qty") -> Path:
    lines = [header, *(",".join(str(cell) for cell in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def recipe(mode: str = "add", key: tuple[str, ...] = (), **changes: Any) -> Recipe:
    schema = Schema(fields=changes.pop("fields", FIELDS), primary_key=key)
    made = Recipe(
        name="test", path="test.csv", dialect=Dialect(), schema=schema, collection="c", mode=mode
    )
    return replace(made, **changes)


def load(path: Path, made: Recipe, store: Store, **options: Any) -> LoadReport:
    """The last report of a load, whose counts add up."""
    report = LoadReport(None, "")
    for report in load_file(path, made, store, **options):
        assert report.records == report.accepted + report.quarantined + report.skipped
    return report


def documents(store: Store, collection: str = "c") -> list[Mapping[str, Any]]:
    return list(store.client[store.database][collection].find().sort("_id", 1))


def values(store: Store, collection: str = "c") -> list[tuple[Any, ...]]:
    """What the documents say, without their `_id`s, in the order of their id."""
    found = [
        tuple((key, value) for key, value in document.items() if key not in ("_id", "_load"))
        for document in documents(store, collection)
    ]
    return sorted(found)
