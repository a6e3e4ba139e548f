"""What a check found in a batch, column by column, and the refused records made from it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.batch import Problem, RawBatch, Refused
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
        return raw.refused
    reasons = _reasons(raw, findings)
    rows = np.array(sorted(reasons), np.int64)
    starts, stops = raw.spans[rows, 0], raw.spans[rows, 1]
    data, origin = raw.data, raw.origin
    refused = [
        Refused(
            record,
            line,
            (start, stop),
            bytes(data[start - origin : stop - origin]).rstrip(b"\r\n"),
            tuple(reasons[row]),
            values,
        )
        for row, record, line, start, stop, values in zip(
            rows.tolist(),
            raw.records[rows].tolist(),
            raw.lines[rows].tolist(),
            starts.tolist(),
            stops.tolist(),
            _cells(texts, rows),
            strict=True,
        )
    ]
    if not raw.refused:
        return tuple(refused)
    return tuple(sorted((*refused, *raw.refused), key=lambda item: item.record))


def _reasons(raw: RawBatch, findings: Iterable[Finding]) -> dict[int, list[Problem]]:
    reasons: dict[int, list[Problem]] = defaultdict(list)
    for finding in findings:
        rows = finding.rows
        records, lines = raw.records[rows].tolist(), raw.lines[rows].tolist()
        if finding.text is None:
            values = [""] * len(rows)
        else:
            values = strings(finding.text.take(pa.array(rows)))
        field, code, rule, say = finding.field, finding.code, finding.rule, finding.say
        for row, record, line, value in zip(rows.tolist(), records, lines, values, strict=True):
            message = say(value, row)
            short = value if len(value) <= VALUE else value[:VALUE] + "…"
            reasons[row].append(Problem(record, line, field, code, short, message, rule))
    return reasons


def _cells(texts: Mapping[str, pa.Array], rows: Rows) -> list[dict[str, str]]:
    names = list(texts)
    some = pa.RecordBatch.from_arrays(list(texts.values()), names=names).take(pa.array(rows))
    columns = [strings(column) for column in some.columns]
    return [dict(zip(names, cells, strict=False)) for cells in zip(*columns, strict=True)]
