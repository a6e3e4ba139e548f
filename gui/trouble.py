"""A bug, told calmly: what the user has done stays, and the log has the rest."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame

from gui.elided import Elided
from gui.layout import row
from gui.session import Session
from gui.widgets import button, glyph, tool


class Trouble(QFrame):
    """A bar above the footer, shown when something happened that nobody expected."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setProperty("kind", "message")
        self.setProperty("tone", "problem")
        self.setProperty("flat", True)
        self.setFixedHeight(40)
        self.words = Elided("")
        log = button(self.tr("Show the log"), "link")
        log.clicked.connect(lambda: session.show_page("Settings"))
        log.clicked.connect(self.hide)
        away = tool("x", self.tr("Dismiss"))
        away.clicked.connect(self.hide)
        mark = glyph("circle-alert", "problem")
        self.setLayout(row(mark, (self.words, 1), log, away, pad=(16, 0, 8, 0)))
        self.hide()
        session.troubled.connect(self.tell)

    @Slot(object)
    def tell(self, error: BaseException) -> None:
        kind = type(error).__name__
        words = self.tr("Something went wrong that should not ({0}). What you have done is kept.")
        self.words.setText(words.format(f"{kind}: {error}" if str(error) else kind))
        self.show()
