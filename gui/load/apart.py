"""Records of a sorted sheet: neighbours there stand in many blocks of the file.

What is asked for in one turn of the event loop is read together, and then the rows after it.
Whoever asked is told by `arrived` and asks again for what it still wants.
"""

from collections import OrderedDict
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.load.pages import Page, read_records
from gui.load.rows import Rows
from gui.load.state import Work
from gui.session import Session
from gui.tasks import Task

KEPT = 2_000  # records
ONCE = 200  # asked for lately, and read together
AHEAD = 200  # rows after those


class Apart(QObject):
    arrived = Signal(object, object)

    def __init__(self, session: Session, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self.session, self.path = session, path
        self.rows: Rows | None = None
        self.work: Work | None = None
        self._pages: OrderedDict[int, Page] = OrderedDict()  # by record
        self._missed: dict[int, None] = {}
        self._awaited: frozenset[int] = frozenset()
        self._task: Task | None = None
        self._clock = QTimer(self, singleShot=True, interval=0)
        self._clock.timeout.connect(self._fetch)

    def page(self, record: int) -> Page | None:
        """The page that holds a record; None, and it is fetched, where it is not at hand."""
        found = self._pages.get(record)
        if found is None and record not in self._awaited:
            self._missed.pop(record, None)
            self._missed[record] = None
            if not self._clock.isActive():
                self._clock.start()
        return found

    def pages(self) -> list[Page]:
        return list({id(page): page for page in self._pages.values()}.values())

    def keep(self, page: Page) -> None:
        for record in (*page.raw.records.tolist(), *page.broken):
            self._pages[record] = page
            self._pages.move_to_end(record)
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        self.arrived.emit(page.first, page.stop)

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task, self._awaited = None, frozenset()
        self._clock.stop()
        self._missed.clear()

    @Slot()
    def _fetch(self) -> None:
        """What is asked for is wanted before what was read ahead for others."""
        if self._task is not None and any(one not in self._pages for one in self._awaited):
            return
        wanted = [one for one in list(self._missed)[-ONCE:] if one not in self._pages]
        self.stop()
        if wanted:
            self._awaited = frozenset(wanted)
            self._read(wanted)

    def _read(self, records: list[int]) -> None:
        if self.rows is None or self.rows.order is None or self.work is None:
            return
        places = self.rows.order.places
        task = self.session.run(read_records(self.path, self.work, sorted(records), places))
        self._task = task
        task.progressed.connect(partial(self._came, task))
        task.succeeded.connect(partial(self._ended, task))
        task.failed.connect(partial(self._failed, task))

    def _came(self, task: Task, page: Page) -> None:
        if task is self._task:
            self.keep(page)

    def _ended(self, task: Task, _: object) -> None:
        if task is not self._task:
            return
        self._task, read, self._awaited = None, self._awaited, frozenset()
        if self._missed:
            self._fetch()
        elif read and (ahead := self._ahead(read)):
            self._read(ahead)

    def _failed(self, task: Task, _: Exception) -> None:
        """The file's own check tells why it cannot be read."""
        if task is self._task:
            self._task = None

    def _ahead(self, read: frozenset[int]) -> list[int]:
        assert self.rows is not None
        last = max(self.rows.row(record) for record in read) + 1
        following = self.rows.records[last : last + AHEAD].tolist()
        return [record for record in following if record not in self._pages]
