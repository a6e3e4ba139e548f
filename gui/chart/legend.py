"""Which colour is which series, in stacking order."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from gui import theme
from gui.clearing import clear
from gui.layout import row
from gui.widgets import label


class Swatch(QWidget):
    """A square in a series' colour, of the theme as it is."""

    def __init__(self, series: int, size: int = 10) -> None:
        super().__init__()
        self.series = series
        self.setFixedSize(QSize(size, size))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = theme.tokens().series
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        p.setPen(QColor(0, 0, 0, 0))
        p.setBrush(QColor(colours[self.series % len(colours)]))
        p.drawRoundedRect(QRectF(self.rect()), 2, 2)
        p.end()


class Legend(QFrame):
    """Hidden where there is but one series."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(14)

    def show_names(self, names: Sequence[str]) -> None:
        clear(self._row)
        self.setVisible(len(names) > 1)
        for i, name in enumerate(names if len(names) > 1 else ()):
            said = name if len(name) <= 16 else name[:15] + "…"
            text = label(said, "small")
            text.setToolTip(name)
            self._row.addLayout(row(Swatch(i), text, gap=6))
