"""Held records as a CSV for the data's owner: the original header, then which file and line each
comes from, why it was refused, and the line as it stood there.

The file is UTF-8 with a byte order mark, which spreadsheets need, in the delimiter of the file the
records came from. Cells that a spreadsheet would run as a formula are made text on request. Beside
it stands a recipe by which it is loaded when it comes back: that of the load, without our columns.
"""

import csv
import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.drafts import drafted
from core.errors import FileError
from core.plural import counted
from core.quarantine.judging import Bench, whole
from core.quarantine.returning import ADDED, way_back
from core.quarantine.walking import pages
from core.reading.dialect import Dialect
from core.recipes.recipe import SUFFIX, Recipe
from core.store import Store
from core.store.held import HeldRecord

# What spreadsheets begin a formula with (OWASP, CSV Injection), and their full-width forms.
_FORMULA = re.compile(r"^[\s]*[=+\-@\t\r\n＝＋－＠|%]")
_MENDED = "Edited in Sluice: nothing is wrong any more, and it waits to be loaded."
_PASSES = "Nothing is wrong any more, and it waits to be loaded."
_NUMBER = re.compile(r"^[+-]?[0-9][0-9.,  ']*([eE][+-]?[0-9]+)?%?$")


@dataclass(frozen=True, slots=True)
class Exported:
    """An export so far. `guarded` cells were made text by an apostrophe, because a spreadsheet
    would run them; `recipe` is where the recipe for the way back is, "" where the records share
    none; `total` is None where counting would take as long as exporting."""

    path: str
    records: int = 0
    guarded: int = 0
    recipe: str = ""
    files: int = 0
    total: int | None = None

    @property
    def fraction(self) -> float | None:
        return None if self.total is None else min(self.records / max(self.total, 1), 1.0)

    def __str__(self) -> str:
        of = f" of {self.files:,} files" if self.files > 1 else ""
        said = f"{counted(self.records, 'record')}{of} written to {self.path}"
        return (
            f"{said}; {counted(self.guarded, 'cell')} made safe by an apostrophe"
            if self.guarded
            else said
        )


@dataclass(frozen=True, slots=True)
class _Source:
    """The file that a load read, and how it was read."""

    name: str
    recipe: Recipe


def export(
    store: Store,
    path: Path | str,
    load: str | None = None,
    *,
    ids: Sequence[str] | None = None,
    safe: bool = False,
    **chosen: Any,
) -> Exported:
    """`exporting` to its end."""
    *_, done = exporting(store, path, load, ids=ids, safe=safe, **chosen)
    return done


def exporting(
    store: Store,
    path: Path | str,
    load: str | None = None,
    *,
    ids: Sequence[str] | None = None,
    safe: bool = False,
    **chosen: Any,
) -> Generator[Exported, None, None]:
    """Write held records with the values as edited; `chosen` are `Held.find`'s other filters.

    Closed before its end, it leaves no file. Raises FileError, and RecipeError where the recipe
    cannot be written.
    """
    target = Path(path)
    total = None if ids is None and "text" in chosen else _total(store, load, ids, chosen)
    done = Exported(str(target), total=total)
    yield done
    sources = _sources(store, load, ids)
    recipes = _different(sources)
    names = list(dict.fromkeys(name for one in recipes for name in one.schema.names))
    ours, delimiter = _ours(names), _delimiter(recipes)
    files = set[str]()
    try:
        with (
            drafted(target) as draft,
            draft.open("w", encoding="utf-8-sig", newline="") as stream,
        ):
            writer = csv.writer(stream, delimiter=delimiter)
            writer.writerow([*_guard_all(names, safe)[0], *ours])
            for page in pages(store, ids, load=load, **chosen):
                # what another load came to hold meanwhile may have columns that are not in the head
                records = [one for one in page if one.load in sources]
                rows = [_row(store, one, sources[one.load], names) for one in records]
                guarded = [_guard_all(row, safe) for row in rows]
                writer.writerows(cells for cells, _ in guarded)
                files.update(record.load for record in records)
                done = replace(
                    done,
                    records=done.records + len(records),
                    guarded=done.guarded + sum(made for _, made in guarded),
                    files=len(files),
                )
                yield done
    except OSError as error:
        raise FileError(
            f"The export cannot be written to {target}: {error.strerror}.", "Choose another place."
        ) from error
    yield replace(done, recipe=_save_recipe(target, recipes, delimiter, ours))


def _total(
    store: Store, load: str | None, ids: Sequence[str] | None, chosen: Mapping[str, Any]
) -> int:
    return len(ids) if ids is not None else store.quarantine.count(load, **chosen)


def _ours(names: Sequence[str]) -> tuple[str, ...]:
    """Our columns, named otherwise than those of the files."""
    made: list[str] = []
    for name in ADDED:
        while name in names:
            name = f"_{name}"
        made.append(name)
    return tuple(made)


def _save_recipe(
    target: Path, recipes: Sequence[Recipe], delimiter: str, added: Sequence[str]
) -> str:
    """The recipe beside the export; a file that is there already is somebody's and stays."""
    beside = target.with_name(target.stem + SUFFIX)
    if len(recipes) != 1 or beside.exists():
        return ""
    way_back(recipes[0], target.name, Dialect(delimiter=delimiter), added).save(beside)
    return str(beside)


def _sources(store: Store, load: str | None, ids: Sequence[str] | None) -> dict[str, _Source]:
    """The loads that the records came with."""
    bench = Bench(store)
    if ids is not None:
        loads = [one.load for page in pages(store, ids) for one in page]
    else:
        loads = [load] if load is not None else list(store.quarantine.loads())
    entries = [bench.entry(one) for one in dict.fromkeys(loads)]
    return {one.id: _Source(one.name, Recipe.from_descriptor(one.recipe)) for one in entries}


def _different(sources: Mapping[str, _Source]) -> list[Recipe]:
    found: list[Recipe] = []
    for source in sources.values():
        found += [source.recipe] if source.recipe not in found else []
    return found


def _delimiter(recipes: Sequence[Recipe]) -> str:
    delimiter = recipes[0].dialect.delimiter if recipes else ","
    return delimiter if len(delimiter) == 1 and delimiter not in '"\r\n' else ","


def _row(store: Store, record: HeldRecord, source: _Source, names: Sequence[str]) -> list[str]:
    encoding = record.encoding or source.recipe.dialect.encoding
    raw = store.quarantine.raw(record).decode(encoding, "backslashreplace")
    record = whole(store, source.recipe, record) or record
    codes: dict[str, None] = dict.fromkeys(reason.code for reason in record.reasons)
    problems = [f"{r.field}: {r.message}" if r.field else r.message for r in record.reasons]
    if record.ready:
        codes, problems = {"ready": None}, [_MENDED if record.edits else _PASSES]
    return [
        *(record.values.get(name, "") for name in names),
        source.name,
        str(record.line),
        " ".join(codes),
        " | ".join(problems),
        raw.rstrip("\r\n"),
        record.id,
        record.load,
    ]


def _guard_all(cells: Sequence[str], safe: bool) -> tuple[list[str], int]:
    if not safe:
        return list(cells), 0
    made = [guard(cell) for cell in cells]
    return made, sum(new != old for new, old in zip(made, cells, strict=True))


def guard(cell: str) -> str:
    """The cell, with an apostrophe before it where a spreadsheet would run it; numbers stay."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.match(cell) else cell
