"""What leaves the Charts page: the picture, the figures, and charts saved under a name."""

from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QInputDialog

from core.errors import CoreError
from gui.asking import Asker
from gui.chart import saved
from gui.chart.answer import Place
from gui.chart.ask import Question, title
from gui.chart.page_view import ChartsView
from gui.chart.saved import SavedChart
from gui.chart.work import Drawn, pictures, table
from gui.charts import Figure
from gui.messages import rich
from gui.session import Session


class Looking(Protocol):
    """What is on screen."""

    place: Place | None
    drawn: Drawn | None


class Keeping(QObject):
    def __init__(self, session: Session, view: ChartsView, asker: Asker, looking: Looking) -> None:
        super().__init__(view)
        self.session, self.view, self.asker, self.looking = session, view, asker, looking
        self._saved: tuple[SavedChart, ...] = ()
        view.png.clicked.connect(self.save_png)
        view.csv.clicked.connect(self.save_csv)
        view.save.clicked.connect(self.save)
        view.gallery.forgotten.connect(self._forget)
        self._read_saved()

    @Slot()
    def save_png(self) -> None:
        self._file(self.tr("Save the picture"), "png", self.write_png)

    @Slot()
    def save_csv(self) -> None:
        self._file(self.tr("Save the figures"), "csv", self.write_csv)

    def _file(self, words: str, suffix: str, write: Any) -> None:
        if self.looking.place is None:
            return
        dialog = QFileDialog(self.view.window(), words, f"{self.looking.place[1]}.{suffix}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.fileSelected.connect(write)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def write_png(self, path: str) -> None:
        if self.view.chart.image().save(path):
            self.session.note(self.tr("Picture saved"), path)
        else:
            self.view.say("problem", self.tr("The picture cannot be written there."))

    @Slot(str)
    def write_csv(self, path: str) -> None:
        if self.looking.drawn is None:
            return
        try:
            Path(path).write_text(table(self.looking.drawn.answer), "utf-8-sig", newline="")
        except OSError as error:
            self.view.say("problem", f"{path}: {error.strerror}")
            return
        self.session.note(self.tr("Figures saved"), path)

    # ---- saved charts ------------------------------------------------------------------------
    def _read_saved(self) -> None:
        try:
            self._saved = saved.read()
        except CoreError as error:
            self.view.say("problem", rich(error))
        self.view.gallery.show_charts(self._saved)

    @Slot()
    def save(self) -> None:
        if self.looking.drawn is None:
            return
        dialog = QInputDialog(self.view.window())
        dialog.setWindowTitle(self.tr("Save chart"))
        dialog.setLabelText(self.tr("Name"))
        dialog.setTextValue(title(self.looking.drawn.answer.question))
        dialog.textValueSelected.connect(self.save_as)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def save_as(self, name: str) -> None:
        if self.looking.drawn is None or self.looking.place is None or not name.strip():
            return
        chart = SavedChart(name.strip(), *self.looking.place, self.looking.drawn.answer.question)
        self._keep((*(one for one in self._saved if one.name != chart.name), chart))

    @Slot(object)
    def _forget(self, chart: SavedChart) -> None:
        self._keep(tuple(one for one in self._saved if one != chart))

    def _keep(self, charts: tuple[SavedChart, ...]) -> None:
        try:
            saved.write(charts)
        except CoreError as error:
            self.view.say("problem", rich(error))
            return
        self._saved = charts
        self.view.gallery.show_charts(charts)
        self.draw_cards()

    def draw_cards(self) -> None:
        """Each card's figure, one after the other, as the server has it now."""
        if self.session.store is None or not self.view.gallery.cards:
            return
        cards = {card.chart.name: card for card in self.view.gallery.cards}
        work = pictures(self.session.store, self._saved)

        def show(drawn: tuple[str, Question, Figure]) -> None:
            if drawn[0] in cards:
                cards[drawn[0]].show_figure(drawn[1], drawn[2])

        self.asker.ask("cards", work, lambda _last: None).progressed.connect(show)
