"""What a check found in a batch, column by column, and the refused records made from it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import repeat
from typing import overload

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.batch import Problem, RawBatch, Refused
from core.checking.later import Later
from core.values.text import Mask, strings

Kind = tuple[str | None, str, str]  # field, code, rule
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


class Refusals(Sequence[Refused]):
    """The refused records of a batch in order: those found bad, and those never split.

    They are counted from the findings, and made when somebody looks at one.
    """

    def __init__(
        self, raw: RawBatch, texts: Mapping[str, pa.Array], findings: Sequence[Finding], rows: Rows
    ) -> None:
        """`rows` are those of all findings, in order."""
        self._raw, self._texts, self._findings, self._rows = raw, texts, findings, rows
        self._made: tuple[Refused, ...] | None = None

    def __len__(self) -> int:
        return len(self._rows) + len(self._raw.refused)

    @overload
    def __getitem__(self, at: int) -> Refused: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Refused, ...]: ...
    def __getitem__(self, at: int | slice) -> Refused | tuple[Refused, ...]:
        if self._made is None:
            self._made = refuse(self._raw, self._texts, self._findings)
        return self._made[at]

    def cells(self) -> Counter[Kind]:
        """How many problems there are of each kind."""
        counts = cells_of(self._raw.refused)
        for finding in self._findings:
            counts[kind_of(finding)] += len(finding.rows)
        return counts

    def codes(self) -> Counter[str]:
        """How many records have a problem of each code."""
        counts = codes_of(self._raw.refused)
        rows: dict[str, list[Rows]] = defaultdict(list)
        for finding in self._findings:
            rows[finding.code].append(finding.rows)
        for code, parts in rows.items():
            counts[code] += len(np.unique(np.concatenate(parts)) if len(parts) > 1 else parts[0])
        return counts

    def problems(self, most: Callable[[Kind], int]) -> Iterator[Problem]:
        """In the order of records; of each kind at least so many as `most` says, if there are."""
        few = [replace(one, rows=one.rows[: most(kind_of(one))]) for one in self._findings]
        made = _reasons(self._raw, few)
        items = [(int(self._raw.records[row]), reasons) for row, reasons in made.items()]
        items += [(item.record, list(item.reasons)) for item in self._raw.refused]
        for _, reasons in sorted(items, key=lambda item: item[0]):
            yield from reasons


def cells_of(refused: Iterable[Refused]) -> Counter[Kind]:
    return Counter(kind_of(one) for item in refused for one in item.reasons)


def codes_of(refused: Iterable[Refused]) -> Counter[str]:
    return Counter(code for item in refused for code in {one.code for one in item.reasons})


def kind_of(one: Finding | Problem) -> Kind:
    return (one.field, one.code, one.rule)


def refuse(
    raw: RawBatch, texts: Mapping[str, pa.Array], findings: Sequence[Finding]
) -> tuple[Refused, ...]:
    """The refused records of a batch in order."""
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
