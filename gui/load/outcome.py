"""What Load does on the page: begin, resume, undo, and how each end is told."""

import os
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from core.batch import LoadReport
from gui import messages
from gui.connection import LOCAL
from gui.history.words import unique_words
from gui.load.actions import effect
from gui.load.ends import dry_words
from gui.load.lines import Line
from gui.load.load_all import LoadAllDialog
from gui.load.loader import Loader, Seen, entries, loading
from gui.load.planned import Planned, planned, sums
from gui.load.state import some
from gui.load.telling import Telling
from gui.load.workspace import Workspace
from gui.reports import Reports

USUAL = "SLUICE_URI"  # names a server for all starts
ENDED = ("done", "stopped", "failed", "already-loaded")


class Outcome(QObject):
    def __init__(self, space: Workspace, loader: Loader, page: QWidget) -> None:
        super().__init__(page)
        self.space, self.loader, self.desk, self.page = space, loader, space.desk, page
        self.session = space.desk.session
        self.reports = Reports(self.session, page)
        self.reports.asker.failed.connect(lambda _topic, error: self._failed(error))
        actions = space.bar
        actions.load.connect(self.load)
        actions.load_all.connect(self.load_all)
        actions.dry_run.connect(self.dry_run)
        actions.stop.connect(self.stop)
        actions.report.connect(self.report)
        space.message.followed.connect(self.follow)
        space.unreadable.again.clicked.connect(partial(self.follow, "reopen"))
        loader.finished.connect(self._finished)
        self.telling = Telling(self.session, loader, self)
        self.telling.undo_wanted.connect(self.undo)
        self._then: Callable[[], None] | None = None  # what waits for a connection
        self.session.store_changed.connect(self._connected)
        self.session.connect_failed.connect(self._not_connected)
        self.session.loaded.connect(self._heard)
        self._held: int | None = None  # as Quarantine counted last
        self.session.held_counted.connect(self._counted)
        go = QAction(self)
        go.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        go.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        go.triggered.connect(self.load)
        page.addAction(go)

    # -- beginning -----------------------------------------------------------------------------
    @Slot()
    def load(self) -> None:
        """Loads the file shown; what is still being typed counts."""
        self.space.finish_typing()
        file = self.space.file
        if file is None or file.phase in ("queued", "loading"):
            return
        will = effect(file)
        if will.why_not or not file.loadable:
            self.space.complain(will.why_not or self.tr("The file is still being checked."))
        elif self.session.store is None:
            self._connect_for(self.load)
        else:
            self.space.quiet()
            self.loader.load(file.key, resume=file.resumable)

    def _connect_for(self, then: Callable[[], None]) -> None:
        """Where data goes to this computer, as the first page says, no question is left."""
        if self.session.settings.get("connection") in ("", LOCAL) and USUAL not in os.environ:
            self._then = then
            words = self.tr("Starting the database of this computer…")
            self.space.say(Line("info", words, action="connect"))
            self.session.connect_to(LOCAL)
        else:
            self._ask_where()

    def _ask_where(self) -> None:
        self.space.say(
            Line(
                "info",
                "Choose a server at the left below, or keep the data on this computer.",
                "Nothing is connected yet.",
                link="Use this computer",
                action="connect",
            )
        )

    @Slot()
    def load_all(self) -> None:
        """Asks once, with all that it would do, and does not block what runs."""
        self.space.finish_typing()
        store = self.session.store
        if store is None:
            self._connect_for(self.load_all)
            return
        plans = planned(self.desk.files.values())
        if sums(plans)[0]:
            dialog = LoadAllDialog(plans, store.database, self.page.window())
            dialog.accepted.connect(lambda: self._load_these(dialog.chosen))
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    def _load_these(self, plans: Sequence[Planned]) -> None:
        """What was shown and can still be loaded."""
        now = {one.key: one for one in planned(self.desk.files.values()) if not one.why_not}
        for one in plans:
            if not one.why_not and one.key in now:
                self.loader.load(one.key, resume=now[one.key].resume)

    @Slot()
    def dry_run(self) -> None:
        """What loading would do; nothing is written."""
        self.space.finish_typing()
        file = self.space.file
        if file is None or not file.loadable or file.work is None or file.report is None:
            return
        if self.session.store is None:
            self._connect_for(self.dry_run)
            return
        self.space.say(Line("info", self.tr("Asking the collection…"), self.tr("Dry run:")))
        run = loading(file, file.work, self.session.store, {"dry_run": True})
        task = self.session.run(run)
        task.succeeded.connect(partial(self._dry, file.key))
        task.failed.connect(self._failed)

    def _dry(self, key: int, report: LoadReport) -> None:
        if key == self.space.key:
            also = some((*report.warnings, *report.notes))
            self.space.say(Line("info", dry_words(report), self.tr("Dry run:"), also))

    @Slot()
    def stop(self) -> None:
        if self.space.key is not None:
            self.loader.stop(self.space.key)

    @Slot(str)
    def follow(self, action: str) -> None:
        """The link of a message."""
        key = self.space.key
        if key is None:
            return
        if action == "connect":
            self.session.connect_to(LOCAL)
        elif action == "resume":
            self.loader.load(key, resume=True)
        elif action == "again":
            self.loader.load(key, again=True)
        elif action == "reopen":
            self.desk.reopen(key)
        elif action == "dialect":
            self.space.head.change.click()
        elif action == "held":
            self.session.show_page("Quarantine", load=self.desk.files[key].home)

    @Slot()
    def report(self) -> None:
        """Of the load that is done."""
        file = self.space.file
        load = (file.load.load or file.home) if file is not None and file.load is not None else ""
        if file is not None and load:
            self.reports.ask(load, file.path)

    @Slot()
    def _connected(self) -> None:
        """What was asked for is there: the question goes, and what waited for it is done."""
        if self.session.store is None:
            return
        said, then, self._then = self.space.said, self._then, None
        if said is not None and said.action == "connect":
            self.space.quiet()
            if then is not None:
                then()

    @Slot(object)
    def _not_connected(self, error: Exception) -> None:
        said, self._then = self.space.said, None
        if said is not None and said.action == "connect":
            self.space.complain(messages.words(error))

    # -- ending --------------------------------------------------------------------------------
    @Slot(object, object)
    def _finished(self, key: int, report: LoadReport | None) -> None:
        file = self.desk.files.get(key)
        if report is not None and file is not None and report.state != "already-loaded":
            if report.load is not None or file.home:
                self.session.loaded.emit(report.load or file.home)
            if file.phase == "done":
                self.desk.journal.drop(file.path)
                self.telling.add(file, report)
        self.telling.tell()

    # -- undoing -------------------------------------------------------------------------------
    def undo(self, key: int, load: str) -> None:
        store = self.session.store
        if store is None:
            return
        task = self.session.run(undoing(store, load))
        task.succeeded.connect(partial(self._undone, key, load))
        task.failed.connect(self._failed)

    def _undone(self, key: int, load: str, report: Any) -> None:
        self.session.loaded.emit(load)
        if key in self.desk.files:
            stays = unique_words(report.unique)
            told = stays or self.desk.files[key].name
            self.session.note(self.tr("The load is undone"), told, tone="info")

    # -- what became of a load since -----------------------------------------------------------
    @Slot(object)
    def _heard(self, load: object) -> None:
        """A load ended or was undone, or held rows of it were loaded, here or elsewhere."""
        self._look_up(load)

    @Slot(object)
    def _counted(self, held: int) -> None:
        """Rows were held, loaded, discarded or taken back in Quarantine, of whatever load."""
        if held != self._held:
            self._held = held
            self._look_up()

    def _look_up(self, load: object = None) -> None:
        store = self.session.store
        reports = {
            key: file.load
            for key, file in self.desk.files.items()
            if file.phase in ENDED
            and file.load is not None
            and file.load.load is not None
            and load in (None, file.load.load)
        }
        if store is not None and reports:
            self.session.run(entries(store, reports)).progressed.connect(self._looked_up)

    @Slot(object)
    def _looked_up(self, seen: Seen) -> None:
        """An undone one can be loaded again; of the others the counts follow."""
        key, report = seen
        file = self.desk.files.get(key)
        if file is None or file.phase not in ENDED or file.load is None:
            return
        if file.load.load != report.load or file.load == report:
            return
        if report.state == "undone":
            self.desk.update(key, phase="ready", load=None, resumable=False, error="")
            self.desk.journal.keep(file)
        else:
            self.desk.update(key, load=replace(report, state=file.load.state))

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self.space.say(Line("problem", messages.words(error)))


def undoing(store: Any, load: str) -> Generator[Any, None, None]:
    from core.loading.undo import undo

    yield from undo(store, load)
