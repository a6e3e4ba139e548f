"""The cells of a column that hold one text, found in the whole file in a task; no Qt here."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from core.batch import Integers
from core.checking.checker import Checker
from core.reading.source import Source
from gui.load.state import Work


@dataclass(frozen=True, slots=True, eq=False)
class Same:
    """`records` ascend; `name` is the file's own of the column."""

    name: str
    text: str
    records: Integers


def same_cells(path: Path, work: Work, name: str, text: str) -> Generator[Same | None, None, None]:
    """As the sheet shows them: after edits and cleaning, and words that stand for a missing cell.

    Yields None until the file is read.
    """
    source = Source(path, work.recipe.dialect)
    checker = Checker(work.recipe, source.names, edits=work.edits)
    found: list[Integers] = [np.empty(0, np.int64)]
    for raw in map(checker.whole, source.batches()):
        cleaned = checker.texts(raw).get(name, raw.columns[name])
        shown = pc.coalesce(cleaned, raw.columns[name])
        rows = np.flatnonzero(np.asarray(pc.fill_null(pc.equal(shown, text), False)))
        found.append(raw.records[rows])
        yield None
    yield Same(name, text, np.concatenate(found))
