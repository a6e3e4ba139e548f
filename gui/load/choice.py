"""A combo box over Python values, which Qt's variants would turn into something else."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QWidget

from gui.combo import Combo

Choices = Sequence[tuple[str, Any]]


class Choice(Combo):
    """`picked(value)` only when the user chooses; showing a value says nothing."""

    picked = Signal(object)

    def __init__(
        self, name: str, choices: Choices = (), width: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.values: list[Any] = []
        if width:
            self.setMinimumWidth(min(width, 64))
            self.setMaximumWidth(width)
        self.offer(choices)
        self.activated.connect(self._picked)

    def offer(self, choices: Choices) -> None:
        with QSignalBlocker(self):
            self.clear()
            self.values = [value for _, value in choices]
            self.addItems([words for words, _ in choices])

    def value(self) -> Any:
        return self.values[self.currentIndex()] if self.currentIndex() >= 0 else None

    def show_value(self, value: Any, words: str = "") -> None:
        """One that is not offered is added, so that the truth is always shown."""
        with QSignalBlocker(self):
            if value not in self.values:
                self.values.append(value)
                self.addItem(words or str(value))
            self.setCurrentIndex(self.values.index(value))

    @Slot(int)
    def _picked(self, index: int) -> None:
        self.picked.emit(self.values[index])
