"""The list at the left: each open file with one status, its counts, and its bar or progress."""

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QFont, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui import theme
from gui.bars import paint_quality
from gui.layout import col, row
from gui.load.chosen import ChosenBar
from gui.load.desk import Desk
from gui.load.file_view import FileView, file_view, spoken
from gui.menus import menu_for
from gui.widgets import label, tool

Index = QModelIndex | QPersistentModelIndex
VIEW = int(Qt.ItemDataRole.UserRole) + 1
KEY = VIEW + 1


class FileModel(QAbstractListModel):
    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk = desk
        self.keys: list[int] = []
        desk.listed.connect(self.relist)
        desk.changed.connect(self.refresh)

    @Slot()
    def relist(self) -> None:
        self.beginResetModel()
        self.keys = list(self.desk.files)
        self.endResetModel()

    @Slot(object)
    def refresh(self, key: int) -> None:
        if key in self.keys:
            index = self.index(self.keys.index(key))
            self.dataChanged.emit(index, index)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.keys)

    def data(self, index: Index, role: int = 0) -> object:
        file = self.desk.files.get(self.keys[index.row()])
        if file is None:
            return None
        if role == KEY:
            return file.key
        if role == Qt.ItemDataRole.DisplayRole:
            return file.name
        view = file_view(file)
        if role == VIEW:
            return view
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join((str(file.path), file.error or view.detail, *file.open_questions))
        return spoken(view) if role == Qt.ItemDataRole.AccessibleTextRole else None


class FileDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(180, 62)

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t, view = theme.tokens(), index.data(VIEW)
        assert isinstance(view, FileView)
        box = QRect(option.rect).adjusted(0, 0, 0, -2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        under = bool(option.state & QStyle.StateFlag.State_MouseOver)
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or under:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(QColor(t.accentSoft if chosen else t.hover))
            p.drawRoundedRect(box, theme.RADIUS, theme.RADIUS)
        if option.state & QStyle.StateFlag.State_HasFocus:
            p.setPen(QColor(t.accentText))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(
                QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS
            )
        ratio = p.device().devicePixelRatio()
        colour = getattr(t, view.tone)
        p.drawPixmap(box.left() + 8, box.top() + 8, theme.pixmap(view.icon, colour, 16, ratio))
        inner = box.adjusted(32, 6, -8, 0)
        paint_words(p, inner, option.font, view, chosen, ratio)
        line = QRectF(inner.left(), box.top() + 47, inner.width(), 4)
        if view.progress is not None:
            paint_progress(p, line, view.progress)
        else:
            sums = view.counts
            paint_quality(p, line, sums.valid, sums.problem, sums.missing)
        p.restore()


def paint_words(
    p: QPainter, box: QRect, font: QFont, view: FileView, chosen: bool, ratio: float
) -> None:
    t, elide = theme.tokens(), Qt.TextElideMode.ElideMiddle
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    heavy, light = QFont.Weight.DemiBold, QFont.Weight.Normal
    p.setFont(theme.sized(font, theme.BODY, heavy if chosen else light))
    p.setPen(QColor(t.text))
    room = box.width() - (32 if view.asked else 0)
    name = p.fontMetrics().elidedText(view.name, elide, room)
    p.drawText(QRect(box.left(), box.top(), room, 18), left, name)
    if view.asked:
        mark = theme.pixmap("circle-help", t.warning, 14, ratio)
        p.drawPixmap(box.right() - 26, box.top() + 2, mark)
        p.setPen(QColor(t.warning))
        p.setFont(theme.sized(font, theme.CAPTION, heavy))
        p.drawText(QRect(box.left(), box.top(), box.width(), 18), right, f"{view.asked}")
    second = QRect(box.left(), box.top() + 20, box.width(), 16)
    unusual = view.tone in ("problem", "warning")
    p.setFont(theme.sized(font, theme.CAPTION, heavy if unusual else light))
    p.setPen(QColor(getattr(t, view.tone) if unusual else t.muted))
    p.drawText(second, right, view.state)
    p.setFont(theme.sized(font, theme.CAPTION))
    p.setPen(QColor(t.muted))
    p.drawText(second, left, view.detail)


def paint_progress(p: QPainter, box: QRectF, fraction: float) -> None:
    t = theme.tokens()
    p.setPen(Qt.PenStyle.NoPen)
    p.setBrush(QColor(t.line))
    p.drawRoundedRect(box, 2, 2)
    p.setBrush(QColor(t.accent))
    p.drawRoundedRect(QRectF(box.left(), box.top(), max(4.0, box.width() * fraction), 4), 2, 2)


class FileList(QFrame):
    """`chosen(key)` when another file is wanted; `add`; `remove(keys)` and `into(keys)` of all that
    are chosen, with Shift and Ctrl as in any list."""

    chosen = Signal(object)
    add = Signal()
    remove = Signal(object)
    into = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.key = 0  # of the file shown
        self.setProperty("kind", "side")
        self.setFixedWidth(220)
        self.count = label("0", "tag")
        self.plus = tool("plus", self.tr("Add files"))
        self.plus.clicked.connect(self.add)
        self.bar = ChosenBar()
        self.bar.into.connect(self._into)
        self.bar.close_them.connect(self._remove)
        self.view = QListView()
        self.view.viewport().setAutoFillBackground(False)  # the list lies on the side's canvas
        self.view.setAccessibleName(self.tr("Open files"))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setMouseTracking(True)
        self.view.setUniformItemSizes(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.model = FileModel(desk, self)
        self.view.setModel(self.model)
        self.view.setItemDelegate(FileDelegate(self.view))
        self.view.selectionModel().currentChanged.connect(self._moved)
        self.view.selectionModel().selectionChanged.connect(self._selected)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._menu)
        self.view.installEventFilter(self)
        drop = QAction(self.tr("Close file"), self.view)
        drop.setShortcut(QKeySequence.StandardKey.Delete)
        drop.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        drop.triggered.connect(self._remove)
        self.view.addAction(drop)
        head = row(
            label(self.tr("Files"), "section"), self.count, None, self.plus, pad=(8, 0, 0, 0)
        )
        self.setLayout(col(head, 4, (self.view, 1), self.bar, gap=2, pad=(8, 8, 7, 12)))
        desk.listed.connect(self._listed)

    def show_file(self, key: int) -> None:
        if key in self.model.keys:
            self.view.setCurrentIndex(self.model.index(self.model.keys.index(key)))

    def keys(self) -> list[int]:
        """Of the files chosen, in the list's order; Ctrl+Space leaves one that is none of them."""
        chosen = self.view.selectionModel().selectedRows() or [self.view.currentIndex()]
        rows = sorted(index.row() for index in chosen if index.isValid())
        return [self.model.keys[row] for row in rows]

    @Slot()
    def _listed(self) -> None:
        self.count.setText(f"{len(self.desk.files):,}")
        with QSignalBlocker(self):  # the same file goes on being shown
            self.show_file(self.key)
        self._selected()

    @Slot(QModelIndex, QModelIndex)
    def _moved(self, index: QModelIndex, _: QModelIndex) -> None:
        if index.isValid():
            self.key = index.data(KEY)
            self.chosen.emit(self.key)

    @Slot()
    def _selected(self) -> None:
        self.bar.show_count(len(self.keys()))

    @Slot()
    def _remove(self) -> None:
        if keys := self.keys():
            self.remove.emit(keys)

    @Slot()
    def _into(self) -> None:
        self.into.emit(self.keys())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The menu key: its place is told in other pixels than the mouse's."""
        if isinstance(event, QContextMenuEvent) and watched is self.view:
            self._menu(self.view.visualRect(self.view.currentIndex()).center())
            return True
        return super().eventFilter(watched, event)

    @Slot(QPoint)
    def _menu(self, point: QPoint) -> None:
        if not self.view.indexAt(point).isValid():
            return
        menu = menu_for(self.view)
        many = len(self.keys())
        menu.addAction(self.tr("Load into…"), self._into)
        one = self.tr("Close file")
        menu.addAction(one if many < 2 else self.tr("Close {0} files").format(many), self._remove)
        menu.popup(self.view.viewport().mapToGlobal(point))
