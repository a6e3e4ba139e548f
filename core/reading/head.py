"""What stands before the first record: byte order mark, preamble, header; and the names."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from core.batch import Place
from core.errors import FileError
from core.plural import counted
from core.reading.dialect import Dialect
from core.reading.encoding import Codec, shown
from core.reading.machine import Cell
from core.reading.records import COMMENT, RECORD, Records

_USUAL = ",;\t|"


@dataclass(frozen=True, slots=True)
class Span:
    """One piece of the byte ledger; `kind`: bom preamble comment header record refused blank
    footer. `line` is its first physical line."""

    kind: str
    start: int
    stop: int
    line: int = 1


@dataclass(frozen=True, slots=True)
class Head:
    """`start` is where the records begin."""

    names: tuple[str, ...]
    labels: tuple[str, ...]
    spans: tuple[Span, ...]
    start: Place
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    kind: str
    start: int
    stop: int
    line: int
    cells: list[Cell]


def read_head(path: Path, raw: bytes, dialect: Dialect, codec: Codec, ended: bool) -> Head | None:
    """The head of a file that begins with `raw`; None where the header needs more bytes.

    Raises FileError where the dialect names a header that is not there.
    """
    body = raw[codec.mark :]
    stops = codec.stops(body, ended)
    body = body[: int(stops[-1])] if len(stops) else b""
    text, bad = codec.transcode(body, stops)
    if not dialect.header:
        return _headless(path, text, dialect, codec, ended)
    records = Records(dialect)
    ends = codec.text_stops(text).tolist()
    rows = []
    for row in _rows(text, dialect, records, ends):
        if row is None and not ended:
            return None
        rows += [row] if row else []
    headers = [row.cells for row in rows if row.kind == "header"]
    if not headers or (dialect.header_rows[-1] > len(ends)):
        return _no_header(path, dialect, len(ends)) if ended else None
    if all(cell is None for cells in headers for cell in cells):
        raise FileError(
            f"Line {dialect.header_rows[0]} of {path}, where the header should be, is blank.",
            "Name the line that holds the column names, or say that there is no header.",
        )
    labels = [dialect.header_join.join(filter(None, parts)) for parts in _columns(headers)]
    names, warnings = told_apart(labels)
    warnings += _unreadable(rows, bad, ends, codec.name) + _unsplit(labels, text, rows, dialect)
    spans = _spans(rows, codec, [0, *stops.tolist()], [0, *ends])
    line = rows[-1].line + 1 + _extra(ends, rows[-1])
    return Head(names, tuple(labels), spans, Place(spans[-1].stop, line, 1), warnings)


def _no_header(path: Path, dialect: Dialect, lines: int) -> NoReturn:
    raise FileError(
        f"{path} has {counted(lines, 'line')}, and its header should be on line "
        f"{dialect.header_rows[-1]}.",
        "Name the line that holds the column names.",
    )


def _rows(
    text: bytes, dialect: Dialect, records: Records, ends: list[int]
) -> Iterator[_Row | None]:
    """Each line up to the last header row; a header with a quoted line end is one of several.

    None tells of a header whose quote is still open at the end of the text.
    """
    at, line = 0, 1
    last = dialect.header_rows[-1]
    while at < len(text) and line <= last:
        after = records.machine.line(text, at)[1]
        begin = at
        cells: list[Cell] = []
        if line in dialect.header_rows:
            kind = "header"
            cells, after, whole = _header_cells(records, text, at, after)
            if not whole:
                yield None
        elif line in dialect.comment_rows or _is_comment(records, text, at):
            kind = "comment"
        else:
            kind = "preamble"
        row = _Row(kind, begin, after, line, cells)
        yield row
        at, line = after, line + 1 + _extra(ends, row)


def _extra(ends: list[int], row: _Row) -> int:
    """How many more lines than one a row takes."""
    return sum(row.start < end < row.stop for end in ends[row.line - 1 : row.line + 1000])


def _is_comment(records: Records, text: bytes, at: int) -> bool:
    return records.comment is not None and text.startswith(records.comment, at)


def _header_cells(
    records: Records, text: bytes, at: int, after: int
) -> tuple[list[Cell], int, bool]:
    scan = records.machine.scan(text, at)
    if not scan.fault:
        return scan.cells, scan.stop, True
    # a broken quote in the header is taken as text: the names show it, and nothing is swallowed
    return records.literal(text[at:after]), after, scan.closed


def _headless(path: Path, text: bytes, dialect: Dialect, codec: Codec, ended: bool) -> Head | None:
    records = Records(dialect)
    at, line, found = 0, 0, None
    while at < len(text):
        line += 1
        found = records.at(text, at, ended)
        if found is None or (found.kind == RECORD and line not in dialect.comment_rows):
            break
        at = found.stop if found.kind == COMMENT else records.machine.line(text, at)[1]
    if (found is None or at >= len(text)) and not ended:
        return None
    if found is None or at >= len(text):
        raise FileError(f"{path} holds no records.", "Choose a file with rows.")
    names = tuple(f"field{n}" for n in range(1, len(found.cells) + 1))
    spans = (Span("bom", 0, codec.mark),) if codec.mark else ()
    return Head(names, (), spans, Place(codec.mark, 1, 1), ())


def _unreadable(
    rows: list[_Row], bad: list[int], ends: list[int], encoding: str
) -> tuple[str, ...]:
    """A header with bytes that are no text has names that show them."""
    broken = set(bad)
    for row in rows:
        if row.kind == "header" and broken & set(range(row.line - 1, row.line + _extra(ends, row))):
            said = f"The header on line {row.line} holds bytes that are not {encoding}: "
            return (f"{said}the encoding may be another one.",)
    return ()


def _unsplit(labels: list[str], text: bytes, rows: list[_Row], dialect: Dialect) -> tuple[str, ...]:
    """A header of one cell that holds what usually splits one; in quotes it would be a name."""
    mark = next((mark for mark in _USUAL if mark in labels[0]), "")
    whole = b"".join(text[row.start : row.stop] for row in rows if row.kind == "header")
    if len(labels) > 1 or not mark or (dialect.quote_char or "\0").encode() in whole:
        return ()
    return (
        f"The header is one cell, “{labels[0][:60]}”: no {dialect.delimiter!r} stands in it, "
        f"and the delimiter may be {mark!r}.",
    )


def _columns(headers: list[list[Cell]]) -> list[list[str]]:
    width = max(map(len, headers))
    return [[shown(row[n] or b"") if n < len(row) else "" for row in headers] for n in range(width)]


def told_apart(labels: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Every label once: `a`, `a_2`; an empty one is called after its place."""
    taken = set(labels)
    names: list[str] = []
    seen: set[str] = set()
    warnings = []
    for n, label in enumerate(labels, 1):
        name = label or f"field{n}"
        count = 1
        while name in seen or (name != label and name in taken):
            count += 1
            name = f"{label or f'field{n}'}_{count}"
        if not label:
            warnings.append(f"Column {n} has no name in the header; it is called “{name}”.")
        elif name != label:
            warnings.append(f"The name “{label}” stands twice; column {n} is called “{name}”.")
        seen.add(name)
        names.append(name)
    return tuple(names), tuple(warnings)


def _spans(rows: list[_Row], codec: Codec, stops: list[int], ends: list[int]) -> tuple[Span, ...]:
    """In the file's own bytes; `stops` and `ends` are those of the lines there and in the text."""
    place = dict(zip(ends, stops, strict=True))
    spans = [Span("bom", 0, codec.mark)] if codec.mark else []
    spans += [
        Span(row.kind, codec.mark + place[row.start], codec.mark + place[row.stop], row.line)
        for row in rows
    ]
    return tuple(spans)
