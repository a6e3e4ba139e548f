"""History: every load, newest first, what it was, and how to take it back or repeat it."""

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from gui.asking import Asker
from gui.bindings import bind
from gui.clearing import clear
from gui.history.deeds import Deeds
from gui.history.details import Details
from gui.history.row import LoadRow
from gui.history.view import HistoryView
from gui.history.work import Listed, Past, listing
from gui.layout import col
from gui.messages import rich
from gui.session import Session

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
        self.asker, self.view = Asker(session, self), HistoryView()
        self.deeds = Deeds(session, self.view, self.asker, self)
        self.setLayout(col(self.view))
        self.view.again.connect(self.refresh)
        self.view.load.clicked.connect(lambda: session.show_page("Load"))
        for asker in (self.asker, self.deeds.reports.asker):
            asker.failed.connect(self._failed)
        self._typing = QTimer(self, singleShot=True, interval=200)
        self._typing.timeout.connect(self.refresh)
        self.view.search.textChanged.connect(lambda _text: self._typing.start())
        self.view.state.currentIndexChanged.connect(lambda _at: self.refresh())
        self.view.follow(session)
        session.store_changed.connect(lambda _store: self._other_store())
        session.loaded.connect(lambda _load: self._changed_there())
        keys = QKeySequence.StandardKey
        find = (keys.Find, self.view.search.setFocus)
        bind(self, (find, (keys.Refresh, self.refresh)))

    # ---- reading -----------------------------------------------------------------------------
    def shown(self) -> None:
        self.refresh()

    def focus(self, load: object = "") -> None:
        """Opens a load's details."""
        self._open = str(load)
        self._seen = None
        self.view.search.clear()
        self.view.state.setCurrentIndex(0)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        if self.session.store is not None:
            state = STATES[self.view.state.currentIndex()]
            work = listing(self.session.store, self.view.search.text(), state)
            self.asker.ask("list", work, self._listed)

    def _changed_there(self) -> None:
        """Read again now where it is seen, else when it is."""
        if self.isVisible():
            self.refresh()

    def _other_store(self) -> None:
        self.asker.forget_all()
        self._seen, self._open = None, ""
        self._changed_there()

    def _listed(self, listed: Listed) -> None:
        self.view.show_content(bool(listed.known))
        self.view.body.setCurrentIndex(0 if listed.loads else 1)
        if listed.loads == self._seen:
            return
        self._seen = listed.loads
        focused = next((id for id, one in self.rows.items() if one.hasFocus()), "")
        clear(self.view.list)
        self.rows = {}
        for past in listed.loads:
            one = LoadRow(past)
            one.toggled.connect(self._toggle)
            one.resume_wanted.connect(self.deeds.resume)
            one.moved.connect(lambda step, id=past.entry.id: self._step(id, step))
            self.rows[past.entry.id] = one
            self.view.list.addWidget(one)
        if self._open in self.rows:
            self._open_row(self.rows[self._open])
        if focused in self.rows:
            self.rows[focused].setFocus()

    # ---- one load ----------------------------------------------------------------------------
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
        self.deeds.connect_details(one.open())
        area = self.view.area
        QTimer.singleShot(0, one, lambda: area.ensureWidgetVisible(one, 0, 16))

    def details_of(self, load: str) -> Details | None:
        one = self.rows.get(load)
        return one.details if one is not None else None

    def _step(self, id: str, step: int) -> None:
        ids = list(self.rows)
        at = ids.index(id) + step
        if 0 <= at < len(ids):
            self.rows[ids[at]].setFocus()
            self.view.area.ensureWidgetVisible(self.rows[ids[at]], 0, 16)

    # ---- what went wrong ---------------------------------------------------------------------
    @Slot(str, object)
    def _failed(self, topic: str, error: Exception) -> None:
        """What was tried may be half done, so the list is read anew, unless it is what failed."""
        self.show_error(error)
        if topic != "list":
            self._seen = None
            self.refresh()

    def show_error(self, error: Exception) -> None:
        if not self.view.show_failure(error):
            self.view.say("problem", rich(error))
