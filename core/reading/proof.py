"""Which quotes of a text stand where canonical CSV has them, all at once.

In canonical text quotes alternate: one opens a field (after a delimiter, a line end or the quote
just before it), the next closes it (before a delimiter, a line end or the quote just after it).
While every quote since a record's beginning keeps to that, the exact machine reads the same: this
is what lets whole regions go to the fast parser. A quote that does not, sends its record, and no
other, to the machine.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from core.batch import Integers


class Quotes:
    """The quotes of one text. `suspects` are bytes whose records need the machine whatever their
    quotes do (sorted)."""

    def __init__(
        self, units: npt.NDArray[np.uint8], quote: int, delimiter: int, suspects: Integers
    ) -> None:
        self.places: Integers = np.flatnonzero(units == quote) if quote >= 0 else _empty()
        self._opens, self._closes = _faults(units, self.places, delimiter)
        self._suspects = suspects
        self._wrong: tuple[Integers, ...] = ()
        self.clean = not (len(suspects) or self._opens[0::2].any() or self._closes[1::2].any())

    def index(self, byte: int) -> int:
        """How many quotes stand before `byte`."""
        return int(self.places.searchsorted(byte))

    def fault(self, start: int, first: int) -> int:
        """The first byte from `start`, where a record begins, that needs the machine; -1: none.
        `first` quotes stand before it."""
        if not self._wrong:
            self._wrong = tuple(_wrong(self.places, self._opens, self._closes, self._suspects))
        wrong = self._wrong[first & 1]
        n = int(wrong.searchsorted(start))
        return int(wrong[n]) if n < len(wrong) else -1

    def before(self, byte: int) -> int:
        """The quote before `byte`."""
        return int(self.places[self.index(byte) - 1])


def _wrong(
    places: Integers,
    opens: npt.NDArray[np.bool_],
    closes: npt.NDArray[np.bool_],
    suspects: Integers,
) -> Iterator[Integers]:
    """Where records need the machine, if the first quote after an even or an odd number of quotes
    opens a field."""
    odd = np.zeros(len(places), bool)
    odd[1::2] = True
    for wrong in (np.where(odd, closes, opens), np.where(odd, opens, closes)):
        yield np.sort(np.concatenate((places[wrong], suspects)))


def _faults(
    units: npt.NDArray[np.uint8], places: Integers, delimiter: int
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """For each quote whether it cannot open, and whether it cannot close a field."""
    if not len(places):
        none = np.zeros(0, bool)
        return none, none
    before = units[places - 1]
    after = units[np.minimum(places + 1, len(units) - 1)]
    edge = _edges(delimiter)
    opens, closes = ~edge[before], ~edge[after]
    adjacent = np.diff(places) == 1
    opens[1:] &= ~adjacent
    closes[:-1] &= ~adjacent
    if places[0] == 0:
        opens[0] = False
    if places[-1] == len(units) - 1:
        closes[-1] = False
    return opens, closes


def _edges(delimiter: int) -> npt.NDArray[np.bool_]:
    edge = np.zeros(256, bool)
    edge[[10, 13]] = True
    if delimiter >= 0:
        edge[delimiter] = True
    return edge


def _empty() -> Integers:
    return np.zeros(0, np.int64)
