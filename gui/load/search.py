"""Looking for text in a whole file, in a task; no Qt here."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.compute as pc

from core.batch import Place, RawBatch
from core.reading.source import Source
from gui.load.state import Work

At = tuple[int, int]  # record, column


@dataclass(frozen=True, slots=True)
class Hit:
    """`at` None where the text stands nowhere; `record` is how far the search has come."""

    at: At | None
    record: int = 0


def find_text(
    path: Path, work: Work, text: str, start: At, forward: bool, places: Sequence[Place]
) -> Generator[Hit, None, None]:
    """The next place of `text` in any case, after `start` or before it, going round at the end."""
    source = Source(path, work.recipe.dialect)
    before: At | None = None  # nearest hit on the near side of `start`
    far: At | None = None  # first of the file going forward, last of it going back
    begin = _place(places, start[0]) if forward else None
    for first in (begin, None) if begin is not None else (None,):
        for raw in source.batches(first):
            hits = page_hits(raw, source.names, text)
            yield Hit(None, raw.place.record + raw.count)
            if forward:
                after = [hit for hit in hits if hit > start]
                if after:
                    yield Hit(after[0])
                    return
                far = far or (hits[0] if hits else None)
            else:
                near = [hit for hit in hits if hit < start]
                before = near[-1] if near else before
                if before is not None and raw.place.record > start[0]:
                    break
                far = hits[-1] if hits else far
        if not forward and before is not None:
            break
    yield Hit(before if before is not None else far)


def page_hits(raw: RawBatch, names: Sequence[str], text: str) -> list[At]:
    """Where a text stands in the records of a block, in reading order."""
    found: list[At] = []
    for column, name in enumerate(names):
        mask = pc.match_substring(raw.columns[name], text, ignore_case=True)
        rows = np.flatnonzero(np.asarray(pc.fill_null(mask, False)))
        found += [(int(raw.records[row]), column) for row in rows]
    return sorted(found)


def _place(places: Sequence[Place], record: int) -> Place | None:
    last = None
    for place in places:
        if place.record > record:
            break
        last = place
    return last
