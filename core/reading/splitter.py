"""A window of the file → its records with exact places, and their columns of text.

Regions proven canonical go to the fast parser as they are. A record that is not goes through the
exact machine alone; where it is good, it goes to the parser too, rewritten in canonical form.
"""

from typing import Any

import numpy as np

from core.batch import Integers, Place
from core.reading.columns import Columns, Misfit
from core.reading.dialect import Dialect
from core.reading.encoding import Codec
from core.reading.records import (
    BLANK,
    BLANK_ROW,
    INSIDE,
    RECORD,
    REFUSED,
    Records,
)
from core.reading.refusals import ENCODING, NO_FAULTS, Faults, Refusals
from core.reading.suspects import Suspects
from core.reading.walk import Walk
from core.reading.window import (
    EMPTY,
    Block,
    Kinds,
    Lines,
    Piece,
    all_null,
    any_between,
    kept,
    survey,
    white,
)


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
        walk = Walk(lines, self._records, self._suspects, final, self._comment_lines(lines))
        pieces, limit = walk.first() if alone else walk.all()
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

    def _block(self, lines: Lines, pieces: list[Piece], limit: int) -> Block:
        count = int(np.searchsorted(lines.ends, limit)) + 1
        kinds = lines.kinds[:count]
        good = self._mark(lines, pieces)
        fed = np.flatnonzero(kinds == RECORD)
        columns, misfits = self._columns.parse(self._feed(lines, pieces, good, limit))
        assert len(fed) == len(columns[0]) + len(misfits), "the parser lost a record"
        if misfits:
            left_out = np.array([misfit.row for misfit in misfits])
            self._sort_out(lines, fed[left_out], misfits)
            fed = np.delete(fed, left_out)
        columns = self._drop_empty(lines, fed, columns)
        stop = int(lines.stops[count - 1])
        begins = np.flatnonzero(kinds != INSIDE)
        kinds = kinds if len(begins) == count else kinds[begins]
        return Block(
            data=lines.raw if stop == len(lines.raw) else lines.raw[:stop],
            begins=begins,
            kinds=kinds,
            stops=lines.stops[:count],
            columns=columns,
            refused=self._refusals(lines, begins, kinds, count),
        )

    def _mark(self, lines: Lines, pieces: list[Piece]) -> list[bool]:
        """Says of each line what stands on it, and of each piece whether it is a good record."""
        good = []
        lasts = lines.ends.searchsorted([piece.found.stop for piece in pieces]).tolist()
        bad = lines.bad
        for (first, _, (kind, _, _, code)), last in zip(pieces, lasts, strict=True):
            if bad and kind in (RECORD, REFUSED) and any_between(bad, first, last):
                kind, code = REFUSED, f"{ENCODING} {code}".strip()
            if last > first:
                lines.kinds[first : last + 1] = INSIDE
            lines.kinds[first] = kind
            if kind == REFUSED:
                lines.refused[first] = code
            good.append(kind == RECORD)
        return good

    def _feed(self, lines: Lines, pieces: list[Piece], good: list[bool], limit: int) -> bytes:
        """Canonical text of the records that go to the parser, in order."""
        text, canonical = lines.text, self._suspects.canonical
        if not pieces and limit == len(text) and not self._suspects.swapped:
            return text
        view = memoryview(text)
        parts: list[bytes | memoryview] = []
        at = 0
        for (_, start, found), whole in zip(pieces, good, strict=True):
            if start > at:
                parts.append(canonical(view[at:start]))
            if whole:
                parts.append(self._suspects.written(found.cells))
            at = found.stop
        parts.append(canonical(view[at:limit]))
        if not lines.feeds:  # else a line feed may seem to belong to the line before
            parts = [part + b"\n" if part[-1:] == b"\r" else part for part in map(bytes, parts)]
        return b"".join(parts)

    def _sort_out(self, lines: Lines, numbers: Integers, misfits: list[Misfit]) -> None:
        """Rows of the wrong width: blank lines and refused records."""
        begins = lines.begins(numbers).tolist()
        for line, begin, misfit in zip(numbers.tolist(), begins, misfits, strict=True):
            kind, code = self._records.unequal(lines.text, begin, misfit.cells)
            lines.kinds[line] = kind
            if kind == REFUSED:
                lines.refused[line] = code

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
            start = lines.begin(line)
            content = lines.text[start : self._records.machine.line(lines.text, start)[0]]
            if self._records.blank(content):
                lines.kinds[line] = BLANK
            elif len(columns) > 1:
                lines.kinds[line] = REFUSED
                lines.refused[line] = BLANK_ROW
            else:
                continue
            keep[n] = False
        return kept(columns, keep)

    def _refusals(self, lines: Lines, begins: Integers, kinds: Kinds, count: int) -> Refusals:
        names, codec, records = self._names, self._codec, self._records
        faults = _faults(lines, begins, kinds, count) if lines.refused else NO_FAULTS
        return Refusals(names, codec, records, lines.raw, lines.text, lines.place.offset, faults)


def _faults(lines: Lines, begins: Integers, kinds: Kinds, count: int) -> Faults:
    held = np.array(sorted(lines.refused), np.int64)
    nth = begins.searchsorted(held)
    numbers = np.cumsum((kinds == RECORD) | (kinds == REFUSED))[nth]
    after = np.append(begins, count)[nth + 1]
    return Faults(
        records=lines.place.record - 1 + numbers,
        lines=lines.place.line + held,
        starts=np.where(held == 0, 0, lines.stops[held - 1]),
        stops=lines.stops[after - 1],
        begins=lines.begins(held),
        codes=[lines.refused[line] for line in held.tolist()],
    )
