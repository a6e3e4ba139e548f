"""How cells are painted: by fill, mark and words, never by colour alone."""

from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import groupby
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QLine, QModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPolygonF, QStaticText
from PySide6.QtWidgets import QApplication, QTableView

from gui import theme
from gui.cells import CELL, FIELD, Cell
from gui.invisible import signed

ROLES = {
    "missing": "problem",
    "empty": "faint",
    "absent": "faint",
    "ready": "valid",
    "waiting": "faint",
}
LONGEST = 2_000  # characters of a cell that are ever measured or painted
Span = tuple[int, int, int]  # row or column, where it begins, how much of it is no grid line


class Box(NamedTuple):
    """A QRect's numbers: a screen of cells would make thousands of those."""

    left: int
    top: int
    width: int
    height: int


class CellPainter:
    """A problem has a fill, a mark at the side away from the text, and its proposal.

    It paints all cells of an area in one go: Qt's way asks Python three times for each, and a
    screen of small cells takes longer than anyone waits.
    """

    def __init__(self, view: QTableView) -> None:
        self.view = view
        self._rights: dict[int, bool] = {}
        self._pen = ("", "")  # style and colour that the painter has now

    def forget(self) -> None:
        """Which columns stand at the right is asked of the model again."""
        self._rights.clear()

    def paint(self, p: QPainter, area: QRect) -> None:
        t, model, current = theme.tokens(), self.view.model(), self.view.currentIndex()
        p.fillRect(area, ink(t.surface))
        if model is None:
            return
        rows, columns = self._rows(area), self._columns(area)
        lit, self._pen = self._lit(current), ("", "")
        for row, top, height in rows:
            for column, left, width in columns:
                cell: Cell | None = model.data(model.createIndex(row, column), CELL)
                if cell is not None:
                    box = Box(left, top, width, height)
                    self._cell(p, box, cell, self._right(column), lit(row, column))
        self._grid(p, rows, columns)
        if current.isValid():
            self._ring(p, self.view.visualRect(current))

    def _rows(self, area: QRect) -> list[Span]:
        view = self.view
        seen = between(view.rowAt, area.top(), area.bottom(), view.model().rowCount())
        return [(row, view.rowViewportPosition(row), view.rowHeight(row) - 1) for row in seen]

    def _columns(self, area: QRect) -> list[Span]:
        view = self.view
        seen = between(view.columnAt, area.left(), area.right(), view.model().columnCount())
        return [(one, view.columnViewportPosition(one), view.columnWidth(one) - 1) for one in seen]

    def _lit(self, current: QModelIndex) -> Callable[[int, int], bool]:
        """Whether a cell is selected or in the current row."""
        chosen = self.view.selectionModel().selection()
        ranges = [
            (range(one.top(), one.bottom() + 1), range(one.left(), one.right() + 1))
            for one in map(chosen.at, range(chosen.count()))
        ]
        at = current.row()
        return lambda row, column: (
            row == at or any(row in rows and column in columns for rows, columns in ranges)
        )

    def _grid(self, p: QPainter, rows: list[Span], columns: list[Span]) -> None:
        if not rows or not columns:
            return
        bottom, right = rows[-1][1] + rows[-1][2], columns[-1][1] + columns[-1][2]
        p.setPen(ink(theme.tokens().grid))
        p.drawLines([QLine(columns[0][1], y + h, right, y + h) for _, y, h in rows])
        p.drawLines([QLine(x + w, rows[0][1], x + w, bottom) for _, x, w in columns])

    def _cell(self, p: QPainter, box: Box, cell: Cell, right: bool, lit: bool) -> None:
        t, bad = theme.tokens(), cell.state in ("problem", "missing")
        if bad or lit:
            p.fillRect(*box, ink(t.problemSoft if bad else t.accentSoft))
        left, stop = box.left + 8, box.left + box.width - 8
        if bad:
            self._mark(p, left if right else stop - 14, box.top, "circle-alert", t.problem)
            left, stop = (left + 20, stop) if right else (left, stop - 20)
        if cell.state == "ready":
            self._mark(p, left, box.top, "check", t.valid)
            left += 20
        self._text(p, Box(left, box.top, stop - left, box.height), cell, right)
        if cell.state == "changed":
            self._ear(p, box.left + box.width, box.top)

    def _right(self, column: int) -> bool:
        found = self._rights.get(column)
        if found is None:
            field = self.view.model().headerData(column, Qt.Orientation.Horizontal, FIELD)
            found = self._rights[column] = bool(field and field.right)
        return found

    def _mark(self, p: QPainter, x: int, top: int, name: str, colour: str) -> None:
        ratio = self.view.devicePixelRatioF()
        p.drawPixmap(x, top + 7, theme.pixmap(name, colour, 14, ratio))

    def _text(self, p: QPainter, box: Box, cell: Cell, right: bool) -> None:
        t, style, text = theme.tokens(), "body", cell.text
        if cell.state == "absent":
            style = "italic"
        elif not text and cell.state in ("missing", "empty"):
            style = "italic"
            text = QCoreApplication.translate("CellPainter", cell.state)
        colour = getattr(t, ROLES.get(cell.state, "text"))
        if not cell.proposal:
            self._write(p, box, text, style, colour, right)
            return
        used = self._write(p, box._replace(width=box.width // 2), text, style, colour, False) + 6
        box = box._replace(left=box.left + used, width=box.width - used)
        self._write(p, box, f"→ {cell.proposal}?", "medium", t.changed, False)

    def _write(self, p: QPainter, box: Box, text: str, style: str, colour: str, right: bool) -> int:
        """One line in the middle of the box; answers the width it took."""
        text, width, signs, laid = _fitted(text[:LONGEST], style, box.width)
        high, ascent = _heights()[style]
        x = box.left + box.width - width if right else box.left
        y = box.top + (box.height - high) // 2
        if laid is not None:
            self._take(p, style, colour)
            p.drawStaticText(x, y, laid)
            return width
        y += ascent
        for part, is_sign in _parts(text, signs):
            self._take(p, style, theme.tokens().muted if is_sign else colour)
            p.drawText(x, y, part)
            x += _metrics()[style].horizontalAdvance(part)
        return width

    def _take(self, p: QPainter, style: str, colour: str) -> None:
        """Neighbours are mostly written alike, and each call of Qt may have to wait for a task."""
        if self._pen != (style, colour):
            self._pen = (style, colour)
            p.setFont(_fonts()[style])
            p.setPen(ink(colour))

    def _ear(self, p: QPainter, x: int, y: int) -> None:
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(ink(theme.tokens().changed))
        p.drawPolygon(QPolygonF([QPointF(x - 8, y), QPointF(x, y), QPointF(x, y + 8)]))
        p.restore()

    def _ring(self, p: QPainter, rect: QRect) -> None:
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(QPen(QColor(theme.tokens().accentText), 2))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 3, 3)
        p.restore()


@cache
def ink(name: str) -> QColor:
    return QColor(name)


@cache
def _fonts() -> dict[str, QFont]:
    base = QApplication.font()
    return {
        "body": theme.sized(base, theme.BODY),
        "italic": theme.sized(base, theme.SMALL, italic=True),
        "medium": theme.sized(base, theme.BODY, QFont.Weight.Medium),
    }


@cache
def _metrics() -> dict[str, QFontMetrics]:
    return {style: QFontMetrics(font) for style, font in _fonts().items()}


@cache
def _heights() -> dict[str, tuple[int, int]]:
    """Of a line and of what stands above its base, in px."""
    return {style: (one.height(), one.ascent()) for style, one in _metrics().items()}


class Fitted(NamedTuple):
    """A text on one line, its width in px, and where signs for hidden characters stand.

    Without signs it is laid out already, which takes three times as long as to draw it.
    """

    text: str
    width: int
    signs: tuple[int, ...]
    laid: QStaticText | None


def _fitted(text: str, style: str, room: int) -> Fitted:
    """The text cut to the room in px; most fit, so another width of their column costs nothing."""
    whole = _whole(text, style)
    return whole if whole.width <= room else _cut(text, style, room)


@lru_cache(maxsize=10_000)
def _whole(text: str, style: str) -> Fitted:
    return _laid(*signed(text), style)


@lru_cache(maxsize=2_000)
def _cut(text: str, style: str, room: int) -> Fitted:
    text, signs = signed(text)
    text = _metrics()[style].elidedText(text, Qt.TextElideMode.ElideRight, room)
    return _laid(text, tuple(at for at in signs if at < len(text) - 1), style)


def _laid(text: str, signs: tuple[int, ...], style: str) -> Fitted:
    if signs:
        return Fitted(text, _metrics()[style].horizontalAdvance(text), signs, None)
    laid = QStaticText(text)
    laid.setTextFormat(Qt.TextFormat.PlainText)
    laid.prepare(font=_fonts()[style])
    return Fitted(text, ceil(laid.size().width()), (), laid)


def _parts(text: str, signs: tuple[int, ...]) -> Iterator[tuple[str, bool]]:
    """Runs of signs and of others, in turn."""
    for is_sign, places in groupby(range(len(text)), frozenset(signs).__contains__):
        yield "".join(text[at] for at in places), is_sign


def between(at: Callable[[int], int], low: int, high: int, count: int) -> range:
    """Rows or columns between two points of the view; `at` answers -1 beyond the last."""
    first, last = at(low), at(high)
    return range(first, last + 1 if last >= 0 else count) if first >= 0 else range(0)
