"""The widgets of the Collections page and where they stand; what they do is the page's."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from gui import theme
from gui.browse.jsonview import JsonView
from gui.browse.model import DocumentModel
from gui.browse.panel import BrowsePanel
from gui.browse.pills import Pills
from gui.browse.tree import Tree
from gui.elided import Elided
from gui.layout import col, frame, row, rule
from gui.searchbox import SearchBox
from gui.sheet import Sheet
from gui.stages import Stages
from gui.widgets import button, empty_state, glyph, label, message, segment, tool

WIDE = 1060  # px from which the action bar is spelled out


class BrowseView(Stages):
    """The empty state, and over it tree, query, sheet or JSON, panel and action bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.narrow = SearchBox(self.tr("Find a collection"))
        self.tree = Tree()
        self.database, self.title = Elided("", "muted"), Elided("", "title")
        self.words = Elided("", "small")
        icons = ("table-2", "braces")
        self.form = segment((self.tr("Grid"), self.tr("JSON")), 0, icons)
        self.pills = Pills()
        self.query = SearchBox('{ "field": "value" }', self.tr("Query as text"))
        self.query.setFont(theme.mono())
        self.views = button(self.tr("Views"), "ghost", "bookmark")
        self.query_wrong = label("", "problem", wrap=True)
        self.query_wrong.hide()
        self.model = DocumentModel(self, editable=True)
        self.sheet = Sheet(self.model, corner="", gutter=64, plain=True)
        self.sheet.setAccessibleName(self.tr("Documents"))
        self.json = JsonView()
        self.panel = BrowsePanel()
        self.nothing = label("", "muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stop = button(self.tr("Stop"))
        self.looking_for = label("", "muted")
        self.looking_for.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.dismiss = button(self.tr("Dismiss"), "link")
        self.message = message("problem", "", self.dismiss)
        self.message_box = frame("surface", row(self.message, pad=(12, 6, 12, 6)))
        self.message_box.hide()
        self.dismiss.clicked.connect(self.message_box.hide)
        self.load = button(self.tr("Load a file"), icon="upload")
        self._make_bar()
        words = self.tr("Load a file, and its rows can be looked at here.")
        empty = empty_state("database", self.tr("No collections yet"), words, self.load)
        self.add_stages(empty, self._content())

    def _make_bar(self) -> None:
        self.export = button(self.tr("Export…"), "ghost", "download")
        self.chart = button(self.tr("Chart this"), "ghost", "chart-column")
        self.delete = button("", "danger", "trash-2")
        self.before = tool("chevron-left", self.tr("Previous page (Ctrl+PgUp)"))
        self.after = tool("chevron-right", self.tr("Next page (Ctrl+PgDown)"))
        self.range = label("", "small")
        self.staged = label("", "tag", "changed")
        self.revert = button(self.tr("Revert"), "ghost")
        self.save = button("", "primary")

    def _content(self) -> QWidget:
        side = frame("side", col(self.narrow, 8, (self.tree, 1), pad=(8, 12, 7, 8)), width=220)
        chevron = glyph("chevron-right", "faint", 12)
        head = row(self.database, chevron, self.title, (self.words, 1), self.form,
                   pad=(16, 0, 16, 0))  # fmt: skip
        filters = row((self.pills, 1), self.views, pad=(16, 0, 16, 0))
        query = col(self.query, self.query_wrong, gap=4, pad=(16, 0, 16, 0))
        top = frame("surface", col(12, head, 10, filters, 8, query, 12))
        self.table = QStackedWidget()
        nothing = frame("surface", col(None, self.nothing, None, pad=(32, 0, 32, 0)))
        wait = frame("surface", col(None, self.looking_for, 12, row(None, self.stop, None), None))
        for part in (self.sheet, self.json, nothing, wait):
            self.table.addWidget(part)
        work = frame("surface", row((self.table, 1), self.panel, gap=0))
        pager = row(self.before, self.range, self.after, gap=4)
        bar = frame(
            "actions",
            row(self.export, self.chart, self.delete, 8, pager, None,
                self.staged, self.revert, self.save, pad=(12, 0, 16, 0)),
            height=theme.BAR,
        )  # fmt: skip
        main = frame("surface", col(top, rule(), (work, 1), self.message_box, bar))
        return frame("surface", row(side, (main, 1), gap=0))

    def show_form(self, empty: str) -> None:
        """Grid or JSON as chosen, or words where there is nothing to show."""
        self.nothing.setText(empty)
        self.table.setCurrentIndex(2 if empty else self.form.current)

    def show_waiting(self, words: str) -> None:
        """In place of rows that are not what is asked for now."""
        self.looking_for.setText(words)
        self.table.setCurrentIndex(3)
        self.panel.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for part in (self.export, self.chart):
            part.show_words(self.width() >= WIDE)
        self.staged.setVisible(self.save.isVisibleTo(self) and self.width() >= WIDE)

    def show_staged(self, count: int) -> None:
        for part in (self.revert, self.save):
            part.setVisible(count > 0)
        self.staged.setVisible(count > 0 and self.width() >= WIDE)
        one, many = self.tr("1 edit, not saved"), self.tr("{0} edits, not saved")
        self.staged.setText(one if count == 1 else many.format(f"{count:,}"))
        save = self.tr("Save 1 edit"), self.tr("Save {0} edits")
        self.save.setText(save[0] if count == 1 else save[1].format(f"{count:,}"))

    def show_chosen(self, count: int, read_only: bool) -> None:
        """How many documents the button would delete, or why it cannot."""
        one, many = self.tr("Delete"), self.tr("Delete {0}")
        self.delete.setText(one if count < 2 else many.format(f"{count:,}"))
        why = self.tr("Choose documents in the grid first.")
        tip = (
            self.tr("Delete the chosen documents (Ctrl+Del); Undo puts them back") if count else why
        )
        self.delete.setToolTip(self.tr("The connection is read-only.") if read_only else tip)
        self.delete.setEnabled(count > 0 and not read_only)

    def say(self, tone: str, rich_text: str) -> None:
        self.message.say(tone, rich_text)
        self.message_box.show()
