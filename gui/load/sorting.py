"""The rows of the sheet by the values of a column, wrong and empty cells last.

It is a way to look at the file: a load goes in the file's order. An order stays as it was worked
out when cells or columns change, so that a row does not run away from who edits it; asking again
sorts anew. It ends when the file is read in another way.
"""

from functools import partial

from PySide6.QtCore import QObject, Slot

from core.checking.order import Order, sort_records
from gui.load.workspace import Workspace
from gui.messages import words
from gui.tasks import Task


class Sorting(QObject):
    def __init__(self, space: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.space, self.session = space, space.desk.session
        self._orders: dict[int, Order] = {}
        self._task: Task | None = None
        self._job: int | None = None
        space.desk.opened.connect(self._forget)
        space.desk.listed.connect(self._listed)
        space.shown.connect(self._again)

    @property
    def busy(self) -> bool:
        return self._task is not None

    def sort(self, name: str, descending: bool) -> None:
        """Begins to; what was being sorted before is forgotten."""
        file = self.space.file
        if file is None or file.work is None or file.report is None:
            return
        self.stop()
        work = sort_records(file.path, file.work.recipe, file.work.edits, name, descending)
        task = self._task = self.session.run(work)
        self._job = self.session.add_job(self.tr("Sorting by {0}").format(name), self.stop)
        task.progressed.connect(partial(self._came, task, file.key))
        task.succeeded.connect(partial(self._ended, task))
        task.failed.connect(partial(self._failed, task))

    def as_in_file(self) -> None:
        self.stop()
        if self.space.key is not None and self._orders.pop(self.space.key, None) is not None:
            self._show(None)

    @Slot()
    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = None
        if self._job is not None:
            job, self._job = self._job, None
            self.session.end_job(job)

    def _came(self, task: Task, key: int, item: float | Order) -> None:
        if task is not self._task:
            return
        if not isinstance(item, Order):
            self.session.show_job(self._job or 0, item)
            return
        self._orders[key] = item
        if key == self.space.key:
            self._show(item)

    def _ended(self, task: Task, _: object) -> None:
        if task is self._task:
            self.stop()

    def _failed(self, task: Task, error: Exception) -> None:
        if task is self._task:
            self.stop()
            self.space.complain(words(error))

    def _show(self, order: Order | None) -> None:
        """From the first row on: that is what one sorts for."""
        self.space.show_order(order)

    @Slot()
    def _again(self) -> None:
        """A file that was sorted before is shown so once more."""
        if self.space.key in self._orders:
            self._show(self._orders[self.space.key])

    @Slot(object)
    def _forget(self, key: int) -> None:
        """Its rows may be others now."""
        if self._orders.pop(key, None) is not None or key == self.space.key:
            self.stop()

    @Slot()
    def _listed(self) -> None:
        for key in self._orders.keys() - self.space.desk.files.keys():
            del self._orders[key]
