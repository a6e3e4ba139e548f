"""The widgets of the History page and where they stand; what they do is the page's."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.history.row import RIGHT, fit, sized
from gui.layout import col, frame, row, rule
from gui.searchbox import SearchBox
from gui.stages import Stages
from gui.widgets import button, empty_state, label, message


class HistoryView(Stages):
    """The empty state, and over it search, titles, the rows and a message."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        hint = self.tr("Find by file, collection or SHA-256")
        self.search, self.state = SearchBox(hint, self.tr("Find a load")), QComboBox()
        self.search.setFixedWidth(280)
        for text in (
            self.tr("All states"),
            self.tr("Done"),
            self.tr("With held rows"),
            self.tr("To resume"),
            self.tr("Undone"),
        ):
            self.state.addItem(text)
        self.state.setFixedWidth(140)
        self.state.setAccessibleName(self.tr("State"))
        self.list = QVBoxLayout()
        self.list.setContentsMargins(0, 0, 0, 0)
        self.list.setSpacing(0)
        self.area = QScrollArea()
        self.area.setWidget(frame("surface", col(self.list, None)))
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        dismiss = button(self.tr("Dismiss"), "link")
        self.message = message("problem", "", dismiss)
        self.message_box = frame("surface", row(self.message, pad=(12, 6, 12, 6)))
        self.message_box.hide()
        dismiss.clicked.connect(self.message_box.hide)
        self.nothing = label(self.tr("No load fits."), "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body = QStackedWidget()
        self.body.addWidget(self.area)
        self.body.addWidget(frame("surface", col(None, self.nothing, None)))
        self.load = button(self.tr("Load a file"), icon="upload")
        words = self.tr("Each load is listed here, and can be taken back.")
        empty = empty_state("history", self.tr("Nothing was loaded yet"), words, self.load)
        self.add_stages(empty, self._content())

    def _content(self) -> QWidget:
        title = label(self.tr("History"), "title")
        said = label(self.tr("every load, newest first"), "small")
        head = row(title, said, None, self.search, self.state, gap=12, pad=(16, 12, 16, 12))
        self.titles = self._titles()
        self.titles.installEventFilter(self)
        top = frame("surface", col(head, rule(), self.titles))
        return frame("surface", col(top, (self.body, 1), self.message_box))

    def _titles(self) -> QWidget:
        def said(text: str, name: str, right: bool = False) -> QWidget:
            return sized(label(text, "caption"), name, RIGHT if right else None)

        line = row(
            said(self.tr("Load"), "load"),
            (label(self.tr("File"), "caption"), 4),
            (label(self.tr("Into"), "caption"), 3),
            said(self.tr("When"), "when"),
            said(self.tr("Mode"), "mode"),
            said(self.tr("Loaded"), "loaded", True),
            said(self.tr("Held"), "held", True),
            said(self.tr("Time"), "time", True),
            16,
            said(self.tr("State"), "state"),
            84 + 8,
            gap=8,
            pad=(16, 0, 16, 0),
        )
        return frame("load", line, height=32)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The titles give way as the rows do."""
        if watched is self.titles and isinstance(event, QResizeEvent):
            fit(self.titles, event.size().width())
        return super().eventFilter(watched, event)

    def say(self, tone: str, rich_text: str) -> None:
        self.message.say(tone, rich_text)
        self.message_box.show()
