"""One sentence in three weights (place, what is wrong, cure), in two lines where it needs them."""

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPaintEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme

LINES = 2


class Sentence(QWidget):
    """Told whole in its tooltip and to screen readers; what two lines cannot hold ends in …"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parts: tuple[str, str, str] = ("", "", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def say(self, place: str, text: str, cure: str) -> None:
        self.parts = (place, text, cure)
        whole = " ".join(part for part in self.parts if part)
        self.setAccessibleName(whole)
        self.setToolTip(whole)
        self.update()

    def lines(self, width: int) -> int:
        """How many it takes, at most LINES."""
        return min(LINES, _laid(self._layout(self.accessibleName()), width).lineCount())

    def sizeHint(self) -> QSize:
        return QSize(200, 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 20)

    def _layout(self, text: str) -> QTextLayout:
        t = theme.tokens()
        result = QTextLayout(text, theme.sized(self.font(), theme.BODY))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        result.setTextOption(option)
        weights = (QFont.Weight.DemiBold, QFont.Weight.Normal, QFont.Weight.Normal)
        ranges, start = [], 0
        for part, weight, colour in zip(
            self.parts, weights, (t.text, t.text, t.muted), strict=True
        ):
            if not part:
                continue
            one = QTextLayout.FormatRange()
            one.start, one.length = start, len(part) + 1
            look = QTextCharFormat()
            look.setFontWeight(weight)
            look.setForeground(QColor(colour))
            one.format = look
            ranges.append(one)
            start += len(part) + 1
        result.setFormats(ranges)
        return result

    def paintEvent(self, event: QPaintEvent) -> None:
        text = self.accessibleName()
        layout = _laid(self._layout(text), self.width())
        if layout.lineCount() > LINES:
            last = layout.lineAt(LINES - 1)
            end = last.textStart() + last.textLength()
            layout = _laid(self._layout(text[: end - 2].rstrip() + "…"), self.width())
        shown = min(LINES, layout.lineCount())
        height = sum(layout.lineAt(i).height() for i in range(shown))
        p = QPainter(self)
        p.setClipRect(QRectF(0, 0, self.width(), self.height()))
        y = (self.height() - height) / 2
        for i in range(shown):
            layout.lineAt(i).draw(p, QPointF(0, y))
        p.end()


def _laid(layout: QTextLayout, width: int) -> QTextLayout:
    y = 0.0
    layout.beginLayout()
    while (line := layout.createLine()).isValid() and layout.lineCount() <= LINES + 1:
        line.setLineWidth(max(width, 40))
        line.setPosition(QPointF(0, y))
        y += line.height()
    layout.endLayout()
    return layout
