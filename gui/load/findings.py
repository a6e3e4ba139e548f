"""The problems of one file as its check tells them: by record for the sheet, by kind for the chips.

Only the first thousands of each kind are kept (core.batch.KEPT); the counts stay exact.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from core.batch import Integers, LoadReport, Place, Problem
from gui.load.state import Kind

At = tuple[int, int]  # record, column
STATEFUL = ("unique-error", "primary-key", "foreign-key", "duplicate-row")  # need the whole file


class Findings:
    """Grows with every report of a check; read by the sheet at paint time."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.kinds: dict[Kind, int] = {}
        self.by_record: dict[int, list[Problem]] = {}
        self._by_kind: dict[Kind, list[Problem]] = {}
        self._starts: list[int] = []
        self._records: dict[Kind | None, Integers] = {}
        self._order: list[Problem] | None = None
        self._spots: dict[Kind | None, list[At]] = {}

    def add(self, report: LoadReport) -> None:
        self.places.extend(report.places)
        self._starts.extend(place.record for place in report.places)
        self.kinds = dict(report.cells)
        for problem in report.problems:
            self.by_record.setdefault(problem.record, []).append(problem)
            self._by_kind.setdefault(kind_of(problem), []).append(problem)
        if report.problems:
            self._forget()

    def problems(self, kind: Kind) -> list[Problem]:
        """Those kept of a kind, in file order."""
        return self._by_kind.get(kind, [])

    def records(self, kind: Kind | None = None) -> Integers:
        """Numbers of the records kept, in file order; of one kind or of all."""
        if kind not in self._records:
            source: Iterable[int] = (
                self.by_record if kind is None else (p.record for p in self.problems(kind))
            )
            self._records[kind] = np.unique(np.fromiter(source, dtype=np.int64))
        return self._records[kind]

    def ordered(self) -> list[Problem]:
        """All kept, in file order: what F8 walks."""
        if self._order is None:
            self._order = [p for record in sorted(self.by_record) for p in self.by_record[record]]
        return self._order

    def spots(self, kind: Kind | None, names: Sequence[str]) -> list[At]:
        """Where the problems stand, in reading order; one of a whole row in its first column."""
        if kind not in self._spots:
            columns = {name: i for i, name in enumerate(names)}
            some = self.ordered() if kind is None else self.problems(kind)
            self._spots[kind] = sorted((p.record, columns.get(p.field or "", 0)) for p in some)
        return self._spots[kind]

    def _forget(self) -> None:
        self._records.clear()
        self._spots.clear()
        self._order = None

    def replace(self, record: int, problems: Iterable[Problem]) -> None:
        """An edited record's problems, told anew; the counts follow by the difference."""
        counts = dict(self.kinds)
        for old in self.by_record.pop(record, []):
            counts[kind_of(old)] = counts.get(kind_of(old), 0) - 1
            self._by_kind[kind_of(old)].remove(old)
        for new in problems:
            counts[kind_of(new)] = counts.get(kind_of(new), 0) + 1
            self.by_record.setdefault(record, []).append(new)
            self._by_kind.setdefault(kind_of(new), []).append(new)
        self.kinds = {kind: n for kind, n in counts.items() if n > 0}
        for found in self._by_kind.values():
            found.sort(key=lambda problem: problem.record)
        self._forget()

    def whole_file(self, record: int) -> list[Problem]:
        """Problems that one page of the file cannot show by itself."""
        return [p for p in self.by_record.get(record, ()) if p.code in STATEFUL]

    def place_of(self, record: int) -> int | None:
        """Which of `places` begins the batch that holds a record."""
        at = bisect_right(self._starts, record) - 1
        return at if at >= 0 else None


def kind_of(problem: Problem) -> Kind:
    return (problem.field, problem.code, problem.rule)


def by_field(kinds: Mapping[Kind, int]) -> dict[str, int]:
    result: dict[str, int] = {}
    for (name, _, _), count in kinds.items():
        if name is not None:
            result[name] = result.get(name, 0) + count
    return result
