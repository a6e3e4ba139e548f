"""In place of what cannot be read: why, and what can be done."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from gui.layout import col, row
from gui.widgets import button, glyph, label


class Unreadable(QFrame):
    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self.words = label("", "muted", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.words.setMinimumWidth(320)
        self.words.setMaximumWidth(560)
        self.again = button(self.tr("Try again"), "", "rotate-ccw")
        self.setLayout(
            col(
                None,
                row(None, glyph("circle-alert", "problem", 32), None),
                12,
                row(None, label(title, "title"), None),
                4,
                row(None, self.words, None),
                16,
                row(None, self.again, None),
                None,
                pad=(24, 24, 24, 24),
            )
        )

    def say(self, words: str) -> None:
        self.words.setText(words)
        self.setAccessibleName(words)
