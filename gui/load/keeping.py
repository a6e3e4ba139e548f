"""Drafts are written at every change, in a task: the recipe of a wide file takes a while.

A change is on its way to the disk at once; of those made while one is written, the newest of each
file follows. What a close finds unwritten is written before the window goes.
"""

import logging
from collections.abc import Generator, Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from gui.load.journal import Draft, Journal
from gui.load.state import OpenFile
from gui.session import Session
from gui.tasks import Task

log = logging.getLogger(__name__)
Due = Mapping[Path, Draft | None]  # None: the draft is to go


def writing(journal: Journal, due: Due) -> Generator[None, None, None]:
    for path, draft in due.items():
        if draft is None:
            journal.drop(path)
        else:
            journal.keep(draft)
    yield


class Keeping(QObject):
    def __init__(self, session: Session, journal: Journal, parent: QObject) -> None:
        super().__init__(parent)
        self.session, self.journal = session, journal
        self._due: dict[Path, Draft | None] = {}
        self._written: Due = {}  # by the task under way
        self._task: Task | None = None

    @property
    def settled(self) -> bool:
        """Whether all that was decided is on the disk."""
        return self._task is None

    def keep(self, file: OpenFile) -> None:
        if file.work is not None:
            self._due[file.path] = Draft(file.path, file.work, file.key)
            self._write()

    def drop(self, path: Path) -> None:
        self._due[path] = None
        self._write()

    def _write(self) -> None:
        if self._task is not None or not self._due:
            return
        self._written, self._due = self._due, {}
        self._task = self.session.run(writing(self.journal, self._written))
        self._task.succeeded.connect(self._ended)
        self._task.failed.connect(self._failed)

    @Slot()
    def _ended(self) -> None:
        self._task = None
        self._write()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        log.error("A draft cannot be kept.", exc_info=error)
        self._ended()

    def flush(self) -> None:
        """Before the window goes; a task that had not begun yet never will."""
        if self._task is not None:
            self._task.wait()
            self._task = None
        for _ in writing(self.journal, {**self._written, **self._due}):
            pass
        self._written, self._due = {}, {}
