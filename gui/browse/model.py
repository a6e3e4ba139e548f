"""One page of documents as a table, with the edits that wait to be saved."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from core.exports import columns_of
from gui.browse.values import common_kind, kind, shown
from gui.sheet import CELL, FIELD, LINE, Cell, FieldView

Index = QModelIndex | QPersistentModelIndex
Document = Mapping[str, Any]
FIXED = ("_id", "_load")  # what tells where a document came from is not edited
_ABSENT = object()


class DocumentModel(QAbstractTableModel):
    """`edited(row, field, text)` when a cell was typed into; what becomes of it is the page's."""

    edited = Signal(int, str, str)

    def __init__(self, parent: QObject | None = None, editable: bool = False) -> None:
        super().__init__(parent)
        self.documents: tuple[Document, ...] = ()
        self.columns: tuple[str, ...] = ()
        self.first = 0
        self.editable = editable
        self.staged: Mapping[tuple[Any, str], Any] = {}  # (_id, field) → new value
        self._views: dict[str, FieldView] = {}

    def show(self, documents: Sequence[Document], first: int, known: Sequence[str] = ()) -> None:
        """`known`: columns to keep in their places though this page may lack them."""
        self.beginResetModel()
        self.documents, self.first = tuple(documents), first
        found = columns_of(documents)
        self.columns = tuple(dict.fromkeys((*known, *found)))
        self._views = {name: self._view(name) for name in self.columns}
        self.endResetModel()

    def _view(self, name: str) -> FieldView:
        found = common_kind(doc[name] for doc in self.documents if name in doc)
        return FieldView(name, found, right=found in ("integer", "number"))

    def open(self, name: str) -> None:
        """Marks the column whose panel is open."""
        self._views = {n: replace(v, open=n == name) for n, v in self._views.items()}
        if self.columns:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def stage(self, staged: Mapping[tuple[Any, str], Any]) -> None:
        self.staged = staged
        if self.documents and self.columns:
            end = self.index(len(self.documents) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(0, 0), end)

    def value(self, row: int, name: str) -> Any:
        """What stands there, staged edits included; None where the document has no such field."""
        document = self.documents[row]
        return self.staged.get((document.get("_id"), name), document.get(name))

    # -- QAbstractTableModel -------------------------------------------------------------------
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.documents)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        name = self.columns[index.column()]
        value = self.documents[index.row()].get(name)
        if not self.editable or name in FIXED or kind(value) in ("object", "objectId"):
            return flags
        return flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = 0) -> Any:
        name = self.columns[index.column()]
        if role == CELL:
            return self._cell(index.row(), name)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._cell(index.row(), name).text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{name}, {self._cell(index.row(), name).text}"
        return None

    def _cell(self, row: int, name: str) -> Cell:
        document = self.documents[row]
        new = self.staged.get((document.get("_id"), name), _ABSENT)
        if new is not _ABSENT:
            return Cell(shown(new), "changed")
        if name not in document or document[name] is None:
            return Cell("", "empty")
        return Cell(shown(document[name]))

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name = self.columns[index.column()]
        if role != Qt.ItemDataRole.EditRole:
            return False
        if str(value) != self._cell(index.row(), name).text:
            self.edited.emit(index.row(), name, str(value))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal:
            view = self._views[self.columns[section]]
            if role == FIELD:
                return view
            return view.name if role == Qt.ItemDataRole.DisplayRole else None
        number = f"{self.first + section + 1:,}"
        if role == LINE:
            return (number, False)
        return number if role == Qt.ItemDataRole.DisplayRole else None
