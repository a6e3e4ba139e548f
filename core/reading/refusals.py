"""A record that could not be split → Refused, with reasons a person understands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from core.batch import Integers, Problem, Refused
from core.reading.encoding import Codec, shown
from core.reading.machine import TEXT_AFTER_QUOTE, UNTERMINATED, Cell
from core.reading.records import BLANK_ROW, EXTRA, MISSING, Records

ENCODING = "encoding-error"
SHOWN = 1_000  # characters that a Problem repeats; the record keeps it whole


@dataclass(frozen=True, slots=True)
class Faults:
    """The refused records of a window, in order: `starts` and `stops` are their bytes there,
    `begins` where they begin in its text; a code may be several, with spaces between."""

    records: Integers
    lines: Integers
    starts: Integers
    stops: Integers
    begins: Integers
    codes: list[str]


_NONE: Integers = np.zeros(0, np.int64)
NO_FAULTS = Faults(_NONE, _NONE, _NONE, _NONE, _NONE, [])


class Refusals(Sequence[Refused]):
    """The refused records of one window, in order. They are split and their words written when
    first asked for; `faults` tells without that what was refused and why."""

    def __init__(
        self,
        names: Sequence[str],
        codec: Codec,
        records: Records,
        raw: bytes,
        text: bytes,
        origin: int,
        faults: Faults,
    ) -> None:
        self.faults = faults
        self._names = names
        self._codec = codec
        self._records = records
        self._raw = raw
        self._text = text
        self._origin = origin
        self._written: tuple[Refused, ...] | None = None

    def __len__(self) -> int:
        return len(self.faults.codes)

    @overload
    def __getitem__(self, index: int) -> Refused: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Refused, ...]: ...
    def __getitem__(self, index: int | slice) -> Refused | tuple[Refused, ...]:
        return self._all()[index]

    def __iter__(self) -> Iterator[Refused]:
        return iter(self._all())

    def _all(self) -> tuple[Refused, ...]:
        if self._written is None:
            f = self.faults
            places = (f.records, f.lines, f.starts, f.stops, f.begins)
            self._written = tuple(map(self._write, *(one.tolist() for one in places), f.codes))
        return self._written

    def _write(
        self, record: int, line: int, start: int, stop: int, begin: int, code: str
    ) -> Refused:
        span = (self._origin + start, self._origin + stop)
        raw = self._codec.content(self._raw[start:stop])
        found = self._records.at(self._text, begin, True)
        assert found is not None, "at the end of a window no more bytes are asked for"
        delimiter = self._records.machine.delimiter.decode()
        encoding = self._codec.name
        return _refuse(self._names, record, line, span, raw, found.cells, code, encoding, delimiter)


def _refuse(
    names: Sequence[str],
    record: int,
    line: int,
    span: tuple[int, int],
    raw: bytes,
    cells: Sequence[Cell],
    code: str,
    encoding: str,
    delimiter: str,
) -> Refused:
    if ENCODING in code:
        texts = [shown(cell or b"") for cell in cells]
    else:
        texts = [cell.decode() if cell else "" for cell in cells]
    reasons = tuple(
        _encoding_problem(names, record, line, cells, texts, encoding)
        if one == ENCODING
        else Problem(
            record,
            line,
            None,
            one,
            _wrong(one, names, texts, delimiter),
            _words(one, names, texts),
            one,
        )
        for one in code.split()
    )
    values = dict(zip(names, texts, strict=False))
    return Refused(record, line, span, raw, reasons, values, tuple(texts[len(names) :]))


def _wrong(code: str, names: Sequence[str], texts: Sequence[str], delimiter: str) -> str:
    """What is beyond the last column, or all there is where cells are missing; so written that
    cells of nothing can be told from those that hold a delimiter."""
    if code not in (MISSING, EXTRA):
        return ""
    some = texts if code == MISSING else texts[len(names) :]
    written = delimiter.join(_quoted(cell) if delimiter in cell else cell for cell in some)
    return written if len(written) <= SHOWN else written[:SHOWN] + "…"


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def _words(code: str, names: Sequence[str], texts: Sequence[str]) -> str:
    if code == MISSING:
        missing = _first(names[len(texts) :])
        return f"{_cells(len(texts))} where the table has {len(names)} columns: {missing}"
    if code == EXTRA:
        extra = texts[len(names)]
        return (
            f"{_cells(len(texts))} where the table has {len(names)} columns: "
            f"“{extra[:60]}” belongs to none"
        )
    return _MESSAGES[code]


_MESSAGES = {
    BLANK_ROW: "The row holds delimiters and nothing else",
    TEXT_AFTER_QUOTE: "Text follows a closing quote; a quote inside a cell must be doubled",
    UNTERMINATED: "A quote opens a cell on this line and never closes",
}


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _first(missing: Sequence[str]) -> str:
    if len(missing) == 1:
        return f"“{missing[0]}” is missing"
    return f"“{missing[0]}” and {len(missing) - 1} more are missing"


def _encoding_problem(
    names: Sequence[str],
    record: int,
    line: int,
    cells: Sequence[Cell],
    texts: Sequence[str],
    encoding: str,
) -> Problem:
    """Names the first cell with bytes that are no text."""
    for n, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        if cell is not None and (not _valid(cell) or cell.decode() != text):
            field = names[n] if n < len(names) else None
            message = f"“{text[:60]}” holds bytes that are not {encoding} text"
            return Problem(record, line, field, ENCODING, text, message, ENCODING)
    return Problem(
        record, line, None, ENCODING, "", f"Bytes here are not {encoding} text", ENCODING
    )


def _valid(cell: bytes) -> bool:
    try:
        cell.decode()
    except UnicodeDecodeError:
        return False
    return True
