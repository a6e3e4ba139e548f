"""Any page of a file as the sheet shows it: a block read from its place and checked by itself.

A page is the records of one block of the source (about a megabyte), so a file of any size is read
a page at a time. What only the whole file can tell (a repeated key) is known from its check.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from core.batch import Integers, Place, Problem, RawBatch, Refused
from core.checking.checker import Checker
from core.reading.source import Source
from gui.load.findings import STATEFUL
from gui.load.state import Work


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """`rows` maps each record from `first` on to a row of `raw.columns` and `cleaned`, or -1 where
    it could not be split; `problems` are by record. A missing cell is null in `cleaned`."""

    raw: RawBatch
    first: int
    rows: Integers
    cleaned: Mapping[str, pa.Array]
    problems: Mapping[int, tuple[Problem, ...]]
    broken: Mapping[int, Refused]  # those, by record

    @property
    def stop(self) -> int:
        return self.first + len(self.rows)

    def whole(self, record: int) -> bool:
        """Whether the record could be split into its cells."""
        return int(self.rows[record - self.first]) >= 0

    def line(self, record: int) -> int:
        row = int(self.rows[record - self.first])
        return int(self.raw.lines[row]) if row >= 0 else self.broken[record].line

    def original(self, record: int, name: str) -> str | None:
        """The file's own text; None for an empty cell, or one that could not be read."""
        row = int(self.rows[record - self.first])
        if row < 0:
            return self.broken[record].values.get(name)
        text: str | None = self.raw.columns[name][row].as_py()
        return text

    def text(self, record: int, name: str) -> str | None:
        """The text after edits and cleaning: what is cast and checked."""
        row = int(self.rows[record - self.first])
        if row < 0 or name not in self.cleaned:
            return self.original(record, name)
        text: str | None = self.cleaned[name][row].as_py()
        return text

    def values(self, record: int) -> dict[str, str]:
        row = int(self.rows[record - self.first])
        if row < 0:
            return dict(self.broken[record].values)
        return {name: column[row].as_py() or "" for name, column in self.raw.columns.items()}


def read_page(path: Path, work: Work, place: Place | None = None) -> Generator[Page, None, None]:
    """One page; a generator, because that is what a task runs."""
    raw = next(iter(Source(path, work.recipe.dialect).batches(place)), None)
    if raw is not None:
        yield check_page(raw, work)


def check_pages(pages: list[Page], work: Work) -> Generator[Page, None, None]:
    for page in pages:
        yield check_page(page.raw, work)


def check_page(raw: RawBatch, work: Work) -> Page:
    recipe = work.recipe
    checker = Checker(recipe, tuple(raw.columns), edits=work.edits)
    texts = checker.texts(raw)
    batch = checker.check(raw)
    problems = {
        refused.record: tuple(p for p in refused.reasons if p.code not in STATEFUL)
        for refused in batch.refused
    }
    rows = np.full(raw.count, -1, dtype=np.int64)
    rows[raw.records - raw.place.record] = np.arange(raw.rows)
    broken = {refused.record: refused for refused in raw.refused}
    return Page(raw, raw.place.record, rows, texts, problems, broken)
