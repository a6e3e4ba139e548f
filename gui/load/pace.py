"""How fast a load goes now and how long it will take; no Qt here."""

from collections import deque
from dataclasses import dataclass

from core.batch import LoadReport

LATELY = 10.0  # s that count
ENOUGH = 0.3  # s before which nothing is said


@dataclass(frozen=True, slots=True)
class Pace:
    """Rows a second and seconds left; None while too little is known."""

    rate: float | None = None
    left: float | None = None


UNKNOWN = Pace()


class Pacer:
    """Fed with the reports of one load; rows that an earlier run brought take no time."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int, float]] = deque()  # when, rows, fraction
        self._resumed = 0
        self._known = UNKNOWN

    def add(self, report: LoadReport, now: float) -> Pace:
        rows = report.records - report.resumed
        if report.resumed != self._resumed:
            self._resumed = report.resumed
            self._seen.clear()
        if not self._seen or rows != self._seen[-1][1]:
            self._seen.append((now, rows, report.fraction))
            while len(self._seen) > 2 and self._seen[1][0] < now - LATELY:
                self._seen.popleft()
            self._known = self._measured()
        left = self._known.left
        if left is None:
            return self._known
        return Pace(self._known.rate, max(0.0, left - (now - self._seen[-1][0])))

    def _measured(self) -> Pace:
        (begun, before, start), (ended, after, end) = self._seen[0], self._seen[-1]
        seconds, share = ended - begun, end - start
        if seconds < ENOUGH or after <= before:
            return UNKNOWN
        return Pace((after - before) / seconds, (1 - end) * seconds / share if share > 0 else None)
