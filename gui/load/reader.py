"""The pages of one file in a small cache, fetched off the GUI thread; the newest wish first."""

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.batch import Place
from gui.load.apart import Apart
from gui.load.pages import Page, check_pages, read_page
from gui.load.rows import Rows
from gui.load.state import Work
from gui.session import Session
from gui.tasks import Task

KEPT = 8  # pages of about a megabyte


class Reader(QObject):
    """`arrived(first, stop)`: records that can be shown now, or are shown otherwise than before."""

    arrived = Signal(object, object)

    def __init__(self, session: Session, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.path = session, path
        self.places: Sequence[Place] = ()
        self.work: Work | None = None
        self.apart: Apart | None = None  # while rows stand in another order than in the file
        self._pages: OrderedDict[int, Page] = OrderedDict()
        self._wanted: Place | None = None
        self._task: Task | None = None

    def start(self, page: Page | None, work: Work) -> None:
        """Begins anew with the first page, after the file was split in another way."""
        self.stop()
        self.places, self.work = (), work
        self.show_rows(None)
        self._pages.clear()
        if page is not None:
            self._keep(page)

    def show_rows(self, rows: Rows | None) -> None:
        """The rows that will be asked for, where a column's order scatters them over the file."""
        if rows is None or rows.order is None:
            if self.apart is not None:
                self.apart.stop()
                self.apart.deleteLater()
            self.apart = None
            return
        if self.apart is None:
            self.apart = Apart(self.session, self.path, self)
            self.apart.arrived.connect(self.arrived)
        self.apart.rows, self.apart.work = rows, self.work

    @property
    def known(self) -> int:
        """How many records from the first on can be shown without reading more."""
        first = self._pages.get(1)
        return first.stop - 1 if first is not None else 0

    def page(self, record: int) -> Page | None:
        """The page that holds a record; None, and it is fetched, where it is not at hand."""
        for first, page in self._pages.items():
            if first <= record < page.stop:
                self._pages.move_to_end(first)
                return page
        if self.apart is not None:
            return self.apart.page(record)
        place = self._place(record)
        if place is not None and place != self._wanted:
            self._wanted = place
            self._fetch()
        return None

    def recheck(self, work: Work) -> None:
        """The pages at hand under another recipe or other edits."""
        self.stop()
        self.work, pages = work, list(self._pages.values())
        if self.apart is not None:
            self.apart.stop()
            self.apart.work = work
            pages += self.apart.pages()
        self._begin(self.session.run(check_pages(pages, work)), None)

    def stop(self) -> None:
        if self.apart is not None:
            self.apart.stop()
        if self._task is not None:
            self._task.cancel()
        self._task, self._wanted = None, None

    def _place(self, record: int) -> Place | None:
        low, high = 0, len(self.places)
        while low < high:
            middle = (low + high) // 2
            if self.places[middle].record <= record:
                low = middle + 1
            else:
                high = middle
        return self.places[low - 1] if low else None

    def _fetch(self) -> None:
        if self._task is None and self._wanted is not None and self.work is not None:
            work = read_page(self.path, self.work, self._wanted)
            self._begin(self.session.run(work), self._wanted)

    def _begin(self, task: Task, place: Place | None) -> None:
        self._task = task
        task.progressed.connect(partial(self._came, task))
        task.succeeded.connect(partial(self._ended, task, place))
        task.failed.connect(partial(self._ended, task, place))

    def _came(self, task: Task, page: Page) -> None:
        if task is not self._task:
            return
        if page.scattered and self.apart is not None:
            self.apart.keep(page)
        elif not page.scattered:
            self._keep(page)

    def _ended(self, task: Task, place: Place | None, _: object) -> None:
        if task is not self._task:
            return
        self._task = None
        if place is not None and self._wanted == place:
            self._wanted = None
        self._fetch()

    def _keep(self, page: Page) -> None:
        self._pages[page.first] = page
        self._pages.move_to_end(page.first)
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        self.arrived.emit(page.first, page.stop)
