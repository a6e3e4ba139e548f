"""The problems of one file as its check tells them: by record for the sheet, by kind for the chips.

Only the first thousands of each kind are kept (core.batch.KEPT); the counts stay exact.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from core.batch import Integers, LoadReport, Place, Problem
from core.checking.order import Order
from gui.load.state import Kind

At = tuple[int, int]  # record, column
WIDE = 20  # bits for the column in the number that stands for an At
STATEFUL = ("unique-error", "primary-key", "foreign-key", "duplicate-row")  # need the whole file


class Spots(Sequence[At]):
    """Where problems stand, in reading order; one number each, as there may be 100,000."""

    def __init__(self, numbers: Integers) -> None:
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, i: Any) -> Any:
        number = int(self._numbers[i])
        return number >> WIDE, number & ((1 << WIDE) - 1)

    def ranked(self, order: Order) -> "Spots":
        """The same with the record's rank in an order for its number."""
        kept = self._numbers[self._numbers >> WIDE <= len(order.ranks)]
        ranks = order.ranks[(kept >> WIDE) - 1].astype(np.int64)
        return Spots(np.sort((ranks << WIDE) | (kept & ((1 << WIDE) - 1))))


class Findings:
    """Grows with every report of a check; read by the sheet at paint time."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.kinds: dict[Kind, int] = {}
        self.by_record: dict[int, list[Problem]] = {}
        self._by_kind: dict[Kind, list[Problem]] = {}
        self._rows: dict[Kind, list[int]] = {}  # their records
        self._starts: list[int] = []
        self._records: dict[Kind | None, Integers] = {}
        self._spots: dict[Kind | None, Spots] = {}

    def add(self, report: LoadReport) -> None:
        self.places.extend(report.places)
        self._starts.extend(place.record for place in report.places)
        self.kinds = dict(report.cells)
        touched = set()
        for problem in report.problems:
            record, kind = problem.record, kind_of(problem)
            self.by_record.setdefault(record, []).append(problem)
            self._by_kind.setdefault(kind, []).append(problem)
            self._rows.setdefault(kind, []).append(record)
            touched.add(kind)
        self._forget(touched)

    def problems(self, kind: Kind) -> list[Problem]:
        """Those kept of a kind, in file order."""
        return self._by_kind.get(kind, [])

    def records(self, kind: Kind | None = None) -> Integers:
        """Numbers of the records kept, in file order; of one kind or of all."""
        if kind not in self._records:
            if kind is None:
                parts = [self.records(one) for one in self._by_kind]
                found = np.concatenate(parts) if parts else _NONE
            else:
                found = np.array(self._rows.get(kind, ()), np.int64)
            self._records[kind] = np.unique(found)
        return self._records[kind]

    def spots(self, kind: Kind | None, names: Sequence[str]) -> Spots:
        """Where the problems stand; one of a whole row in its first column: what F8 walks."""
        if kind not in self._spots:
            columns = {name: i for i, name in enumerate(names)}
            parts = [
                (self.records(one) << WIDE) | columns.get(one[0] or "", 0)
                for one in (self._by_kind if kind is None else (kind,))
            ]
            self._spots[kind] = Spots(np.sort(np.concatenate(parts)) if parts else _NONE)
        return self._spots[kind]

    def _forget(self, kinds: Iterable[Kind]) -> None:
        for kind in kinds:
            for known in (self._records, self._spots):
                known.pop(kind, None)
                known.pop(None, None)

    def replace(self, record: int, problems: Iterable[Problem]) -> None:
        """An edited record's problems, told anew; the counts follow by the difference."""
        old, new = self.by_record.pop(record, []), list(problems)
        counts = dict(self.kinds)
        for many, by in ((old, -1), (new, 1)):
            for problem in many:
                counts[kind_of(problem)] = counts.get(kind_of(problem), 0) + by
        self.kinds = {kind: n for kind, n in counts.items() if n > 0}
        if new:
            self.by_record[record] = new
        for kind in {kind_of(problem) for problem in (*old, *new)}:
            kept = [one for one in self._by_kind.get(kind, ()) if one.record != record]
            kept += [one for one in new if kind_of(one) == kind]
            self._by_kind[kind] = sorted(kept, key=lambda one: one.record)
            self._rows[kind] = [one.record for one in self._by_kind[kind]]
            self._forget((kind,))

    def whole_file(self, record: int) -> list[Problem]:
        """Problems that one page of the file cannot show by itself."""
        return [p for p in self.by_record.get(record, ()) if p.code in STATEFUL]

    def place_of(self, record: int) -> int | None:
        """Which of `places` begins the batch that holds a record."""
        at = bisect_right(self._starts, record) - 1
        return at if at >= 0 else None


_NONE: Integers = np.zeros(0, np.int64)


def kind_of(problem: Problem) -> Kind:
    return (problem.field, problem.code, problem.rule)


def by_field(kinds: Mapping[Kind, int]) -> dict[str, int]:
    result: dict[str, int] = {}
    for (name, _, _), count in kinds.items():
        if name is not None:
            result[name] = result.get(name, 0) + count
    return result
