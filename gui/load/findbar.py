"""Ctrl+F: text to look for in the rows shown, from the current cell on."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from gui.layout import row
from gui.widgets import label, repolish, tool


class FindBar(QFrame):
    """`wanted(text, forward)` on Enter or the arrows, `typed` when the text is another; Esc puts it
    away."""

    wanted = Signal(str, bool)
    typed = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.setFixedHeight(40)
        self.text = QLineEdit()
        self.text.setPlaceholderText(self.tr("Find in the rows"))
        self.text.setAccessibleName(self.tr("Find in the rows"))
        self.text.setFixedWidth(280)
        self.text.setClearButtonEnabled(True)
        self.answer = label("", "small")
        self.up = tool("chevron-up", self.tr("Previous (Shift+Enter)"))
        self.down = tool("chevron-down", self.tr("Next (Enter)"))
        self.away = tool("x", self.tr("Close (Esc)"))
        self.up.clicked.connect(self._up)
        self.down.clicked.connect(self._down)
        self.away.clicked.connect(self.closed)
        self.text.textChanged.connect(self.typed)
        self.setLayout(
            row(self.text, self.up, self.down, self.answer, None, self.away, pad=(16, 0, 12, 0))
        )

    def start(self) -> None:
        self.show()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    def say(self, words: str, wrong: bool = False) -> None:
        """Where one is of how many; `wrong` where there is nothing to go to."""
        self.answer.setText(words)
        if self.answer.property("tone") != (tone := "problem" if wrong else ""):
            self.answer.setProperty("tone", tone)
            repolish(self.answer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._look(not shift)
        else:
            super().keyPressEvent(event)

    def _look(self, forward: bool) -> None:
        if self.text.text():
            self.wanted.emit(self.text.text(), forward)

    @Slot()
    def _up(self) -> None:
        self._look(False)

    @Slot()
    def _down(self) -> None:
        self._look(True)
