"""What a cell shows and how it is painted: by fill, mark and words, never by colour alone."""

from dataclasses import dataclass
from functools import cache, lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui import theme

Index = QModelIndex | QPersistentModelIndex
CELL = int(Qt.ItemDataRole.UserRole) + 1  # a Cell: what the delegate needs to know
FIELD = CELL + 1  # a FieldView, from headerData
LINE = CELL + 2  # (text, has a problem), from headerData of the gutter
SELECTED = (
    QStyle.StateFlag.State_Selected.value
)  # as a number: enum arithmetic costs more than text
ROLES = {"missing": "problem", "empty": "faint", "ready": "valid", "waiting": "faint"}
LONGEST = 2_000  # characters of a cell that are ever measured or painted


@dataclass(frozen=True, slots=True)
class Cell:
    """`state`: valid, problem, missing (required but empty), empty, changed, ready, waiting."""

    text: str = ""
    state: str = "valid"
    proposal: str = ""  # what the fix would make of it


AWAITED = Cell("…", "waiting")  # its row is being fetched


@dataclass(frozen=True, slots=True)
class FieldView:
    """A column's head: a Table Schema type (or enum, objectId, object) and its three counts."""

    name: str
    type: str
    valid: int = 0
    problem: int = 0
    missing: int = 0
    right: bool = False
    open: bool = False


class CellDelegate(QStyledItemDelegate):
    """A problem has a fill, a mark at the side away from the text, and its proposal."""

    def __init__(self, parent: QTableView) -> None:
        super().__init__(parent)
        self.view = parent
        self._rights: dict[int, bool] = {}

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setProperty("kind", "cell")
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            text = index.data(Qt.ItemDataRole.EditRole)
            cell: Cell | None = index.data(CELL)
            editor.setText(str(text) if text is not None else cell.text if cell else "")
            editor.selectAll()

    def forget(self) -> None:
        """Which columns stand at the right is asked of the model again."""
        self._rights.clear()

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Called some hundred times for one repaint: texts are laid out once and kept."""
        cell: Cell | None = self.view.model().data(index, CELL)  # index.data goes through C++
        if cell is None:
            return
        t, rect, current = theme.tokens(), option.rect, self.view.currentIndex()
        right, bad = self._right(index.column()), cell.state in ("problem", "missing")
        if bad:
            p.fillRect(rect, _colour(t.problemSoft))
        elif index.row() == current.row() or option.state.value & SELECTED:
            p.fillRect(rect, _colour(t.accentSoft))
        box = rect.adjusted(8, 0, -8, 0)
        if bad:
            self._mark(p, rect.left() + 8 if right else rect.right() - 21, rect, "circle-alert")
            box.adjust(20 if right else 0, 0, 0 if right else -20, 0)
        if cell.state == "ready":
            self._mark(p, rect.left() + 8, rect, "check", t.valid)
            box.adjust(20, 0, 0, 0)
        self._text(p, box, cell, right)
        if cell.state == "changed":
            self._ear(p, rect)
        if index == current:
            self._ring(p, rect)

    def _right(self, column: int) -> bool:
        found = self._rights.get(column)
        if found is None:
            field = self.view.model().headerData(column, Qt.Orientation.Horizontal, FIELD)
            found = self._rights[column] = bool(field and field.right)
        return found

    def _mark(self, p: QPainter, x: int, rect: QRect, name: str, colour: str = "") -> None:
        colour = colour or theme.tokens().problem
        ratio = self.view.devicePixelRatioF()
        p.drawPixmap(x, rect.top() + 7, theme.pixmap(name, colour, 14, ratio))

    def _text(self, p: QPainter, box: QRect, cell: Cell, right: bool) -> None:
        t, style, text = theme.tokens(), "body", cell.text
        if not text and cell.state in ("missing", "empty"):
            style = "italic"
            text = self.tr("missing") if cell.state == "missing" else self.tr("empty")
        colour = getattr(t, ROLES.get(cell.state, "text"))
        if not cell.proposal:
            self._write(p, box, text, style, colour, right)
            return
        half = QRect(box.left(), box.top(), box.width() // 2, box.height())
        used = self._write(p, half, text, style, colour, False) + 6
        box.adjust(used, 0, 0, 0)
        self._write(p, box, f"→ {cell.proposal}?", "medium", t.changed, False)

    def _write(
        self, p: QPainter, box: QRect, text: str, style: str, colour: str, right: bool
    ) -> int:
        """One line in the middle of the box; answers the width it took."""
        fitted, width = _fitted(text[:LONGEST], style, box.width())
        metrics = _metrics()[style]
        p.setFont(_fonts()[style])
        p.setPen(_colour(colour))
        x = box.right() + 1 - width if right else box.left()
        top = box.top() + (box.height() - metrics.height()) // 2
        p.drawText(x, top + metrics.ascent(), fitted)
        return width

    def _ear(self, p: QPainter, rect: QRect) -> None:
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(theme.tokens().changed))
        x, y = rect.right() + 1, rect.top()
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
def _colour(name: str) -> QColor:
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


@lru_cache(maxsize=20_000)
def _fitted(text: str, style: str, room: int) -> tuple[str, int]:
    """The text cut to the room in px, and its width; a QStaticText would take longer to make."""
    text, metrics = shown(text), _metrics()[style]
    width = metrics.horizontalAdvance(text)
    if width > room:
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(text)
    return text, width


def shown(text: str) -> str:
    """One line of it: line ends and tabs as signs, so that nothing is hidden."""
    text = text[:LONGEST]
    if text.isprintable():
        return text
    for sign, stands_for in (("\r\n", "⏎"), ("\n", "⏎"), ("\r", "⏎"), ("\t", "⇥"), ("\0", "␀")):
        text = text.replace(sign, stands_for)
    return text
