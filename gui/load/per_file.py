"""One task at a time for each open file: a new one ends the one before, whose news is not told."""

from collections.abc import Callable, Generator
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from gui.session import Session
from gui.tasks import Task


class PerFile(QObject):
    """`failed(key, error)` of the task that is a file's now."""

    failed = Signal(object, object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self._tasks: dict[int, Task] = {}

    def run(
        self, key: int, work: Generator[Any, None, None], then: Callable[[int, Any], None]
    ) -> None:
        """`then(key, item)` for whatever the work yields."""
        self.stop(key)
        task = self._tasks[key] = self.session.run(work)
        task.progressed.connect(partial(self._progressed, key, task, then))
        task.failed.connect(partial(self._failed, key, task))

    def stop(self, key: int) -> None:
        task = self._tasks.pop(key, None)
        if task is not None:
            task.cancel()

    def stop_all(self) -> None:
        for key in list(self._tasks):
            self.stop(key)

    def _progressed(
        self, key: int, task: Task, then: Callable[[int, Any], None], item: Any
    ) -> None:
        if self._tasks.get(key) is task:
            then(key, item)

    def _failed(self, key: int, task: Task, error: Exception) -> None:
        if self._tasks.get(key) is task:
            self.failed.emit(key, error)
