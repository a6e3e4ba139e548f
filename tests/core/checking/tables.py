"""Small files and recipes for tests."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.batch import LoadReport, Problem
from core.checking.checker import Checker, check_file
from core.checking.handmade import columns_of
from core.reading.dialect import Dialect
from core.recipes.recipe import Recipe
from core.recipes.schema import Schema

Rows = Sequence[Mapping[str, str]]


def recipe_of(*fields: Mapping[str, Any], **schema: Any) -> Recipe:
    """A recipe of field descriptors; keywords of the schema and, under `sluice`, of the recipe."""
    own = schema.pop("sluice", {})
    return Recipe.from_descriptor(
        {
            "name": "test",
            "path": "test.csv",
            "dialect": Dialect().to_descriptor(),
            "schema": Schema.from_descriptor({"fields": list(fields), **schema}).to_descriptor(),
            "sluice": own,
        }
    )


def problems_of(recipe: Recipe, rows: Rows, **how: Any) -> list[tuple[int, str | None, str, str]]:
    """(record, field, code, rule) of each problem in order, by the names of the first row."""
    batch = Checker(recipe, tuple(rows[0]), **how).check(batch_of(rows))
    return [
        (problem.record, problem.field, problem.code, problem.rule)
        for refused in batch.refused
        for problem in refused.reasons
    ]


def batch_of(rows: Rows) -> Any:
    return columns_of({name: [row[name] for row in rows] for name in rows[0]}, len(rows))


def values_of(recipe: Recipe, rows: Rows, **how: Any) -> dict[str, list[Any]]:
    """The columns of the accepted records."""
    batch = Checker(recipe, tuple(rows[0]), **how).check(batch_of(rows))
    return {name: column.to_pylist() for name, column in batch.columns.items()}


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8", newline="")
    return path


def checked(path: Path, recipe: Recipe, **how: Any) -> tuple[LoadReport, list[Problem]]:
    """The last report of a check and all problems on the way."""
    problems: list[Problem] = []
    report = None
    for report in check_file(path, recipe, **how):
        problems += report.problems
    assert report is not None
    return report, problems
