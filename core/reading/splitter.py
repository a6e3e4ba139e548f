"""A window of the file → its records with exact places, and their columns of text.

Regions proven canonical go to the fast parser as they are. A record that is not goes through the
exact machine alone; where it is good, it goes to the parser too, rewritten in canonical form.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from core.batch import Integers, Place
from core.reading.columns import Columns
from core.reading.dialect import Dialect
from core.reading.encoding import Codec
from core.reading.proof import Quotes
from core.reading.records import (
    BLANK,
    BLANK_ROW,
    COMMENT,
    INSIDE,
    RECORD,
    REFUSED,
    Found,
    Records,
)
from core.reading.refusals import ENCODING, Fault, Refusals
from core.reading.suspects import Suspects
from core.reading.window import (
    EMPTY,
    Block,
    Lines,
    Piece,
    all_null,
    any_between,
    kept,
    quoted_fields,
    survey,
    white,
)

ROUNDS = 8


class Splitter:
    """Cuts windows in one dialect; keeps nothing from one window to the next."""

    def __init__(self, dialect: Dialect, names: tuple[str, ...], codec: Codec) -> None:
        self._names = names
        self._codec = codec
        self._records = Records(dialect, len(names))
        self._suspects = Suspects(dialect)
        self._columns = Columns(len(names), self._suspects.delimiter, self._suspects.quote)
        self._apart = frozenset(dialect.comment_rows)

    def split(
        self, raw: bytes, place: Place, whole: bool, final: bool, alone: bool
    ) -> Block | None:
        """The records of the window `raw`, which begins at `place`; None where its first record
        needs more bytes. `whole`: the file ends here; `final`: nothing more may be looked at for a
        closing quote; `alone`: the first record and no other (it outgrew the ordinary window)."""
        lines = self._lines(raw, place, whole)
        if lines is None:
            return None
        apart = self._comment_lines(lines)
        if alone:
            found = self._found(lines, 0, final, apart)
            pieces = [] if found is None else [Piece(0, found)]
            limit = found.stop if found else 0
        else:
            pieces, limit = self._walk(lines, final, apart)
        return self._block(lines, pieces, limit) if limit else None

    def _lines(self, raw: bytes, place: Place, whole: bool) -> Lines | None:
        """The whole lines of the window; None where it holds none."""
        codec, quote = self._codec, self._suspects.proven
        direct = codec.direct(raw)
        ends, quotes, quoted = survey(codec, raw, quote, whole) if direct else (EMPTY,) * 3
        stops = ends if direct else codec.stops(raw, whole)
        if not len(stops):
            return None
        if stops[-1] != len(raw):
            raw = raw[: int(stops[-1])]
        text, bad = codec.transcode(raw, stops)
        if not direct:
            ends, quotes, quoted = survey(codec, text, quote, True)
        inside = int(quotes.searchsorted(len(text)))
        return Lines(
            raw, text, stops, ends, quotes[:inside], quoted[:inside], bad, place, codec.feeds(text)
        )

    def _comment_lines(self, lines: Lines) -> frozenset[int]:
        """Where the lines begin that the dialect names as comments."""
        first, count = lines.place.line, len(lines.ends)
        inside = (n - first for n in self._apart if first <= n < first + count)
        return frozenset(lines.begin(n) for n in inside)

    def _found(self, lines: Lines, at: int, final: bool, apart: frozenset[int]) -> Found | None:
        if at in apart:
            return Found(COMMENT, self._records.machine.line(lines.text, at)[1], [])
        return self._records.at(lines.text, at, final)

    def _walk(self, lines: Lines, final: bool, apart: frozenset[int]) -> tuple[list[Piece], int]:
        """What the machine found, and where the last whole record of the window ends."""
        text = lines.text
        begins = [lines.begin(n) for n in lines.bad] + sorted(apart)
        units = np.frombuffer(text, np.uint8)
        suspects = self._suspects.find(text, units, lines.ends, begins)
        edges = self._suspects.edges
        rounds = 0
        while True:
            quotes = Quotes(units, lines.quotes, lines.quoted, edges, suspects)
            pieces, limit = self._pieces(lines, quotes, final, apart)
            doubted = self._doubted(lines, quotes, pieces, limit)
            if not doubted:
                return pieces, limit
            rounds += 1  # each may uncover more; after a few every quote is suspect
            more = quotes.places if rounds > ROUNDS else np.array(doubted, np.int64)
            suspects = np.union1d(suspects, more)

    def _pieces(
        self, lines: Lines, quotes: Quotes, final: bool, apart: frozenset[int]
    ) -> tuple[list[Piece], int]:
        pieces: list[Piece] = []
        at, size = 0, len(lines.text)
        if quotes.clean and len(quotes.places) % 2 == 0:
            return pieces, size
        while at < size:
            first = quotes.index(at)
            fault = quotes.fault(at, first)
            if fault < 0:
                if (len(quotes.places) - first) % 2 == 0:
                    break
                fault = int(quotes.places[-1])
            begin = self._record_start(lines, quotes, at, first, fault)
            found = self._found(lines, begin, final, apart)
            if found is None:
                return pieces, begin
            pieces.append(Piece(begin, found))
            at = found.stop
        return pieces, size

    def _record_start(self, lines: Lines, quotes: Quotes, at: int, first: int, byte: int) -> int:
        """The beginning of the record that holds `byte`; every quote from `at`, the `first`, to it
        is good."""
        while True:
            start = max(at, lines.start_of(byte))
            if start == at or (quotes.index(start) - first) % 2 == 0:
                return start
            byte = quotes.before(start)

    def _doubted(self, lines: Lines, quotes: Quotes, pieces: list[Piece], limit: int) -> list[int]:
        """Marks the lines inside quoted fields, and names the records that look like a quote that
        never closed."""
        lines.kinds[:] = RECORD
        first, last = quoted_fields(quotes, pieces, limit)
        several = first != last
        if not several.any():
            return []
        first, last = first[several], last[several]
        depth = np.zeros(len(lines.kinds) + 1, np.int64)
        np.add.at(depth, first + 1, 1)
        np.add.at(depth, last + 1, -1)
        lines.kinds[np.cumsum(depth[:-1]) > 0] = INSIDE
        begins = np.flatnonzero(lines.kinds != INSIDE)
        which = np.unique(begins.searchsorted(first, "right") - 1)
        bounds = np.append(begins, len(lines.kinds))
        return [
            start
            for start, stop in zip(
                map(lines.begin, bounds[which].tolist()),
                map(lines.begin, bounds[which + 1].tolist()),
                strict=True,
            )
            if self._records.swallows(lines.text, start, stop, 0)
        ]

    def _block(self, lines: Lines, pieces: list[Piece], limit: int) -> Block:
        count = int(np.searchsorted(lines.ends, limit)) + 1
        kinds = lines.kinds[:count]
        self._mark(lines, pieces)
        fed = np.flatnonzero(kinds == RECORD)
        columns, misfits = self._columns.parse(self._feed(lines, pieces, limit))
        assert len(fed) == len(columns[0]) + len(misfits), "the parser lost a record"
        self._sort_out(lines, fed[misfits].tolist() if misfits else [])
        stop = int(lines.stops[count - 1])
        columns = self._drop_empty(lines, np.delete(fed, misfits) if misfits else fed, columns)
        is_record = (kinds == RECORD) | (kinds == REFUSED)
        return Block(
            data=lines.raw if stop == len(lines.raw) else lines.raw[:stop],
            kinds=kinds,
            stops=lines.stops[:count],
            columns=columns,
            refused=self._refusals(lines, is_record),
            records=int(np.count_nonzero(is_record)),
        )

    def _mark(self, lines: Lines, pieces: list[Piece]) -> None:
        if not pieces:
            return
        firsts = lines.number([piece.start for piece in pieces]).tolist()
        lasts = np.searchsorted(lines.ends, [piece.found.stop for piece in pieces]).tolist()
        bad = lines.bad
        for piece, first, last in zip(pieces, firsts, lasts, strict=True):
            found, kind, code = piece.found, piece.found.kind, piece.found.code
            if bad and kind in (RECORD, REFUSED) and any_between(bad, first, last):
                kind, code = REFUSED, f"{ENCODING} {code}".strip()
            if last > first:
                lines.kinds[first : last + 1] = INSIDE
            lines.kinds[first] = kind
            if kind == REFUSED:
                lines.cells[first] = (found.cells, code)

    def _feed(self, lines: Lines, pieces: list[Piece], limit: int) -> bytes:
        """Canonical text of the records that go to the parser, in order."""
        text = lines.text
        firsts = lines.number([piece.start for piece in pieces]).tolist() if pieces else []
        parts, at = [], 0
        for piece, first in zip(pieces, firsts, strict=True):
            parts.append(self._suspects.canonical(text[at : piece.start]))
            if lines.kinds[first] == RECORD:
                parts.append(self._suspects.written(piece.found.cells))
            at = piece.found.stop
        parts.append(self._suspects.canonical(text[at:limit] if at or limit < len(text) else text))
        if len(parts) == 1:
            return parts[0]
        return b"".join(
            part + b"\n" if part.endswith(b"\r") and len(parts) > 1 else part for part in parts
        )

    def _sort_out(self, lines: Lines, misfits: list[int]) -> None:
        """Rows of the wrong width: blank lines and refused records."""
        for line in misfits:
            stop = self._line_stop(lines, line)
            start = lines.begin(line)
            found = self._records.at(lines.text, start, True)
            assert found is not None
            assert (found.stop, found.kind == RECORD) == (stop, False), "two readings disagree"
            lines.kinds[line] = found.kind
            if found.kind == REFUSED:
                lines.cells[line] = (found.cells, found.code)

    def _line_stop(self, lines: Lines, line: int) -> int:
        while line + 1 < len(lines.kinds) and lines.kinds[line + 1] == INSIDE:
            line += 1
        return int(lines.ends[line])

    def _drop_empty(self, lines: Lines, rows: Integers, columns: list[Any]) -> list[Any]:
        """Takes blank lines and rows of nothing but delimiters out of the columns."""
        empty = all_null(columns)
        if len(columns) == 1:
            empty |= white(columns[0])  # may stand for a blank line
        if not empty.any():
            return columns
        keep = np.ones(len(rows), bool)
        for n in np.flatnonzero(empty).tolist():
            line = int(rows[n])
            start, stop = lines.begin(line), self._line_stop(lines, line)
            content = lines.text[start : self._records.machine.line(lines.text, start)[0]]
            if self._records.blank(content):
                lines.kinds[line] = BLANK
            elif len(columns) > 1:
                lines.kinds[line] = REFUSED
                lines.cells[line] = (self._records.machine.scan(lines.text, start).cells, BLANK_ROW)
            else:
                continue
            assert stop == int(lines.ends[line])
            keep[n] = False
        return kept(columns, keep)

    def _refusals(self, lines: Lines, is_record: npt.NDArray[np.bool_]) -> Refusals:
        held = sorted(lines.cells)
        if not held:
            return Refusals(self._names, self._codec, b"", 0, [])
        begins = np.flatnonzero(lines.kinds[: len(is_record)] != INSIDE)
        after = np.append(begins[1:], len(is_record))[begins.searchsorted(held)]
        numbers = (lines.place.record - 1 + np.cumsum(is_record)[held]).tolist()
        starts = np.concatenate(([0], lines.stops))[held].tolist()
        stops = lines.stops[after - 1].tolist()
        first = lines.place.line
        faults = [
            Fault(number, first + n, start, stop, *lines.cells[n])
            for n, number, start, stop in zip(held, numbers, starts, stops, strict=True)
        ]
        return Refusals(self._names, self._codec, lines.raw, lines.place.offset, faults)
