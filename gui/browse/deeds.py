"""What the pills, query, cells, panel and buttons of Collections do; the page reads, this acts."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from html import escape
from typing import Any, Protocol

from PySide6.QtCore import QModelIndex, QObject, QPoint, Slot
from PySide6.QtWidgets import QMenu

from core.exports import Written
from core.plural import counted
from core.profile import Bar
from core.store.browse import Page
from core.store.cells import Saved
from gui.asking import Asker
from gui.browse.behind import Behind
from gui.browse.deleting import Deleting
from gui.browse.dropping import Dropping
from gui.browse.pills import FilterPopup
from gui.browse.query import Filter, to_filters, to_query
from gui.browse.shell import to_json as from_shell
from gui.browse.staging import Staging, TakeBack, only_once, reversed_edits
from gui.browse.values import parse_query
from gui.browse.view import BrowseView
from gui.browse.views import Views
from gui.browse.work import Looked, Place, export
from gui.exporting import EXPORTS, ask_file
from gui.menus import add_buttons
from gui.session import Session
from gui.sheet_menu import SheetMenu

SHOWN = 24  # letters of a value in the menu


class Looking(Protocol):
    """What is on screen."""

    looked: Looked | None
    page: Page
    total: int | None

    def is_known(self, place: Place) -> bool: ...
    def read(self, looked: Looked) -> None: ...


class Deeds(QObject):
    """Each change of what is looked at goes back to the page's `read`."""

    def __init__(self, session: Session, view: BrowseView, asker: Asker, looking: Looking) -> None:
        super().__init__(view)
        self.session, self.view, self.asker, self.looking = session, view, asker, looking
        self.staging = Staging(session, asker, self)
        self.deleting = Deleting(session, view, asker, self.staging)
        self.dropping = Dropping(session, view, asker)
        self.menu = SheetMenu(view.sheet, self._fill_menu)
        self.views = Views(view, looking)
        self.behind = Behind(session, view, asker, looking)
        view.pills.removed.connect(self._take_away)
        view.pills.wanted.connect(self.add_filter)
        view.query.returnPressed.connect(self.ask_text)
        view.query.textChanged.connect(self._cleared)
        view.sheet.field_clicked.connect(self._field_clicked)
        view.panel.bar_picked.connect(self._bar_picked)
        view.panel.charted.connect(self.chart)
        view.panel.load_wanted.connect(lambda load: session.show_page("History", load=load))
        view.before.clicked.connect(lambda: self.turn(-1))
        view.after.clicked.connect(lambda: self.turn(1))
        view.export.clicked.connect(self.export)
        view.chart.clicked.connect(lambda: self.chart(""))
        view.model.edited.connect(self._edited)
        view.delete.clicked.connect(self.delete)
        self.deleting.changed.connect(self._changed)
        self.deleting.missed.connect(lambda words: view.say("warning", escape(words)))
        view.save.clicked.connect(self.save)
        view.revert.clicked.connect(self.staging.revert)
        self.staging.changed.connect(self._staged)
        self.staging.saved.connect(self._saved)
        self.staging.refused.connect(lambda words: view.say("problem", escape(words)))

    # ---- the query ---------------------------------------------------------------------------
    def ask(self, query: Mapping[str, Any]) -> None:
        looked = self.looking.looked
        if looked is not None:
            self.looking.read(replace(looked, query=query, page=0))

    @Slot()
    def ask_text(self) -> None:
        """The query as typed, in JSON or as the shell writes it; an error stays beside it."""
        try:
            query = parse_query(from_shell(self.view.query.text()))
        except ValueError as error:
            self.view.query_wrong.setText(self.tr("This is no query: {0}.").format(error))
            self.view.query_wrong.show()
            return
        self.view.query_wrong.hide()
        self.ask(query)

    @Slot(str)
    def _cleared(self, text: str) -> None:
        """The × in the box takes the query away."""
        looked = self.looking.looked
        if not text and looked is not None and looked.query:
            self.ask({})

    @Slot(int)
    def _take_away(self, at: int) -> None:
        looked = self.looking.looked
        filters = list(to_filters(looked.query) or ()) if looked is not None else []
        if at < len(filters):
            del filters[at]
            self.ask(to_query(filters))

    @Slot()
    def add_filter(self) -> None:
        if self.looking.looked is None:
            return
        names = [name for name in self.view.model.columns if "." not in name]
        example = {
            name: next((d[name] for d in self.looking.page.documents if d.get(name)), None)
            for name in names
        }
        popup = FilterPopup(names, example, self.view.window())
        popup.made.connect(self._add)
        popup.finished.connect(popup.deleteLater)
        if self.view.panel.field in names:
            popup.field.setCurrentText(self.view.panel.field)
        add = self.view.pills.add
        popup.show_at(add.mapToGlobal(QPoint(0, add.height() + 4)))

    def _fill_menu(self, menu: QMenu, index: QModelIndex) -> None:
        """Only documents like this one, then what the buttons do."""
        name = self.view.model.columns[index.column()]
        document = self.view.model.documents[index.row()]
        if "." not in name and not isinstance(document.get(name), dict | list):
            one = Filter(name, "is", document.get(name))
            verb, value = one.words
            said = value if len(value) <= SHOWN else value[: SHOWN - 1] + "…"
            menu.addSeparator()
            words = self.tr("Show only where {0} {1} {2}").format(name, verb, said)
            menu.addAction(words, lambda: self._add(one))
        add_buttons(menu, (self.view.delete,))

    @Slot(object)
    def _add(self, one: Filter) -> None:
        looked = self.looking.looked
        if looked is not None:
            self.ask(to_query([*(to_filters(looked.query) or ()), one]))

    @Slot(object)
    def _bar_picked(self, bar: Bar | None) -> None:
        """The value becomes a filter of its field; picked again, it goes."""
        looked, name = self.looking.looked, self.view.panel.field
        filters = to_filters(looked.query) if looked is not None else None
        if filters is None:
            return
        kept = [one for one in filters if one.field != name]
        self.ask(to_query(kept if bar is None else [*kept, Filter(name, "is", bar.value)]))

    def turn(self, step: int) -> None:
        looked, page = self.looking.looked, self.looking.page
        if looked is None or (step > 0 and not page.more) or looked.page + step < 0:
            return
        self.looking.read(replace(looked, page=looked.page + step))

    @Slot(int)
    def _field_clicked(self, column: int) -> None:
        """A click on a header opens its field; on the open one, sorts by it."""
        name, looked = self.view.model.columns[column], self.looking.looked
        row = max(self.view.sheet.currentIndex().row(), 0)
        if name == self.view.panel.field and looked is not None and self.view.panel.isVisible():
            down = looked.sort == ((name, 1),)
            self.looking.read(replace(looked, sort=((name, -1 if down else 1),), page=0))
            return
        self.view.sheet.setCurrentIndex(self.view.model.index(row, column))
        self.behind.show_panel(True)

    # ---- edits -------------------------------------------------------------------------------
    @Slot(int, str, str)
    def _edited(self, row: int, name: str, text: str) -> None:
        if self.session.store is not None and self.session.store.read_only:
            self.view.say("warning", escape(self.tr("The connection is read-only.")))
            return
        self.staging.type(self.view.model.documents[row], name, text)

    @Slot()
    def _staged(self) -> None:
        self.view.model.stage(self.staging.values)
        self.view.show_staged(len(self.staging.edits))

    @Slot()
    def save(self) -> None:
        if self.looking.looked is not None:
            self.staging.save(self.looking.looked.place)

    @Slot()
    def delete(self) -> None:
        if self.looking.looked is not None:
            self.deleting.delete(self.looking.looked.place)

    @Slot()
    def _changed(self) -> None:
        if self.looking.looked is not None:
            self.behind.forget()
            self.looking.read(self.looking.looked)

    @Slot(object, bool)
    def _saved(self, saved: Saved, back: bool) -> None:
        looked = self.looking.looked
        if looked is None:
            return
        place = looked.place
        if saved.saved and back:
            self.behind.forget()
            self.session.note(self.tr("Edits taken back"), f"{place[0]} ▸ {place[1]}")
        elif saved.saved:
            self.behind.forget()
            one, many = self.tr("1 edit saved"), self.tr("{0} edits saved")
            count = len(saved.saved)
            title = one if count == 1 else many.format(f"{count:,}")
            undo = only_once(partial(self.staging.write, place, reversed_edits(saved), back=True))
            self.staging.stack.push(TakeBack(title, undo))
            acts: dict[str, Any] = {self.tr("Undo"): undo}
            self.session.note(title, f"{place[0]} ▸ {place[1]}", **acts)
        if saved.missed:
            words = self.tr("{0} cells were changed by another meanwhile and stay as they are.")
            self.view.say("warning", escape(words.format(len(saved.missed))))
        self.looking.read(looked)

    # ---- elsewhere ---------------------------------------------------------------------------
    @Slot(str)
    def chart(self, name: str) -> None:
        looked = self.looking.looked
        if looked is not None:
            database, collection = looked.place
            self.session.show_page(
                "Charts", database=database, collection=collection, query=looked.query, x=name
            )

    @Slot()
    def export(self) -> None:
        """All documents that match, in a kind of file that the dialog offers."""
        looked = self.looking.looked
        if looked is None:
            return
        window, name = self.view.window(), f"{looked.place[1]}.csv"
        ask_file(window, self.tr("Export documents"), name, EXPORTS, self.export_to)

    def export_to(self, path: str, safe: bool = False) -> None:
        """`safe` makes cells of a CSV text that a spreadsheet would run as a formula."""
        looked = self.looking.looked
        if looked is not None:
            work = export(self.session.store, looked, path, self.looking.total or 0, safe)
            title = self.tr("Exporting {0}").format(looked.place[1])
            self.asker.ask("export", work, self._exported, title)

    def _exported(self, written: Written) -> None:
        title = self.tr("{0} exported").format(counted(written.documents, "document"))
        said = self.tr("{0} made safe by an apostrophe").format(counted(written.guarded, "cell"))
        self.session.note(title, f"{written.path}; {said}" if written.guarded else written.path)
