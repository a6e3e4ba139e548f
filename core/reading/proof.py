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
            or self._cannot_open(places[0::2]).any()
            or self._cannot_close(places[1::2]).any()
        )

    def index(self, byte: int) -> int:
        """How many quotes stand before `byte`."""
        return int(self.places.searchsorted(byte))

    def fault(self, start: int, first: int) -> int:
        """The first byte from `start`, where a record begins, that needs the machine; -1: none.
        `first` quotes stand before it."""
        parity = first & 1
        wrong = self._wrong[parity]
        if wrong is None:
            wrong = self._wrong[parity] = self._wrong_if(parity)
        n = int(wrong.searchsorted(start))
        return int(wrong[n]) if n < len(wrong) else -1

    def before(self, byte: int) -> int:
        """The quote before `byte`."""
        return int(self.places[self.index(byte) - 1])

    def _wrong_if(self, parity: int) -> Integers:
        """Where records need the machine, if the quotes of this parity open fields."""
        opens, closes = self.places[parity::2], self.places[1 - parity :: 2]
        wrong = opens[self._cannot_open(opens)], closes[self._cannot_close(closes)]
        return np.sort(np.concatenate((*wrong, self._suspects)), kind="stable")  # of sorted runs

    def _cannot_open(self, places: Integers) -> npt.NDArray[np.bool_]:
        return ~self._edges[self._units[places - 1]] & (places > 0)

    def _cannot_close(self, places: Integers) -> npt.NDArray[np.bool_]:
        after = np.minimum(places + 1, len(self._units) - 1)  # the last may end the text
        return ~self._edges[self._units[after]]


def edges(delimiter: str, quote: str) -> npt.NDArray[np.bool_]:
    """The bytes that canonical CSV has before an opening and after a closing quote; a quote there
    is half of a doubled one."""
    found = np.zeros(256, bool)
    found[[ord(one) for one in ("\n", "\r", delimiter, quote)]] = True
    return found
