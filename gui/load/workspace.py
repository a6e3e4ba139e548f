"""One file on the page: head, counts, chips, sheet, message and actions."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from core.checking.order import Order
from gui.layout import col, frame, row, rule
from gui.load.actions import Actions, effect
from gui.load.chips import Chips
from gui.load.desk import Desk
from gui.load.dialect_bar import DialectBar
from gui.load.findbar import FindBar
from gui.load.fixing import Fixing, chip_views
from gui.load.head import Head
from gui.load.lines import Line, MessageLine
from gui.load.model import FileModel
from gui.load.news import news
from gui.load.progress import Progress
from gui.load.same import Same
from gui.load.state import Kind, OpenFile, Work
from gui.load.summary import Summary
from gui.sheet import Sheet
from gui.unreadable import Unreadable

LOADING = ("queued", "loading")
WIDE = 860  # px from which everything is spelled out


class Workspace(QWidget):
    """Shows; what the user wants is told by the parts' own signals and done by the page.

    `shown` when another file is."""

    shown = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.key: int | None = None
        self.head = Head()
        self.dialect = DialectBar()
        self.summary = Summary()
        self.chips = Chips()
        self.progress = Progress()
        self.findbar = FindBar()
        self.model = FileModel(self)
        self.sheet = Sheet(self.model)
        self.sheet.setAccessibleName(self.tr("Rows of the file"))
        self.unreadable = Unreadable(self.tr("This file cannot be read"))
        self.message = MessageLine()
        self.foot = frame("surface", row((self.message, 1), pad=(12, 6, 12, 6)))
        self.bar = Actions(desk)
        self.fixing = Fixing(desk.session, self)
        self.said: Line | None = None
        self._about: tuple[Work | None, str] = (None, "")  # what was said, was said of this
        self.filtered: tuple[bool, Kind | None] = (False, None)
        self.same: Same | None = None  # only rows with this value are shown
        self.setLayout(
            col(
                self.head,
                self.dialect,
                rule(),
                self.summary,
                self.chips,
                self.progress,
                rule(),
                self.findbar,
                (self.sheet, 1),
                (self.unreadable, 1),
                rule(),
                self.foot,
                self.bar,
            )
        )
        for hidden in (self.dialect, self.progress, self.findbar, self.foot, self.unreadable):
            hidden.hide()
        self.head.dialect_wanted.connect(self.dialect.setVisible)
        self.chips.shown.connect(self.show_rows)
        self.fixing.found.connect(self._show_chips)
        desk.changed.connect(self._changed)
        desk.found.connect(self._found)
        desk.opened.connect(self._opened)

    @property
    def file(self) -> OpenFile | None:
        return self.desk.files.get(self.key) if self.key is not None else None

    # -- showing a file ------------------------------------------------------------------------
    def show_file(self, key: int) -> None:
        self.key, self.said = key, None
        self.bar.show_key(key)
        self.filtered, self.same = (False, None), None
        self.chips.show_filter(False, None)
        self.fixing.forget()
        self.model.clear()
        self._opened(key)
        self._found(key)
        self.shown.emit()

    @Slot(object)
    def _opened(self, key: int) -> None:
        """The first rows are at hand; sizes are set once and then belong to the user."""
        file = self.file
        if key != self.key or file is None:
            return
        if file.work is not None:
            reader = self.desk.readers[key]
            self.model.forget_order()
            self.same = None
            self.chips.show_filter(*self.filtered)
            again = self.model.names == file.names and self.model.reader is reader
            self.model.show_file(reader, file.names, file.work)
            self.model.show_all(reader.known)
            if not again:
                self.sheet.refit()
        self._changed(key)

    @Slot(object)
    def _changed(self, key: int) -> None:
        file = self.file
        if key != self.key or file is None:
            self.show_actions()  # Load all counts the others
            return
        loading = file.phase in LOADING
        if self._is_over(file, loading):
            self.said = None
        self.model.frozen = loading
        if file.work is not None and file.work is not self.model.work:
            self.model.set_work(file.work)
        self.head.show_file(file)
        self.head.set_loading(loading)
        unreadable = file.work is None and bool(file.error)
        self.sheet.setVisible(not unreadable)
        self.unreadable.setVisible(unreadable)
        self.unreadable.say(file.error)
        self.dialect.setEnabled(file.work is not None)
        if file.work is not None:
            self.dialect.show_dialect(file.work.recipe.dialect)
        self.dialect.setVisible(self.head.change.isChecked() and not loading)
        self.summary.setVisible(not loading and file.report is not None)
        self.summary.show_file(file)
        self.chips.setVisible(not loading and file.report is not None)
        self.progress.setVisible(loading)
        if loading:
            self.progress.show_file(file)
        self.show_actions()

    @Slot(object)
    def _found(self, key: int) -> None:
        """The check told more."""
        file = self.file
        if key != self.key or file is None or file.report is None or file.work is None:
            return
        findings = self.desk.findings[key]
        quality = file.report.quality
        only = self.filtered[0]
        total = max(file.report.records, self.desk.readers[key].known if not file.checked else 0)
        self.model.set_report(findings, quality, total, only)
        self.sheet.number_to(total)
        self._show_chips()
        if file.checked:
            # counts in the headers take room; sizes set by the user stay
            self.sheet.fit_soon()
            if file.phase != "checking":  # else what is under way will tell
                self.fixing.look(file.work.recipe, findings)

    @Slot()
    def _show_chips(self) -> None:
        file = self.file
        if file is None or file.report is None or file.work is None or self.key is None:
            return
        called = {field.name: field.key for field in file.work.recipe.schema.fields}
        views = chip_views(self.desk.findings[self.key], self.fixing, called)
        self.chips.show_counts(file.report.records, file.report.quarantined, views)

    @Slot(bool, object)
    def show_rows(self, only: bool, kind: Kind | None) -> None:
        """All rows, those with problems, or those of one kind; the current record stays current."""
        self.filtered, self.same = (only, kind), None
        record = self.model.record(self.sheet.currentIndex().row()) if self.model.rowCount() else 1
        column = max(0, self.sheet.currentIndex().column())
        if only:
            self.model.show_problems(kind)
            name = kind[0] if kind is not None else None
            column = self.model.names.index(name) if name in self.model.names else column
        elif self.file is not None and self.file.report is not None:
            self.model.show_all(self.file.report.records)
        row = max(0, self.model.row_of(record))
        self.sheet.setCurrentIndex(self.model.index(row, column))

    def show_same(self, same: Same) -> None:
        """Only the rows in which a column holds one text, whatever becomes of it."""
        self.filtered, self.same = (False, None), same
        called = self.file.work.called(same.name) if self.file and self.file.work else same.name
        record = self.model.record(max(0, self.sheet.currentIndex().row()))
        column = max(0, self.sheet.currentIndex().column())
        self.chips.show_filter(False, None, f"{called} is “{same.text}”", len(same.records))
        self.model.show_records(same.records)
        self.sheet.setCurrentIndex(self.model.index(max(0, self.model.row_of(record)), column))

    def show_order(self, order: Order | None) -> None:
        """The rows by a column, from the first on; None for their order in the file."""
        file, column = self.file, max(0, self.sheet.currentIndex().column())
        if file is not None and file.report is not None:
            self.model.set_order(order, self.filtered[0], file.report.records)
            self.sheet.setCurrentIndex(self.model.index(0, column))
            self.sheet.scrollToTop()

    # -- the foot ------------------------------------------------------------------------------
    def show_line(self, line: Line | None) -> None:
        self.message.show_line(line)
        self.foot.setVisible(line is not None)

    def say(self, line: Line) -> None:
        """Something said once: it stays until the next problem or change."""
        file = self.file
        self.said = line
        self._about = (file.work, effect(file).why_not) if file is not None else (None, "")
        self.show_line(line)

    def _is_over(self, file: OpenFile, loading: bool) -> bool:
        """Whether what was said is of a recipe, a cell or a hindrance that is no more."""
        work, why_not = self._about
        told_why = self.said is not None and self.said.text == why_not
        return loading or file.work is not work or (told_why and effect(file).why_not != why_not)

    def complain(self, words: str) -> None:
        self.say(Line("problem", words))

    def finish_typing(self) -> None:
        """What is still being typed counts."""
        focused = self.focusWidget()
        if isinstance(focused, QLineEdit):
            self.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def news(self) -> Line | None:
        """What should be known of the file while no problem is at hand."""
        if self.said is not None:
            return self.said
        return news(self.file) if self.file is not None else None

    def show_actions(self) -> None:
        file = self.file
        if file is None:
            return
        if file.phase in LOADING:
            self.bar.show_loading(*self._stopping(file))
            self.bar.halt.setEnabled(not file.stopping)
            return
        files = self.desk.files.values()
        ready = sum(one.loadable and not effect(one).why_not for one in files)
        self.bar.show_effect(effect(file), ready, self.width() >= WIDE, file.phase == "done")

    def _stopping(self, file: OpenFile) -> tuple[str, str]:
        """What stopping now would leave behind, and the word for it."""
        if file.phase == "queued":
            return "", self.tr("Do not load")
        if file.stopping:
            return self.tr("What is under way is written to its end."), self.tr("Stopping…")
        written = file.load is not None and file.load.accepted + file.load.quarantined > 0
        if not written and not file.resumable:
            return "", self.tr("Cancel")
        return self.tr("Rows already written stay until you undo the load."), self.tr("Stop")

    def quiet(self) -> None:
        """What was said last is over."""
        self.said = None
        self.show_line(self.news())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_actions()
        self.summary.set_wide(self.width() >= WIDE)
        self.dialect.fit(self.width())
