"""Which quotes of a text stand where canonical CSV has them, all at once.

In canonical text quotes alternate: one opens a field (after a delimiter, a line end or the quote
just before it), the next closes it (before a delimiter, a line end or the quote just after it).
While every quote since a record's beginning keeps to that, the exact machine reads the same: this
is what lets whole regions go to the fast parser. A quote that does not, sends its record, and no
other, to the machine.
"""

import numpy as np
import numpy.typing as npt

from core.batch import Integers

FINE, OPEN, DOUBTFUL = range(3)  # a line that begins a record; OPEN: its last field goes on


class Quotes:
    """The quotes of one text: `places` are their bytes, `lines` the lines (from 0) they stand on.
    `suspects` are bytes whose records need the machine whatever their quotes do (sorted)."""

    def __init__(
        self,
        units: npt.NDArray[np.uint8],
        places: Integers,
        lines: Integers,
        edges: npt.NDArray[np.bool_],
        suspects: Integers,
    ) -> None:
        self.places = places
        self.lines = lines
        self.size = len(units)
        self._units = units
        self._edges = edges
        self._suspects = suspects
        self._wrong: list[Integers | None] = [None, None]
        self.clean = not (
            len(suspects)
            or len(places) % 2
            or self._cannot_open(places[0::2]).any()
            or self._cannot_close(places[1::2]).any()
        )

    def verdicts(self, ends: Integers) -> npt.NDArray[np.int8]:
        """FINE, OPEN or DOUBTFUL of each line, if a record begins on it."""
        found = np.zeros(len(ends), np.int8)
        places, lines = self.places, self.lines
        if len(places):
            firsts = np.flatnonzero(lines[1:] != lines[:-1]) + 1  # quotes that begin a line
            firsts = np.concatenate(([0], firsts))
            counts = np.diff(firsts, append=len(places))
            found[lines[firsts[np.flatnonzero(counts & 1)]]] = OPEN
            closes = np.repeat(firsts & 1 == 1, counts)
            closes[1::2] ^= True
            wrong = np.where(closes, self._cannot_close(places), self._cannot_open(places))
            found[lines[np.flatnonzero(wrong)]] = DOUBTFUL
        found[ends.searchsorted(self._suspects, "right")] = DOUBTFUL
        return found

    def fault(self, start: int) -> int:
        """The first byte from `start`, where a record begins, that needs the machine; -1: none.
        A quote that is open at the end of the text is one."""
        first = int(self.places.searchsorted(start))
        parity = first & 1
        wrong = self._wrong[parity]
        if wrong is None:
            wrong = self._wrong[parity] = self._wrong_if(parity)
        n = int(wrong.searchsorted(start))
        if n < len(wrong):
            return int(wrong[n])
        return int(self.places[-1]) if (len(self.places) - first) % 2 else -1

    def outer(self, start: int, byte: int) -> int:
        """The quote that opens the field that holds `byte`, or `byte` itself outside of quotes;
        a record begins at `start`, and every quote from there to `byte` is good."""
        first, n = self.places.searchsorted((start, byte)).tolist()
        return int(self.places[n - 1]) if (n - first) % 2 else byte

    def fields(self, start: int, stop: int) -> tuple[Integers, Integers]:
        """The lines on which each quoted field of a canonical region begins and ends."""
        first, after = self.places.searchsorted((start, stop)).tolist()
        return self.lines[first:after:2], self.lines[first + 1 : after : 2]

    def _wrong_if(self, parity: int) -> Integers:
        """Where records need the machine, if the quotes of this parity open fields."""
        opens, closes = self.places[parity::2], self.places[1 - parity :: 2]
        wrong = opens[self._cannot_open(opens)], closes[self._cannot_close(closes)]
        return np.sort(np.concatenate((*wrong, self._suspects)), kind="stable")  # of sorted runs

    def _cannot_open(self, places: Integers) -> npt.NDArray[np.bool_]:
        wrong = ~self._edges.take(self._units.take(places - 1))
        if len(places) and places[0] == 0:
            wrong[0] = False
        return wrong

    def _cannot_close(self, places: Integers) -> npt.NDArray[np.bool_]:
        # the last may end the text
        return ~self._edges.take(self._units.take(places + 1, mode="clip"))


def edges(delimiter: str, quote: str) -> npt.NDArray[np.bool_]:
    """The bytes that canonical CSV has before an opening and after a closing quote; a quote there
    is half of a doubled one."""
    found = np.zeros(256, bool)
    found[[ord(one) for one in ("\n", "\r", delimiter, quote)]] = True
    return found
