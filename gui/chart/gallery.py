"""The saved charts at the right: a small picture of each; a click shows it, × forgets it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from gui.chart.ask import Question
from gui.chart.saved import SavedChart
from gui.chart.view import ChartView
from gui.charts import Figure
from gui.clearing import clear
from gui.elided import Elided
from gui.layout import col, frame, row
from gui.order import OPENS
from gui.widgets import label, tool


class Card(QFrame):
    """One saved chart."""

    chosen = Signal(object)
    forgotten = Signal(object)

    def __init__(self, chart: SavedChart) -> None:
        super().__init__()
        self.chart = chart
        self.setProperty("kind", "card")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(chart.name)
        self.setProperty(OPENS, True)
        self.picture = ChartView(left=False, alone=False)
        self.picture.setFixedHeight(76)
        close = tool("x", self.tr("Forget this chart"))
        close.clicked.connect(lambda: self.forgotten.emit(chart))
        words = col(Elided(chart.name, "strong"), 2, Elided(chart.collection, "caption"))
        self.setLayout(col(self.picture, 8, row(frame("clear", words), close), pad=(12, 12, 6, 10)))

    def show_figure(self, question: Question, figure: Figure) -> None:
        self.picture.show_figure(question.kind, figure)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self.chart)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space):
            self.chosen.emit(self.chart)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        return super().event(event)


class Gallery(QFrame):
    """Hidden while nothing is saved."""

    chosen = Signal(object)
    forgotten = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.setFixedWidth(248)
        self.cards: list[Card] = []
        self.count = label("0", "tag")
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(12)
        area = QScrollArea()
        area.setWidget(frame("clear", col(self._list, None, pad=(16, 0, 16, 12))))
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        heading = label(self.tr("Saved charts"), "section")
        head = row(heading, self.count, None, pad=(16, 16, 16, 12))
        self.setLayout(col(head, (area, 1)))
        self.hide()

    def show_charts(self, charts: Sequence[SavedChart]) -> None:
        clear(self._list)
        self.cards = [Card(chart) for chart in charts]
        for card in self.cards:
            card.chosen.connect(self.chosen)
            card.forgotten.connect(self.forgotten)
            self._list.addWidget(card)
        self.count.setText(f"{len(charts):,}")
        self.setVisible(bool(charts))
