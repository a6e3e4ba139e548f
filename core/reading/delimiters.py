"""Delimiter, quote and escape of a sample: the ones under which its rows are even and its cells
look like cells (after G. van den Burg et al., “Wrangling messy CSV files by detecting row and type
patterns”, 2019)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.reading.cellkinds import plausible
from core.reading.dialect import Dialect, Evidence
from core.reading.encoding import shown
from core.reading.records import BLANK, COMMENT, REFUSED, Records

ROWS, BYTES = 150, 1 << 15
_USUAL = {",": 1.0, ";": 1.0, "\t": 1.0, "|": 1.0, ":": 0.6, " ": 0.55}
_CONTROLS = "\x01\x02\x03\x04\x05\x06\x07\x08\x1c\x1d\x1e\x1f"
_OTHERS = "~^§¦¬¤!$*=<>?{}[]@&#%¶·"
_SEVERAL = re.compile(r"[^\w\s\"'\\.,;()-]{2,4}")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", ":": "colon", " ": "space"}
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


def name(delimiter: str) -> str:
    return _NAMES.get(delimiter, repr(delimiter))


def best_reading(
    text: bytes, fixed: Mapping[str, Any], base: Dialect
) -> tuple[Reading, list[Evidence]]:
    """`fixed` are the properties that were told; `base` carries them."""
    head = _head(text)
    sample = head.decode("utf-8", "replace")
    told = fixed.get("delimiter")
    delimiters = [told] if told else list(_delimiters(sample))
    readings = sorted(
        (
            read(head, dialect)
            for delimiter in delimiters
            for dialect in _quotings(sample, base, delimiter, fixed)
        ),
        key=lambda reading: -reading.score,
    )
    if not told and (not readings or readings[0].score < 0.3 or readings[0].even < 0.5):
        single = read(head, base)
        because = "no character splits the lines evenly: one column"
        sure = 0.9 if not any(d in sample for d in ",;\t|") else 0.5
        return single, [Evidence("delimiter", base.delimiter, sure, because), *_quote(single, 0.5)]
    best = _escaping(head, sample, readings[0], fixed)
    best = _spacing(head, best, fixed)
    return best, _reasons(best, readings, bool(told), fixed)


def _head(text: bytes) -> bytes:
    if len(text) <= BYTES:
        return text
    cut = max(text.rfind(b"\n", 0, BYTES), text.rfind(b"\r", 0, BYTES)) + 1
    return text[: cut or BYTES]


def _delimiters(sample: str) -> Iterator[str]:
    lines = [line for line in re.split(r"[\r\n]+", sample)[:100] if line.strip()]
    for mark in _USUAL:
        if mark in sample:
            yield mark
    for mark in _CONTROLS + _OTHERS:
        if mark in sample and _regular(mark, lines):
            yield mark
    several = Counter(mark for line in lines for mark in set(_SEVERAL.findall(line)))
    several.update(mark for line in lines for mark in ("::", "||") if mark in line)
    for mark, count in several.most_common(5):
        if count >= 0.7 * len(lines) and not mark.startswith(COMMENTS[0]):
            yield mark


def _regular(mark: str, lines: list[str]) -> bool:
    if not lines:
        return False
    counts = Counter(line.count(mark) for line in lines)
    usual, times = counts.most_common(1)[0]
    return usual > 0 and times >= 0.7 * len(lines)


def _quotings(
    sample: str, base: Dialect, delimiter: str, fixed: Mapping[str, Any]
) -> Iterator[Dialect]:
    plain = base.replace(delimiter=delimiter, quote_char=None)
    if "quote_char" in fixed:
        yield base.replace(delimiter=delimiter)
        return
    if '"' not in delimiter:
        yield plain.replace(quote_char='"')
        if f'{delimiter} "' in sample and "skip_initial_space" not in fixed:
            yield plain.replace(quote_char='"', skip_initial_space=True)
    if '"' in sample:
        yield plain
    edge = re.escape(delimiter)
    if re.search(rf"(?:^|{edge})'(?:[^']|'')*'(?={edge}|\s*$)", sample, re.MULTILINE):
        yield plain.replace(quote_char="'")


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
    liking = _USUAL.get(dialect.delimiter, 1.0 if dialect.delimiter in _CONTROLS else 0.8)
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


def _escaping(head: bytes, sample: str, best: Reading, fixed: Mapping[str, Any]) -> Reading:
    if "escape_char" in fixed or "\\" not in sample:
        return best
    escaped = read(head, best.dialect.replace(escape_char="\\", double_quote=False))
    if (_whole(escaped), escaped.even) > (_whole(best), best.even):
        best = escaped
    elif not any("\\N" in (row.cells or ()) for row in best.rows):
        return best
    return best if "quote_char" in fixed else _bare(head, best)


def _bare(head: bytes, best: Reading) -> Reading:
    """Databases that protect delimiters with a backslash, or write \\N, often quote nothing: then a
    rare quote is text."""
    quote = best.dialect.quote_char
    if quote is None:
        return best
    bare = read(head, best.dialect.replace(quote_char=None))
    cells = [cell for row in bare.rows for cell in row.cells or [] if cell]
    quoted = sum(cell.startswith(quote) for cell in cells)
    return bare if _whole(bare) >= _whole(best) and quoted < 0.2 * len(cells) else best


def _whole(reading: Reading) -> int:
    """How many rows were split well, less those broken (a broken row may hide several)."""
    return sum(1 if row.cells and len(row.cells) == reading.width else -1 for row in reading.rows)


def _spacing(head: bytes, best: Reading, fixed: Mapping[str, Any]) -> Reading:
    done = best.dialect.skip_initial_space or best.dialect.delimiter.isspace()
    if done or "skip_initial_space" in fixed:
        return best
    cells = [c for row in best.rows for c in (row.cells or [])[1:] if c]
    if not cells or sum(c.startswith(" ") for c in cells) < 0.95 * len(cells):
        return best
    return read(head, best.dialect.replace(skip_initial_space=True))


def _reasons(
    best: Reading, readings: Iterable[Reading], told: bool, fixed: Mapping[str, Any]
) -> list[Evidence]:
    delimiter = best.dialect.delimiter
    rest = [r.score for r in readings if r.dialect.delimiter != delimiter]
    lead = 1 - max(rest, default=0.0) / max(best.score, 1e-9)
    sure = min(0.99, best.even * (0.6 + lead)) if best.even < 1 or lead < 0.4 else 0.99
    if len(best.rows) < 3:
        sure = min(sure, 0.8 if delimiter in ",;\t|" else 0.55)
    because = f"{best.even:.0%} of the rows have {best.width} cells with {name(delimiter)}"
    if told:
        found = [Evidence("delimiter", delimiter, 1.0, "as told")]
    else:
        found = [Evidence("delimiter", delimiter, sure, because)]
    if "quote_char" in fixed:
        return [*found, Evidence("quote_char", best.dialect.quote_char, 1.0, "as told")]
    return found + _quote(best, sure)


def _quote(best: Reading, sure: float) -> list[Evidence]:
    dialect = best.dialect
    quote = dialect.quote_char
    seen = sum(quote in row.text for row in best.rows) if quote else 0
    if quote is None:
        because = "quotes stand in the cells as text"
    elif seen:
        because = f"{seen} of the first rows have cells in {quote}"
    else:
        because = "no quote stands in the sample"
    found = [Evidence("quote_char", quote, max(0.6, sure) if seen else 0.8, because)]
    if dialect.escape_char:
        because = "rows are even only where a backslash protects the character after it"
        found.append(Evidence("escape_char", dialect.escape_char, 0.95, because))
    if dialect.skip_initial_space:
        found.append(Evidence("skip_initial_space", True, 0.95, "a space follows each delimiter"))
    return found
