"""Load all…: each file, where it goes and how, what will be held; asked once before it begins."""

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
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from core.plural import counted
from gui import theme
from gui.elided import Elided
from gui.layout import col, frame, row
from gui.load.planned import Planned, sums
from gui.load.state import rows_words
from gui.load.ticks import TickList, paint_tick
from gui.widgets import button, label

Index = QModelIndex | QPersistentModelIndex
PLAN = int(Qt.ItemDataRole.UserRole) + 1
WIDTH, TALLEST = 560, 380  # px
TICK, INSET, TOP, LINE = 24, 56, 8, 18


def marked(one: Planned) -> tuple[str, str]:
    """Its icon, and the tone that is never the only sign."""
    if one.why_not:
        return "circle-alert", "problem"
    if one.asked:
        return "circle-help", "warning"
    return ("triangle-alert", "warning") if one.beware else ("circle-check", "valid")


def notes(one: Planned) -> list[tuple[str, str]]:
    """What stands below its name: tone and sentence."""
    if one.why_not:
        return [("muted", one.why_not)]
    asked = one.questions if one.asked else ""
    told = (("muted", one.way), ("warning", one.beware), ("warning", asked))
    return [(tone, words) for tone, words in told if words]


def title(one: Planned) -> str:
    return f"{one.name} → {one.into}" if one.into else one.name


class Plans(QAbstractListModel):
    """`changed` when a file is ticked or no longer is; at first all are that can be loaded."""

    changed = Signal()

    def __init__(self, plans: Sequence[Planned], parent: QWidget) -> None:
        super().__init__(parent)
        self.plans = plans
        self.out: set[int] = set()  # keys of the files that are to be left out

    @property
    def chosen(self) -> tuple[Planned, ...]:
        return tuple(one for one in self.plans if not one.why_not and one.key not in self.out)

    def toggle(self, index: Index) -> None:
        one = self.plans[index.row()]
        if not one.why_not:
            self.out ^= {one.key}
            self.dataChanged.emit(index, index)
            self.changed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.plans)

    def data(self, index: Index, role: int = 0) -> object:
        one = self.plans[index.row()]
        if role == PLAN:
            return one
        if role == Qt.ItemDataRole.DisplayRole:
            return title(one)
        if role == Qt.ItemDataRole.CheckStateRole and not one.why_not:
            out = one.key in self.out
            return Qt.CheckState.Unchecked if out else Qt.CheckState.Checked
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return ", ".join((title(one), one.rows, *(words for _, words in notes(one))))
        return None


class PlanDelegate(QStyledItemDelegate):
    """A file's name and rows, and its sentences in as many lines as they take."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._small = QFontMetrics(theme.sized(parent.font(), theme.SMALL))
        self._sizes: dict[int, QSize] = {}  # a list asks for all of them again and again

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = index.row()
        if row not in self._sizes:
            room = WIDTH - 32 - 16 - INSET - 8  # the dialog's sides, the scroll bar, the row's own
            high = sum(_height(self._small, room, words) for _, words in notes(index.data(PLAN)))
            self._sizes[row] = QSize(room, TOP + LINE + 2 + high + TOP)
        return self._sizes[row]

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        t, one, box = theme.tokens(), index.data(PLAN), QRect(option.rect)
        left, top = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignVCenter
        icon, tone = marked(one)
        ticked = index.data(Qt.ItemDataRole.CheckStateRole)
        p.save()
        if option.state & QStyle.StateFlag.State_HasFocus:
            p.fillRect(box, QColor(t.accentSoft))
        if index.row():
            p.setPen(QColor(t.grid))
            p.drawLine(box.topLeft(), box.topRight())
        if ticked is not None:
            on = Qt.CheckState(ticked) == Qt.CheckState.Checked
            paint_tick(p, box.left() + 8, box.top() + TOP + LINE / 2, on)
        mark = theme.pixmap(icon, getattr(t, tone), 16, p.device().devicePixelRatio())
        p.drawPixmap(box.left() + 8 + TICK, box.top() + TOP + 1, mark)
        inner = QRect(box.left() + INSET, box.top() + TOP, box.width() - INSET - 8, LINE)
        heavy = QFont.Weight.DemiBold
        p.setFont(theme.sized(option.font, theme.BODY))
        p.setPen(QColor(t.problem if one.why_not else t.text))
        p.drawText(inner, Qt.AlignmentFlag.AlignRight | top, one.rows)
        room = inner.width() - p.fontMetrics().horizontalAdvance(one.rows) - 16
        p.setFont(theme.sized(option.font, theme.BODY, heavy))
        p.setPen(QColor(t.text))
        name = p.fontMetrics().elidedText(title(one), Qt.TextElideMode.ElideMiddle, room)
        p.drawText(inner.adjusted(0, 0, room - inner.width(), 0), left | top, name)
        p.setFont(theme.sized(option.font, theme.SMALL))
        y = inner.bottom() + 3
        for colour, words in notes(one):
            high = _height(p.fontMetrics(), inner.width(), words)
            p.setPen(QColor(getattr(t, colour)))
            wrap = int(left) | int(Qt.TextFlag.TextWordWrap)
            p.drawText(QRect(inner.left(), y, inner.width(), high), wrap, words)
            y += high
        p.restore()


def _height(metrics: QFontMetrics, width: int, words: str) -> int:
    wrap = int(Qt.TextFlag.TextWordWrap)
    return metrics.boundingRect(QRect(0, 0, width, 2000), wrap, words).height()


class LoadAllDialog(QDialog):
    """Accepted, the files that are ticked are to be loaded; Return does so, Esc does not."""

    def __init__(self, plans: Sequence[Planned], database: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.database = database
        self.setWindowTitle(self.tr("Load all"))
        self.setFixedWidth(WIDTH)
        self.head = label("", "strong", wrap=True)
        self.words = Elided("", "small")
        self.model = Plans(plans, self)
        self.view = TickList()
        self.view.setModel(self.model)
        self.view.setItemDelegate(PlanDelegate(self.view))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setAccessibleName(self.tr("Files to load"))
        self.view.clicked.connect(self.model.toggle)
        shown = range(min(len(plans), TALLEST // LINE))
        self.view.setFixedHeight(min(sum(map(self.view.sizeHintForRow, shown)), TALLEST))
        self.go = button("", "primary")
        self.cancel = button(self.tr("Cancel"))
        self.go.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        card = frame("card", col(self.view, pad=(1, 1, 1, 1)))
        foot = row(None, self.cancel, self.go)
        lines = (self.head, 4, self.words, 12, card, 16, foot)
        self.setLayout(col(*lines, pad=(16, 16, 16, 16)))
        self.model.changed.connect(self.tell)
        self.tell()
        self.go.setDefault(True)
        self.go.setFocus()

    @property
    def chosen(self) -> tuple[Planned, ...]:
        return self.model.chosen

    @Slot()
    def tell(self) -> None:
        """What is ticked now, in numbers."""
        count, ready, held = sums(self.chosen)
        files = counted(count, "file")
        words = self.tr("Load {0} into the database {1}?")
        self.head.setText(words.format(files, self.database))
        left = len(self.model.plans) - count
        asked = sum(bool(one.asked) for one in self.chosen)
        facts = [self.tr("{0} ready").format(rows_words(ready))]
        if held:
            facts.append(self.tr("{0} will be held").format(f"{held:,}"))
        if asked:
            facts.append(self.tr("{0} with open questions").format(counted(asked, "file")))
        if left:
            facts.append(self.tr("{0} left out").format(f"{left:,}"))
        self.words.setText(" · ".join(facts))
        self.go.setText(self.tr("Load {0}").format(files))
        self.go.setEnabled(count > 0)
