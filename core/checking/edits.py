"""A person's changes to single cells, laid over a batch before it is checked."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.batch import RawBatch, Refused
from core.checking.widths import with_rows
from core.reading.records import EXTRA

Edits = Mapping[int, Mapping[str, str]]  # record → field → new text


class Overlay:
    """Edits in order of their records, so that a batch finds its own quickly."""

    def __init__(self, edits: Edits) -> None:
        self._edits = edits
        self._records = np.array(sorted(edits), np.int64)

    def mended(self, raw: RawBatch) -> RawBatch:
        """The batch with those records as rows, still unchanged, that edits make whole."""
        mine = self._of(raw) if raw.refused else {}
        if not mine:  # the refused records are not looked at: they are made only then
            return raw
        return with_rows(raw, [one for one in raw.refused if _mends(one, mine, raw)])

    def laid_over(self, raw: RawBatch) -> RawBatch:
        mine = self._of(raw)
        return replace(raw, columns=_changed(raw, mine)) if mine else raw

    def _of(self, raw: RawBatch) -> Edits:
        if not len(self._records):
            return {}
        ends = [*raw.records[:1], *raw.records[-1:], *(one.record for one in raw.refused)]
        if not ends:
            return {}
        start, stop = np.searchsorted(self._records, (min(ends), max(ends) + 1))
        return {int(n): self._edits[int(n)] for n in self._records[start:stop]}


def _mends(refused: Refused, edits: Edits, raw: RawBatch) -> bool:
    """Whether an edit makes a record that was never split whole: it must speak of what was wrong,
    which is the cells named, or else the whole record. Of cells beyond the last column no edit
    speaks, so only the recipe can leave them out."""
    edit = edits.get(refused.record)
    if not edit or any(problem.code == EXTRA for problem in refused.reasons):
        return False
    wrong = {problem.field for problem in refused.reasons}
    needed = set(raw.columns) if None in wrong else wrong
    return needed <= edit.keys() and raw.columns.keys() <= {**refused.values, **edit}.keys()


def _changed(raw: RawBatch, edits: Edits) -> dict[str, pa.Array]:
    columns = dict(raw.columns)
    rows = {record: row for row, record in enumerate(raw.records.tolist()) if record in edits}
    for name, column in columns.items():
        cells = {rows[r]: edit[name] for r, edit in edits.items() if r in rows and name in edit}
        if cells:
            mask = np.zeros(raw.rows, bool)
            mask[list(cells)] = True
            new = pa.array([cells[row] or None for row in sorted(cells)], pa.string())
            columns[name] = pc.replace_with_mask(column, pa.array(mask), new)
    return columns
