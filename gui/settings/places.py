"""Where Sluice keeps its things, with a way there."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLayout, QWidget

from core.settings import config_folder, data_folder, log_folder
from gui.elided import Elided
from gui.layout import col
from gui.settings.card import card, named
from gui.theme import mono
from gui.widgets import button, label


class Places(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.wrong = label("", "problem", wrap=True)
        self.wrong.hide()
        rows = [
            self._place(self.tr("Settings"), config_folder()),
            self._place(self.tr("Data and drafts"), data_folder()),
            self._place(self.tr("Log"), log_folder()),
        ]
        self.setLayout(col(card(self.tr("On this computer"), *rows, self.wrong)))

    def _place(self, name: str, folder: Path) -> QLayout:
        path = Elided(str(folder), "code", elide=Qt.TextElideMode.ElideMiddle)
        path.setFont(mono())
        path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        go = button(self.tr("Open"), tip=self.tr("Open {0}").format(folder))
        go.setAccessibleName(self.tr("Open the folder of {0}").format(name))
        go.clicked.connect(lambda: self._open(folder))
        return named(name, (path, 1), go)

    def _open(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._say(self.tr("{0} cannot be made: {1}.").format(folder, error.strerror))
            return
        opened = QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
        self._say("" if opened else self.tr("No program here opens folders: {0}").format(folder))

    def _say(self, words: str) -> None:
        self.wrong.setText(words)
        self.wrong.setVisible(bool(words))
