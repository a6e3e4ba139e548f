"""One sentence in three weights (place, what is wrong, cure) that ends in … where room ends."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme


class Sentence(QWidget):
    """Told whole in its tooltip and to screen readers."""

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

    def sizeHint(self) -> QSize:
        return QSize(200, 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, p = theme.tokens(), QPainter(self)
        weights = (QFont.Weight.DemiBold, QFont.Weight.Normal, QFont.Weight.Normal)
        looks = zip(self.parts, weights, (t.text, t.text, t.muted), strict=True)
        left = 0
        for text, weight, colour in looks:
            if not text or left >= self.width() - 16:
                continue
            p.setFont(theme.sized(self.font(), theme.BODY, weight))
            p.setPen(QColor(colour))
            room = self.width() - left
            shown = p.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
            side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            p.drawText(QRect(left, 0, room, self.height()), side, shown)
            left += p.fontMetrics().horizontalAdvance(shown) + 4
        p.end()
