"""The exact state machine: one record at a time, byte by byte where it must be.

It defines what a record is; the fast path of `splitter` is allowed only where it gives the same
answer. A quote opens a quoted field only at the start of a field; text after a closing quote is a
fault and never joined to the field. All bytes here are valid UTF-8.
"""

from typing import NamedTuple

from core.reading.dialect import Dialect

TEXT_AFTER_QUOTE = "quote-error"
UNTERMINATED = "unterminated-quote"

Cell = bytes | None  # None is an empty cell without quotes


class Scan(NamedTuple):
    """`stop` is the byte after the record's line end; `opened` where the quote at fault opens.

    With fault UNTERMINATED the quote is still open at the end of the bytes; `cells` are those
    before it. A field that spans lines and goes on after its closing quote is UNTERMINATED too:
    its quote was closed by the opening quote of a later field.
    """

    cells: list[Cell]
    stop: int
    fault: str = ""
    opened: int = -1
    closed: bool = True  # False: the bytes end before it can be told


class Machine:
    def __init__(self, dialect: Dialect) -> None:
        self.delimiter = dialect.delimiter.encode()
        self.quote = dialect.quote_char.encode() if dialect.quote_char else None
        self.doubled = dialect.double_quote
        self.escape = dialect.escape_char.encode() if dialect.escape_char else None
        self.end = dialect.line_terminator.encode() if dialect.line_terminator else None
        self.skip_space = dialect.skip_initial_space
        self._simple = self.escape is None and not self.skip_space
        self._opening = b""  # what opens a quoted field within a line, where that is so plain
        if self._simple and self.quote is not None and len(dialect.delimiter) == 1:
            self._opening = self.delimiter + self.quote

    def line(self, text: bytes, at: int) -> tuple[int, int]:
        """Where the line that holds byte `at` ends, and where the next one begins."""
        if self.end is not None:
            found = text.find(self.end, at)
            return (found, found + len(self.end)) if found >= 0 else (len(text), len(text))
        feed = text.find(b"\n", at)
        back = text.find(b"\r", at, feed if feed >= 0 else len(text))
        if back >= 0:
            return back, back + (2 if text[back + 1 : back + 2] == b"\n" else 1)
        return (feed, feed + 1) if feed >= 0 else (len(text), len(text))

    def scan(self, text: bytes, start: int, line: tuple[int, int] | None = None) -> Scan:
        """The record that begins at `start`; `line` is that line's end, where it is known."""
        line_stop, after = line or self.line(text, start)
        if self._simple and (self.quote is None or text.find(self.quote, start, line_stop) < 0):
            return Scan([c or None for c in text[start:line_stop].split(self.delimiter)], after)
        cells: list[Cell] = []
        cell: Cell
        at = start
        fault, opened = "", -1
        while True:
            if self.skip_space:
                while text[at : at + 1] == b" " and not text.startswith(self.delimiter, at):
                    at += 1
            if self.quote is not None and at < line_stop and text.startswith(self.quote, at):
                begin = at
                cell, at = self._quoted(text, at + len(self.quote))
                if at < 0:
                    return Scan(cells, len(text), UNTERMINATED, begin, False)
                if at > line_stop:
                    line_stop, after = self.line(text, at)
                    if at < line_stop and not text.startswith(self.delimiter, at):
                        return Scan(cells, after, UNTERMINATED, begin)
                if at < line_stop and not text.startswith(self.delimiter, at):
                    fault, opened = fault or TEXT_AFTER_QUOTE, begin
                    at = self._plain_stop(text, at, line_stop)
                    cell = text[begin:at]
                cells.append(cell)
            elif self._opening:
                begin, at = at, text.find(self._opening, at, line_stop)
                at = at if at >= 0 else line_stop
                cells += [c or None for c in text[begin:at].split(self.delimiter)]
            elif self.escape is None:
                stop = self._plain_stop(text, at, line_stop)
                cells.append(text[at:stop] or None)
                at = stop
            else:
                begin = at
                cell, at, line_stop, after = self._escaped(text, at, line_stop, after)
                if at < 0:
                    return Scan(cells, len(text), UNTERMINATED, begin, False)
                cells.append(cell)
            if at >= line_stop:
                return Scan(cells, after, fault, opened)
            at += len(self.delimiter)

    def _plain_stop(self, text: bytes, at: int, line_stop: int) -> int:
        found = text.find(self.delimiter, at, line_stop)
        return found if found >= 0 else line_stop

    def _quoted(self, text: bytes, at: int) -> tuple[bytes, int]:
        """A quoted field's text and the byte after its closing quote; -1 where none closes it."""
        quote, escape = self.quote or b"", self.escape
        parts: list[bytes] = []
        while True:
            found = text.find(quote, at)
            if escape is not None:
                mark = text.find(escape, at, found if found >= 0 else len(text))
                if mark >= 0:
                    taken = _character(text, mark + len(escape))
                    parts.append(text[at:mark] + taken)
                    at = mark + len(escape) + len(taken)
                    continue
            if found < 0:
                return b"", -1
            parts.append(text[at:found])
            at = found + len(quote)
            if not (self.doubled and text.startswith(quote, at)):
                return b"".join(parts), at
            parts.append(quote)
            at += len(quote)

    def _escaped(
        self, text: bytes, at: int, line_stop: int, after: int
    ) -> tuple[Cell, int, int, int]:
        """An unquoted field in a dialect with an escape; an escaped line end belongs to it."""
        escape = self.escape or b""
        parts: list[bytes] = []
        begin = at
        while True:
            stop = self._plain_stop(text, at, line_stop)
            mark = text.find(escape, at, stop)
            if mark < 0:
                parts.append(text[at:stop])
                if text[begin:stop] == escape + b"N":  # what databases write for null, not “N”
                    parts = [text[begin:stop]]
                return b"".join(parts) or None, stop, line_stop, after
            parts.append(text[at:mark])
            at = mark + len(escape)
            if at < line_stop:
                taken = _character(text, at)
                at += len(taken)
            else:
                taken, at = text[line_stop:after], after
                line_stop, after = self.line(text, at)
                if at == len(text):
                    return None, -1, line_stop, after
            parts.append(taken)


def _character(text: bytes, at: int) -> bytes:
    """The whole UTF-8 character at `at`; nothing at the end of the bytes."""
    stop = at + 1
    while stop < len(text) and 0x80 <= text[stop] < 0xC0:
        stop += 1
    return text[at:stop]
