"""Databases and their collections with counts; what is typed above narrows them."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QMouseEvent,
    QPainter,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from core.plural import counted
from core.store.browse import CollectionInfo
from gui import theme

Index = QModelIndex | QPersistentModelIndex
DATABASE, COLLECTION, COUNT = (int(Qt.ItemDataRole.UserRole) + n for n in (30, 31, 32))
Place = tuple[str, str]  # database, collection


class TreeDelegate(QStyledItemDelegate):
    """Chevron, icon, name, count."""

    def __init__(self, view: QTreeView) -> None:
        super().__init__(view)
        self.view = view

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t, rect = theme.tokens(), QRect(option.rect)
        rect.setLeft(0)
        rect.setRight(self.view.viewport().width() - 1)
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        is_base = not index.data(COLLECTION)
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(QColor(t.accentSoft if chosen else t.hover))
            p.drawRoundedRect(rect.adjusted(0, 0, 0, -2), theme.RADIUS, theme.RADIUS)
        ratio, middle = self.view.devicePixelRatioF(), rect.center().y()
        left = 22 if is_base else 20
        if is_base:
            mark = "chevron-down" if self.view.isExpanded(index) else "chevron-right"
            p.drawPixmap(4, middle - 6, theme.pixmap(mark, t.faint, 12, ratio))
        name = "database" if is_base else "table-2"
        colour = t.accentText if chosen else (t.muted if is_base else t.faint)
        p.drawPixmap(left, middle - 7, theme.pixmap(name, colour, 14, ratio))
        font = QFont(option.font)
        font.setPixelSize(theme.CAPTION)
        p.setFont(font)
        p.setPen(QColor(t.muted))
        count = index.data(COUNT) or ""
        vertical = Qt.AlignmentFlag.AlignVCenter
        p.drawText(rect.adjusted(0, 0, -8, -2), Qt.AlignmentFlag.AlignRight | vertical, count)
        taken = p.fontMetrics().horizontalAdvance(count) + 16 if count else 8
        font.setPixelSize(theme.BODY)
        strong = is_base or chosen
        font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
        p.setFont(font)
        p.setPen(QColor(t.text))
        box = rect.adjusted(left + 20, 0, -taken, -2)
        text = index.data(DATABASE if is_base else COLLECTION)
        shown = p.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        p.drawText(box, Qt.AlignmentFlag.AlignLeft | vertical, shown)
        p.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, 30)


class Tree(QTreeView):
    """`chosen(database, collection)` when another collection is current; `opened` a database;
    `asked(Place, QPoint)` for the menu of a collection, by mouse or keys."""

    asked = Signal(object, QPoint)
    chosen = Signal(str, str)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        self.setItemDelegate(TreeDelegate(self))
        self.setHeaderHidden(True)
        self.setIndentation(0)
        self.setRootIsDecorated(False)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("kind", "list")
        self.setAccessibleName(self.tr("Collections"))
        self.selectionModel().currentChanged.connect(self._current)
        self.expanded.connect(self._expanded)

    # -- content -------------------------------------------------------------------------------
    def show_databases(self, names: Sequence[str]) -> None:
        """Databases as they are now; what is known of those that stay is kept."""
        known = [self._base(i).data(DATABASE) for i in range(self._items.rowCount())]
        for name in [n for n in known if n not in names]:
            self._items.removeRow(self._row_of(name))
        for row, name in enumerate(names):
            if name not in known:
                item = QStandardItem(name)
                item.setData(name, DATABASE)
                self._items.insertRow(row, [item])

    def show_collections(self, database: str, infos: Sequence[CollectionInfo]) -> None:
        base = self._items.item(self._row_of(database))
        if base is None:
            return
        known = [base.child(i).data(COLLECTION) for i in range(base.rowCount())]
        names = [info.name for info in infos]
        for name in [n for n in known if n not in names]:
            base.removeRow(self._child(base, name))
        for row, info in enumerate(infos):
            if info.name not in known:
                item = QStandardItem(info.name)
                item.setData(database, DATABASE)
                item.setData(info.name, COLLECTION)
                base.insertRow(row, [item])
            if info.documents is not None:
                self.show_count(database, info.name, info.documents)
        base.setData("" if infos else self.tr("empty"), COUNT)

    def show_count(self, database: str, collection: str, count: int) -> None:
        base = self._items.item(self._row_of(database))
        at = self._child(base, collection) if base is not None else -1
        if at >= 0:
            base.child(at).setData(f"{count:,}", COUNT)
            spoken = f"{collection}, {counted(count, 'document')}"
            base.child(at).setData(spoken, Qt.ItemDataRole.AccessibleTextRole)

    def narrow(self, text: str) -> None:
        """Only collections (and databases) whose name contains `text`."""
        wanted = text.strip().casefold()
        for i in range(self._items.rowCount()):
            base, any_left = self._base(i), False
            whole = wanted in base.data(DATABASE).casefold()
            for j in range(base.rowCount()):
                fits = whole or wanted in base.child(j).data(COLLECTION).casefold()
                self.setRowHidden(j, base.index(), not fits)
                any_left = any_left or fits
            self.setRowHidden(i, QModelIndex(), bool(wanted) and not (any_left or whole))
            if wanted and any_left:
                self.expand(base.index())

    # -- choosing ------------------------------------------------------------------------------
    def place(self) -> Place | None:
        index = self.currentIndex()
        name = index.data(COLLECTION) if index.isValid() else None
        return (index.data(DATABASE), name) if name else None

    def places(self) -> list[Place]:
        """Every collection known, in order."""
        bases = [self._base(i) for i in range(self._items.rowCount())]
        return [
            (base.data(DATABASE), base.child(j).data(COLLECTION))
            for base in bases
            for j in range(base.rowCount())
        ]

    def choose(self, database: str, collection: str) -> bool:
        """Whether it is there."""
        base = self._items.item(self._row_of(database))
        at = self._child(base, collection) if base is not None else -1
        if at < 0:
            return False
        self.expand(base.index())
        self.setCurrentIndex(base.child(at).index())
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click anywhere on a database opens or closes it."""
        index = self.indexAt(event.position().toPoint())
        super().mousePressEvent(event)
        if index.isValid() and not index.data(COLLECTION):
            self.setExpanded(index, not self.isExpanded(index))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if index.isValid() and index.data(COLLECTION):
            where = event.pos() if by_mouse else self.visualRect(index).bottomLeft()
            place = (index.data(DATABASE), index.data(COLLECTION))
            self.asked.emit(place, self.viewport().mapToGlobal(where))

    @Slot(QModelIndex, QModelIndex)
    def _current(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid() and index.data(COLLECTION):
            self.chosen.emit(index.data(DATABASE), index.data(COLLECTION))

    @Slot(QModelIndex)
    def _expanded(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(DATABASE))

    def _base(self, row: int) -> QStandardItem:
        return self._items.item(row)

    def _row_of(self, database: str) -> int:
        rows = range(self._items.rowCount())
        return next((i for i in rows if self._base(i).data(DATABASE) == database), -1)

    def _child(self, base: QStandardItem, collection: str) -> int:
        rows = range(base.rowCount())
        return next((i for i in rows if base.child(i).data(COLLECTION) == collection), -1)
