"""Ticking the columns that tell rows apart, with what the first rows say of each."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from core.plural import counted
from gui import theme
from gui.layout import col, row, rule
from gui.load.keys import Candidates, Column
from gui.load.ticks import TickList, paint_tick
from gui.widgets import button, label

Index = QModelIndex | QPersistentModelIndex
NOTE = int(Qt.ItemDataRole.UserRole) + 1
WIDTH, SHOWN = 340, 8


class KeyModel(QAbstractListModel):
    """`changed` when a column is ticked or no longer is; `chosen` are names in that order."""

    changed = Signal()

    def __init__(self, found: Candidates, chosen: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.found, self.chosen = found, list(chosen)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.found.columns)

    def data(self, index: Index, role: int = 0) -> object:
        column = self.found.columns[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.called
        if role == NOTE:
            return note(column)
        if role == Qt.ItemDataRole.CheckStateRole:
            on = column.name in self.chosen
            return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{column.called}, {note(column)}"
        return None

    def toggle(self, index: Index) -> None:
        name = self.found.columns[index.row()].name
        if name in self.chosen:
            self.chosen.remove(name)
        else:
            self.chosen.append(name)
        self.dataChanged.emit(index, index)
        self.changed.emit()


def note(column: Column) -> str:
    if column.empty:
        return f"{column.empty:,} empty"
    return f"{column.repeats:,} repeated" if column.repeats else "all different"


class KeyDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, theme.ROW)

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t, box = theme.tokens(), QRect(option.rect)
        side, middle = Qt.AlignmentFlag, Qt.AlignmentFlag.AlignVCenter
        on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        p.save()
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver):
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(QColor(t.accentSoft))
            p.drawRoundedRect(box, 4, 4)
        paint_tick(p, box.left() + 8, box.center().y(), on)
        words = str(index.data(NOTE))
        p.setFont(theme.sized(option.font, theme.SMALL))
        p.setPen(QColor(t.muted))
        p.drawText(box.adjusted(0, 0, -8, 0), side.AlignRight | middle, words)
        room = box.width() - 48 - p.fontMetrics().horizontalAdvance(words)
        p.setFont(theme.sized(option.font, theme.BODY))
        p.setPen(QColor(t.text))
        name = p.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, room)
        p.drawText(
            QRect(box.left() + 32, box.top(), room, box.height()), side.AlignLeft | middle, name
        )
        p.restore()


class KeyPopup(QDialog):
    """`decided(names)` when it goes, but by Escape."""

    decided = Signal(object)

    def __init__(self, found: Candidates, chosen: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("kind", "popup")
        self.found = found
        self.model = KeyModel(found, chosen, self)
        self.view = TickList()
        self.view.setAccessibleName(self.tr("Columns of the key"))
        self.view.setProperty("kind", "plain")
        self.view.setFrameShape(QListView.Shape.NoFrame)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setMouseTracking(True)
        self.view.setUniformItemSizes(True)
        self.view.setModel(self.model)
        self.view.setItemDelegate(KeyDelegate(self.view))
        self.view.setFixedHeight(theme.ROW * min(max(len(found.columns), 1), SHOWN))
        self.view.setCurrentIndex(self.model.index(0))
        self.view.clicked.connect(self.model.toggle)
        self.words = label("", "small", wrap=True)
        self.words.setMinimumHeight(34)
        self.done_button = button(self.tr("Done"))
        self.done_button.clicked.connect(self.accept)
        self.setLayout(
            col(
                row(
                    label(self.tr("What tells one row from another?"), "section"), pad=(8, 0, 8, 0)
                ),
                8,
                self.view,
                8,
                rule(),
                8,
                row((self.words, 1), self.done_button, gap=12, pad=(8, 0, 0, 0)),
                pad=(8, 12, 8, 8),
            )
        )
        self.setFixedWidth(WIDTH)
        self.model.changed.connect(self.tell)
        self.tell()

    @Slot()
    def tell(self) -> None:
        self.words.setText(key_words(self.found, self.model.chosen))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
        else:
            super().keyPressEvent(event)

    def accept(self) -> None:
        self.decided.emit(tuple(self.model.chosen))
        super().accept()

    def mousePressEvent(self, event: object) -> None:
        """A click beside it: what is ticked counts."""
        if not self.rect().contains(event.position().toPoint()):  # type: ignore[attr-defined]
            self.accept()


def key_words(found: Candidates, names: Sequence[str]) -> str:
    """What the rows looked at say of a key."""
    if not found.rows:
        return "The file has no rows to compare."
    if not names:
        return "Tick one column, or several that tell rows apart together."
    where = "" if found.all else f"Of the first {counted(found.rows, 'row')}, "
    repeats = found.repeats(names)
    if not repeats:
        return f"{where}no two have the same key." if where else "No two rows have the same key."
    rows = "row has" if repeats == 1 else "rows have"
    words = f"{repeats:,} have" if where and repeats > 1 else f"{repeats:,} {rows}"
    return f"{where}{words} the key of a row before."
