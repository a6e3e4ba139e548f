"""The footer: server, database, a lock when read-only, and the jobs that run."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame

from gui import theme
from gui.bars import ProgressBar
from gui.layout import row
from gui.session import Session
from gui.widgets import Button, button, glyph, label, tool


class Footer(QFrame):
    """`server_wanted` when the user asks to choose where the data goes."""

    server_wanted = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.setProperty("kind", "footer")
        self.setFixedHeight(theme.FOOTER)
        self.mark = glyph("hard-drive", "muted", 14)
        self.server: Button = button("", "foot", tip=self.tr("Choose where the data goes"))
        self.server.clicked.connect(self.server_wanted)
        self.disk, self.database = glyph("database", "muted", 14), label("", "caption")
        self.lock, self.locked = glyph("lock", "muted", 14), label("", "caption")
        self.idle, self.job = glyph("check", "faint", 12), label("", "caption")
        self.bar = ProgressBar()
        self.bar.setFixedWidth(120)
        self.words = label("", "caption")
        self.halt = tool("x", self.tr("Stop"))
        self.halt.setFixedHeight(22)
        self.halt.clicked.connect(self._stop)
        where = (self.mark, self.server, 4, self.disk, self.database, 4, self.lock, self.locked)
        jobs = (self.idle, self.job, self.bar, self.words, self.halt)
        self.setLayout(row(*where, None, *jobs, pad=(12, 0, 12, 0)))
        session.store_changed.connect(self.show_store)
        session.connecting.connect(self.show_connecting)
        session.connect_failed.connect(self.show_store)
        session.jobs_changed.connect(self.show_jobs)
        self.show_store()
        self.show_jobs()

    @Slot()
    def show_connecting(self) -> None:
        self.server.setText(self.tr("Connecting…"))

    @Slot()
    def show_store(self) -> None:
        store = self.session.store
        self.mark.show_icon("server" if store else "hard-drive", "muted")
        self.server.setText(place(store) if store else self.tr("Nothing connected yet"))
        self.database.setText(store.database if store else "")
        self.locked.setText(self.tr("read-only"))
        for widget in (self.disk, self.database):
            widget.setVisible(store is not None)
        for widget in (self.lock, self.locked):
            widget.setVisible(store is not None and store.read_only)

    @Slot()
    def show_jobs(self) -> None:
        jobs = list(self.session.jobs.values())
        running = bool(jobs)
        for widget in (self.bar, self.words):
            widget.setVisible(running)
        self.idle.setVisible(not running)
        self.halt.setVisible(running and jobs[0].stop is not None)
        if not running:
            self.job.setText(self.tr("No jobs running"))
            return
        first, more = jobs[0], len(jobs) - 1
        self.job.setText(first.name + (self.tr(" and {0} more").format(more) if more else ""))
        self.bar.show_fraction(first.fraction)
        self.words.setText(first.words)

    @Slot()
    def _stop(self) -> None:
        """What is named here."""
        first = next(iter(self.session.jobs.values()), None)
        if first is not None and first.stop is not None:
            first.stop()


def place(store: object) -> str:
    """The server as a person names it: host and port, or this computer."""
    address = str(getattr(store, "address", ""))
    if getattr(store, "embedded", False):
        return "This computer (embedded)"
    host = address.partition("://")[2].rpartition("@")[2]
    return host.partition("/")[0].partition("?")[0]
