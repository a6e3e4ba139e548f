"""The problems of one file as its check tells them: by record for the sheet, by kind for the chips.

Only the first thousands of each kind are kept (core.batch.KEPT); the counts stay exact.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class Told:
    """A report and its problems, sorted by the task that checks: the window only adds them."""

    report: LoadReport
    by_record: Mapping[int, list[Problem]]
    by_kind: Mapping[Kind, list[Problem]]
    rows: Mapping[Kind, Integers]  # their records


def told(reports: Iterable[LoadReport]) -> Generator[Told, None, None]:
    """The reports of a check as they come."""
    for report in reports:
        yield sort_out(report)


def sort_out(report: LoadReport) -> Told:
    by_record: dict[int, list[Problem]] = {}
    by_kind: dict[Kind, list[Problem]] = {}
    for problem in report.problems:
        by_record.setdefault(problem.record, []).append(problem)
        by_kind.setdefault(kind_of(problem), []).append(problem)
    rows = {
        kind: np.array([one.record for one in some], np.int64) for kind, some in by_kind.items()
    }
    return Told(replace(report, problems=()), by_record, by_kind, rows)


class Findings:
    """Grows with every report of a check; read by the sheet at paint time."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.kinds: dict[Kind, int] = {}
        self.by_record: dict[int, list[Problem]] = {}
        self._by_kind: dict[Kind, list[Problem]] = {}
        self._rows: dict[Kind, list[Integers]] = {}  # their records, as the reports came
        self.far = False  # whether there are problems that a page cannot show by itself
        self._starts: list[int] = []
        self._records: dict[Kind | None, Integers] = {}
        self._spots: dict[Kind | None, Spots] = {}

    def add(self, told: Told) -> None:
        """Problems of a report are of other records than those before."""
        report = told.report
        self.places.extend(report.places)
        self._starts.extend(place.record for place in report.places)
        self.kinds = dict(report.cells)
        self.by_record.update(told.by_record)
        self.far = self.far or any(code in STATEFUL for _, code, _ in told.by_kind)
        for kind, some in told.by_kind.items():
            self._by_kind.setdefault(kind, []).extend(some)
            self._rows.setdefault(kind, []).append(told.rows[kind])
        self._forget(told.by_kind)

    def problems(self, kind: Kind) -> list[Problem]:
        """Those kept of a kind, in file order."""
        return self._by_kind.get(kind, [])

    def records(self, kind: Kind | None = None) -> Integers:
        """Numbers of the records kept, in file order; of one kind or of all."""
        if kind not in self._records:
            kinds = self._rows if kind is None else (kind,)
            self._records[kind] = _merged(
                [part for one in kinds for part in self._rows.get(one, ())]
            )
        return self._records[kind]

    def spots(self, kind: Kind | None, names: Sequence[str]) -> Spots:
        """Where the problems stand; one of a whole row in its first column: what F8 walks."""
        if kind not in self._spots:
            columns = {name: i for i, name in enumerate(names)}
            kinds = self._rows if kind is None else (kind,)
            parts = [
                (part << WIDE) | columns.get(one[0] or "", 0)
                for one in kinds
                for part in self._rows.get(one, ())
            ]
            self._spots[kind] = Spots(_merged(parts))
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
            known = self._by_kind.setdefault(kind, [])
            low = bisect_left(known, record, key=_record)
            high = bisect_right(known, record, key=_record)
            here = [one for one in new if kind_of(one) == kind]
            known[low:high] = here
            rows = _merged(self._rows.get(kind, []))
            kept = rows[rows != record]
            self._rows[kind] = [np.insert(kept, kept.searchsorted(record), [record][: len(here)])]
            self._forget((kind,))

    def shed(self) -> Generator[None, None, None]:
        """Lets go of the problems one by one, in a task: 100,000 at once hold all threads."""
        by_record, self.by_record = self.by_record, {}
        by_kind, self._by_kind = self._by_kind, {}
        yield
        while by_record:
            by_record.popitem()
        while by_kind:
            by_kind.popitem()

    def whole_file(self, record: int) -> list[Problem]:
        """Problems that one page of the file cannot show by itself."""
        return [p for p in self.by_record.get(record, ()) if p.code in STATEFUL]

    def place_of(self, record: int) -> int | None:
        """Which of `places` begins the batch that holds a record."""
        at = bisect_right(self._starts, record) - 1
        return at if at >= 0 else None


def _merged(parts: Sequence[Integers]) -> Integers:
    """Ascending, each once; the parts ascend by themselves, so a stable sort only merges them."""
    if not parts:
        return np.zeros(0, np.int64)
    found = np.sort(np.concatenate(parts), kind="stable")
    return found[np.concatenate([[True], found[1:] != found[:-1]])] if len(found) else found


def _record(problem: Problem) -> int:
    return problem.record


def kind_of(problem: Problem) -> Kind:
    return (problem.field, problem.code, problem.rule)


def by_field(kinds: Mapping[Kind, int]) -> dict[str, int]:
    result: dict[str, int] = {}
    for (name, _, _), count in kinds.items():
        if name is not None:
            result[name] = result.get(name, 0) + count
    return result
