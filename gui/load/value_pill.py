"""Beside the chips: only the rows with some value are shown, and how to see all again."""

from PySide6.QtWidgets import QFrame, QWidget

from gui.elided import Elided
from gui.layout import row
from gui.widgets import label, tool

WIDEST = 280  # px of its words


class ValuePill(QFrame):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "chip")
        self.setProperty("current", "true")
        self.setFixedHeight(28)
        self.words = Elided("", "strong")
        self.words.setMaximumWidth(WIDEST)
        self.count = label("", "tag")
        self.away = tool("x", self.tr("Show all rows again"))
        self.away.setFixedHeight(22)
        self.setLayout(row(self.words, self.count, self.away, gap=6, pad=(12, 0, 4, 0)))
        self.hide()

    def say(self, words: str, count: int) -> None:
        """Nothing for no words."""
        self.words.setText(words)
        self.count.setText(f"{count:,}")
        self.setVisible(bool(words))
