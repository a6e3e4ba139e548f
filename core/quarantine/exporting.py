"""Held records as a CSV for the data's owner: the original header, then why each was refused.

The file is UTF-8 with a byte order mark, which spreadsheets need, in the delimiter of the file the
records came from. Cells that a spreadsheet would run as a formula are made text on request. Beside
it stands a recipe by which it is loaded when it comes back: that of the load, without our columns.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.errors import FileError
from core.quarantine.judging import STRUCTURE, Bench
from core.quarantine.walking import pages
from core.reading.dialect import Dialect
from core.recipes.recipe import SUFFIX, Recipe
from core.recipes.schema import Field
from core.store import Store
from core.store.held import HeldRecord

ADDED = ("_line", "_reasons", "_problems", "_raw", "_record")
# What spreadsheets begin a formula with (OWASP, CSV Injection), and their full-width forms.
_FORMULA = re.compile(r"^[\s]*[=+\-@\t\r\n＝＋－＠|%]")
_NUMBER = re.compile(r"^[+-]?[0-9][0-9.,  ']*([eE][+-]?[0-9]+)?%?$")


@dataclass(frozen=True, slots=True)
class Exported:
    """`guarded` cells were made text by an apostrophe, because a spreadsheet would run them;
    `recipe` is where the recipe for the way back is, "" where the records share none."""

    path: str
    records: int
    guarded: int
    recipe: str = ""

    def __str__(self) -> str:
        said = f"{self.records:,} records written to {self.path}"
        return (
            f"{said}; {self.guarded:,} cells made safe by an apostrophe" if self.guarded else said
        )


def export(
    store: Store,
    path: Path | str,
    load: str | None = None,
    *,
    ids: Sequence[str] | None = None,
    safe: bool = False,
    **chosen: Any,
) -> Exported:
    """Write held records with the values as edited; `chosen` are `Held.find`'s other filters.

    The raw record stands beside those that could not be split. Raises FileError, and RecipeError
    where the recipe cannot be written.
    """
    target, draft = Path(path), Path(f"{path}.tmp")
    recipes = _recipes(store, load, ids)
    names = list(dict.fromkeys(name for one in recipes for name in one.schema.names))
    delimiter = _delimiter(recipes)
    guarded, count = 0, 0
    try:
        with draft.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream, delimiter=delimiter)
            writer.writerow([*_guard_all(names, safe)[0], *ADDED])
            for records in pages(store, ids, load=load, **chosen):
                for record in records:
                    cells, made = _guard_all(_row(store, record, names), safe)
                    writer.writerow(cells)
                    guarded += made
                    count += 1
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise FileError(
            f"The export cannot be written to {target}: {error.strerror}.", "Choose another place."
        ) from error
    return Exported(str(target), count, guarded, _save_recipe(target, recipes, delimiter))


def _save_recipe(target: Path, recipes: Sequence[Recipe], delimiter: str) -> str:
    """The recipe beside the export; a file that is there already is somebody's and stays."""
    beside = target.with_name(target.stem + SUFFIX)
    if len(recipes) != 1 or beside.exists():
        return ""
    recipe = recipes[0]
    ours = tuple(Field(name, drop=True) for name in ADDED)
    dialect = replace(
        Dialect(delimiter=delimiter),
        decimal_char=recipe.dialect.decimal_char,
        group_char=recipe.dialect.group_char,
        date_order=recipe.dialect.date_order,
    )
    replace(
        recipe,
        path=target.name,
        dialect=dialect,
        schema=replace(recipe.schema, fields=(*recipe.schema.fields, *ours)),
        # the rows that come back are some of many: they must not take the place of all
        mode="add" if recipe.mode == "replace" else recipe.mode,
    ).save(beside)
    return str(beside)


def _recipes(store: Store, load: str | None, ids: Sequence[str] | None) -> list[Recipe]:
    """The different recipes of the loads that the records came with."""
    bench = Bench(store)
    if ids is not None:
        loads = [one.load for page in pages(store, ids) for one in page]
    else:
        loads = [load] if load is not None else list(store.quarantine.loads())
    found: list[Recipe] = []
    for one in dict.fromkeys(loads):
        recipe = Recipe.from_descriptor(bench.entry(one).recipe)
        found += [recipe] if recipe not in found else []
    return found


def _delimiter(recipes: Sequence[Recipe]) -> str:
    delimiter = recipes[0].dialect.delimiter if recipes else ","
    return delimiter if len(delimiter) == 1 and delimiter not in '"\r\n' else ","


def _row(store: Store, record: HeldRecord, names: Sequence[str]) -> list[str]:
    split = not any(reason.code in STRUCTURE for reason in record.reasons)
    raw = "" if split else store.quarantine.raw(record).decode("utf-8", "backslashreplace")
    codes = dict.fromkeys(reason.code for reason in record.reasons)
    problems = [f"{r.field}: {r.message}" if r.field else r.message for r in record.reasons]
    return [
        *(record.values.get(name, "") for name in names),
        str(record.line),
        " ".join(codes),
        " | ".join(problems),
        raw,
        record.id,
    ]


def _guard_all(cells: Sequence[str], safe: bool) -> tuple[list[str], int]:
    if not safe:
        return list(cells), 0
    made = [guard(cell) for cell in cells]
    return made, sum(new != old for new, old in zip(made, cells, strict=True))


def guard(cell: str) -> str:
    """The cell, with an apostrophe before it where a spreadsheet would run it; numbers stay."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell
