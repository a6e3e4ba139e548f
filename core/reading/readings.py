"""A sample read in one dialect: its rows, and how much they look like those of a table."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from core.reading.cellkinds import plausible
from core.reading.dialect import Dialect
from core.reading.encoding import shown
from core.reading.records import BLANK, COMMENT, REFUSED, Records

ROWS, BYTES = 150, 1 << 15
USUAL = {",": 1.0, ";": 1.0, "\t": 1.0, "|": 1.0, ":": 0.6, " ": 0.55}
CONTROLS = "\x01\x02\x03\x04\x05\x06\x07\x08\x1c\x1d\x1e\x1f"
COMMENTS = ("#", "%", "//")


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is its first physical line; `cells` is None where it could not be split."""

    line: int
    cells: list[str] | None
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The sample read in one dialect; `score` runs from 0 to about 1."""

    dialect: Dialect
    rows: list[Row]
    width: int
    even: float
    score: float


def read(text: bytes, dialect: Dialect) -> Reading:
    rows = list(_rows(text, dialect))
    counted = [row for row in rows if not row.text.startswith(COMMENTS)] or rows
    widths = [len(row.cells) if row.cells else 0 for row in counted]
    counts = Counter(width for width in widths if width > 1)
    if not counts:
        return Reading(dialect, rows, 1, float(bool(rows)), 0.0)
    width = max(counts, key=lambda w: (counts[w], w))
    first = widths.index(width)
    last = len(widths) - widths[::-1].index(width)
    even = counts[width] / (last - first)
    covered = counts[width] / len(widths)
    table = [row.cells for row in counted if row.cells and len(row.cells) == width]
    look = _look(table, dialect)
    liking = USUAL.get(dialect.delimiter, 1.0 if dialect.delimiter in CONTROLS else 0.8)
    if len(dialect.delimiter) > 1:
        liking = 1.02
    score = even**2 * (0.7 + 0.3 * covered) * look * (1 - 0.25 / width) * liking
    return Reading(dialect, rows, width, even, score)


def _rows(text: bytes, dialect: Dialect) -> Iterator[Row]:
    records = Records(dialect)
    at, line = 0, 1
    count = 0
    while at < len(text) and count < ROWS:
        found = records.at(text, at, True)
        if found is None:
            return
        stop = found.stop
        content = shown(text[at:stop]).rstrip("\r\n")
        if found.kind not in (BLANK, COMMENT):
            cells = None if found.kind == REFUSED and _broken(found.code) else found.cells
            yield Row(line, [shown(c or b"") for c in cells] if cells else None, content)
            count += 1
        line += _line_ends(text[at:stop])
        at = stop


def _broken(code: str) -> bool:
    return code in ("quote-error", "unterminated-quote")


def _line_ends(piece: bytes) -> int:
    return piece.count(b"\n") + piece.count(b"\r") - piece.count(b"\r\n")


def _look(table: list[list[str]], dialect: Dialect) -> float:
    quoted = dialect.quote_char is not None
    cells = [cell for row in table[:100] for cell in row]
    look = sum(plausible(cell, quoted) for cell in cells) / len(cells)
    empty = sum(not any(column) for column in zip(*table[:100], strict=True))
    return look * (1 - 0.7 * empty / len(table[0]))
