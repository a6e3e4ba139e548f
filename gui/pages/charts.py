"""Charts: a collection drawn as the server counts it; a click on a bar shows the rows behind it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, QTimer, Slot
from PySide6.QtWidgets import QWidget

from core.store.browse import Page
from gui.asking import Asker
from gui.browse.pills import FilterPopup
from gui.browse.query import Filter, to_filters, to_query
from gui.chart.answer import Answer, Place
from gui.chart.ask import Question, title
from gui.chart.keeping import Keeping
from gui.chart.page_view import ChartsView
from gui.chart.saved import SavedChart
from gui.chart.work import Drawn, behind, drawing, likeliest, places
from gui.layout import col
from gui.messages import rich
from gui.session import Session


class ChartsPage(QWidget):
    """A sensible chart appears without asking; everything about it can be chosen."""

    name = "Charts"
    icon = "chart-column"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.place: Place | None = None
        self._stale = True
        self.drawn: Drawn | None = None
        self._wanted: tuple[Place, Question | None, str, Mapping[str, Any]] | None = None
        self.asker = Asker(session, self)
        self.view = ChartsView()
        self.setLayout(col(self.view))
        self.keeping = Keeping(session, self.view, self.asker, self)
        self._slow = QTimer(self, singleShot=True, interval=500)
        self._connect()

    def _connect(self) -> None:
        view = self.view
        self.asker.failed.connect(lambda _topic, error: self.show_error(error))
        view.collection.activated.connect(lambda _at: self.go(view.collection.currentData()))
        view.form.asked.connect(self.ask)
        view.pills.removed.connect(self._take_away)
        view.pills.wanted.connect(self.add_filter)
        view.chart.picked.connect(self._picked)
        view.open.clicked.connect(self._open)
        view.gallery.chosen.connect(self._show_saved)
        view.stop.clicked.connect(self.stop)
        self._slow.timeout.connect(self._still_counting)
        view.again.connect(self.refresh)
        view.load.clicked.connect(lambda: self.session.show_page("Load"))
        self.view.follow(self.session)
        self.session.store_changed.connect(lambda _store: self._other_store())
        self.session.loaded.connect(lambda _load: self._changed_there())

    # ---- reading -----------------------------------------------------------------------------
    def shown(self) -> None:
        """Nothing is counted again that is known: on some servers that takes seconds."""
        if self._stale or self.drawn is None:
            self.refresh()

    def focus(
        self,
        collection: str = "",
        database: str = "",
        query: Mapping[str, Any] | None = None,
        x: str = "",
    ) -> None:
        """Goes to a collection, with a query and perhaps a field to draw."""
        if self.session.store is not None and collection:
            place = (database or self.session.store.database, collection)
            self._wanted = (place, None, x, query or {})
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        if self.session.store is not None:
            self.asker.ask("places", places(self.session.store), self._listed)
            self.keeping.draw_cards()

    def _changed_there(self) -> None:
        """Read again now where it is seen, else when it is."""
        self._stale = True
        if self.isVisible():
            self.refresh()

    def _other_store(self) -> None:
        self.asker.forget_all()
        self.place = self.drawn = None
        self._changed_there()

    def _listed(self, found: tuple[Place, ...]) -> None:
        view = self.view
        view.show_content(bool(found))
        view.show_places(found)
        if not found:
            self.place = None
            return
        wanted, self._wanted = self._wanted, None
        if wanted is not None and wanted[0] in found:
            self.go(wanted[0], wanted[1], wanted[2], wanted[3])
        elif self.place in found and self.drawn is not None:
            self.go(self.place, self.drawn.answer.question)
        else:
            mine = [place for place in found if place[0] == self.session.store.database]
            self.go(likeliest(mine or list(found)))

    def go(
        self,
        place: Place | None,
        question: Question | None = None,
        x: str = "",
        query: Mapping[str, Any] | None = None,
    ) -> None:
        """Draws a collection; without a question the one that is worth a look."""
        if place is None:
            return
        self.place = place
        self.view.show_place(place)
        work = drawing(self.session.store, place, question, x, query or {})
        self.view.words.setText(self.tr("Counting…"))
        self.asker.ask("draw", work, self._show)
        self._slow.start()

    @Slot()
    def _still_counting(self) -> None:
        """The chart of another question does not stand under this one."""
        if self.place is not None and "draw" in self.asker.asks:
            self.view.show_waiting(self.tr("Counting in {0}…").format(self.place[1]))

    @Slot()
    def stop(self) -> None:
        """Back to the chart before; the answer to this question is not waited for."""
        self.asker.forget("draw")
        if self.drawn is None:
            self.view.words.setText("")
            self.view.say_nothing(self.tr("Stopped."))
            return
        self.place = self.drawn.place
        self.view.show_place(self.place)
        self._show(self.drawn)

    @Slot(object)
    def ask(self, question: Question) -> None:
        self.go(self.place, question)

    # ---- showing -----------------------------------------------------------------------------
    def _show(self, drawn: Drawn) -> None:
        view, question = self.view, drawn.answer.question
        self.drawn, self._stale = drawn, False
        view.message_box.hide()
        view.form.show_question(question, drawn.sample.fields, drawn.sample.documents)
        view.pills.show_filters(to_filters(question.query))
        view.pills_box.setVisible(bool(question.query))
        found, figure = drawn.answer, drawn.answer.figure
        many = self.tr("{0} documents").format(f"{found.documents:,}")
        view.words.setText(many)
        view.title.setText(title(question))
        view.said.setText(self._summary(found))
        names = figure.names if question.by else ()
        view.legend.show_names(names)
        empty = "" if figure.length else self.tr("No document has a value to draw here.")
        if not drawn.sample.documents:
            empty = self.tr("This collection is empty.")
        view.say_nothing(empty)
        view.rows.hide()
        for part in (view.png, view.csv, view.save):
            part.setEnabled(not empty)
        view.chart.show_figure(question.kind, figure)

    def _summary(self, found: Answer) -> str:
        """Total, best column and what is in no column."""
        figure, question, parts = found.figure, found.question, list[str]()
        if figure.length and question.kind not in ("scatter",):
            if figure.stack:
                total = sum(figure.total(i) for i in range(figure.length))
                parts.append(self.tr("{0} in all").format(f"{total:,.10g}"))
            best = max(range(figure.length), key=figure.total)
            parts.append(self.tr("most in {0}").format(found.names[best]))
        if question.kind == "scatter":
            parts.append(self.tr("{0} points").format(f"{figure.length:,}"))
        if found.others:
            parts.append(self.tr("{0} documents are not shown").format(f"{found.others:,}"))
        return " · ".join(parts)

    @Slot(int)
    def _picked(self, column: int) -> None:
        if self.drawn is None or self.place is None or column < 0:
            self.view.rows.hide()
            return
        found = self.drawn.answer
        self.view.rows_title.setText(found.names[column])
        count = found.counts[column]
        one, many = self.tr("1 document behind it"), self.tr("{0} documents behind this bar")
        self.view.rows_words.setText(one if count == 1 else many.format(f"{count:,}"))
        work = behind(self.session.store, self.place, found.queries[column])
        self.asker.ask("rows", work, self._show_rows)

    def _show_rows(self, page: Page) -> None:
        self.view.model.show(page.documents, 0)
        self.view.rows.show()

    @Slot()
    def _open(self) -> None:
        column = self.view.chart.chosen
        if self.drawn is not None and self.place is not None and column >= 0:
            query = self.drawn.answer.queries[column]
            database, collection = self.place
            self.session.show_page(
                "Collections", database=database, collection=collection, query=query
            )

    # ---- filters -----------------------------------------------------------------------------
    def _filtered(self, filters: list[Filter]) -> None:
        if self.drawn is not None:
            self.ask(replace(self.drawn.answer.question, query=to_query(filters)))

    @Slot(int)
    def _take_away(self, at: int) -> None:
        filters = list(to_filters(self.drawn.answer.question.query) or ()) if self.drawn else []
        self._filtered([one for i, one in enumerate(filters) if i != at])

    @Slot()
    def add_filter(self) -> None:
        if self.drawn is None:
            return
        popup = FilterPopup(
            list(self.drawn.sample.fields), dict(self.drawn.sample.example), self.window()
        )
        popup.made.connect(self._add)
        popup.finished.connect(popup.deleteLater)
        add = self.view.pills.add
        popup.show_at(add.mapToGlobal(QPoint(0, add.height() + 4)))

    @Slot(object)
    def _add(self, one: Filter) -> None:
        if self.drawn is not None:
            self._filtered([*(to_filters(self.drawn.answer.question.query) or ()), one])

    @Slot(object)
    def _show_saved(self, chart: SavedChart) -> None:
        self.go((chart.database, chart.collection), chart.question)

    def show_error(self, error: Exception) -> None:
        self.view.words.setText("")
        if self.view.stop.isVisible():
            self.view.say_nothing(self.tr("No chart came about."))
        if not self.view.show_failure(error):
            self.view.say("problem", rich(error))
