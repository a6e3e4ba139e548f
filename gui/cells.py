"""What a cell shows and how it is painted: by fill, mark and words, never by colour alone."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui import theme

Align = Qt.AlignmentFlag
Index = QModelIndex | QPersistentModelIndex
CELL = int(Qt.ItemDataRole.UserRole) + 1  # a Cell: what the delegate needs to know
FIELD = CELL + 1  # a FieldView, from headerData
LINE = CELL + 2  # (text, has a problem), from headerData of the gutter
LONGEST = 2_000  # characters of a cell that are ever measured or painted


@dataclass(frozen=True, slots=True)
class Cell:
    """`state`: valid, problem, missing (required but empty), empty, changed, ready, waiting."""

    text: str = ""
    state: str = "valid"
    proposal: str = ""  # what the fix would make of it


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

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t, rect = theme.tokens(), option.rect
        cell: Cell | None = index.data(CELL)
        if cell is None:
            return
        header = self.view.model().headerData(index.column(), Qt.Orientation.Horizontal, FIELD)
        right, bad = bool(header and header.right), cell.state in ("problem", "missing")
        p.save()
        if bad:
            p.fillRect(rect, QColor(t.problemSoft))
        elif self._current_row(index) or option.state & QStyle.StateFlag.State_Selected:
            p.fillRect(rect, QColor(t.accentSoft))
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
        if option.state & QStyle.StateFlag.State_HasFocus or self._is_current(index):
            self._ring(p, rect)
        p.restore()

    def _current_row(self, index: Index) -> bool:
        return index.row() == self.view.currentIndex().row()

    def _is_current(self, index: Index) -> bool:
        return index == self.view.currentIndex()

    def _mark(self, p: QPainter, x: int, rect: QRect, name: str, colour: str = "") -> None:
        colour = colour or theme.tokens().problem
        ratio = self.view.devicePixelRatioF()
        p.drawPixmap(x, rect.top() + 7, theme.pixmap(name, colour, 14, ratio))

    def _text(self, p: QPainter, box: QRect, cell: Cell, right: bool) -> None:
        t, font, text = theme.tokens(), theme.sized(self.view.font(), theme.BODY), shown(cell.text)
        if cell.state in ("missing", "empty") and not text:
            font = theme.sized(self.view.font(), theme.SMALL, italic=True)
            missing = cell.state == "missing"
            text = self.tr("missing") if missing else self.tr("empty")
        roles = {"missing": t.problem, "empty": t.faint, "ready": t.valid, "waiting": t.faint}
        side = Align.AlignRight if right else Align.AlignLeft
        p.setFont(font)
        p.setPen(QColor(roles.get(cell.state, t.text)))
        elide = Qt.TextElideMode.ElideRight
        if not cell.proposal:
            text = p.fontMetrics().elidedText(text, elide, box.width())
            p.drawText(box, side | Align.AlignVCenter, text)
            return
        text = p.fontMetrics().elidedText(text, elide, box.width() // 2)
        p.drawText(box, Align.AlignLeft | Align.AlignVCenter, text)
        box.adjust(p.fontMetrics().horizontalAdvance(text) + 6, 0, 0, 0)
        p.setPen(QColor(t.changed))
        p.setFont(theme.sized(self.view.font(), theme.BODY, QFont.Weight.Medium))
        words = p.fontMetrics().elidedText(f"→ {shown(cell.proposal)}?", elide, box.width())
        p.drawText(box, Align.AlignLeft | Align.AlignVCenter, words)

    def _ear(self, p: QPainter, rect: QRect) -> None:
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(theme.tokens().changed))
        x, y = rect.right() + 1, rect.top()
        p.drawPolygon(QPolygonF([QPointF(x - 8, y), QPointF(x, y), QPointF(x, y + 8)]))

    def _ring(self, p: QPainter, rect: QRect) -> None:
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(QPen(QColor(theme.tokens().accentText), 2))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 3, 3)


def shown(text: str) -> str:
    """One line of it: line ends and tabs as signs, so that nothing is hidden."""
    text = text[:LONGEST]
    for sign, stands_for in (("\r\n", "⏎"), ("\n", "⏎"), ("\r", "⏎"), ("\t", "⇥"), ("\0", "␀")):
        text = text.replace(sign, stands_for)
    return text
