"""Within the column panel: why the column has its type, and the type that most of a text have."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from core.plural import counted
from core.recipes.proposals import Proposal
from core.recipes.schema import Field
from gui.layout import col, row
from gui.widgets import button, label


class ColumnWhy(QWidget):
    """`wanted(proposal)` when the column is to be read as most of its cells can be."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.near: Proposal | None = None
        self.words = label("", "caption", wrap=True)
        self.retype = button("", "fix")
        self.retype.clicked.connect(self._want)
        self.line = QWidget()
        self.line.setLayout(row(self.retype, None))
        self.setLayout(col(2, self.words, 4, self.line))

    def say(self, because: str, near: Proposal | None) -> None:
        self.near = near
        self.words.setText(because)
        self.line.setVisible(near is not None)
        self.setVisible(bool(because))
        if near is not None:
            self.retype.setText(self.tr("Read as {0}").format(near.value["type"]))

    @Slot()
    def _want(self) -> None:
        self.wanted.emit(self.near)


def padding_words(field: Field) -> str:
    """What becomes of whole numbers where all of a column have the same decimals, "" elsewhere."""
    places = field.options.get("decimals") if field.kind == "decimal128" else 0
    if not places:
        return ""
    return f"All with {counted(places, 'decimal')}: 5 is stored as 5.{'0' * places}."
