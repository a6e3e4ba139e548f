"""The records of a window that need the exact machine: found line by line, judged one by one."""

import numpy as np

from core.batch import Integers
from core.reading.proof import OPEN, Quotes
from core.reading.records import COMMENT, INSIDE, RECORD, Found, Records
from core.reading.suspects import Suspects
from core.reading.window import Lines, Piece

ROUNDS = 8


class Walk:
    """`final`: nothing beyond the window may be looked at for a closing quote; `apart` are the
    beginnings of the lines that the dialect names as comments."""

    def __init__(
        self, lines: Lines, records: Records, suspects: Suspects, final: bool, apart: frozenset[int]
    ) -> None:
        self._lines = lines
        self._records = records
        self._suspects = suspects
        self._final = final
        self._apart = apart

    def first(self) -> tuple[list[Piece], int]:
        """The first record alone, and where it ends: 0 where that needs more bytes."""
        found = self._found(0)
        return ([], 0) if found is None else ([Piece(0, 0, found)], found.stop)

    def all(self) -> tuple[list[Piece], int]:
        """What the machine found, and where the last whole record of the window ends."""
        lines = self._lines
        begins = [*lines.begins(np.array(lines.bad, np.int64)).tolist(), *sorted(self._apart)]
        units = np.frombuffer(lines.text, np.uint8)
        suspects = self._suspects.find(lines.text, units, lines.ends, begins)
        rounds = 0
        while True:
            quotes = Quotes(units, lines.quotes, lines.quoted, self._suspects.edges, suspects)
            pieces, regions, limit = self._pieces(quotes)
            swallowing = self._swallowing(quotes, regions)
            if not swallowing:
                return pieces, limit
            rounds += 1  # each may uncover more; after a few every quote is suspect
            more = quotes.places if rounds > ROUNDS else np.array(swallowing, np.int64)
            suspects = np.union1d(suspects, more)

    def _found(self, at: int) -> Found | None:
        if at in self._apart:
            return Found(COMMENT, self._records.machine.line(self._lines.text, at)[1], [])
        return self._records.at(self._lines.text, at, self._final)

    def _pieces(self, quotes: Quotes) -> tuple[list[Piece], list[tuple[int, int]], int]:
        """Between them stand, besides records of one line, canonical regions whose quoted fields
        may go over lines."""
        pieces: list[Piece] = []
        if quotes.clean:
            return pieces, [(0, quotes.size)], quotes.size
        regions: list[tuple[int, int]] = []
        verdicts = quotes.verdicts(self._lines.ends)
        doubtful = np.flatnonzero(verdicts)
        begins = self._lines.begins(doubtful)
        at = 0
        for line, begin, verdict in zip(
            doubtful.tolist(), begins.tolist(), verdicts[doubtful].tolist(), strict=True
        ):
            if begin < at:
                continue
            if verdict == OPEN:
                fault = quotes.fault(begin)
                at = quotes.size if fault < 0 else self._record_start(quotes, begin, fault)
                if begin < at:
                    regions.append((begin, at))
                    continue
            found = self._found(begin)
            if found is None:
                return pieces, regions, begin
            pieces.append(Piece(line, begin, found))
            at = found.stop
        return pieces, regions, quotes.size

    def _record_start(self, quotes: Quotes, at: int, byte: int) -> int:
        """The beginning of the record that holds `byte`; one begins at `at`, and every quote
        between is good."""
        while True:
            start = max(at, self._lines.start_of(byte))
            byte = quotes.outer(at, start)
            if byte == start:
                return start

    def _swallowing(self, quotes: Quotes, regions: list[tuple[int, int]]) -> list[int]:
        """Marks the lines inside quoted fields, and names the records that look like a quote that
        never closed."""
        lines = self._lines
        lines.kinds[:] = RECORD
        if not regions or not len(quotes.lines):
            return []
        fields = [quotes.fields(*region) for region in regions]
        first, last = (np.concatenate(ends) for ends in zip(*fields, strict=True))
        several = first != last
        if not several.any():
            return []
        first, last = first[several], last[several]
        lines.kinds[_covered(first + 1, last + 1, len(lines.kinds))] = INSIDE
        begins = np.flatnonzero(lines.kinds != INSIDE)
        which = np.unique(begins.searchsorted(first, "right") - 1)
        starts = lines.begins(begins[which]).tolist()
        stops = lines.begins(np.append(begins, len(lines.kinds))[which + 1]).tolist()
        return [
            start
            for start, stop in zip(starts, stops, strict=True)
            if self._records.swallows(lines.text, start, stop, 0)
        ]


def _covered(first: Integers, after: Integers, count: int) -> Integers:
    """The numbers below `count` that are in one of the ranges."""
    depth = np.zeros(count + 1, np.int64)
    np.add.at(depth, first, 1)
    np.add.at(depth, after, -1)
    return np.flatnonzero(np.cumsum(depth[:-1]))
