"""History: every load, newest first, what it was, and how to take it back or repeat it."""

import json
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.errors import CoreError
from core.loading.loader import load_file
from core.loading.undo import UndoReport, undo
from core.recipes.recipe import Recipe
from gui.asking import Asker
from gui.clearing import clear
from gui.history.row import RIGHT, LoadRow, sized
from gui.history.work import Listed, Past, listing, planning
from gui.layout import col, frame, row, rule
from gui.messages import rich
from gui.reports import Reports
from gui.searchbox import SearchBox
from gui.session import Session
from gui.stages import Stages
from gui.widgets import button, empty_state, label, message

STATES = ("", "done", "held", "resumable", "undone")


class HistoryPage(QWidget):
    """One expanding row a load; what is done to it is told before it is done."""

    name = "History"
    icon = "history"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.rows: dict[str, LoadRow] = {}
        self._open = ""  # the load whose details are shown
        self._seen: tuple[Past, ...] | None = None
        self.asker, self.reports = Asker(session, self), Reports(session, self)
        hint = self.tr("Find by file, collection or SHA-256")
        self.search, self.state = SearchBox(hint, self.tr("Find a load")), QComboBox()
        self._make()
        for asker in (self.asker, self.reports.asker):
            asker.failed.connect(self._failed)
        self._typing = QTimer(self, singleShot=True, interval=200)
        self._typing.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.state.currentIndexChanged.connect(lambda _at: self.refresh())
        session.store_changed.connect(lambda _store: self._other_store())
        session.loaded.connect(lambda _load: self._changed_there())
        where = Qt.ShortcutContext.WindowShortcut
        for key, what in (
            (QKeySequence.StandardKey.Find, self.search.setFocus),
            (QKeySequence.StandardKey.Refresh, self.refresh),
        ):
            QShortcut(QKeySequence(key), self, context=where).activated.connect(what)

    def _make(self) -> None:
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
        title = label(self.tr("History"), "title")
        said = label(self.tr("every load, newest first"), "small")
        head = row(title, said, None, self.search, self.state, gap=12, pad=(16, 12, 16, 12))
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
        load = button(self.tr("Load a file"), icon="upload")
        load.clicked.connect(lambda: self.session.show_page("Load"))
        words = self.tr("Each load is listed here, and can be taken back.")
        empty = empty_state("history", self.tr("Nothing was loaded yet"), words, load)
        self.stack = Stages()
        self.stack.again.connect(self.refresh)
        top = frame("surface", col(head, rule(), self._titles()))
        content = frame("surface", col(top, (self.body, 1), self.message_box))
        self.stack.add_stages(empty, content)
        self.setLayout(col(self.stack))

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

    # ---- reading -----------------------------------------------------------------------------
    def shown(self) -> None:
        self.refresh()

    def focus(self, load: object = "") -> None:
        """Opens a load's details."""
        self._open = str(load)
        self._seen = None
        self.search.clear()
        self.state.setCurrentIndex(0)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        if self.session.store is not None:
            state = STATES[self.state.currentIndex()]
            work = listing(self.session.store, self.search.text(), state)
            self.asker.ask("list", work, self._listed)

    def _changed_there(self) -> None:
        """Read again now where it is seen, else when it is."""
        if self.isVisible():
            self.refresh()

    def _other_store(self) -> None:
        self.asker.forget_all()
        self._seen, self._open = None, ""
        self.stack.show_content(False)
        self._changed_there()

    def _listed(self, listed: Listed) -> None:
        self.stack.show_content(bool(listed.known))
        self.body.setCurrentIndex(0 if listed.loads else 1)
        if listed.loads == self._seen:
            return
        self._seen = listed.loads
        focused = next((id for id, one in self.rows.items() if one.hasFocus()), "")
        clear(self.list)
        self.rows = {}
        for past in listed.loads:
            one = LoadRow(past)
            one.toggled.connect(self._toggle)
            one.resume_wanted.connect(self.resume)
            one.moved.connect(lambda step, id=past.entry.id: self._step(id, step))
            self.rows[past.entry.id] = one
            self.list.addWidget(one)
        if self._open in self.rows:
            self._open_row(self.rows[self._open])
        if focused in self.rows:
            self.rows[focused].setFocus()

    @Slot(object)
    def _toggle(self, one: LoadRow) -> None:
        was_open = one.is_open
        for other in self.rows.values():
            other.close_details()
        self._open = ""
        if not was_open:
            self._open_row(one)

    def _open_row(self, one: LoadRow) -> None:
        self._open = one.past.entry.id
        details = one.open()
        details.undo_wanted.connect(self.undo)
        details.resume_wanted.connect(self.resume)
        details.repeat_wanted.connect(self.repeat)
        details.rows_wanted.connect(self._rows)
        details.held_wanted.connect(
            lambda past: self.session.show_page("Quarantine", load=past.entry.id)
        )
        details.recipe_wanted.connect(self.save_recipe)
        details.report_wanted.connect(
            lambda past: self.reports.ask(past.entry.id, Path(past.entry.path))
        )
        if not details.message.isHidden():
            work = planning(self.session.store, self._open)
            self.asker.ask("plan", work, details.show_plan)
        QTimer.singleShot(0, one, lambda: self.area.ensureWidgetVisible(one, 0, 16))

    def _step(self, id: str, step: int) -> None:
        ids = list(self.rows)
        at = ids.index(id) + step
        if 0 <= at < len(ids):
            self.rows[ids[at]].setFocus()
            self.area.ensureWidgetVisible(self.rows[ids[at]], 0, 16)

    # ---- doing -------------------------------------------------------------------------------
    @Slot(object)
    def undo(self, past: Past) -> None:
        """Once at a time; its plan stands on the button's left."""
        if "undo" in self.asker.asks:
            return
        title = self.tr("Undoing load {0}").format(past.number)
        work = undo(self.session.store, past.entry.id)
        task = self.asker.ask("undo", work, lambda report: self._undone(past, report), title)
        details = self.rows[past.entry.id].details
        if details is not None:
            task.progressed.connect(details.show_undoing)

    def _undone(self, past: Past, report: UndoReport) -> None:
        title = self.tr("Load {0} undone: {1} documents removed").format(
            past.number, f"{report.removed:,}"
        )
        parts = [f"{past.entry.name} · {past.entry.database} ▸ {past.entry.collection}"]
        if report.restored:
            parts.append(self.tr("{0} put back").format(f"{report.restored:,}"))
        if report.stays:
            parts.append(self.tr("{0} edited since stay").format(f"{report.stays:,}"))
        self.session.note(title, " · ".join(parts))
        self.session.loaded.emit(past.entry.id)

    @Slot(object)
    def resume(self, past: Past) -> None:
        """Goes on where the load stopped; what is in already is not sent again."""
        if "resume" in self.asker.asks:
            return
        entry = past.entry
        try:
            recipe = Recipe.from_descriptor(dict(entry.recipe))
        except CoreError as error:
            self.show_error(error)
            return
        recipe = recipe.replace(collection=entry.collection, mode=entry.mode)
        work = load_file(entry.path, recipe, self.session.store, resume=True, limit=entry.limit)
        title = self.tr("Resuming {0}").format(entry.name)
        self.asker.ask("resume", work, lambda report: self._resumed(past, report), title)

    def _resumed(self, past: Past, report: object) -> None:
        accepted = getattr(report, "accepted", 0)
        title = self.tr("{0} rows loaded").format(f"{accepted:,}")
        self.session.note(title, past.entry.name)
        self.session.loaded.emit(past.entry.id)

    @Slot(object)
    def repeat(self, past: Past) -> None:
        """Another file by the same recipe, into the same collection, on the Load page."""
        entry = past.entry
        recipe = dict(entry.recipe)
        title = self.tr("Load another file like {0}").format(entry.name)
        dialog = QFileDialog(self.window(), title, str(Path(entry.path).parent))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(
            lambda path: self.session.show_page("Load", path=path, recipe=recipe)
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _rows(self, past: Past) -> None:
        entry = past.entry
        self.session.show_page("Collections", database=entry.database, collection=entry.collection)

    @Slot(object)
    def save_recipe(self, past: Past) -> None:
        stem = Path(past.entry.name).stem
        title = self.tr("Save the recipe")
        dialog = QFileDialog(self.window(), title, f"{stem}.recipe.json")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Recipes (*.recipe.json)"))
        dialog.fileSelected.connect(lambda path: self._save_recipe(past, path))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save_recipe(self, past: Past, path: str) -> None:
        text = json.dumps(dict(past.entry.recipe), indent=2, ensure_ascii=False, default=str)
        try:
            Path(path).write_text(text, "utf-8")
        except OSError as error:
            self.message.say("problem", f"{path}: {error.strerror}")
            self.message_box.show()
            return
        self.session.note(self.tr("Recipe saved"), path)

    @Slot(str, object)
    def _failed(self, topic: str, error: Exception) -> None:
        """What was tried may be half done, so the list is read anew, unless it is what failed."""
        self.show_error(error)
        if topic != "list":
            self._seen = None
            self.refresh()

    def show_error(self, error: Exception) -> None:
        if not self.stack.show_failure(error):
            self.message.say("problem", rich(error))
            self.message_box.show()
