"""What a cell shows, what a column's head shows, and the roles by which a model tells them."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

Index = QModelIndex | QPersistentModelIndex
CELL = int(Qt.ItemDataRole.UserRole) + 1  # a Cell: what has to be known to paint it
FIELD = CELL + 1  # a FieldView, from headerData
LINE = CELL + 2  # (text, has a problem), from headerData of the gutter


@dataclass(frozen=True, slots=True)
class Cell:
    """`state`: valid, problem, missing (required but empty), empty, absent (a word that is read as
    missing), changed, ready, waiting (its row is being fetched)."""

    text: str = ""
    state: str = "valid"
    proposal: str = ""  # what the fix would make of it


AWAITED = Cell("…", "waiting")  # its row is being fetched


@dataclass(frozen=True, slots=True)
class FieldView:
    """A column's head: a Table Schema type (or enum, objectId, object) and its three counts.

    `sorted`: "up" or "down" where the rows stand by this column. `was`: the file's own name of a
    column that is called otherwise in the documents; `dropped`: it is left out of them.
    """

    name: str
    type: str
    valid: int = 0
    problem: int = 0
    missing: int = 0
    right: bool = False
    open: bool = False
    sorted: str = ""
    was: str = ""
    dropped: bool = False


class CellEditor(QStyledItemDelegate):
    """What is typed into; `CellPainter` paints."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setProperty("kind", "cell")
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            text = index.data(Qt.ItemDataRole.EditRole)
            cell: Cell | None = index.data(CELL)
            editor.setText(str(text) if text is not None else cell.text if cell else "")
            editor.selectAll()
