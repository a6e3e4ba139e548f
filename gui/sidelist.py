"""A list at the left of a page: a name, a second line, a count in a tag; walked with the arrows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui import theme

Index = QModelIndex | QPersistentModelIndex
ITEM = int(Qt.ItemDataRole.UserRole) + 20
TWO_LINES, GAP = 48, 2


@dataclass(frozen=True, slots=True)
class SideItem:
    """`key` is what the page knows it by; `tag` the figure at its right."""

    key: str
    title: str
    detail: str = ""
    tag: str = ""
    tone: str = "problem"


class SideModel(QAbstractListModel):
    """The items; told anew as a whole, since they are few."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.items: tuple[SideItem, ...] = ()

    def show_items(self, items: Sequence[SideItem]) -> None:
        self.beginResetModel()
        self.items = tuple(items)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = 0) -> Any:
        item = self.items[index.row()]
        if role == ITEM:
            return item
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(part for part in (item.title, item.detail, item.tag) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{item.title}\n{item.detail}"
        return None


class SideDelegate(QStyledItemDelegate):
    """Soft accent behind the current item, hover under the mouse, the tag at the right."""

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t, item = theme.tokens(), index.data(ITEM)
        box = QRect(option.rect).adjusted(0, 0, 0, -GAP)
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(Qt.PenStyle.NoPen)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            p.setBrush(QColor(t.accentSoft if chosen else t.hover))
            p.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
        font = QFont(option.font)
        room = box.adjusted(8, 0, -8, 0)
        room.setRight(room.right() - self._tag(p, font, item, room))
        title = _font(font, theme.BODY, QFont.Weight.DemiBold if chosen else QFont.Weight.Normal)
        first = QRect(room.left(), box.top() + 6, room.width(), 18)
        if not item.detail:
            first = QRect(room.left(), box.top(), room.width(), box.height())
        _text(p, first, item.title, title, t.text, Qt.TextElideMode.ElideMiddle)
        second = QRect(room.left(), box.top() + 25, room.width(), 16)
        _text(p, second, item.detail, _font(font, theme.CAPTION), t.muted)
        p.restore()

    def _tag(self, p: QPainter, base: QFont, item: SideItem, room: QRect) -> int:
        """Paints the tag and returns the room that it takes."""
        if not item.tag:
            return 0
        t = theme.tokens()
        font = _font(base, theme.CAPTION, QFont.Weight.Medium)
        p.setFont(font)
        width = p.fontMetrics().horizontalAdvance(item.tag) + 14
        box = QRect(room.right() - width + 1, room.center().y() - 8, width, 18)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(QColor(getattr(t, f"{item.tone}Soft")))
        p.drawRoundedRect(box, 4, 4)
        p.setPen(QColor(getattr(t, item.tone)))
        p.drawText(box, Qt.AlignmentFlag.AlignCenter, item.tag)
        return width + 8

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, (TWO_LINES if index.data(ITEM).detail else theme.ROW) + GAP)


class SideList(QListView):
    """Shows SideItems; what is current is chosen, by mouse or arrows. `asked(key, QPoint)` for the
    menu of one, by mouse or keys."""

    asked = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.side = SideModel(self)
        self.setModel(self.side)
        self.setItemDelegate(SideDelegate(self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setProperty("kind", "list")
        self.viewport().setAutoFillBackground(False)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if index.isValid():
            where = event.pos() if by_mouse else self.visualRect(index).bottomLeft()
            key = self.side.items[index.row()].key
            self.asked.emit(key, self.viewport().mapToGlobal(where))

    @property
    def key(self) -> str:
        """Of the current item, "" for none."""
        row = self.currentIndex().row()
        return self.side.items[row].key if 0 <= row < len(self.side.items) else ""

    def show_items(self, items: Sequence[SideItem], key: str = "") -> None:
        """Told anew, with the item of that key current: else the one that was, else the first."""
        wanted = key or self.key
        if tuple(items) != self.side.items:
            self.side.show_items(items)
        keys = [item.key for item in items]
        row = keys.index(wanted) if wanted in keys else 0
        if items and self.currentIndex().row() != row:
            self.setCurrentIndex(self.side.index(row, 0))

    def choose(self, key: str) -> bool:
        """Whether there is such an item."""
        keys = [item.key for item in self.side.items]
        if key in keys:
            self.setCurrentIndex(self.side.index(keys.index(key), 0))
        return key in keys


def _font(base: QFont, size: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont(base)
    font.setPixelSize(size)
    font.setWeight(weight)
    return font


def _text(
    p: QPainter,
    box: QRect,
    text: str,
    font: QFont,
    colour: str,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    p.setFont(font)
    p.setPen(QColor(colour))
    shown = p.fontMetrics().elidedText(text, elide, box.width())
    p.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
