"""What the pages share: settings, the connection, the tasks that run, and words to each other.

The pages know the session and not one another.
"""

import os
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from core.settings import Settings
from gui import theme
from gui.tasks import Task


@dataclass(frozen=True, slots=True)
class Job:
    """A long work as the footer shows it: `fraction` 0 to 1, `words` are rate and time left."""

    key: int
    name: str
    fraction: float = 0.0
    words: str = ""
    began: float = field(default_factory=time.monotonic)
    stop: Callable[[], None] | None = None  # where the footer can


@dataclass(frozen=True, slots=True)
class Note:
    """A toast: what happened, where, and what can be done about it; never an error."""

    title: str
    detail: str = ""
    tone: str = "valid"
    actions: tuple[tuple[str, Callable[[], None]], ...] = ()
    lasting: bool = False  # it stays until it is closed or another comes


class Session(QObject):
    """One for a window.

    `store` is the core's Store or None; `connecting`, `store_changed` and `connect_failed` follow a
    call of `connect_to`. `loaded` tells the id of a load that ended, was undone or whose held
    records changed: pages that show loads read them again.
    """

    store_changed = Signal(object)
    connecting = Signal(str)
    connect_failed = Signal(object)  # the exception
    loaded = Signal(object)
    held_counted = Signal(object)  # how many rows are held in all, as Quarantine shows them
    page_wanted = Signal(str, object)  # name, focus: a dict that the page's `focus` takes
    noted = Signal(object)  # a Note
    jobs_changed = Signal()
    job_ended = Signal(object)  # the Job as it was last shown
    troubled = Signal(object)  # an exception that nobody expected: a bug
    theme_changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.store: Any = None
        self.jobs: dict[int, Job] = {}
        self._tasks: set[Task] = set()
        self._keys = 0
        self._connection: Task | None = None
        self._address: str | None = None  # as it was asked for last, with its password
        self._closed = False
        self._former: list[Any] = []  # stores that running jobs may still use

    # ---- work -------------------------------------------------------------------------------
    def run(self, work: Generator[Any, None, None], prompt: bool = False) -> Task:
        """Core work off the GUI thread, begun when control returns to the event loop."""
        task = Task(
            work, prompt
        )  # no child of the session's: its own signals may be what keeps that alive
        self._tasks.add(task)
        task.finished.connect(lambda: self._finished(task))
        QTimer.singleShot(0, task, lambda: self._start(task))  # when the caller has connected
        return task

    def _start(self, task: Task) -> None:
        if not self._closed:
            task.start()

    def _finished(self, task: Task) -> None:
        self._tasks.discard(task)
        task.deleteLater()

    def add_job(self, name: str, stop: Callable[[], None] | None = None) -> int:
        """A line in the footer; its key is for `show_job` and `end_job`."""
        self._keys += 1
        self.jobs[self._keys] = Job(self._keys, name, stop=stop)
        self.jobs_changed.emit()
        return self._keys

    def show_job(self, key: int, fraction: float, words: str = "") -> None:
        if key in self.jobs:
            self.jobs[key] = replace(self.jobs[key], fraction=fraction, words=words)
            self.jobs_changed.emit()

    def end_job(self, key: int) -> None:
        ended = self.jobs.pop(key, None)
        if ended is not None:
            self.job_ended.emit(ended)
        if not self.jobs:
            self._close_former()
        self.jobs_changed.emit()

    def _close_former(self) -> None:
        while self._former:
            self._former.pop().close()

    def close(self) -> None:
        """Ends every task and waits: a QThread destroyed while running aborts the process.

        What a task still had to tell is dropped: who would have heard it goes with the window.
        """
        self._closed = True
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        for task in tasks:
            task.wait()
            QCoreApplication.removePostedEvents(task, QEvent.Type.MetaCall.value)
        self._tasks.clear()
        self._close_former()
        if self.store is not None:
            self.store.close()
            self.store = None

    # ---- the connection ---------------------------------------------------------------------
    def connect_to(self, address: str | None = None, remember: bool = True) -> None:
        """Connects off the GUI thread; None follows the default rule of `core.connecting`."""
        settings = self.settings

        def work() -> Generator[Any, None, None]:
            from core import connecting

            store = connecting.connect(address, settings=settings)
            if remember and address:
                connecting.remember(settings, address)
            yield store

        self._address = address
        self.connecting.emit(address or "")
        self._connect(work())

    def _connect(self, work: Generator[Any, None, None]) -> None:
        task = self._connection = self.run(work, prompt=True)  # it may start the embedded server
        task.succeeded.connect(lambda store: self._connected(task, store))
        task.failed.connect(lambda error: self._not_connected(task, error))

    def reconnect(self) -> None:
        """To the same server once more, after a setting of the connection changed."""
        if self.store is not None or self._connection is not None:
            self.connect_to(self._address, remember=False)

    def connect_usual(self) -> None:
        """At the start: the default rule, but the first embedded database is for the user to make.

        So it is started by itself where it was chosen before, or holds data already.
        """
        if self.settings.get("connection") or os.environ.get("SLUICE_URI"):
            self.connect_to(remember=False)
            return
        settings = self.settings

        def work() -> Generator[Any, None, None]:
            from core import connecting, local

            wanted = connecting.usual_answers() or local.used()
            yield connecting.connect(settings=settings) if wanted else None

        self._connect(work())

    def _connected(self, task: Task, store: Any) -> None:
        if task is not self._connection:  # another was asked for meanwhile
            if store is not None:
                store.close()
            return
        self._connection = None
        if store is not None:
            self.set_store(store)

    def _not_connected(self, task: Task, error: Exception) -> None:
        if task is self._connection:
            self._connection = None
            self.connect_failed.emit(error)

    def set_store(self, store: Any) -> None:
        """What is shown from now on; jobs that run keep the store they began with."""
        if self.store is not None and self.store is not store:
            self._former.append(self.store)
        self.store = store
        if not self.jobs:
            self._close_former()
        self.store_changed.emit(store)

    # ---- the look ---------------------------------------------------------------------------
    def set_theme(self, wanted: str) -> None:
        """ "system", "light" or "dark", seen at once and kept."""
        self.settings.set("theme", wanted)
        self.dress()

    def dress(self) -> None:
        """Puts the chosen theme on again, as when the system goes from day to night."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, self.settings.get("theme"))
        self.theme_changed.emit()

    # ---- words to the window and the other pages --------------------------------------------
    def show_page(self, name: str, **focus: Any) -> None:
        """Goes to a page; `focus` says what to show there, such as load="65f…"."""
        self.page_wanted.emit(name, focus)

    def note(
        self,
        title: str,
        detail: str = "",
        tone: str = "valid",
        lasting: bool = False,
        **actions: Any,
    ) -> None:
        """A toast; `actions` are its links by name: View=…, Undo=…."""
        self.noted.emit(Note(title, detail, tone, tuple(actions.items()), lasting))
