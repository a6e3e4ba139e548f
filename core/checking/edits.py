"""A person's changes to single cells, laid over a batch before it is checked."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.batch import RawBatch, Refused

Edits = Mapping[int, Mapping[str, str]]  # record → field → new text


class Overlay:
    """Edits in order of their records, so that a batch finds its own quickly."""

    def __init__(self, edits: Edits) -> None:
        self._edits = edits
        self._records = np.array(sorted(edits), np.int64)

    def laid_over(self, raw: RawBatch) -> RawBatch:
        first, last = raw.place.record, raw.place.record + raw.count
        start, stop = np.searchsorted(self._records, (first, last))
        mine = {int(n): self._edits[int(n)] for n in self._records[start:stop]}
        if not mine:
            return raw
        mended = [one for one in raw.refused if _mends(one, mine.get(one.record, {}), raw)]
        if mended:
            raw = _with_rows(raw, mended)
        return replace(raw, columns=_changed(raw, mine))


def _mends(refused: Refused, edit: Mapping[str, str], raw: RawBatch) -> bool:
    """Whether an edit makes a record that was never split whole: it must speak of what was wrong,
    which is the cells named, or else the whole record."""
    if not edit:
        return False
    wrong = {problem.field for problem in refused.reasons}
    needed = set(raw.columns) if None in wrong else wrong
    return needed <= edit.keys() and raw.columns.keys() <= {**refused.values, **edit}.keys()


def _with_rows(raw: RawBatch, mended: list[Refused]) -> RawBatch:
    records = np.concatenate((raw.records, [one.record for one in mended]))
    order = np.argsort(records, kind="stable")
    at = pa.array(order)

    def merged(name: str, column: pa.Array) -> pa.Array:
        cells = pa.array([one.values.get(name) or None for one in mended], pa.string())
        return pa.concat_arrays([column, cells]).take(at)

    gone = {one.record for one in mended}
    lines: Any = np.concatenate((raw.lines, [one.line for one in mended]))
    spans: Any = np.concatenate((raw.spans, [one.span for one in mended]))
    return replace(
        raw,
        records=records[order],
        lines=lines[order],
        spans=spans[order],
        columns={name: merged(name, column) for name, column in raw.columns.items()},
        refused=tuple(one for one in raw.refused if one.record not in gone),
    )


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
