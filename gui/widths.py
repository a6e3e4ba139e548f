"""How wide a sheet's columns are until the user says otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QFont, QFontMetrics

from gui import theme
from gui.cells import AWAITED, CELL, FIELD, Cell, FieldView

SAMPLED = 50  # rows whose texts are looked at, fewer where there are many columns
NEAR = 60  # columns that are measured; the others have FAR: 2,000 are not to hold up the window
MEASURED = 5 * NEAR  # cells altogether
FAR = 144  # px
LETTERS = 8  # of a name that are always seen
HEAD = 52  # px beside a name: icon, and arrow or chevron
NARROWEST, WIDEST = 72, 280  # px, of a column that the user did not size
TIGHTEST = 60  # px, where room is short


@dataclass(frozen=True, slots=True)
class Widths:
    """Of the first NEAR columns: what each likes to have, what shows name and texts whole, and the
    texts with the first letters of the name.

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
        pairs = zip(self.likes, self.least, strict=True)
        return [min(width, max(room, least)) for width, least in pairs]  # none ends out of sight


def _filled(widths: list[int], room: int) -> list[int]:
    widths[-1] += room - sum(widths)
    return widths


def measure(model: QAbstractItemModel, font: QFont) -> Widths:
    """By the header and the first rows."""
    columns = min(model.columnCount(), NEAR)
    rows = range(min(SAMPLED, MEASURED // max(columns, 1), model.rowCount()))
    body = QFontMetrics(theme.sized(font, theme.BODY))
    bold = QFontMetrics(theme.sized(font, theme.SMALL, QFont.Weight.DemiBold))
    likes, needs, least, waits = [], [], [], False
    for column in range(columns):
        field: FieldView | None = model.headerData(column, Qt.Orientation.Horizontal, FIELD)
        name, count, start = _head(field, bold)
        cells = [model.data(model.createIndex(row, column), CELL) for row in rows]
        waits = waits or AWAITED in cells
        texts = _texts(cells, body)
        widest = min(max(WIDEST, name), 2 * WIDEST)
        likes.append(min(max(name + 6, count, texts, NARROWEST), widest))
        needs.append(min(max(name, count - 8, NARROWEST, texts - 6), widest))
        least.append(min(max(start, count - 8, TIGHTEST, texts - 6), needs[-1]))
    return Widths(likes, needs, least, waits)


def _head(field: FieldView | None, bold: QFontMetrics) -> tuple[int, int, int]:
    """Room for the name, for type and count of problems, and for the name's first letters."""
    if field is None:
        return 0, 0, 0
    name, start = field.name, field.name
    if len(name) > LETTERS:
        start = f"{name[:LETTERS]}…"
    count = bold.horizontalAdvance(f"{field.type}{field.problem:,}") + 48 if field.problem else 0
    return bold.horizontalAdvance(name) + HEAD, count, bold.horizontalAdvance(start) + HEAD


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
