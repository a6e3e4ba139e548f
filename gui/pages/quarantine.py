"""Quarantine: every refused record with its raw line and reasons, to mend, resubmit or discard."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from core.store.held import HeldRecord
from gui.asking import Asker
from gui.held.deeds import Deeds
from gui.held.desk import Desk
from gui.held.model import REASON, STATE, at_fault
from gui.held.view import STATES, HeldView
from gui.held.work import (
    Asked,
    HeldLoad,
    Listed,
    Opened,
    columns_of,
    listing,
    names_of,
    opening,
    paging,
    views_of,
    with_others,
)
from gui.layout import col
from gui.messages import rich
from gui.session import Session
from gui.sidelist import SideItem
from gui.times import moment


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
        view.search.textChanged.connect(lambda _text: self._typing.start())
        view.side.selectionModel().currentChanged.connect(lambda: self._choose(view.side.key))
        view.states.chosen.connect(lambda at: self.ask(state=STATES[at]))
        view.figures.chosen.connect(lambda c, r, f: self.ask(code=c, rule=r, field=f))
        view.model.wanted.connect(self._page_wanted)
        view.sheet.moved.connect(self._moved)
        view.again.connect(self.refresh)
        view.load.clicked.connect(lambda: self.session.show_page("Load"))
        self.session.store_changed.connect(lambda _store: self._other_store())
        self.session.loaded.connect(lambda _load: self._changed_there())

    def _shortcuts(self) -> None:
        keys: tuple[tuple[Any, Any], ...] = (
            (Qt.Key.Key_F8, lambda: self.deeds.step(1)),
            (Qt.Modifier.SHIFT | Qt.Key.Key_F8, lambda: self.deeds.step(-1)),
            (Qt.Modifier.CTRL | Qt.Key.Key_Return, self.deeds.resubmit),
            (QKeySequence.StandardKey.Undo, self.desk.stack.undo),
            (QKeySequence.StandardKey.Redo, self.desk.stack.redo),
            (QKeySequence.StandardKey.Find, self.view.search.setFocus),
        )
        where = Qt.ShortcutContext.WindowShortcut
        for key, what in keys:
            QShortcut(QKeySequence(key), self, context=where).activated.connect(what)

    # ---- reading -----------------------------------------------------------------------------
    def shown(self) -> None:
        self.refresh()

    def focus(self, load: object = "") -> None:
        """Goes to the load named."""
        self._wanted = str(load)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        if self.session.store is not None:
            self.asker.ask("list", listing(self.session.store), self._listed)

    def _changed_there(self) -> None:
        """Read again now where it is seen, else when it is."""
        if self.isVisible():
            self.refresh()

    def _other_store(self) -> None:
        self.asker.forget_all()
        self.desk.stack.clear()
        self.asked, self.opened, self.loads = Asked(), None, {}
        self.view.show_content(False)
        self._changed_there()

    def _listed(self, listed: Listed) -> None:
        kept = self.loads.get(self.asked.load)
        self.loads = {one.entry.id: one for one in listed.loads}
        if kept is not None and kept.entry.id not in self.loads and self.asked.state != "held":
            self.loads[kept.entry.id] = replace(kept, held=0)  # its loaded rows are looked at
        self.view.total.setText(f"{listed.total:,}")
        self.view.show_content(bool(self.loads))
        if not self.loads:
            self.asked, self.opened = Asked(), None
            return
        self.view.side.blockSignals(True)
        self.view.side.show_items([self._item(one) for one in self.loads.values()], self._wanted)
        self.view.side.blockSignals(False)
        self._wanted = ""
        if self.view.side.key != self.asked.load:
            self._choose(self.view.side.key)
        else:
            self._read()

    def _choose(self, load: str) -> None:
        """Another load: no filter, and nothing to undo in it."""
        if not load or load == self.asked.load or load not in self.loads:
            return
        self.desk.stack.clear()
        self.view.search.clear()
        self._typing.stop()
        self.view.states.set_current(0)
        self.asked = Asked(load)
        self._read()

    def ask(self, **changes: str) -> None:
        """Shows what matches other words than before."""
        asked = replace(self.asked, **changes)
        if asked != self.asked:
            self.asked = asked
            self._read()

    def _read(self) -> None:
        if self.session.store is not None and self.asked.load:
            self.asker.ask("open", opening(self.session.store, self.asked), self._show)

    @Slot(int)
    def _page_wanted(self, page: int) -> None:
        work = paging(self.session.store, self.asked, page)
        self.asker.ask(f"page {page}", work, lambda got: self.view.model.add(*got))

    # ---- showing -----------------------------------------------------------------------------
    def _show(self, opened: Opened) -> None:
        one, view = self.loads.get(opened.asked.load), self.view
        if one is None:
            return
        same = self.opened is not None and self.opened.asked == opened.asked
        at = view.sheet.currentIndex() if same else QModelIndex()
        column, current = view.model.columns[at.column()] if at.isValid() else "", self.record()
        self.opened, entry = opened, one.entry
        view.title.setText(entry.name)
        view.words.setText(self._words(one, opened))
        view.figures.show_review(opened.review, opened.asked)
        for i, (name, n) in enumerate(self._state_counts(opened)):
            view.states.set_text(i, f"{name} {n:,}")
        titles = {REASON: self.tr("reason"), STATE: self.tr("state")}
        views = with_others(views_of(entry, titles), opened.records)
        wrong = [opened.asked.field] if opened.asked.field else at_fault(opened.records)
        extra = [name for name in views if name not in (REASON, STATE, *names_of(entry))]
        columns = columns_of((*names_of(entry), *extra), wrong)
        row = at.row() if at.isValid() else 0
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
        view.nothing_fits("" if opened.total else self._why_nothing(opened.asked))
        self._show_actions()

    def _item(self, one: HeldLoad) -> SideItem:
        when = moment(one.entry.started) if one.entry.started else ""
        detail = self.tr("load {0} · {1}").format(one.number, when)
        return SideItem(one.entry.id, one.entry.name, detail, f"{one.held:,}" if one.held else "")

    def _words(self, one: HeldLoad, opened: Opened) -> str:
        entry = one.entry
        when = moment(entry.started) if entry.started else ""
        return self.tr("{0} held by load {1} · {2} · into {3} ▸ {4}").format(
            f"{opened.review.held:,}", one.number, when, entry.database, entry.collection
        )

    def _state_counts(self, opened: Opened) -> list[tuple[str, int]]:
        review = opened.review
        words = (self.tr("Held"), self.tr("Loaded"), self.tr("Discarded"))
        counts = (review.held, review.resubmitted, review.discarded)
        return list(zip(words, counts, strict=True))

    def _why_nothing(self, asked: Asked) -> str:
        if asked.text:
            return self.tr("No row contains “{0}”.").format(asked.text)
        texts = {
            "held": self.tr("Nothing of this load is held any more."),
            "resubmitted": self.tr("No row of this load was resubmitted yet."),
            "discarded": self.tr("No row of this load was discarded."),
        }
        return texts[asked.state]

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
        when = moment(one.entry.started) if one.entry.started else ""
        by = self.tr("held by load {0}, {1}").format(one.number, when)
        dialect = {
            "encoding": one.entry.recipe.get("encoding", "utf-8"),
            **one.entry.recipe.get("dialect", {}),
        }
        self.view.panel.show_record(record, names_of(one.entry), dialect, by)

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
