"""Settings: each applies at once; no Save button."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gui.connection import ConnectionCard
from gui.layout import col, frame, row
from gui.session import Session
from gui.settings.about import About
from gui.settings.log import Log
from gui.settings.look import Look
from gui.settings.places import Places
from gui.settings.writing import Writing
from gui.widgets import label

WIDEST = 760


class SettingsPage(QWidget):
    name = "Settings"
    icon = "settings"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look, self.connection = Look(session), ConnectionCard(session)
        self.writing, self.places = Writing(session), Places()
        self.log, self.about = Log(), About()
        cards = (self.look, self.connection, self.writing, self.places, self.log, self.about)
        column = QWidget()
        column.setMaximumWidth(WIDEST)
        column.setLayout(col(*cards, None, gap=16))
        inside = frame("surface", row(None, (column, 8), None, pad=(16, 16, 16, 24)))
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidgetResizable(True)
        area.setWidget(inside)
        head = frame("bar", row(label(self.tr("Settings"), "title"), None, pad=(16, 0, 16, 0)))
        head.setFixedHeight(52)
        self.setLayout(col(head, (area, 1)))

    def shown(self) -> None:
        self.log.read()
