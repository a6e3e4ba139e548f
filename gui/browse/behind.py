"""What lies behind the cell at hand: its field over all documents or a sample, its row's origin."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from PySide6.QtCore import QModelIndex, QObject, QTimer, Slot

from core.profile import FieldProfile, sampled_profile
from core.store.browse import Page
from gui.asking import Asker
from gui.browse.query import to_filters
from gui.browse.view import BrowseView
from gui.browse.work import Looked, Place, profiling, sampling, tracing
from gui.session import Session

WHOLE = 10_000  # documents that are counted without being asked
Documents = Sequence[Mapping[str, Any]]


class Looking(Protocol):
    """What is on screen."""

    looked: Looked | None
    page: Page
    total: int | None

    def is_known(self, place: Place) -> bool: ...


class Behind(QObject):
    """Of many documents a sample tells about a field, until all are asked for: counting them takes
    a server seconds to minutes, and others wait meanwhile. What was counted is remembered."""

    def __init__(self, session: Session, view: BrowseView, asker: Asker, looking: Looking) -> None:
        super().__init__(view)
        self.session, self.view, self.asker, self.looking = session, view, asker, looking
        self.wanted = True
        self._row = -1
        self._asked: Looked | None = None  # what all below speaks of
        self._counted: dict[str, FieldProfile] = {}
        self._sample: Documents | None = None
        self._rest = QTimer(self, singleShot=True, interval=150)
        self._rest.timeout.connect(self._look)
        view.sheet.moved.connect(self._moved)
        view.panel.closed.connect(lambda: self.show_panel(False))
        view.panel.all_wanted.connect(self.count_all)
        view.panel.stop_wanted.connect(self.stop)

    def show_panel(self, wanted: bool) -> None:
        self.wanted = wanted
        visible = wanted and bool(self.looking.page.documents)
        self.view.panel.setVisible(visible)
        self.view.model.open(self.view.panel.field if visible else "")
        if visible:
            self._rest.start()

    def forget(self) -> None:
        """The documents changed."""
        self._asked = None

    @Slot(QModelIndex)
    def _moved(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        if index.row() != self._row:
            self._row = index.row()
            self.view.panel.forget_origin()  # of the row before
        self._rest.start()

    @Slot()
    def _look(self) -> None:
        """Once the cell has been current a moment."""
        looked, index, view = self.looking.looked, self.view.sheet.currentIndex(), self.view
        if looked is None or not index.isValid() or not self.wanted:
            return
        name = view.model.columns[index.column()]
        if name in ("_id", "_load"):
            name = view.panel.field or view.model.columns[0]
        view.model.open(name)
        self._show_field(replace(looked, page=0, sort=()), name)
        document = view.model.documents[index.row()]
        self.asker.ask("origin", tracing(self.session.store, document), view.panel.show_origin)

    # ---- the field ---------------------------------------------------------------------------
    def _show_field(self, looked: Looked, name: str) -> None:
        if looked != self._asked:
            self._asked, self._counted, self._sample = looked, {}, None
            self.asker.forget("profile")
            self.asker.forget("sample")
        page, total = self.looking.page, self.looking.total
        if name in self._counted:
            self._show(self._counted[name])
        elif not page.more and not page.first:
            self._show(sampled_profile(page.documents, name, looked.query))  # all there are
        elif total is not None and total <= WHOLE:
            if name != self.view.panel.field or "profile" not in self.asker.asks:
                self.view.panel.show_waiting(name)
                self._count(looked, name, "")
        elif self._sample is not None:
            self._show_sample(looked, name)
        elif looked.query:
            self._sample = page.documents
            self._show_sample(looked, name)
        else:
            self.view.panel.show_waiting(name)
            work = sampling(self.session.store, looked.place, self.looking.is_known(looked.place))
            self.asker.ask("sample", work, self._sampled)

    def _sampled(self, documents: Documents) -> None:
        self._sample = documents or self.looking.page.documents
        if self._asked is not None:
            self._show_field(self._asked, self.view.panel.field)

    def _show_sample(self, looked: Looked, name: str) -> None:
        sample = self._sample or ()
        on_screen = sample is self.looking.page.documents
        words = self.tr("of the {0} shown") if on_screen else self.tr("of {0} sampled")
        profile = sampled_profile(sample, name, looked.query)
        self._show(profile, words.format(f"{len(sample):,}"))

    def _show(self, profile: FieldProfile, sampled: str = "") -> None:
        looked = self.looking.looked
        filters = (to_filters(looked.query) or ()) if looked is not None else ()
        mine = next((f for f in filters if f.field == profile.field and f.verb == "is"), None)
        chosen = mine.words[1] if mine is not None else ""
        self.view.panel.show_profile(profile, chosen, sampled, self.looking.total)

    # ---- all of them -------------------------------------------------------------------------
    @Slot(str)
    def count_all(self, name: str) -> None:
        if self._asked is not None:
            self.view.panel.show_waiting(name, stoppable=True)
            self._count(self._asked, name, self.tr("Counting {0}").format(name))

    def _count(self, looked: Looked, name: str, title: str) -> None:
        work = profiling(self.session.store, looked, name)
        self.asker.ask("profile", work, self._profiled, title, self.stop)

    def _profiled(self, profile: FieldProfile) -> None:
        self._counted[profile.field] = profile
        if self.view.panel.field == profile.field:
            self._show(profile)

    @Slot()
    def stop(self) -> None:
        """The sample again; the server may go on for a while, its answer is not waited for."""
        self.asker.forget("profile")
        if self._asked is not None and self.view.panel.field:
            self._show_field(self._asked, self.view.panel.field)
