"""What a check found in a batch, column by column, and the refused records made from it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.batch import Problem, RawBatch, Refused
from core.text import Mask

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
    rows = sorted(reasons)
    records, lines = raw.records[rows].tolist(), raw.lines[rows].tolist()
    spans = raw.spans[rows].tolist()
    cells = _cells(texts, rows)
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
        for row, record, line, (start, stop), values in zip(
            rows, records, lines, spans, cells, strict=True
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
            values = [value or "" for value in finding.text.take(pa.array(rows)).to_pylist()]
        for row, record, line, value in zip(rows.tolist(), records, lines, values, strict=True):
            message = finding.say(value, row)
            short = value if len(value) <= VALUE else value[:VALUE] + "…"
            reasons[row].append(
                Problem(record, line, finding.field, finding.code, short, message, finding.rule)
            )
    return reasons


def _cells(texts: Mapping[str, pa.Array], rows: list[int]) -> list[dict[str, str]]:
    at = pa.array(rows)
    columns = [
        ["" if cell is None else cell for cell in text.take(at).to_pylist()]
        for text in texts.values()
    ]
    names = tuple(texts)
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]
