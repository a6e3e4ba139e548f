"""The records of one file, all or those with problems, as the sheet asks for them.

It holds no rows: a cell is read at paint time from the page at hand (`Reader`), and a row whose
page is still being fetched shows a placeholder.
"""

from collections.abc import Mapping

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)

from core.batch import Integers, Problem, Quality
from core.checking.order import Order
from gui.cells import CELL, FIELD, LINE, Cell
from gui.load.cell_views import CellViews, Proposal
from gui.load.field_views import FieldViews
from gui.load.findings import Findings
from gui.load.pages import Page
from gui.load.reader import Reader
from gui.load.rows import Rows, arranged
from gui.load.state import Kind, Work

Index = QModelIndex | QPersistentModelIndex
READ = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
TYPED = READ | Qt.ItemFlag.ItemIsEditable


class FileModel(QAbstractTableModel):
    """Row i is record i + 1, or the i-th record kept with a problem, or as a column sorts them.

    `edited(record, field, text)` when the user typed another text; nothing is changed here.
    """

    edited = Signal(object, str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = ()
        self.frozen = False  # while it is loaded, nothing can be typed
        self.cells, self.heads = CellViews(), FieldViews()
        self._total = 0
        self._kind: Kind | None = None
        self._only: Rows | None = None  # None: all, as they stand in the file
        self._records: Integers | None = None  # the only ones shown, whatever is wrong with them

    # -- what it shows ---------------------------------------------------------------------------
    def show_file(self, reader: Reader, names: tuple[str, ...], work: Work) -> None:
        if self.cells.reader is reader and self.names == names:
            self.set_work(work)
            return
        self.clear()
        self.beginResetModel()
        self.cells.reader, self.names = reader, names
        reader.arrived.connect(self._arrived)
        self.set_work(work)
        self.endResetModel()

    def clear(self) -> None:
        self.beginResetModel()
        if self.cells.reader is not None:
            self.cells.reader.arrived.disconnect(self._arrived)
            self.cells.reader.show_rows(None)
        self.cells, self.heads, self.names = CellViews(), FieldViews(self.heads.panel), ()
        self._total, self._only, self._kind, self._records = 0, None, None, None
        self.endResetModel()

    @property
    def reader(self) -> Reader | None:
        return self.cells.reader

    @property
    def work(self) -> Work | None:
        return self.cells.work

    def set_work(self, work: Work) -> None:
        self.cells.work = work
        self.heads.show_work(work)
        self._changed()
        self._refields()

    def set_report(
        self, findings: Findings, quality: Mapping[str, Quality], total: int, filtered: bool
    ) -> None:
        """New counts; rows are only added or taken away where their number changed, and cells are
        read again where the whole file told of them what their page does not."""
        far = self.cells.findings.far or findings.far
        self.cells.findings, self.heads.quality = findings, quality
        self._refields()
        if self._records is not None:
            self._total = total
        elif filtered:
            self._filter(findings.records(self._kind))
        elif total != self._total or self._only is not None:
            self._resize(total)
        if far:
            self._changed()

    def show_all(self, total: int) -> None:
        self._records = None
        self._resize(total)

    def show_records(self, records: Integers) -> None:
        """Only some, until others are asked for."""
        self._records = records
        self._filter(records)

    def show_problems(self, kind: Kind | None) -> None:
        self._kind, self._records = kind, None
        self._filter(self.cells.findings.records(kind))

    @property
    def order(self) -> Order | None:
        return self.heads.order

    def set_order(self, order: Order | None, only: bool, total: int) -> None:
        """Rows by a column, all or those with problems; None puts them as in the file."""
        if order is not self.order:
            self.heads.order = order
            if self._records is not None:
                self._filter(self._records)
            elif only:
                self.show_problems(self._kind)
            else:
                self.show_all(total)
            self._refields()

    def forget_order(self) -> None:
        """The file is read anew: its rows are shown next."""
        self.heads.order = None
        self.heads.forget()

    def propose(self, name: str, proposal: Proposal | None) -> None:
        """Shows in a field's problem cells what a fix would make of them."""
        self.cells.propose(name, proposal)
        self._changed()

    def open_panel(self, name: str) -> None:
        self.heads.panel = name
        self._refields()

    # -- rows and records ------------------------------------------------------------------------
    def record(self, row: int) -> int:
        return self._only.record(row) if self._only is not None else row + 1

    def row_of(self, record: int) -> int:
        """-1 where the record is not among the rows shown."""
        if self._only is None:
            return record - 1 if record <= self._total else -1
        return self._only.row(record)

    def page(self, record: int) -> Page | None:
        return self.cells.page(record)

    def problems(self, record: int, page: Page | None) -> list[Problem]:
        return self.cells.problems(record, page)

    # -- Qt's questions --------------------------------------------------------------------------
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        if parent.isValid():
            return 0
        return len(self._only) if self._only is not None else self._total

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.names)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Asked for every cell at every paint."""
        if self.frozen or not index.isValid():
            return READ
        page = self.page(record := self.record(index.row()))
        return TYPED if page is not None and page.whole(record) else READ

    def data(self, index: Index, role: int = 0) -> object:
        record, name = self.record(index.row()), self.names[index.column()]
        if role == CELL:
            return self.cell(record, name)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self.cell(record, name).text
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.cells.tip(record, name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            cell = self.cell(record, name)
            return f"{name}: {cell.text or cell.state}" + (
                f", {cell.state}" if cell.state not in ("valid", "empty") else ""
            )
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        record, name = self.record(index.row()), self.names[index.column()]
        if role != Qt.ItemDataRole.EditRole or str(value) == self.cell(record, name).text:
            return False
        self.edited.emit(record, name, str(value))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation == Qt.Orientation.Horizontal:
            return self._field_header(section, role)
        if role == LINE:
            record = self.record(section)
            page = self.page(record)
            bad = bool(self.problems(record, page))
            return (f"{page.line(record):,}" if page is not None else "", bad)
        return None

    def _field_header(self, section: int, role: int) -> object:
        if role == FIELD:
            return self.heads.view(self.names[section])
        if role == Qt.ItemDataRole.DisplayRole:
            return self.heads.view(self.names[section]).name
        return None

    # -- cells -----------------------------------------------------------------------------------
    def cell_at(self, index: Index) -> Cell:
        return self.cell(self.record(index.row()), self.names[index.column()])

    def cell(self, record: int, name: str) -> Cell:
        return self.cells.cell(record, name)

    # -- changes ---------------------------------------------------------------------------------
    def _resize(self, total: int) -> None:
        if self.order is not None:
            self._put(arranged(None, self.order))
        elif self._only is not None:
            self._swap(None, total)
        elif total > self._total:
            self.beginInsertRows(QModelIndex(), self._total, total - 1)
            self._total = total
            self.endInsertRows()
        elif total < self._total:
            self.beginRemoveRows(QModelIndex(), total, self._total - 1)
            self._total = total
            self.endRemoveRows()

    def _filter(self, records: Integers) -> None:
        self._put(arranged(records, self.order))

    def _put(self, rows: Rows | None) -> None:
        if rows is not None and rows.same(self._only):
            self._changed()
        else:
            self._swap(rows, self._total)

    def _swap(self, only: Rows | None, total: int) -> None:
        """Other rows, the same columns: a reset would forget the widths the user gave them."""
        if rows := self.rowCount():
            self.beginRemoveRows(QModelIndex(), 0, rows - 1)
            self._only, self._total = None, 0
            self.endRemoveRows()
        if self.cells.reader is not None:
            self.cells.reader.show_rows(only)
        rows = total if only is None else len(only)
        if rows:
            self.beginInsertRows(QModelIndex(), 0, rows - 1)
        self._only, self._total = only, total
        if rows:
            self.endInsertRows()

    def _changed(self) -> None:
        """Line numbers too: told as changes of the header they would be gone through one by one."""
        self.cells.forget()
        rows, columns = self.rowCount(), self.columnCount()
        if rows and columns:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, columns - 1))

    @Slot(object, object)
    def _arrived(self, first: int, stop: int) -> None:
        """Pages are checked anew one by one, most of them far from what is seen."""
        if self.order is not None or self.cells.asked(first, stop):
            self._changed()

    def _refields(self) -> None:
        self.heads.forget()
        if self.names:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.names) - 1)
