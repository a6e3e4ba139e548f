"""Bytes that the fast parser would read differently than the dialect says.

The records that hold them go through the machine. Where the dialect's own delimiter or quote is
not one ASCII character, the parser works with a control character in its place, and a record that
holds that control character is suspect too.
"""

import re

import numpy as np
import numpy.typing as npt

from core.batch import Integers
from core.reading.dialect import Dialect
from core.reading.machine import Cell
from core.reading.proof import edges

_UNIT, _RECORD = "\x1f", "\x1e"


class Suspects:
    """`delimiter` and `quote` are those that the parser is given; `proven` is the quote whose
    places tell the records, "" where none does; beside it stand the bytes of `edges`."""

    def __init__(self, dialect: Dialect) -> None:
        self.delimiter = _plain(dialect.delimiter, _UNIT)
        self.quote = _plain(dialect.quote_char, _RECORD)
        self._delimiter = dialect.delimiter.encode()
        self.swapped = dialect.delimiter != self.delimiter
        quotes_work = dialect.quote_char == self.quote and not self.swapped
        self.proven = self.quote if quotes_work else ""
        self.edges = edges(self.delimiter, self.quote)
        self._wrong_ends = _WRONG_ENDS.get(dialect.line_terminator or "")
        self._spaces = None
        if dialect.skip_initial_space:
            self._spaces = re.compile(rb"(?:^|[\r\n]|" + re.escape(self._delimiter) + rb")( )")
        marks = {
            mark
            for mark, foreign in (
                (dialect.escape_char, True),
                (dialect.quote_char, not quotes_work or not dialect.double_quote),
                (self.quote, self.quote != dialect.quote_char),
                (self.delimiter, self.swapped),
            )
            if mark and foreign
        }
        self._marks = [mark.encode() for mark in sorted(marks)]
        self._comment = dialect.comment_char.encode() if dialect.comment_char else None

    def find(
        self, text: bytes, units: npt.NDArray[np.uint8], ends: Integers, begins: list[int]
    ) -> Integers:
        """Sorted places; `begins` are the beginnings of lines that are suspect anyway."""
        found = [np.array(begins, np.int64)] if begins else []
        found += [_all(text, units, mark) for mark in self._marks if mark in text]
        if self._comment is not None and self._comment in text:
            found.append(_line_starts(text, self._comment, ends))
        found += _bare_lines(units, ends, self._delimiter[0])
        if self._wrong_ends is not None:
            found.append(_matches(self._wrong_ends, text))
        if self._spaces is not None:
            found.append(_matches(self._spaces, text, 1))
        if not found:
            return np.zeros(0, np.int64)
        return np.unique(np.concatenate(found))

    def canonical(self, region: memoryview) -> bytes | memoryview:
        if not self.swapped:
            return region
        return bytes(region).replace(self._delimiter, self.delimiter.encode())

    def written(self, cells: list[Cell]) -> bytes:
        """One record in canonical form, each cell quoted that is not an empty one."""
        quote = self.quote.encode()
        doubled = quote + quote
        return (
            self.delimiter.encode().join(
                b"" if cell is None else quote + cell.replace(quote, doubled) + quote
                for cell in cells
            )
            + b"\n"
        )


# the parser takes each of these for a line end
_WRONG_ENDS = {
    "\n": re.compile(rb"\r"),
    "\r": re.compile(rb"\n"),
    "\r\n": re.compile(rb"\r(?!\n)|(?<!\r)\n"),
}


def _plain(given: str | None, instead: str) -> str:
    return given if given is not None and len(given) == 1 and given.isascii() else instead


def _all(text: bytes, units: npt.NDArray[np.uint8], mark: bytes) -> Integers:
    if len(mark) == 1:
        return np.flatnonzero(units == mark[0])
    return _matches(re.compile(re.escape(mark)), text)


def _matches(pattern: re.Pattern[bytes], text: bytes, group: int = 0) -> Integers:
    return np.array([match.start(group) for match in pattern.finditer(text)], np.int64)


def _bare_lines(units: npt.NDArray[np.uint8], ends: Integers, delimiter: int) -> list[Integers]:
    """Lines that begin and end with a delimiter, and blank ones: the machine takes out those of
    nothing else, so that the parser's columns need no filter. Many of them are left to that."""
    starts = np.concatenate(([0], ends[:-1]))
    first = units[starts]
    likely = np.flatnonzero((first == delimiter) | (first == 10) | (first == 13))
    begins, stops = starts[likely], ends[likely]
    found = begins[(units[np.maximum(stops - 2, begins)] == delimiter) | (stops - begins <= 2)]
    return [found] if 0 < len(found) <= len(ends) // 20 else []


def _line_starts(text: bytes, mark: bytes, ends: Integers) -> Integers:
    starts = np.concatenate(([0], ends[:-1]))
    units = np.frombuffer(text, np.uint8)
    likely = starts[units[starts] == mark[0]]
    return np.array([n for n in likely.tolist() if text.startswith(mark, n)], np.int64)
