"""Held records as a table that asks the server for a page at a time, as it is scrolled to."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from core.store.held import HeldRecord
from gui.held.words import reasons_words
from gui.sheet import CELL, FIELD, LINE, Cell, FieldView

Index = QModelIndex | QPersistentModelIndex
PAGE = 100
REASON, STATE = "\x00reason", "\x00state"  # columns that are no field of the file


class HeldModel(QAbstractTableModel):
    """`wanted(page)`: a page that is scrolled to and not here yet; `edited(row, field, text)`."""

    wanted = Signal(int)
    edited = Signal(int, str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[str, ...] = ()
        self.views: dict[str, FieldView] = {}
        self.total = 0
        self._pages: dict[int, list[HeldRecord]] = {}
        self._old: dict[int, list[HeldRecord]] = {}  # shown until a page is read again
        self._asked: set[int] = set()

    # -- what it shows -------------------------------------------------------------------------
    def show(
        self,
        views: Mapping[str, FieldView],
        columns: Sequence[str],
        total: int,
        first: Sequence[HeldRecord],
    ) -> bool:
        """The columns in order, how many records there are, the first page.

        Where only the records differ, or more are found after those shown, the table stays, with
        the cell at hand and an open editor; else it is reset, and True.
        """
        same = bool(total) and (dict(views), tuple(columns)) == (self.views, self.columns)
        if same and total > self.total and self._goes_on(first):
            self.beginInsertRows(QModelIndex(), self.total, total - 1)
            self.total = total
            self.endInsertRows()
        if same and total == self.total:
            self._old, self._pages, self._asked = {**self._old, **self._pages}, {}, {0}
            self.add(0, first)
            return False
        self.beginResetModel()
        self.views, self.columns, self.total = dict(views), tuple(columns), total
        self._old, self._pages, self._asked = {}, {0: list(first)}, {0}
        self.endResetModel()
        return True

    def _goes_on(self, first: Sequence[HeldRecord]) -> bool:
        """Whether these are the records shown at the top and, if any, others after them."""
        shown = [record.id for record in self._pages.get(0, [])]
        return bool(shown) and shown == [record.id for record in first[: len(shown)]]

    def add(self, page: int, records: Sequence[HeldRecord]) -> None:
        """Tells the rows that differ from what was shown: an open editor elsewhere stays."""
        before = self._old.pop(page, [])
        self._pages[page] = list(records)
        top = page * PAGE
        if not before and self.columns and records:
            self._changed(top, min(top + PAGE, self.total) - 1)
        for i, new in enumerate(records):
            if before and (i >= len(before) or before[i] != new):
                self._changed(top + i, top + i)

    def end_of(self, page: int) -> str | None:
        """The id of the last record of a page that is here: the next page goes on from it."""
        records = self._pages.get(page, [])
        return records[-1].id if len(records) == PAGE else None

    def forget(self, page: int) -> None:
        """A page that could not be read is asked for again."""
        self._asked.discard(page)

    def put(self, record: HeldRecord) -> int:
        """A record that changed takes its old place; returns its row, or -1."""
        for page, records in self._pages.items():
            for i, old in enumerate(records):
                if old.id == record.id:
                    records[i] = record
                    row = page * PAGE + i
                    self._changed(row, row)
                    return row
        return -1

    def _changed(self, top: int, bottom: int) -> None:
        self.dataChanged.emit(self.index(top, 0), self.index(bottom, len(self.columns) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Vertical, top, bottom)

    def at(self, row: int) -> HeldRecord | None:
        """The record of a row; None while its page is on the way, which this asks for."""
        page, offset = divmod(row, PAGE)
        records = self._pages.get(page)
        if records is None:
            if page not in self._asked and 0 <= row < self.total:
                self._asked.add(page)
                self.wanted.emit(page)
            records = self._old.get(page)
            if records is None:
                return None
        return records[offset] if offset < len(records) else None

    def row_of(self, id: str) -> int:
        for page, records in self._pages.items():
            for i, record in enumerate(records):
                if record.id == id:
                    return page * PAGE + i
        return -1

    def loaded(self) -> list[HeldRecord]:
        """The records that are here, in order."""
        return [r for page in sorted(self._pages) for r in self._pages[page]]

    # -- QAbstractTableModel -------------------------------------------------------------------
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else self.total

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if self.columns[index.column()] in (REASON, STATE):
            return flags
        return flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = 0) -> Any:
        record = self.at(index.row())
        column = self.columns[index.column()]
        if record is None:
            return Cell("…" if index.column() == 0 else "") if role == CELL else None
        if role == CELL:
            return cell(record, column)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return cell(record, column).text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(record, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(r.message for r in record.reasons if r.field == column) or None
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        record = self.at(index.row())
        column = self.columns[index.column()]
        if record is None or role != Qt.ItemDataRole.EditRole or column in (REASON, STATE):
            return False
        if str(value) != record.values.get(column, ""):
            self.edited.emit(index.row(), column, str(value))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            view = self.views[self.columns[section]]
            if role == FIELD:
                return view
            return view.name if role == Qt.ItemDataRole.DisplayRole else None
        record = self.at(section)
        if role == LINE:
            wrong = record is not None and bool(record.reasons)
            return (f"{record.line:,}" if record else "", wrong)
        if role == Qt.ItemDataRole.DisplayRole:
            return str(record.line) if record else ""
        return None

    def spoken(self, record: HeldRecord, column: str) -> str:
        """The cell for those who hear it: name, text, and what is wrong."""
        wrong = [r.message for r in record.reasons if r.field == column]
        return ", ".join([self.views[column].name, cell(record, column).text, *wrong])


def cell(record: HeldRecord, column: str) -> Cell:
    """How a record's cell looks: at fault, mended, empty."""
    if column == REASON:
        return Cell(reasons_words(record.was))
    if column == STATE:
        return Cell("ready", "ready") if record.ready else Cell(record.state)
    text = record.values.get(column, "")
    if any(r.field == column for r in record.reasons):
        return Cell(text, "problem" if text else "missing")
    if record.differs(column):
        return Cell(text, "changed")
    return Cell(text, "valid" if text else "empty")
