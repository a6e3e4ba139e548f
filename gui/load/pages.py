"""Any page of a file as the sheet shows it: a block read from its place and checked by itself.

A page is the records of one block of the source (about a megabyte), so a file of any size is read
a page at a time; or, where the sheet is sorted, some records of many blocks. What only the whole
file can tell (a repeated key) is known from its check.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa

from core.batch import Place, Problem, RawBatch, Refused
from core.checking.checker import Checker
from core.reading.files import locate
from core.reading.source import Source
from core.reading.unpacking import packing
from gui.load.findings import STATEFUL
from gui.load.state import Work

TOGETHER = 16  # blocks read before their records are shown


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """`read` is as the file has it, `raw` with the records in it that the recipe or an edit makes
    whole. `problems` are by record. A missing cell is null in `cleaned`."""

    read: RawBatch
    raw: RawBatch
    cleaned: Mapping[str, pa.Array]
    problems: Mapping[int, tuple[Problem, ...]]
    broken: Mapping[int, Refused]  # those that could not be split, by record
    scattered: bool = False  # its records do not follow each other

    @property
    def first(self) -> int:
        return self.raw.place.record

    @property
    def stop(self) -> int:
        """After the last record, where it is of one block."""
        return self.first + self.raw.count

    def row(self, record: int) -> int:
        """Of `raw.columns` and `cleaned`; -1 where the record could not be split."""
        if not (self.scattered or self.broken):  # the records of one block follow each other
            return record - self.first
        records = self.raw.records
        at = int(records.searchsorted(record))
        return at if at < len(records) and records[at] == record else -1

    def whole(self, record: int) -> bool:
        """Whether the record could be split into its cells."""
        return self.row(record) >= 0

    def line(self, record: int) -> int:
        row = self.row(record)
        return int(self.raw.lines[row]) if row >= 0 else self.broken[record].line

    def original(self, record: int, name: str) -> str | None:
        """The file's own text; None for an empty cell, or one that could not be read."""
        row = self.row(record)
        if row < 0:
            return self.broken[record].values.get(name)
        text: str | None = self.raw.columns[name][row].as_py()
        return text

    def texts(self, record: int, row: int, name: str) -> tuple[str, str]:
        """The file's own text, and the one after edits and cleaning: what is cast and checked.

        `row` is the record's; a null is "".
        """
        if row < 0:
            broken = self.broken[record].values.get(name) or ""
            return broken, broken
        raw = self.raw.columns[name]
        cleaned = self.cleaned.get(name, raw)
        original = raw[row].as_py() or ""
        return original, original if cleaned is raw else cleaned[row].as_py() or ""

    def values(self, record: int) -> dict[str, str]:
        row = self.row(record)
        if row < 0:
            return dict(self.broken[record].values)
        return {name: column[row].as_py() or "" for name, column in self.raw.columns.items()}


def read_page(path: Path, work: Work, place: Place | None = None) -> Generator[Page, None, None]:
    """One page; a generator, because that is what a task runs."""
    raw = next(iter(Source(path, work.recipe.dialect).batches(place)), None)
    if raw is not None:
        yield check_page(raw, work)


def read_records(
    path: Path, work: Work, wanted: Sequence[int], places: Sequence[Place]
) -> Generator[Page, None, None]:
    """Pages of some records wherever they stand, of TOGETHER blocks each; `wanted` ascends."""
    found: list[RawBatch] = []
    for raw in _blocks(Source(path, work.recipe.dialect), wanted, places):
        found.append(picked(raw, wanted))
        if len(found) == TOGETHER:
            yield check_page(joined(found), work, scattered=True)
            found = []
    if found:
        yield check_page(joined(found), work, scattered=True)


def _blocks(source: Source, wanted: Sequence[int], places: Sequence[Place]) -> Iterator[RawBatch]:
    """Those that hold the records; a packed file is gone through once, as it cannot be skipped."""
    starts = np.array([place.record for place in places])
    needed = np.unique(starts.searchsorted(np.array(wanted), "right") - 1)
    if not packing(locate(source.path)):
        for at in needed.tolist():
            yield from islice(source.batches(places[at]), 1)
        return
    for at, raw in enumerate(source.batches(places[needed[0]]), int(needed[0])):
        if at in needed:
            yield raw
        if at >= needed[-1]:
            return


def picked(raw: RawBatch, wanted: Sequence[int]) -> RawBatch:
    """Some records of a block, with no more of its bytes than theirs."""
    rows = np.flatnonzero(np.isin(raw.records, np.array(wanted)))
    pieces = raw.raws(rows)
    stops = np.cumsum([len(piece) for piece in pieces], dtype=np.int64)
    refused = tuple(one for one in raw.refused if one.record in set(wanted))
    return replace(
        raw,
        count=len(rows) + len(refused),
        records=raw.records[rows],
        lines=raw.lines[rows],
        spans=np.stack([np.concatenate([[0], stops[:-1]])[: len(rows)], stops], axis=1),
        columns={name: column.take(pa.array(rows)) for name, column in raw.columns.items()},
        refused=refused,
        data=b"".join(pieces),
        origin=0,
    )


def joined(parts: Sequence[RawBatch]) -> RawBatch:
    """Picked records of several blocks as one batch."""
    begins = np.cumsum([0, *(len(part.data) for part in parts)])
    return replace(
        parts[0],
        count=sum(part.count for part in parts),
        records=np.concatenate([part.records for part in parts]),
        lines=np.concatenate([part.lines for part in parts]),
        spans=np.concatenate([p.spans + at for p, at in zip(parts, begins, strict=False)]),
        columns={
            name: pa.concat_arrays([part.columns[name] for part in parts])
            for name in parts[0].columns
        },
        refused=tuple(one for part in parts for one in part.refused),
        data=b"".join(part.data for part in parts),
    )


def check_pages(pages: list[Page], work: Work) -> Generator[Page, None, None]:
    for page in pages:
        yield check_page(page.read, work, page.scattered)


def check_page(read: RawBatch, work: Work, scattered: bool = False) -> Page:
    recipe = work.recipe
    checker = Checker(recipe, tuple(read.columns), edits=work.edits)
    raw = checker.whole(read)
    texts = checker.texts(raw)
    batch = checker.check(raw)
    problems = {
        refused.record: tuple(p for p in refused.reasons if p.code not in STATEFUL)
        for refused in batch.refused
    }
    broken = {refused.record: refused for refused in raw.refused}
    return Page(read, raw, texts, problems, broken, scattered)
