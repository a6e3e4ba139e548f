"""Looking for text in a whole file, in a task; no Qt here."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from core.batch import Integers, RawBatch
from core.reading.source import Source
from gui.load.findings import WIDE, At
from gui.load.state import Work

MOST = 1_000_000  # places that are remembered


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Where a text stands in the records up to `record`; one ascending number for each place.

    `more` where there are more than are remembered."""

    places: Integers
    record: int = 0
    more: bool = False

    def __len__(self) -> int:
        return len(self.places)

    def at(self, i: int) -> At:
        number = int(self.places[i])
        return number >> WIDE, number & ((1 << WIDE) - 1)

    def after(self, at: At) -> int:
        """Which is the first after a cell; their number where there is none."""
        return int(self.places.searchsorted(_number(at), "right"))

    def before(self, at: At) -> int:
        """Which is the last before a cell; -1 where there is none."""
        return int(self.places.searchsorted(_number(at), "left")) - 1


def find_text(path: Path, work: Work, text: str) -> Generator[Hits, None, None]:
    """The places found so far after each block, in any case of letters."""
    source = Source(path, work.recipe.dialect)
    places: Integers = np.zeros(0, np.int64)
    for raw in source.batches():
        places = np.concatenate([places, page_hits(raw, source.names, text)])
        yield Hits(places[:MOST], raw.place.record + raw.count - 1, len(places) > MOST)
        if len(places) > MOST:
            return


def page_hits(raw: RawBatch, names: Sequence[str], text: str) -> Integers:
    """Where a text stands in the records of a block, in reading order."""
    found = [np.zeros(0, np.int64)]
    for column, name in enumerate(names):
        mask = pc.match_substring(raw.columns[name], text, ignore_case=True)
        rows = np.flatnonzero(np.asarray(pc.fill_null(mask, False)))
        found.append((raw.records[rows] << WIDE) | column)
    return np.sort(np.concatenate(found))


def _number(at: At) -> int:
    record, column = at
    return (record << WIDE) + column  # a column of -1 stands before all of its record
