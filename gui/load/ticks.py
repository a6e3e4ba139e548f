"""A list whose lines can be ticked, by a click or Space."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QListView

from gui import theme

SIZE = 14  # px


class TickList(QListView):
    """`clicked` for a click and for Space; Return passes to the dialog."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.clicked.emit(self.currentIndex())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)


def paint_tick(p: QPainter, left: float, middle: float, on: bool) -> None:
    t = theme.tokens()
    box = QRectF(left + 0.5, middle - SIZE / 2 + 0.5, SIZE, SIZE)
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setPen(QPen(QColor(t.accent if on else t.faint), 1))
    p.setBrush(QColor(t.accent if on else t.raised))
    p.drawRoundedRect(box, 4, 4)
    if on:
        mark = theme.pixmap("check", t.onAccent, 12, p.device().devicePixelRatio())
        p.drawPixmap(int(box.left() + 1.5), int(box.top() + 1.5), mark)
