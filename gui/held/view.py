"""The widgets of the Quarantine page and where they stand; what they do is the page's."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from core.plural import counted
from gui.bars import ProgressBar
from gui.elided import Elided
from gui.held.actions import Actions
from gui.held.figures import Figures
from gui.held.model import HeldModel
from gui.held.panel import HeldPanel
from gui.layout import col, frame, row, rule
from gui.searchbox import SearchBox
from gui.sheet import Sheet
from gui.sidelist import SideList
from gui.stages import Stages
from gui.widgets import button, empty_state, label, message, segment

STATES = ("held", "resubmitted", "discarded")


class HeldView(Stages):
    """The empty state, and over it the loads, figures, sheet, panel and action bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.side = SideList()
        self.side.setAccessibleName(self.tr("Loads with held rows"))
        self.total = label("0", "tag")
        self.title, self.words = Elided("", "title"), Elided("", "small")
        self.search = SearchBox(self.tr("Find in held rows"))
        self.search.setFixedWidth(176)
        self.states = segment((self.tr("Held"), self.tr("Loaded"), self.tr("Discarded")))
        self.figures = Figures()
        self.model = HeldModel(self)
        self.sheet = Sheet(self.model, gutter=76, plain=True)
        self.sheet.setAccessibleName(self.tr("Held rows"))
        self.panel = HeldPanel()
        self.bar = Actions()
        self.dismiss = button(self.tr("Dismiss"), "link")
        self.message = message("problem", "", self.dismiss)
        self.message_box = frame("surface", row(self.message, pad=(12, 6, 12, 6)))
        self.message_box.hide()
        self.dismiss.clicked.connect(self.message_box.hide)
        self.load_again = button(self.tr("Load the file again…"))
        self.undone = message("info", "", self.load_again)
        self.undone.words.setWordWrap(True)
        self.undone_box = frame("surface", row(self.undone, pad=(12, 0, 12, 8)))
        self.undone_box.hide()
        self.progress = ProgressBar()
        self.progress.setFixedWidth(120)
        self.found = label("", "small")
        self.stop = button(self.tr("Stop"), "link")
        line = row(self.progress, self.found, self.stop, None, gap=12, pad=(16, 0, 16, 8))
        self.search_box = frame("surface", line)
        self.search_box.hide()
        self.nothing = label("", "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.load = button(self.tr("Load a file"), icon="upload")
        said = self.tr("Rows that a load refuses wait here until you fix or discard them.")
        nothing = empty_state("inbox", self.tr("Nothing is held"), said, self.load)
        self.add_stages(nothing, self._content())

    def _content(self) -> QWidget:
        heading = row(label(self.tr("Held rows"), "section"), self.total, None, pad=(8, 4, 0, 8))
        side = frame("side", col(heading, (self.side, 1), gap=2, pad=(8, 8, 7, 8)), width=220)
        head = row(
            self.title, (self.words, 1), self.search, self.states, gap=12, pad=(16, 0, 16, 0)
        )
        self.top = frame(
            "surface", col(10, head, 8, self.figures, 8, self.undone_box, self.search_box)
        )
        self.table = QStackedWidget()
        self.table.addWidget(self.sheet)
        self.table.addWidget(frame("surface", col(None, self.nothing, None)))
        work = frame("surface", row((self.table, 1), self.panel, gap=0))
        main = frame("surface", col(self.top, rule(), (work, 1), self.message_box, self.bar))
        return frame("surface", row(side, (main, 1), gap=0))

    def show_obstacle(self, words: str, undone: bool) -> None:
        """Why nothing of this load can be resubmitted, and where its file can be loaded again."""
        self.undone.words.setText(escape(words))
        self.load_again.setVisible(undone)
        self.undone_box.setVisible(bool(words))

    def searching(self, fraction: float, found: int) -> None:
        """How far a search through all rows has come; 1 hides it."""
        self.search_box.setVisible(fraction < 1.0)
        self.progress.show_fraction(fraction)
        self.found.setText(self.tr("{0} found so far").format(counted(found, "row")))

    def say(self, tone: str, rich_text: str) -> None:
        self.message.say(tone, rich_text)
        self.message.setToolTip("")
        self.message_box.show()

    def nothing_fits(self, words: str) -> None:
        """Words in place of the sheet, or "" for the sheet."""
        self.nothing.setText(words)
        self.table.setCurrentIndex(1 if words else 0)
