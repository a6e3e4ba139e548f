"""Where a sample's table begins and ends: preamble, comments, header rows, footer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.reading.cellkinds import kind
from core.reading.dialect import Evidence
from core.reading.readings import COMMENTS, Reading, Row

_YEAR = re.compile("(?:19|20)[0-9]{2}")
_TYPED = ("number", "date", "time")
_TOTALS = ("total", "sum", "summe", "gesamt", "totaal", "suma", "somme", "итого", "totale", "合計")


@dataclass(slots=True)
class Layout:
    """Changes to the dialect, and why."""

    changes: dict[str, Any] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    data: list[list[str]] = field(default_factory=list)


def layout_of(reading: Reading, whole: bool, fixed: Mapping[str, Any]) -> Layout:
    """`whole`: the sample is the whole file, so that its last rows are the file's."""
    layout = Layout()
    rows = _comments(reading, layout, fixed)
    first = next((n for n, row in enumerate(rows) if _full(row, reading.width)), 0)
    table = rows[first:]
    if not any(_width(row) == reading.width for row in table):
        return layout
    _header(table, reading.width, layout, fixed)
    before = table[0].line - 1
    if not layout.changes.get("header", fixed.get("header", True)):
        if before and "comment_rows" not in fixed:
            layout.changes["comment_rows"] = tuple(range(1, before + 1))
            layout.evidence.append(_preamble(before))
    elif before and "header_rows" not in fixed:
        layout.evidence.append(_preamble(before))
    if whole:
        _footer(table, reading.width, layout)
    return layout


def _preamble(lines: int) -> Evidence:
    which = "line 1 stands" if lines == 1 else f"lines 1 to {lines} stand"
    return Evidence("preamble", lines, 0.9, f"{which} before the table, in another shape")


def _comments(reading: Reading, layout: Layout, fixed: Mapping[str, Any]) -> list[Row]:
    """The rows without comment lines; a mark that comes only before the table is preamble."""
    if "comment_char" in fixed:
        mark = fixed["comment_char"]
        return [row for row in reading.rows if not (mark and row.text.startswith(mark))]
    full = [n for n, row in enumerate(reading.rows) if _width(row) == reading.width]
    first = full[0] if full else 0
    for mark in COMMENTS:
        marked = [n for n, row in enumerate(reading.rows) if row.text.startswith(mark)]
        other = [n for n in marked if _width(reading.rows[n]) != reading.width]
        if other and len(other) == len(marked) and other[-1] > first and reading.width > 1:
            layout.changes["comment_char"] = mark
            because = f"{len(other)} lines beginning with {mark} are no rows of the table"
            layout.evidence.append(Evidence("comment_char", mark, 0.95, because))
            return [row for n, row in enumerate(reading.rows) if n not in set(marked)]
    if reading.width == 1:  # every line has the width of one: marks before the table tell it
        n = 0
        while n < len(reading.rows) - 1 and reading.rows[n].text.startswith(COMMENTS[0]):
            n += 1
        return reading.rows[n:]
    return reading.rows


def _width(row: Row) -> int:
    return len(row.cells) if row.cells else 0


def _full(row: Row, width: int) -> bool:
    """A row of the table's width that is more than a title padded with delimiters."""
    if _width(row) != width or row.cells is None:
        return False
    return sum(bool(cell.strip()) for cell in row.cells) * 2 >= width


def _header(table: list[Row], width: int, layout: Layout, fixed: Mapping[str, Any]) -> None:
    cells = [row.cells for row in table if row.cells and len(row.cells) == width]
    if "header" in fixed or "header_rows" in fixed:
        layout.data = cells[1:] if fixed.get("header", True) else cells
        if fixed.get("header", True) and "header_rows" not in fixed:
            layout.changes["header_rows"] = (table[0].line,)
        layout.evidence.append(Evidence("header", fixed.get("header", True), 1.0, "as told"))
        return
    labels, data = cells[0], cells[1:]
    votes = [_vote(label, [row[n] for row in data]) for n, label in enumerate(labels)]
    total = sum(votes)
    header = total > -0.5 if data else True
    strength = abs(total + (0.5 if not data else 0)) / max(1.0, len(votes) ** 0.5)
    sure = min(0.99, 0.55 + strength * 0.4)
    layout.changes["header"] = header
    if not header:
        layout.data = cells
        because = "the first row looks like the rows below it"
        layout.evidence.append(Evidence("header", False, sure, because))
        return
    lines = [table[0].line]
    if _units(data, table):
        lines.append(table[1].line)
        because = "the second row has text where the columns below hold numbers"
        layout.evidence.append(Evidence("header_rows", tuple(lines), 0.75, because))
    layout.data = data[len(lines) - 1 :]
    layout.changes["header_rows"] = tuple(lines)
    because = "the first row differs from the columns below it" if total > 0 else "it may be one"
    layout.evidence.append(Evidence("header", True, sure, because))


def _vote(label: str, below: list[str]) -> float:
    """From 1 (a header of this column) to -1 (one more of its cells)."""
    label = label.strip()
    cells = [cell for cell in below if kind(cell) != "empty"]
    own = kind(label)
    if not label or own == "empty":
        return -0.2 if label == "" else -0.6
    if _YEAR.fullmatch(label) and not any(_YEAR.fullmatch(cell) for cell in cells):
        return 0.0  # years across the top, figures below
    if own in ("number", "date", "time", "web"):
        return -1.0
    if not cells:
        return 0.1
    kinds = [kind(cell) for cell in cells]
    strong = sum(k != "text" for k in kinds) / len(kinds)
    if strong >= 0.8:
        return 1.0
    if label in cells:
        return -1.0
    lengths = {len(cell) for cell in cells}
    if len(lengths) == 1 and len(cells) > 3 and len(label) not in lengths:
        return 0.5
    return 0.3 if label.islower() or label.isupper() or label.isidentifier() else 0.1


def _units(data: list[list[str]], table: list[Row]) -> bool:
    """A second header row: text in at least one column of numbers, and a number in none."""
    if len(data) < 3 or table[1].cells is not data[0]:
        return False
    strong = [
        n
        for n in range(len(data[0]))
        if sum(kind(row[n]) in _TYPED for row in data[1:]) > 0.7 * (len(data) - 1)
    ]
    kinds = [kind(data[0][n]) for n in strong]
    return (
        kinds.count("text") >= min(2, max(1, len(kinds)))
        and set(kinds) <= {"text", "empty"}
        and all(kind(cell) in ("text", "empty") for cell in data[0])
    )


def _footer(table: list[Row], width: int, layout: Layout) -> None:
    """A footer is proposed, never assumed."""
    count = 0
    for row in reversed(table[1:]):
        if row.cells is None or (
            _width(row) == width and not row.text.casefold().lstrip("\"' ").startswith(_TOTALS)
        ):
            break
        count += 1
    if 0 < count <= 5 and count < len(table) - 2:
        which = "line looks" if count == 1 else f"{count} lines look"
        because = f"the last {which} like a footer, and not like a record"
        layout.evidence.append(Evidence("footer_rows", count, 0.5, because))
        layout.questions.append("footer_rows")
