"""Questions to core where only the newest answer counts: the page has moved on from the others."""

from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from gui.session import Session
from gui.tasks import Task

Answered = Callable[[Any], None]


class _Ask(QObject):
    """One question under way; `over` once it is answered, has failed or was cancelled."""

    def __init__(self, asker: "Asker", topic: str, task: Task, then: Answered) -> None:
        super().__init__(asker)
        self.asker, self.topic, self.task, self.then = asker, topic, task, then
        self.job: int | None = None
        task.progressed.connect(self.progressed)
        task.succeeded.connect(self.answered)
        task.failed.connect(self.failed)
        task.cancelled.connect(self.done)

    @Slot(object)
    def progressed(self, value: Any) -> None:
        fraction = getattr(value, "fraction", None)
        if self.job is not None and fraction is not None:
            self.asker.session.show_job(self.job, fraction)

    @Slot(object)
    def answered(self, value: Any) -> None:
        if self.done():
            self.then(value)

    @Slot(object)
    def failed(self, error: Exception) -> None:
        if self.done():
            self.asker.failed.emit(self.topic, error)

    @Slot()
    def done(self) -> bool:
        """Whether it still was the newest of its topic."""
        newest = self.asker.asks.get(self.topic) is self
        if self.job is not None:
            self.asker.session.end_job(self.job)
            self.job = None
        if newest:
            del self.asker.asks[self.topic]
            self.asker.settled.emit()
        self.deleteLater()
        return newest


class Asker(QObject):
    """`ask` puts a question under a topic and forgets the one before it there.

    `failed(topic, error)` for the newest only; `settled` whenever a topic has none under way.
    """

    failed = Signal(str, object)
    settled = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self.asks: dict[str, _Ask] = {}

    def ask(
        self,
        topic: str,
        work: Generator[Any, None, None],
        then: Answered,
        title: str = "",
        stop: Callable[[], None] | None = None,
    ) -> Task:
        """`title` makes it a job that the footer shows, and stops there by `stop`."""
        self.forget(topic)
        task = self.session.run(work)
        ask = self.asks[topic] = _Ask(self, topic, task, then)
        if title:
            ask.job = self.session.add_job(title, stop)
        return task

    def forget(self, topic: str) -> None:
        before = self.asks.pop(topic, None)
        if before is not None:
            before.task.cancel()

    def forget_all(self) -> None:
        for topic in list(self.asks):
            self.forget(topic)

    @property
    def busy(self) -> bool:
        return bool(self.asks)
