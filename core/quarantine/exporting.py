"""Held records as a CSV for the data's owner: the original header, then why each was refused.

The file is UTF-8 with a byte order mark, which spreadsheets need, in the delimiter of the file the
records came from. Cells that a spreadsheet would run as a formula are made text on request.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import FileError
from core.quarantine.judging import STRUCTURE, Bench
from core.quarantine.walking import pages
from core.recipe import Recipe
from core.store import Store
from core.store.held import HeldRecord

ADDED = ("_line", "_reasons", "_problems", "_raw", "_record")
# What spreadsheets begin a formula with (OWASP, CSV Injection), and their full-width forms.
_FORMULA = re.compile(r"^[\s]*[=+\-@\t\r\n＝＋－＠|%]")
_NUMBER = re.compile(r"^[+-]?[0-9][0-9.,  ']*([eE][+-]?[0-9]+)?%?$")


@dataclass(frozen=True, slots=True)
class Exported:
    """`guarded` cells were made text by an apostrophe, because a spreadsheet would run them."""

    path: str
    records: int
    guarded: int

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

    The raw record stands beside those that could not be split. Raises FileError.
    """
    target, draft = Path(path), Path(f"{path}.tmp")
    names, delimiter = _header(store, load, ids)
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
    return Exported(str(target), count, guarded)


def _header(store: Store, load: str | None, ids: Sequence[str] | None) -> tuple[list[str], str]:
    """The columns of the files that the records came from, and the delimiter of the first one."""
    bench = Bench(store)
    if ids is not None:
        records = [one for page in pages(store, ids) for one in page]
        loads = list(dict.fromkeys(record.load for record in records))
    else:
        loads = [load] if load is not None else list(store.quarantine.loads())
    recipes = [Recipe.from_descriptor(bench.entry(load).recipe) for load in loads]
    names = dict.fromkeys(name for recipe in recipes for name in recipe.schema.names)
    delimiter = recipes[0].dialect.delimiter if recipes else ","
    usable = len(delimiter) == 1 and delimiter not in '"\r\n'
    return list(names), delimiter if usable else ","


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
