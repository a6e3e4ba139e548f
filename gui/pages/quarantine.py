"""Quarantine: every refused record with its raw line and reasons, to mend, resubmit or discard."""

from dataclasses import replace

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from core.store.held import HeldRecord
from gui.asking import Asker
from gui.bindings import Binding, bind
from gui.held.deeds import Deeds
from gui.held.desk import Desk
from gui.held.headings import held_words, load_words, nothing_words, side_item, state_words
from gui.held.model import REASON, STATE
from gui.held.view import STATES, HeldView
from gui.held.work import (
    Asked,
    Columns,
    HeldLoad,
    Listed,
    Opened,
    Seen,
    dialect_of,
    looking,
    names_of,
    opening,
    paging,
    views_for,
)
from gui.layout import col
from gui.messages import rich
from gui.session import Session


class QuarantinePage(QWidget):
    """Loads with held records at the left, one's records in the sheet, one record in the panel."""

    name = "Quarantine"
    icon = "inbox"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.asked = Asked()
        self.opened: Opened | None = None
        self.loads: dict[str, HeldLoad] = {}
        self.columns = Columns()
        self._arrived = False  # nothing here has the focus yet
        self._wanted = ""  # a load that is to be shown once it is listed
        self.asker, self.desk = Asker(session, self), Desk(session, self)
        self.view = HeldView()
        self.deeds = Deeds(session, self.view, self.desk, self)
        self.setLayout(col(self.view))
        self._connect()
        self._shortcuts()

    def _connect(self) -> None:
        view = self.view
        self.asker.failed.connect(lambda _topic, error: self.show_error(error))
        self.desk.failed.connect(self.show_error)
        self.desk.failed.connect(view.panel.give_up)
        self.desk.changed.connect(self.refresh)
        self.desk.stack.indexChanged.connect(self._show_actions)
        self._typing = QTimer(self, singleShot=True, interval=200)
        self._typing.timeout.connect(lambda: self.ask(text=view.search.text().strip()))
        self._slow = QTimer(self, singleShot=True, interval=200)
        self._slow.timeout.connect(self._still_reading)
        view.search.textChanged.connect(lambda _text: self._typing.start())
        view.side.selectionModel().currentChanged.connect(lambda: self._choose(view.side.key))
        view.states.chosen.connect(lambda at: self.ask(state=STATES[at]))
        view.figures.chosen.connect(lambda c, r, f: self.ask(code=c, rule=r, field=f))
        view.model.wanted.connect(self._page_wanted)
        view.sheet.moved.connect(self._moved)
        view.again.connect(self.refresh)
        view.stop.clicked.connect(self.stop_search)
        view.load.clicked.connect(lambda: self.session.show_page("Load"))
        self.view.follow(self.session)
        self.session.store_changed.connect(lambda _store: self._other_store())
        self.session.loaded.connect(lambda _load: self._changed_there())
        self.session.job_ended.connect(lambda _job: self._changed_there())

    def _shortcuts(self) -> None:
        keys: tuple[Binding, ...] = (
            (Qt.Key.Key_F8, lambda: self.deeds.step(1)),
            (Qt.Modifier.SHIFT | Qt.Key.Key_F8, lambda: self.deeds.step(-1)),
            (Qt.Modifier.CTRL | Qt.Key.Key_Return, self.deeds.resubmit),
            (QKeySequence.StandardKey.Undo, self.desk.undo),
            (QKeySequence.StandardKey.Redo, self.desk.redo),
            (QKeySequence.StandardKey.Find, self.view.search.setFocus),
        )
        bind(self, keys)

    # ---- reading -----------------------------------------------------------------------------
    def shown(self) -> None:
        focus = self.focusWidget()
        self._arrived = focus is None or not focus.hasFocus()
        self.refresh()

    def focus(self, load: object = "") -> None:
        """Goes to the load named."""
        self._wanted = str(load)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        if self.session.store is not None:
            work = looking(self.session.store, self.asked, self._wanted)
            self.asker.ask("list", work, self._seen).progressed.connect(self._seen_so_far)

    def _changed_there(self) -> None:
        """Read again now where it is seen, else when it is."""
        if self.isVisible():
            self.refresh()

    def _other_store(self) -> None:
        self.asker.forget_all()
        self.desk.stack.clear()
        self.asked, self.opened, self.loads = Asked(), None, {}
        self._changed_there()

    @Slot(object)
    def _seen_so_far(self, seen: Seen) -> None:
        """The loads at once; figures and records when they are counted."""
        if seen.opened is not None and seen.opened.is_counting:
            self._seen(seen)
        elif seen.opened is None and self.opened is None:
            self._list(seen.listed)

    def _seen(self, seen: Seen) -> None:
        """All figures of one reading at one time; a filter chosen meanwhile is read again."""
        opened, wanted, self._wanted = seen.opened, self._wanted, ""
        if opened is None:
            self.asked, self.opened = Asked(), None
        elif wanted or self.asked.load not in {one.entry.id for one in seen.listed.loads}:
            self.asker.forget("open")
            if opened.asked.load != self.asked.load:
                self._begin(opened.asked)
        self._list(seen.listed)
        if opened is not None and opened.asked == self.asked:
            self._show(opened)
        elif opened is not None:
            self._read()

    def _list(self, listed: Listed) -> None:
        self.loads = {one.entry.id: one for one in listed.loads}
        self.view.show_content(bool(self.loads))
        self._show_loads()

    def _show_loads(self) -> None:
        total = sum(one.held for one in self.loads.values())
        self.view.total.setText(f"{total:,}")
        waiting = sum(one.held for one in self.loads.values() if not one.undone)
        self.session.held_counted.emit(waiting)
        self.view.side.blockSignals(True)
        items = [side_item(one) for one in self.loads.values()]
        self.view.side.show_items(items, self.asked.load)
        self.view.side.blockSignals(False)

    def _begin(self, asked: Asked) -> None:
        """Another load: no filter, and nothing to undo in it."""
        self.desk.stack.clear()
        self.view.search.clear()
        self._typing.stop()
        self.view.states.set_current(0)
        self.asked = asked

    def _choose(self, load: str) -> None:
        if not load or load == self.asked.load or load not in self.loads:
            return
        self._begin(Asked(load))
        self._read()

    def ask(self, **changes: str) -> None:
        """Shows what matches other words than before."""
        asked = replace(self.asked, **changes)
        if asked != self.asked:
            self.asked = asked
            self._read()

    def _read(self) -> None:
        if self.session.store is None or not self.asked.load:
            return
        work = opening(self.session.store, self.asked)
        task = self.asker.ask("open", work, self._show)
        task.progressed.connect(self._found_so_far)
        self._slow.start()

    @Slot()
    def _still_reading(self) -> None:
        """Rows of another search do not stand under this one."""
        if "open" in self.asker.asks and self.asked.text and self._other_rows():
            self.view.searching(0.0, 0)
            self.view.nothing_fits(self.tr("Looking for “{0}”…").format(self.asked.text))

    def _other_rows(self) -> bool:
        return self.opened is None or self.opened.asked != self.asked

    @Slot(object)
    def _found_so_far(self, opened: Opened) -> None:
        """The first hits at once, the rest as the search goes on."""
        if opened.asked == self.asked and (opened.fraction < 1.0 or opened.is_counting):
            if opened.total:
                self._show(opened)
            self.view.searching(opened.fraction, opened.total)

    @Slot()
    def stop_search(self) -> None:
        """What was found until now stays."""
        self.asker.forget("open")
        self.asker.forget("list")
        self.view.searching(1.0, 0)
        if self._other_rows():
            self.view.nothing_fits(self.tr("The search was stopped before it found a row."))
        else:
            self.view.words.setText(self.tr("The search was stopped; there may be more rows."))

    @Slot(int)
    def _page_wanted(self, page: int) -> None:
        work = paging(self.session.store, self.asked, page, self.view.model.end_of(page - 1))
        self.asker.ask(f"page {page}", work, lambda got: self.view.model.add(*got))

    # ---- showing -----------------------------------------------------------------------------
    def _show(self, opened: Opened) -> None:
        one, view = self.loads.get(opened.asked.load), self.view
        if one is None:
            return
        if one.held != opened.review.held:  # counted anew: the list at the left says the same
            one = self.loads[one.entry.id] = replace(one, held=opened.review.held)
            self._show_loads()
        same = self.opened is not None and self.opened.asked == opened.asked
        at = view.sheet.currentIndex() if same else QModelIndex()
        column, current = view.model.columns[at.column()] if at.isValid() else "", self.record()
        self.opened = opened
        view.searching(opened.fraction, opened.total)
        view.title.setText(one.entry.name)
        view.words.setText(load_words(one, opened.review))
        view.show_obstacle(opened.review.obstacle if one.held else "", one.undone)
        view.figures.show_review(opened.review, opened.asked)
        for i, words in enumerate(state_words(opened.review)):
            view.states.set_text(i, words)
        columns = self.columns.of(one.entry, opened)
        titles = {REASON: self.tr("reason"), STATE: self.tr("state")}
        views = views_for(one.entry, columns, titles)
        row = at.row() if at.isValid() else 0
        column = column or opened.asked.field
        view.sheet.number_to(one.entry.records)
        anew = view.model.show(views, columns, opened.total, opened.records)
        found = view.model.row_of(current.id) if current is not None and same else -1
        if opened.total and not anew and same:
            self._moved(at)
            for y in (0, view.sheet.viewport().height() - 1):
                view.model.at(max(view.sheet.rowAt(y), 0))  # what is seen is read again
        elif opened.total:
            row = found if found >= 0 else min(row, opened.total - 1)
            view.sheet.go_to(row, columns.index(column) if column in columns else 0)
        else:
            view.panel.show_record(None)
        view.nothing_fits("" if opened.total else nothing_words(opened.asked))
        self._show_actions()
        self.deeds.figures_shown()
        if self._arrived:  # arrows, Return and F8 work at once
            self._arrived = False
            view.sheet.setFocus()

    def record(self) -> HeldRecord | None:
        index = self.view.sheet.currentIndex()
        return self.view.model.at(index.row()) if index.isValid() else None

    @Slot(QModelIndex)
    def _moved(self, _index: QModelIndex) -> None:
        record, shown = self.record(), self.view.panel.record
        if record is not None and record != shown:
            self.show_record(record)

    def show_record(self, record: HeldRecord) -> None:
        one = self.loads.get(record.load)
        if one is None:
            return
        names, dialect = names_of(one.entry), dialect_of(one.entry)
        self.view.panel.show_record(record, names, dialect, held_words(one))

    @Slot()
    def _show_actions(self) -> None:
        if self.opened is not None:
            self.view.bar.show_state(
                self.opened.review,
                self.asked.state,
                self.opened.total,
                self.desk.stack.undoText(),
                self.desk.busy,
                bool(self.session.store is not None and self.session.store.read_only),
            )

    def show_error(self, error: Exception) -> None:
        if not self.view.show_failure(error):
            self.view.say("problem", rich(error))
