"""Delimiter, quote and escape of a sample: the ones under which its rows are even and its cells
look like cells (after G. van den Burg et al., “Wrangling messy CSV files by detecting row and type
patterns”, 2019)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.plural import counted
from core.reading.dialect import Dialect, Evidence
from core.reading.readings import BYTES, COMMENTS, CONTROLS, USUAL, Reading, read

_OTHERS = "~^§¦¬¤!$*=<>?{}[]@&#%¶·"
_SEVERAL = re.compile(r"[^\w\s\"'\\.,;()-]{2,4}")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", ":": "colon", " ": "space"}


def name(delimiter: str) -> str:
    return _NAMES.get(delimiter, repr(delimiter))


def best_reading(
    text: bytes, fixed: Mapping[str, Any], base: Dialect, before: int = 0
) -> tuple[Reading, list[Evidence]]:
    """`fixed` are the properties that were told; `base` carries them; `before` the text stand that
    many lines."""
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
        return _single(head, sample, base, fixed)
    best = _escaping(head, sample, readings[0], fixed)
    best = _spacing(head, best, fixed)
    strays = _strays(best)
    best = _quoted(head, best, strays, fixed)
    return best, _reasons(best, readings, bool(told), fixed, _where(strays, before))


def _single(
    head: bytes, sample: str, base: Dialect, fixed: Mapping[str, Any]
) -> tuple[Reading, list[Evidence]]:
    """One column: its delimiter is one that the text does not hold, so that no line is cut."""
    absent = next((mark for mark in USUAL if mark not in sample), CONTROLS[-1])
    single = read(head, base.replace(delimiter=absent))
    because = "no character splits the lines evenly: one column"
    sure = 0.9 if not any(d in sample for d in ",;\t|") else 0.5
    quote = [] if "quote_char" in fixed else _quote(single, 0.5, "")
    return single, [Evidence("delimiter", absent, sure, because), *quote]


def _head(text: bytes) -> bytes:
    if len(text) <= BYTES:
        return text
    cut = max(text.rfind(b"\n", 0, BYTES), text.rfind(b"\r", 0, BYTES)) + 1
    return text[: cut or BYTES]


def _delimiters(sample: str) -> Iterator[str]:
    lines = [line for line in re.split(r"[\r\n]+", sample)[:100] if line.strip()]
    for mark in USUAL:
        if mark in sample:
            yield mark
    for mark in CONTROLS + _OTHERS:
        if mark in sample and _regular(mark, lines):
            yield mark
    several = Counter(mark for line in lines for mark in set(_SEVERAL.findall(line)))
    several.update(mark for line in lines for mark in ("::", "||") if mark in line)
    for mark, count in several.most_common(5):
        often = count >= 0.7 * len(lines) and not mark.startswith(COMMENTS[0])
        if often and not any(_splits(part, mark, lines) for part in set(mark) & USUAL.keys()):
            yield mark


def _splits(part: str, mark: str, lines: list[str]) -> bool:
    """Whether a usual delimiter splits lines where the longer mark does not: the colon of `:/` in
    `root:x:0:/root:/bin/sh`."""
    apart = sum(line.count(part) > line.count(mark) * mark.count(part) for line in lines)
    return len(set(mark)) > 1 and apart >= 0.7 * len(lines) and _regular(part, lines)


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
    protected = f"\\{delimiter}" in sample or '\\"' in sample
    if protected and "escape_char" not in fixed:
        yield plain.replace(quote_char='"', escape_char="\\", double_quote=False)
    edge = re.escape(delimiter)
    if re.search(rf"(?:^|{edge})'(?:[^']|'')*'(?={edge}|\s*$)", sample, re.MULTILINE):
        yield plain.replace(quote_char="'")


def _escaping(head: bytes, sample: str, best: Reading, fixed: Mapping[str, Any]) -> Reading:
    if "escape_char" in fixed or "\\" not in sample:
        return best
    if best.dialect.escape_char:
        return best if "quote_char" in fixed else _bare(head, best)
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


def _strays(best: Reading) -> list[tuple[int, int]]:
    """Line and cell, both from 1, of cells that begin with a quote, taken as text, and do not end
    with one."""
    if best.dialect.quote_char is not None:
        return []
    cells = ((row.line, n, cell) for row in best.rows for n, cell in enumerate(row.cells or [], 1))
    return [
        (line, n)
        for line, n, cell in cells
        if cell.startswith('"') and not (len(cell) > 1 and cell.rstrip().endswith('"'))
    ]


def _quoted(
    head: bytes, best: Reading, strays: list[tuple[int, int]], fixed: Mapping[str, Any]
) -> Reading:
    """A few stray quotes do not tell a file that quotes nothing: those records are refused, and
    what is quoted well further on is read as such."""
    escaped = best.dialect.escape_char or any("\\N" in (row.cells or ()) for row in best.rows)
    if escaped or "quote_char" in fixed or not 0 < len(strays) <= max(1, len(best.rows) // 20):
        return best
    quoted = read(head, best.dialect.replace(quote_char='"'))
    return quoted if quoted.width == best.width else best


def _where(strays: list[tuple[int, int]], before: int) -> str:
    if not strays:
        return ""
    line, cell = strays[0]
    place = f"on line {line + before}, cell {cell}"
    if len(strays) == 1:
        return f"one cell begins with a quote that does not close it, {place}"
    return f"{len(strays):,} cells begin with a quote that does not close them, the first {place}"


def _reasons(
    best: Reading, readings: Iterable[Reading], told: bool, fixed: Mapping[str, Any], strays: str
) -> list[Evidence]:
    delimiter = best.dialect.delimiter
    rest = [r.score for r in readings if r.dialect.delimiter != delimiter]
    lead = 1 - max(rest, default=0.0) / max(best.score, 1e-9)
    sure = min(0.99, best.even * (0.6 + lead)) if best.even < 1 or lead < 0.4 else 0.99
    if len(best.rows) < 3:
        sure = min(sure, 0.8 if delimiter in ",;\t|" else 0.55)
    because = f"{best.even:.0%} of the rows have {best.width} cells with {name(delimiter)}"
    if told and best.width == 1 and not any(delimiter in row.text for row in best.rows):
        because = f"as told, but no {name(delimiter)} stands in the sample: one column"
        found = [Evidence("delimiter", delimiter, 0.3, because)]
    elif told:
        found = [Evidence("delimiter", delimiter, 1.0, "as told")]
    else:
        found = [Evidence("delimiter", delimiter, sure, because)]
    if "quote_char" in fixed:
        return [*found, Evidence("quote_char", best.dialect.quote_char, 1.0, "as told")]
    return found + _quote(best, sure, strays)


def _quote(best: Reading, sure: float, strays: str) -> list[Evidence]:
    dialect = best.dialect
    quote = dialect.quote_char
    edge = re.escape(dialect.delimiter)
    begins = re.compile(f"(?:^|{edge}) *{re.escape(quote)}") if quote else None
    seen = sum(begins.search(row.text) is not None for row in best.rows) if begins else 0
    sure = max(0.6, sure)
    if quote is None:
        held = any('"' in row.text for row in best.rows)
        because = "quotes stand in the cells as text" if held else "no quote stands in the sample"
        because, sure = f"{strays}: quotes are text" if strays else because, 0.8
    elif strays:
        whole = re.compile(f"(?:^|{edge}) *{quote}[^{quote}]*{quote} *(?:{edge}|$)")
        well = sum(whole.search(row.text.rstrip()) is not None for row in best.rows)
        rest = f"; cells of {counted(well, 'other row')} are quoted well"
        because = strays + (rest if well else ", and no cell is quoted well")
        sure = 0.7 if well else 0.5
    elif seen:
        because = f"{seen} of the first rows have cells in {quote}"
    else:
        because, sure = "no cell of the sample begins with a quote", 0.8
    found = [Evidence("quote_char", quote, sure, because)]
    if dialect.escape_char:
        because = "rows are even only where a backslash protects the character after it"
        found.append(Evidence("escape_char", dialect.escape_char, 0.95, because))
    if dialect.skip_initial_space:
        found.append(Evidence("skip_initial_space", True, 0.95, "a space follows each delimiter"))
    return found
