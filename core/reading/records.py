"""What begins at a byte: a record, a refusal, a blank line or a comment, and where it ends.

The rule of recovery. A quote is taken as never closed when it is still open at the end of what may
be looked at, when the quote that would close it is followed by text (so it opens a later field),
or when the lines it swallows are themselves records of the right width. The record then ends with
the line its quote opens on, and with the lines after it that hold at most half of the cells: the
rest of a broken text. Reading goes on at the line after.
"""

from typing import NamedTuple

from core.reading.dialect import Dialect
from core.reading.machine import UNTERMINATED, Cell, Machine, Scan

RECORD, REFUSED, BLANK, COMMENT, INSIDE = range(5)
BLANK_ROW, MISSING, EXTRA = "blank-row", "missing-cell", "extra-cell"

PLAUSIBLE = 6  # a record of the right width on fewer lines is never doubted
ODD = 3  # nor one of the wrong width on fewer
_REST_LINES, _REST_BYTES = 100, 1 << 16
_LOOKED_AT = 1_000  # swallowed lines


class Found(NamedTuple):
    """`cells` as far as the record could be split; `code` says why it is refused."""

    kind: int
    stop: int
    cells: list[Cell]
    code: str = ""


class Records:
    """`width` is the number of columns, 0 where it is not known yet (header, first row)."""

    def __init__(self, dialect: Dialect, width: int = 0) -> None:
        self.machine = Machine(dialect)
        self.width = width
        # bytes on which neither a blank line nor a row of delimiters can begin
        self._solid = frozenset(range(33, 128)) - {self.machine.delimiter[0]}
        self.comment = dialect.comment_char.encode() if dialect.comment_char else None

    def at(self, text: bytes, start: int, final: bool) -> Found | None:
        """What begins at `start`; None where it cannot be told before more bytes are read."""
        line = self.machine.line(text, start)
        if self.comment is not None and text.startswith(self.comment, start):
            return Found(COMMENT, line[1], [])
        if text[start] not in self._solid:
            content = text[start : line[0]]
            if self.blank(content):
                return Found(BLANK, line[1], [])
            if len(self.machine.delimiter) == 1 and not content.strip(self.machine.delimiter):
                return Found(REFUSED, line[1], [None] * (len(content) + 1), BLANK_ROW)
        scan = self.machine.scan(text, start, line)
        if scan.fault == UNTERMINATED:
            if not scan.closed and not final:
                return None
            return self._broken(text, start, scan, scan.opened, final)
        if scan.fault:
            return Found(REFUSED, scan.stop, scan.cells, scan.fault)
        if scan.stop > line[1] and self.swallows(text, start, scan.stop, len(scan.cells)):
            return self._broken(text, start, scan, start, final)
        return self._measured(text, start, scan)

    def unequal(self, text: bytes, start: int, cells: int) -> tuple[int, str]:
        """Kind and code of canonical text that begins at `start` and has too few or many cells."""
        if text[start] in self._solid:
            return REFUSED, MISSING if cells < self.width else EXTRA
        found = self.at(text, start, True)
        assert found is not None
        assert found.kind != RECORD, "two readings disagree"
        return found.kind, found.code

    def _measured(self, text: bytes, start: int, scan: Scan) -> Found:
        code = self.misfit(scan.cells)
        return Found(REFUSED if code else RECORD, scan.stop, scan.cells, code)

    def misfit(self, cells: list[Cell]) -> str:
        """Why cells that were split well are no record of this table."""
        found = len(cells)
        if found > 1 and cells.count(None) == found:
            return BLANK_ROW
        if not self.width or found == self.width:
            return ""
        return MISSING if found < self.width else EXTRA

    def blank(self, content: bytes) -> bool:
        """Nothing, or white space that is no delimiter."""
        if not content:
            return True
        if content[0] > 32 and content[0] < 128:
            return False
        if self.machine.delimiter in content:
            return False
        try:
            return content.decode().isspace()
        except UnicodeDecodeError:
            return False

    def swallows(self, text: bytes, start: int, stop: int, found: int) -> bool:
        """Whether the lines of a record that spans lines look like records of their own.

        They do where each, the first with its open quote included, has the table's width, but for
        one in twenty; a text in a cell cannot look so by chance in `PLAUSIBLE` lines, and in a
        record of the wrong width `ODD` are enough.
        """
        line, after = self.machine.line(text, start)
        if self.width < 2 or not self._fits(text[start:line]):
            return False
        lines, misfits = 1, 0
        while after < stop and lines < _LOOKED_AT:
            begin, (line, after) = after, self.machine.line(text, after)
            lines += 1
            misfits += not self._fits(text[begin:line])
            if misfits > lines // 20:
                return False
        return lines >= (PLAUSIBLE if found == self.width else ODD)

    def _fits(self, line: bytes) -> bool:
        return line.count(self.machine.delimiter) + 1 == self.width

    def _broken(
        self, text: bytes, start: int, scan: Scan, opened: int, final: bool
    ) -> Found | None:
        stop = self.machine.line(text, max(opened, start))[1]
        until, lines = stop, 0
        while until < len(text) and lines < _REST_LINES and until - stop < _REST_BYTES:
            end, after = self.machine.line(text, until)
            line = text[until:end]
            cells = line.count(self.machine.delimiter) + 1
            if cells > self.width // 2 or self.blank(line):
                break
            until, lines = after, lines + 1
        else:
            if until >= len(text) and not final:
                return None
        cells_found = self.literal(text[start:stop])
        return Found(REFUSED, until, cells_found, UNTERMINATED)

    def literal(self, line: bytes) -> list[Cell]:
        content = line.rstrip(b"\r\n")
        return [cell or None for cell in content.split(self.machine.delimiter)]
