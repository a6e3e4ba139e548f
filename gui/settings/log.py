"""The end of the log, for a look or a report."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from core.settings import log_folder
from gui.layout import col, row
from gui.settings.card import card
from gui.widgets import button, raw

TAIL = 32_768  # bytes
NAME = "sluice.log"


class Log(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.text = raw(height=160)
        self.text.setAccessibleName(self.tr("The end of the log"))
        again = button(self.tr("Read again"), "ghost", "refresh-cw")
        again.clicked.connect(self.read)
        copy = button(self.tr("Copy"), "ghost", "copy")
        copy.clicked.connect(self._copy)
        beside = QWidget()
        beside.setLayout(row(again, copy))
        self.setLayout(col(card(self.tr("Log"), self.text, beside=beside)))

    @Slot()
    def read(self) -> None:
        """Shows what is there now, the newest line in view."""
        words = tail(log_folder() / NAME)
        self.text.setPlainText(words or self.tr("Nothing has been logged yet."))
        bar = self.text.verticalScrollBar()
        bar.setValue(bar.maximum())

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())


def tail(path: Path, size: int = TAIL) -> str:
    """The last whole lines within `size` bytes; empty where there is no log."""
    try:
        with path.open("rb") as file:
            start = max(0, path.stat().st_size - size)
            file.seek(start)
            words = file.read(size).decode("utf-8", "replace")
    except OSError:
        return ""
    return words.partition("\n")[2] if start else words
