"""The key of a load, in the look of a choice; what it opens is a list to tick."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QWidget


class KeyBox(QComboBox):
    """Looks and opens like the choices beside it; what opens is told by `opened`."""

    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.addItem("")
        self.setAccessibleName(self.tr("Key"))

    def show_key(self, names: Sequence[str]) -> None:
        words = ", ".join(names) or self.tr("choose…")
        self.setItemText(0, words)
        self.setToolTip(
            self.tr("Rows and documents with the same {0} are the same").format(words)
            if names
            else self.tr("Choose the columns that tell the rows apart")
        )

    def showPopup(self) -> None:
        self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit()
        else:
            super().keyPressEvent(event)
