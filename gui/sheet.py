"""The sheet: records or documents as a table, wherever they are looked at."""

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
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QTableView, QToolTip, QWidget

from core.plural import counted
from gui.cells import CELL, FIELD, LINE, Cell, CellEditor, FieldView
from gui.copying import Copying
from gui.headers import FieldHeader, Gutter
from gui.painting import CellPainter
from gui.widgets import label
from gui.widths import FAR, Widths, measure

__all__ = ["CELL", "FIELD", "LINE", "Cell", "FieldView", "Sheet"]


class Sheet(QTableView):
    """A table over any model that answers CELL, FIELD and LINE.

    `field_clicked(column)` for a click on a header, `moved(index)` when the current cell changes.
    Ctrl+C copies the selected cells, with Shift the header too; `copying` tells when it is done.
    Column widths are set once when a model comes or `fit` is called, spare room shared among them,
    and then belong to the user.
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
        self._widths, self._gutter = Widths([], [], []), gutter
        self._waits = False  # some of the first texts were not there yet
        self._sized_by_user = self._sizing = False
        self._fitting = QTimer(self, singleShot=True, interval=0)  # asked for twice, done once
        self._fitting.timeout.connect(self.fit)
        header = FieldHeader(self, plain)
        header.setDefaultSectionSize(FAR)
        self.setHorizontalHeader(header)
        self.setVerticalHeader(Gutter(self, gutter))
        self.cells = CellPainter(self)
        self.setItemDelegate(CellEditor(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)  # Tab leaves the sheet; arrows move in it
        self.copying = Copying(self)
        self.copying.copied.connect(self._copied)
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
        self.copying.stop()
        self.cells.forget()
        if model is None:
            return
        model.headerDataChanged.connect(self.cells.forget)
        model.dataChanged.connect(self._fit_awaited)
        model.dataChanged.connect(self._renumber)
        model.modelReset.connect(self.copying.stop)
        model.rowsRemoved.connect(self.copying.stop)
        model.modelReset.connect(self.refit)
        model.columnsInserted.connect(self.refit)
        model.columnsRemoved.connect(self.refit)
        self.refit()

    @Slot()
    def _renumber(self) -> None:
        """Line numbers follow the cells: a model need not tell their changes apart."""
        self.verticalHeader().viewport().update()

    # ---- widths -----------------------------------------------------------------------------
    @Slot()
    def refit(self) -> None:
        """Forgets the user's widths: another file or collection is shown."""
        self._sized_by_user = False
        self.cells.forget()
        self.fit_soon()

    @Slot()
    def fit_soon(self) -> None:
        self._fitting.start()

    @Slot()
    def fit(self) -> None:
        """Widths from header and the first texts; again when texts come that were awaited."""
        if self._sized_by_user or self.model() is None:
            return
        self._widths = measure(self.model(), self.font())
        self._waits = self._widths.waits
        self._share()

    @Slot()
    def _fit_awaited(self) -> None:
        if self._waits:
            self._waits = False
            self.fit_soon()

    def _share(self) -> None:
        if self._sized_by_user or not self._widths.likes:
            return
        self._sizing = True
        for column, width in enumerate(self._widths.shared(self.viewport().width())):
            if self.columnWidth(column) != width:
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
        if not self._sized_by_user and column < len(self._widths.likes):
            for widths in (self._widths.likes, self._widths.needs, self._widths.least):
                widths[column] = max(widths[column], width)
            self._share()
        else:
            self._sizing = True  # not the user's doing
            self.setColumnWidth(column, width)
            self._sizing = False

    def number_to(self, most: int) -> None:
        """Room for line numbers up to this, and for a mark: millions need more than thousands."""
        width = max(self._gutter, 32 + 8 * len(f"{most:,}"))
        if self.verticalHeader().width() != width:
            self.verticalHeader().setFixedWidth(width)
            self.corner.setGeometry(0, 8, width - 10, 16)
            self.updateGeometries()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, cells and grid; opaque, so that scrolling paints only the rows that come in."""
        p = QPainter(self.viewport())
        try:
            self.cells.paint(p, event.rect())
        finally:
            p.end()  # one that an exception keeps alive ends the process

    # ---- moving and copying -----------------------------------------------------------------
    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        super().currentChanged(current, previous)
        self.moved.emit(current)

    def go_to(self, row: int, column: int) -> None:
        """Makes a cell the current one and brings it into view: its row to the middle, but the
        columns stand still where they show it already."""
        index = self.model().index(row, column)
        self.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        across, before = self.horizontalScrollBar(), self.horizontalScrollBar().value()
        self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)
        across.setValue(before)
        self.scrollTo(index)

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

    def copy(self, header: bool = False) -> None:
        """The selected cells to the clipboard; a click on a line number selects its whole row."""
        ranges = self.selectionModel().selection()  # never its indexes: they may be millions
        if ranges:
            self.copying.start(self.model(), ranges.first(), header)

    @Slot(object, object)
    def _copied(self, rows: int, wanted: int) -> None:
        if rows < wanted:
            words = self.tr("Copied the first {0} of {1}").format(
                f"{rows:,}", counted(wanted, "row")
            )
            corner = self.mapToGlobal(self.rect().bottomLeft())
            QToolTip.showText(corner, words, self, self.rect(), 8_000)
