"""Sheets over made-up cells."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.cells import AWAITED
from gui.sheet import CELL, FIELD, LINE, Cell, FieldView, Sheet

Index = QModelIndex | QPersistentModelIndex
FEW = [
    [Cell("70071"), Cell("Ada\tBrandt"), Cell("89.90")],
    [Cell("", "missing"), Cell('5" pipe'), Cell("1.250,00", "problem", "1250.00")],
    [Cell("70073"), Cell("", "empty"), Cell("45.00", "changed")],
]


class Rows(QAbstractTableModel):
    """The few cells above, or as many made-up ones as asked for; rows of `absent` are awaited."""

    def __init__(self, rows: int = len(FEW), columns: int = 3) -> None:
        super().__init__()
        self.rows, self.columns = rows, columns
        self.absent: set[int] = set()
        self.typed: list[tuple[int, int, str]] = []
        names = ("order_id", "customer", "amount")
        self.fields = [
            FieldView(names[i] if i < 3 else f"field_{i}", "number", 8, 1, 1, right=i == 2)
            for i in range(columns)
        ]

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else self.rows

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else self.columns

    def flags(self, index: Index) -> Qt.ItemFlag:
        flag = Qt.ItemFlag
        return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsEditable

    def data(self, index: Index, role: int = 0) -> object:
        if role != CELL:
            return None
        if index.row() in self.absent:
            return AWAITED
        if self.rows == len(FEW):
            return FEW[index.row()][index.column()]
        return Cell(f"{index.row()}:{index.column()}")

    def setData(self, index: Index, value: object, role: int = 0) -> bool:
        self.typed.append((index.row(), index.column(), str(value)))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if role == FIELD:
            return self.fields[section]
        return (f"{section + 2:,}", section == 1) if role == LINE else None


def shown(qtbot: QtBot, model: Rows) -> Sheet:
    made = Sheet(model)
    made.rows = model  # type: ignore[attr-defined]  # a view does not keep its model
    made.resize(700, 400)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: sum(map(made.columnWidth, range(model.columns))) > 0)
    QApplication.processEvents()
    return made
