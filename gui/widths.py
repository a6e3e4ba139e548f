"""How wide a sheet's columns are until the user says otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QFont, QFontMetrics

from gui import theme
from gui.cells import AWAITED, CELL, FIELD, Cell, FieldView

SAMPLED = 50  # rows whose texts are looked at, fewer where there are many columns
MEASURED = 300  # cells altogether: 2,000 columns are not to hold up the window
LETTER = 8  # px, of a name too far to the right to be measured
NARROWEST, WIDEST = 72, 280  # px, of a column that the user did not size
TIGHTEST = 60  # px, where room is short


@dataclass(frozen=True, slots=True)
class Widths:
    """By column: what it likes to have, what shows name and texts whole, and the texts alone.

    `waits` where some of the texts were not there yet.
    """

    likes: list[int]
    needs: list[int]
    least: list[int]
    waits: bool = False

    def shared(self, room: int) -> list[int]:
        """Spare room goes to all columns; one stretched last column would dwarf the others.

        Where there is too little, each gives air first and then letters of its name, never of the
        texts below it; where that is too little still, the sheet scrolls.
        """
        if room >= sum(self.likes):
            return _filled([width * room // sum(self.likes) for width in self.likes], room)
        for low, high in ((self.needs, self.likes), (self.least, self.needs)):
            if room >= sum(low):
                part = (room - sum(low)) / max(sum(high) - sum(low), 1)
                pairs = zip(low, high, strict=True)
                return _filled([a + int((b - a) * part) for a, b in pairs], room)
        return list(self.likes)


def _filled(widths: list[int], room: int) -> list[int]:
    widths[-1] += room - sum(widths)
    return widths


def measure(model: QAbstractItemModel, font: QFont) -> Widths:
    """By the header and the first rows."""
    columns = model.columnCount()
    near = min(columns, MEASURED // 5)
    rows = range(min(SAMPLED, MEASURED // max(near, 1), model.rowCount()))
    body = QFontMetrics(theme.sized(font, theme.BODY))
    bold = QFontMetrics(theme.sized(font, theme.SMALL, QFont.Weight.DemiBold))
    likes, needs, least, waits = [], [], [], False
    for column in range(columns):
        field: FieldView | None = model.headerData(column, Qt.Orientation.Horizontal, FIELD)
        heads = _head(field, bold if column < near else None)
        some = rows if column < near else ()
        cells = [model.data(model.createIndex(row, column), CELL) for row in some]
        waits = waits or AWAITED in cells
        texts = _texts(cells, body)
        widest = min(max(WIDEST, heads[0]), 2 * WIDEST)
        likes.append(min(max(*heads, texts), widest))
        needs.append(min(max(heads[0] - 12, heads[1] - 8, NARROWEST, texts - 6), widest))
        least.append(min(max(heads[1] - 8, TIGHTEST, texts - 6), needs[-1]))
    return Widths(likes, needs, least, waits)


def _head(field: FieldView | None, bold: QFontMetrics | None) -> Sequence[int]:
    """Room for the name, for type and count, and the least."""
    if field is None:
        return 0, 0, NARROWEST
    name = bold.horizontalAdvance(field.name) if bold else len(field.name) * LETTER
    if not field.problem:
        return name + 44, 0, NARROWEST
    words = f"{field.type}{field.problem:,}"
    count = bold.horizontalAdvance(words) if bold else len(words) * LETTER
    return name + 44, count + 48, NARROWEST


def _texts(cells: Sequence[Cell | None], body: QFontMetrics) -> int:
    """Only the longest are measured: by letters the others cannot be much wider."""
    known = [cell for cell in cells if cell is not None and cell != AWAITED]
    longest = sorted(known, key=lambda cell: len(_words(cell)) + 3 * _marked(cell))[-4:]
    wide = (body.horizontalAdvance(_words(c)) + (44 if _marked(c) else 24) for c in longest)
    return max(wide, default=0)


def _words(cell: Cell) -> str:
    return f"{cell.text[:60]} → {cell.proposal[:60]}?" if cell.proposal else cell.text[:60]


def _marked(cell: Cell) -> bool:
    return cell.state in ("problem", "missing", "ready")
