"""What a check found in a batch, column by column, and the refused records made from it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import repeat

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.batch import Problem, RawBatch, Refused
from core.checking.later import Later
from core.values.text import Mask, strings

Rows = npt.NDArray[np.int64]
VALUE = 1_000  # characters of a cell that a Problem repeats; the record keeps it whole


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that some rows of a batch broke; `say` words it for a cell's text and a row."""

    field: str | None
    code: str
    rule: str
    rows: Rows
    text: pa.Array | None
    say: Callable[[str, int], str]


def found(
    field: str | None,
    code: str,
    rule: str,
    bad: Mask | None,
    text: pa.Array | None,
    say: Callable[[str, int], str],
) -> tuple[Finding, ...]:
    """A finding where any row is bad, else nothing."""
    if bad is None or not bad.any():
        return ()
    return (Finding(field, code, rule, np.flatnonzero(bad), text, say),)


def refuse(
    raw: RawBatch, texts: Mapping[str, pa.Array], findings: Sequence[Finding]
) -> tuple[Refused, ...]:
    """The refused records of a batch in order: those found bad, and those never split."""
    if not findings:
        return tuple(raw.refused)
    reasons = _reasons(raw, findings)
    rows = np.array(sorted(reasons), np.int64)
    refused = map(
        Refused,
        raw.records[rows].tolist(),
        raw.lines[rows].tolist(),
        zip(*raw.spans[rows].T.tolist(), strict=True),
        raw.raws(rows),
        [tuple(reasons[row]) for row in rows.tolist()],
        _cells(texts, rows),
    )
    if not raw.refused:
        return tuple(refused)
    return tuple(sorted((*refused, *raw.refused), key=lambda item: item.record))


def _reasons(raw: RawBatch, findings: Iterable[Finding]) -> dict[int, list[Problem]]:
    reasons: dict[int, list[Problem]] = defaultdict(list)
    for finding in findings:
        rows = finding.rows
        if finding.text is None:
            values = [""] * len(rows)
        else:
            values = strings(finding.text.take(pa.array(rows)))
        problems = map(
            Problem,
            raw.records[rows].tolist(),
            raw.lines[rows].tolist(),
            repeat(finding.field),
            repeat(finding.code),
            [value if len(value) <= VALUE else value[:VALUE] + "…" for value in values],
            map(finding.say, values, rows.tolist()),
            repeat(finding.rule),
        )
        for row, problem in zip(rows.tolist(), problems, strict=True):
            reasons[row].append(problem)
    return reasons


def _cells(texts: Mapping[str, pa.Array], rows: Rows) -> list[Later[str]]:
    @cache
    def cells() -> list[dict[str, str]]:
        names = list(texts)
        some = pa.RecordBatch.from_arrays(list(texts.values()), names=names).take(pa.array(rows))
        columns = [strings(column) for column in some.columns]
        return [dict(zip(names, record, strict=True)) for record in zip(*columns, strict=True)]

    return [Later(partial(_nth, cells, place)) for place in range(len(rows))]


def _nth(cells: Callable[[], list[dict[str, str]]], place: int) -> dict[str, str]:
    return cells()[place]
