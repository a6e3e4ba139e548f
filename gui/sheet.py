"""The sheet: records or documents as a table, wherever they are looked at."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelectionModel,
    QModelIndex,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QFont,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from gui import theme
from gui.cells import CELL, FIELD, LINE, Cell, CellDelegate, FieldView
from gui.headers import FieldHeader, Gutter
from gui.widgets import label

__all__ = ["CELL", "FIELD", "LINE", "Cell", "FieldView", "Sheet"]

SAMPLED = 50  # rows whose texts decide a column's first width
COPIED = 500_000  # cells at once
NARROWEST, WIDEST = 72, 280  # px, of a column that the user did not size
TIGHTEST = 0.93  # of what columns need, before the sheet scrolls instead


class Sheet(QTableView):
    """A table over any model that answers CELL, FIELD and LINE.

    `field_clicked(column)` for a click on a header, `moved(index)` when the current cell changes.
    Ctrl+C copies the selected cells, with Shift the header too. Column widths are set once when a
    model comes or `fit` is called, spare room shared among them, and then belong to the user.
    """

    field_clicked = Signal(int)
    moved = Signal(QModelIndex)

    def __init__(
        self,
        model: QAbstractItemModel | None = None,
        corner: str = "line",
        gutter: int = 64,
        plain: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._natural: list[int] = []
        self._least: list[int] = []
        self._waits = False  # some of the first texts were not there yet
        self._sized_by_user = self._sizing = False
        header = FieldHeader(self, plain)
        self.setHorizontalHeader(header)
        self.setVerticalHeader(Gutter(self, gutter))
        self.cells = CellDelegate(self)
        self.setItemDelegate(self.cells)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)  # Tab leaves the sheet; arrows move in it
        self.corner = label(corner, "caption")
        self.corner.setParent(self)
        self.corner.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.corner.setGeometry(0, 8, gutter - 10, 16)
        header.sectionClicked.connect(self.field_clicked)
        header.sectionResized.connect(self._resized)
        if model is not None:
            self.setModel(model)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        self.cells.forget()
        if model is None:
            return
        model.headerDataChanged.connect(self.cells.forget)
        model.dataChanged.connect(self._fit_awaited)
        model.modelReset.connect(self.refit)
        model.columnsInserted.connect(self.refit)
        model.columnsRemoved.connect(self.refit)
        self.refit()

    # ---- widths -----------------------------------------------------------------------------
    @Slot()
    def refit(self) -> None:
        """Forgets the user's widths: another file or collection is shown."""
        self._sized_by_user = False
        self.cells.forget()
        QTimer.singleShot(0, self, self.fit)

    def fit(self) -> None:
        """Widths from header and the first texts; again when texts come that were awaited."""
        if self._sized_by_user or self.model() is None:
            return
        self._waits = False
        wants = [self._width(c) for c in range(self.model().columnCount())]
        self._natural = [most for most, _ in wants]
        self._least = [least for _, least in wants]
        self._share()

    @Slot()
    def _fit_awaited(self) -> None:
        if self._waits:
            self._waits = False
            QTimer.singleShot(0, self, self.fit)

    def _width(self, column: int) -> tuple[int, int]:
        """What a column likes to have, and what it needs to show name and texts whole."""
        model, body = self.model(), QFontMetrics(theme.sized(self.font(), theme.BODY))
        field: FieldView | None = model.headerData(column, Qt.Orientation.Horizontal, FIELD)
        if field is None:
            return NARROWEST, NARROWEST
        bold = QFontMetrics(theme.sized(self.font(), theme.SMALL, QFont.Weight.DemiBold))
        name = bold.horizontalAdvance(field.name)
        likes, needs = [name + 44, NARROWEST], [name + 32, NARROWEST]
        if field.problem:
            count = bold.horizontalAdvance(f"{field.type}{field.problem:,}")
            likes.append(count + 48)
            needs.append(count + 40)
        for row in range(min(SAMPLED, model.rowCount())):
            cell: Cell | None = model.index(row, column).data(CELL)
            self._waits = self._waits or (cell is not None and cell.state == "waiting")
            if cell is not None and cell.state != "waiting":
                mark = 44 if cell.state in ("problem", "missing", "ready") else 24
                text = body.horizontalAdvance(cell.text[:60])
                likes.append(text + mark)
                needs.append(text + mark - 6)
        widest = min(max(WIDEST, likes[0]), 2 * WIDEST)
        return min(max(likes), widest), min(max(needs), widest)

    def _share(self) -> None:
        """Spare room is shared by all columns; one stretched last column would dwarf the others.

        Where there is too little, each gives what it can spare, and then a little more.
        """
        if self._sized_by_user or not self._natural:
            return
        room = self.viewport().width()
        self._sizing = True
        for column, width in enumerate(_shared(self._natural, self._least, room)):
            self.setColumnWidth(column, width)
        self._sizing = False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    @Slot()
    def _resized(self) -> None:
        self._sized_by_user = self._sized_by_user or not self._sizing

    def widen(self, column: int, width: int) -> None:
        """Makes a column at least so wide, as if it had always needed it."""
        if self.columnWidth(column) >= width:
            return
        if not self._sized_by_user and column < len(self._natural):
            self._natural[column] = width
            self._share()
        else:
            self.setColumnWidth(column, width)

    def set_gutter(self, width: int) -> None:
        """Room for the line numbers: millions need more than thousands."""
        if self.verticalHeader().width() != width:
            self.verticalHeader().setFixedWidth(width)
            self.corner.setGeometry(0, 8, width - 10, 16)
            self.updateGeometries()

    # ---- moving and copying -----------------------------------------------------------------
    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        super().currentChanged(current, previous)
        self.moved.emit(current)

    def go_to(self, row: int, column: int) -> None:
        """Makes a cell the current one and brings it into view."""
        index = self.model().index(row, column)
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shifted = event.keyCombination().toCombined() == (
            Qt.KeyboardModifier.ControlModifier.value
            | Qt.KeyboardModifier.ShiftModifier.value
            | Qt.Key.Key_C.value
        )
        if shifted or event.matches(QKeySequence.StandardKey.Copy):
            self.copy(header=shifted)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._begin():
            event.accept()
        else:
            super().keyPressEvent(event)

    def _begin(self) -> bool:
        """Return edits the cell, as F2 does; a cell that cannot be edited lets it pass."""
        index = self.currentIndex()
        editable = index.isValid() and index.flags().value & Qt.ItemFlag.ItemIsEditable.value
        if not editable or self.state() == QAbstractItemView.State.EditingState:
            return False
        self.edit(index)
        return True

    def copy(self, header: bool = False, rows: bool = False) -> None:
        """Selected cells (or their whole rows) to the clipboard as tab-separated text."""
        ranges = self.selectionModel().selection()  # never its indexes: they may be millions
        if not ranges:
            return
        first = ranges.first()
        columns = list(range(first.left(), first.right() + 1))
        if rows:
            columns = list(range(self.model().columnCount()))
        last = min(first.bottom(), first.top() + COPIED // max(len(columns), 1))
        lines = [self._texts(row, columns) for row in range(first.top(), last + 1)]
        if header:
            fields = (self.model().headerData(c, Qt.Orientation.Horizontal, FIELD) for c in columns)
            lines.insert(0, [field.name for field in fields])
        text = "\n".join("\t".join(_tabbed(cell) for cell in line) for line in lines)
        QGuiApplication.clipboard().setText(text)

    def _texts(self, row: int, columns: Sequence[int]) -> list[str]:
        cells = (self.model().index(row, column).data(CELL) for column in columns)
        return [cell.text if cell is not None else "" for cell in cells]


def _shared(natural: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Widths that fill the room exactly, or the natural ones where that would be too tight."""
    likes, needs = sum(natural), sum(least)
    if room >= likes:
        widths = [width * room // likes for width in natural]
    elif room >= needs:
        spare = (room - needs) / (likes - needs)
        widths = [low + int((high - low) * spare) for low, high in zip(least, natural, strict=True)]
    elif room >= needs * TIGHTEST:
        widths = [width * room // needs for width in least]
    else:
        return list(natural)
    widths[-1] += room - sum(widths)
    return widths


def _tabbed(text: str) -> str:
    """Quoted as spreadsheets do where the cell would break the table."""
    if any(c in text for c in '\t\n\r"'):
        return '"' + text.replace('"', '""') + '"'
    return text
