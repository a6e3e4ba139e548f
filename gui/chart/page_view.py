"""The widgets of the Charts page and where they stand; what they do is the page's."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QComboBox, QStackedWidget, QWidget

from gui import theme
from gui.browse.model import DocumentModel
from gui.browse.pills import Pills
from gui.chart.form import Form
from gui.chart.gallery import Gallery
from gui.chart.legend import Legend
from gui.chart.view import ChartView
from gui.elided import Elided
from gui.layout import col, frame, row, rule
from gui.sheet import Sheet
from gui.stages import Stages
from gui.widgets import button, empty_state, label, message

_WIDEST = 320  # px of the collection's name


class ChartsView(Stages):
    """The empty state, and over it the question, the chart, its rows, and the saved charts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.collection = QComboBox()
        self.collection.setAccessibleName(self.tr("Collection"))
        self.collection.setMinimumWidth(180)
        self.collection.setMaximumWidth(_WIDEST)
        self.words = Elided("", "small")
        self.png = button(self.tr("PNG"), "ghost", "image", self.tr("Save the picture"))
        self.csv = button(self.tr("CSV"), "ghost", "download", self.tr("Save the figures"))
        self.save = button(self.tr("Save chart"), "primary")
        self.form, self.pills = Form(), Pills()
        self.title, self.said = Elided("", "section"), Elided("", "small")
        self.legend, self.chart = Legend(), ChartView()
        self.chart.setAccessibleName(self.tr("Chart"))
        self.chart.setMinimumHeight(160)
        self.rows_title, self.rows_words = label("", "strong"), Elided("", "small")
        self.open = button(self.tr("Open in Collections"), "link")
        self.model = DocumentModel(self)
        self.sheet = Sheet(self.model, corner="", gutter=48, plain=True)
        self.sheet.setAccessibleName(self.tr("Documents behind the bar"))
        self.sheet.setFixedHeight(32 + theme.ROW * 6)
        self.gallery = Gallery()
        self.nothing = label("", "muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stop = button(self.tr("Stop"))
        dismiss = button(self.tr("Dismiss"), "link")
        self.message = message("problem", "", dismiss)
        self.message_box = frame("surface", row(self.message, pad=(12, 6, 12, 6)))
        self.message_box.hide()
        dismiss.clicked.connect(self.message_box.hide)
        self.load = button(self.tr("Load a file"), icon="upload")
        words = self.tr("Load a file, and a chart of it appears here.")
        empty = empty_state("chart-column", self.tr("Nothing to draw yet"), words, self.load)
        self.add_stages(empty, self._content())

    def _content(self) -> QWidget:
        head = row(self.collection, (self.words, 1), self.png, self.csv, self.save,
                   pad=(16, 0, 16, 0))  # fmt: skip
        form = row((self.form, 1), self.pills.add, pad=(16, 0, 16, 0))
        self.pills_box = frame("surface", row((self.pills, 1), pad=(16, 8, 16, 0)))
        self.pills_box.hide()
        top = frame("surface", col(12, head, 10, form, self.pills_box, 12))
        words = frame("clear", col(self.title, 2, self.said))
        heading = row((words, 1), self.legend)
        drawn = frame("surface", col(heading, 8, (self.chart, 1), pad=(16, 14, 16, 8)))
        self.drawn = QStackedWidget()
        self.drawn.addWidget(drawn)
        waiting = col(None, self.nothing, 12, row(None, self.stop, None), None, pad=(32, 0, 32, 0))
        self.drawn.addWidget(frame("surface", waiting))
        line = row(self.rows_title, (self.rows_words, 1), self.open, pad=(16, 4, 12, 4))
        self.rows = frame("surface", col(rule(), line, rule(), self.sheet))
        self.rows.hide()
        main = frame("surface", col(top, rule(), (self.drawn, 1), self.message_box, self.rows))
        return frame("surface", row((main, 1), self.gallery, gap=0))

    def show_places(self, places: Sequence[tuple[str, str]]) -> None:
        """Databases and collections to choose from; a name too long for the box is told whole."""
        box, metrics = self.collection, self.collection.fontMetrics()
        with QSignalBlocker(box):
            box.clear()
            for place in places:
                name = " ▸ ".join(place)
                cut = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, _WIDEST - 48)
                box.addItem(cut, place)
                box.setItemData(box.count() - 1, name, Qt.ItemDataRole.ToolTipRole)

    def say_nothing(self, words: str) -> None:
        """Words in place of the chart, or "" for the chart."""
        self.nothing.setText(words)
        self.stop.hide()
        self.drawn.setCurrentIndex(1 if words else 0)

    def show_waiting(self, words: str) -> None:
        """In place of a chart of something else."""
        self.say_nothing(words)
        self.stop.show()

    def show_place(self, place: tuple[str, str]) -> None:
        data = [self.collection.itemData(at) for at in range(self.collection.count())]
        self.collection.setCurrentIndex(data.index(place) if place in data else -1)

    def say(self, tone: str, rich_text: str) -> None:
        self.message.say(tone, rich_text)
        self.message_box.show()
