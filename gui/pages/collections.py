"""Collections: databases and collections, documents page by page, and what lies behind one."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from core.store.browse import CollectionInfo, Page
from gui.asking import Asker
from gui.bindings import Binding, bind
from gui.browse.deeds import Deeds
from gui.browse.query import to_filters
from gui.browse.view import BrowseView
from gui.browse.words import collection_words, many_words, match_words, range_words
from gui.browse.work import (
    Catalog,
    Looked,
    Place,
    Seen,
    catalog,
    counts,
    looking,
    query_text,
)
from gui.layout import col
from gui.messages import rich
from gui.session import Session


class CollectionsPage(QWidget):
    """The tree at the left, a page of documents, the field and the row at hand at the right."""

    name = "Collections"
    icon = "database"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.looked: Looked | None = None
        self.page = Page((), 0, False)
        self.total: int | None = None
        self._many = False  # so many match that counting them took too long
        self._shown: Seen | None = None  # what the rows on screen were asked by
        self._infos: dict[Place, CollectionInfo] = {}
        self._known: dict[Place, tuple[str, ...]] = {}
        self._wanted: tuple[Place, Mapping[str, Any]] | None = None
        self.asker = Asker(session, self)
        self.view = BrowseView()
        self.deeds = Deeds(session, self.view, self.asker, self)
        self.staging = self.deeds.staging
        self.setLayout(col(self.view))
        self._slow = QTimer(self, singleShot=True, interval=200)
        self._slow.timeout.connect(self._still_looking)
        self.asker.failed.connect(self._failed)
        self.view.stop.clicked.connect(self.stop)
        self.view.tree.chosen.connect(lambda database, name: self.look((database, name)))
        self.view.narrow.textChanged.connect(self.view.tree.narrow)
        self.view.form.chosen.connect(lambda _at: self._show_form())
        self.view.again.connect(self.refresh)
        self.view.load.clicked.connect(lambda: session.show_page("Load"))
        self.view.follow(session)
        session.store_changed.connect(lambda _store: self._other_store())
        session.loaded.connect(lambda _load: self._changed_there())
        self._shortcuts()
        self.view.show_staged(0)

    def _shortcuts(self) -> None:
        keys: tuple[Binding, ...] = (
            ("Ctrl+PgUp", lambda: self.deeds.turn(-1)),
            ("Ctrl+PgDown", lambda: self.deeds.turn(1)),
            (QKeySequence.StandardKey.Undo, self.staging.stack.undo),
            (QKeySequence.StandardKey.Redo, self.staging.stack.redo),
            (QKeySequence.StandardKey.Save, self.deeds.save),
            ("Ctrl+Del", self.deeds.delete),
            (QKeySequence.StandardKey.Find, self.view.query.setFocus),
            (QKeySequence.StandardKey.Refresh, self.refresh),
        )
        bind(self, keys)

    # ---- the tree ----------------------------------------------------------------------------
    def shown(self) -> None:
        self.refresh()

    def focus(
        self, collection: str = "", database: str = "", query: Mapping[str, Any] | None = None
    ) -> None:
        """Goes to a collection, with a query."""
        if self.session.store is not None and collection:
            self._wanted = ((database or self.session.store.database, collection), query or {})
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        if self.session.store is not None:
            self.deeds.behind.forget()
            self.asker.ask("catalog", catalog(self.session.store), self._listed)

    def _changed_there(self) -> None:
        """Read again now where it is seen, else when it is."""
        if self.isVisible():
            self.refresh()

    def _other_store(self) -> None:
        self.asker.forget_all()
        self.staging.revert()
        self.looked, self._shown, self._known, self._infos = None, None, {}, {}
        self.view.tree.show_databases(())
        self.deeds.deleting.show_chosen()
        self._changed_there()

    def _listed(self, found: Catalog) -> None:
        tree = self.view.tree
        tree.blockSignals(True)
        tree.show_databases(found.databases)
        for name, infos in found.collections.items():
            tree.show_collections(name, infos)
            self._infos |= {(name, info.name): info for info in infos}
        tree.blockSignals(False)
        tree.narrow(self.view.narrow.text())
        places = tree.places()
        self.view.show_content(bool(places))
        if not places:
            self.looked = None
            return
        wanted, query = self._wanted or (self.looked.place if self.looked else None, None)
        self._wanted = None
        if wanted not in places:
            mine = self.session.store.database
            wanted = next((place for place in places if place[0] == mine), places[0])
        tree.blockSignals(True)
        tree.choose(*wanted)
        tree.blockSignals(False)
        self.look(wanted, query, again=True)
        self._count_others(places)

    def _count_others(self, places: list[Place]) -> None:
        """Of the open databases first; the others are few."""
        task = self.asker.ask("counts", counts(self.session.store, places), lambda _last: None)
        task.progressed.connect(self._counted_one)

    @Slot(object)
    def _counted_one(self, counted: tuple[Place, int]) -> None:
        place, count = counted
        self.view.tree.show_count(*place, count)

    # ---- looking -----------------------------------------------------------------------------
    def look(
        self, place: Place, query: Mapping[str, Any] | None = None, again: bool = False
    ) -> None:
        """Shows a collection; a query of None keeps the one in force where it is the same place."""
        same = self.looked is not None and self.looked.place == place
        if same and query is None and not again:
            return
        if not same:
            self.staging.revert()
            self.view.panel.field = ""
        if same and query is None and self.looked is not None:
            self.read(self.looked)
        else:
            self.read(Looked(place, query or {}))

    def read(self, looked: Looked) -> None:
        self.looked = looked
        view, shown = self.view, self._shown.looked if self._shown else None
        self._head(looked)
        view.query_wrong.hide()
        if shown is None or (shown.place, shown.query) != (looked.place, looked.query):
            self.total, self._many = None, False
        if looked != shown:
            self._slow.start()
        task = self.asker.ask("page", looking(self.session.store, looked), self._counted)
        task.progressed.connect(self._seen)
        self._show_range()

    def _head(self, looked: Looked) -> None:
        view = self.view
        view.database.setText(looked.place[0])
        view.title.setText(looked.place[1])
        view.pills.show_filters(to_filters(looked.query))
        view.query.setText(query_text(looked.query))

    @Slot()
    def _still_looking(self) -> None:
        """Rows of another question do not stand under this one."""
        if self.looked is not None and "page" in self.asker.asks:
            self.view.show_waiting(self.tr("Looking in {0}…").format(self.looked.place[1]))

    @Slot()
    def stop(self) -> None:
        """Back to what was on screen; the answer to this question is not waited for."""
        self.asker.forget("page")
        self._slow.stop()
        if self._shown is None:
            self.view.nothing.setText(self.tr("Stopped."))
            self.view.table.setCurrentIndex(2)
            return
        self.looked, self.total, self._many = (
            self._shown.looked, self._shown.total, self._shown.many
        )  # fmt: skip
        self._head(self.looked)
        self.view.tree.blockSignals(True)
        self.view.tree.choose(*self.looked.place)
        self.view.tree.blockSignals(False)
        self._show_form()
        self._show_range()
        self.deeds.behind.show_panel(self.deeds.behind.wanted)

    @Slot(object)
    def _seen(self, seen: Seen) -> None:
        """The page as soon as it is there; the count follows. Late answers are dropped."""
        if seen.looked != self.looked:
            return
        self._slow.stop()
        known = self._shown is not None and self._shown.looked == seen.looked
        if seen.total is None and not seen.many:
            self._show(seen.page)
            total = self.total if known else None
            self._shown = replace(seen, total=total)

    def _show(self, page: Page) -> None:
        looked, view = self.looked, self.view
        if looked is None:
            return
        at = view.sheet.currentIndex()
        row, column = max(at.row(), 0), max(at.column(), 0)
        self.page = page
        view.sheet.number_to(page.first + len(page.documents))
        view.model.show(page.documents, page.first, self._known.get(looked.place, ()))
        self._known[looked.place] = view.model.columns
        view.model.stage(self.staging.values)
        view.json.show_documents(page.documents)
        self._show_form()
        self._show_range()
        view.before.setEnabled(page.first > 0)
        view.after.setEnabled(page.more)
        if page.documents:
            columns = len(view.model.columns)
            view.sheet.go_to(min(row, len(page.documents) - 1), min(column, columns - 1))
        self.deeds.behind.show_panel(self.deeds.behind.wanted)

    def _show_form(self) -> None:
        empty = ""
        if not self.page.documents:
            empty = self.tr("This collection is empty.")
            if self.looked is not None and self.looked.query:
                empty = self.tr("No document matches this query.")
        self.view.show_form(empty)

    def is_known(self, place: Place) -> bool:
        """Whether the ledger tells where this collection's documents are."""
        info = self._infos.get(place)
        return info is not None and info.documents is not None

    def _counted(self, seen: Seen) -> None:
        if seen.looked != self.looked:
            return
        self.total, self._many, self._shown = seen.total, seen.many, seen
        if not seen.looked.query and seen.total is not None:
            self.view.tree.show_count(*seen.looked.place, seen.total)
        self._show_range()
        self.deeds.behind.show_panel(self.deeds.behind.wanted)

    def _show_range(self) -> None:
        looked, view = self.looked, self.view
        many = many_words(self.total, self._many)
        there = self._shown is not None and self._shown.looked == looked
        view.range.setText(range_words(self.page, many) if there else "…")
        if looked is not None and looked.query:
            view.words.setText(match_words(self.total, many))
        elif looked is not None:
            view.words.setText(collection_words(self.total, many, self._infos.get(looked.place)))

    @Slot(str, object)
    def _failed(self, topic: str, error: Exception) -> None:
        """A query that the server refuses is told beside the query, all else in the message bar."""
        if topic == "page" and self.looked is not None and self._shown is not None:
            self._slow.stop()
            self.view.query_wrong.setText(str(error))
            self.view.query_wrong.show()
            self.view.nothing.setText(
                self.tr("No answer to this question; what is wrong is above.")
            )
            self.view.table.setCurrentIndex(2)
            self.view.panel.hide()
        elif not self.view.show_failure(error):
            self.view.say("problem", rich(error))
