"""A small histogram: bars in series 1, a hairline below, three or more round values on it."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from gui import theme
from gui.load.profile import day_words, number_words

AXIS = 22  # px below the bars


class Histogram(QWidget):
    """`show_bars(edges, counts)`; a bar's tooltip tells its span and count."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(100)
        self.edges: Sequence[float] = ()
        self.counts: Sequence[int] = ()
        self.moments = False

    def show_bars(self, edges: Sequence[float], counts: Sequence[int], moments: bool) -> None:
        self.edges, self.counts, self.moments = edges, counts, moments
        words = self._say(edges[0]), self._say(edges[-1])
        self.setAccessibleName(self.tr("Values from {0} to {1}").format(*words))
        self.update()

    def _say(self, value: float) -> str:
        return day_words(value) if self.moments else number_words(value)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.counts:
            return
        t, p = theme.tokens(), QPainter(self)
        base, most = self.height() - AXIS, max(self.counts)
        wide = self.width() / len(self.counts)
        colour = QColor(t.series[0])
        colour.setAlphaF(0.75)
        for i, count in enumerate(self.counts):
            if count:
                high = max(2.0, (base - 4) * count / most)
                box = QRectF(i * wide, base - high, max(1.0, wide - 1), high)
                p.fillRect(box, colour)
        p.setPen(QColor(t.border))
        p.drawLine(0, base, self.width(), base)
        self._paint_axis(p, base)
        p.end()

    def _paint_axis(self, p: QPainter, base: int) -> None:
        p.setFont(theme.sized(self.font(), theme.CAPTION))
        p.setPen(QColor(theme.tokens().muted))
        low, high = self.edges[0], self.edges[-1]
        metrics, last = p.fontMetrics(), -100.0
        for value in ticks(low, high):
            words = self._say(value)
            wide = metrics.horizontalAdvance(words)
            x = (value - low) / (high - low) * self.width() - wide / 2
            x = min(max(0.0, x), self.width() - wide)
            if x < last + 12:
                continue
            p.drawText(QRectF(x, base + 4, wide + 2, 16), Qt.AlignmentFlag.AlignLeft, words)
            last = x + wide

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and self.counts:
            assert isinstance(event, QHelpEvent)
            i = min(len(self.counts) - 1, event.pos().x() * len(self.counts) // self.width())
            span = f"{self._say(self.edges[i])} – {self._say(self.edges[i + 1])}"
            QToolTip.showText(event.globalPos(), f"{span}: {self.counts[i]:,}", self)
            return True
        return super().event(event)


def ticks(low: float, high: float) -> list[float]:
    """Three to six round values of a range."""
    step = 10 ** math.floor(math.log10((high - low) / 2))
    for times in (1, 2, 5, 10, 20):
        first = math.ceil(low / (step * times)) * step * times
        found = [first + i * step * times for i in range(int((high - first) / (step * times)) + 1)]
        if len(found) <= 6:
            return found
    return [low, high]
