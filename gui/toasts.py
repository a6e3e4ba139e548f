"""Toasts: bottom right above the bars at the foot, for what went well; errors stay in messages."""

from collections.abc import Callable

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QObject,
    QPoint,
    QPropertyAnimation,
    QRect,
    QTimer,
    Slot,
)
from PySide6.QtGui import QColor, QEnterEvent
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsDropShadowEffect, QWidget

from gui import theme
from gui.elided import Elided
from gui.layout import col, row
from gui.motion import Motion
from gui.session import Note
from gui.widgets import MARKS, button, glyph, tool

STAYS = 8_000  # ms, longer under the mouse or focus
WIDEST, HEIGHT = 416, 60
RISES, IN = 12, 120  # px, ms
MOVES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)


class Toast(QFrame):
    """One note; it goes when an action of its own is pressed, and by itself after a while, but for
    one that lasts: its action is the only way back."""

    def __init__(self, note: Note, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "toast")
        links = []
        for name, act in note.actions:
            link = button(self.tr(name), "link")
            link.clicked.connect(self.leave)
            link.clicked.connect(lambda _=False, act=act: act())
            links.append(link)
        away = tool("x", self.tr("Dismiss"))
        away.clicked.connect(self.leave)
        text = col(Elided(note.title, "strong"), Elided(note.detail, "small"), gap=2)
        mark = col(glyph(MARKS[note.tone], note.tone, 20), None)
        self.setLayout(row(mark, text, *links, away, gap=8, pad=(14, 10, 8, 10)))
        self.setAccessibleName(f"{note.title}. {note.detail}")
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(theme.tokens().shadow))
        self.setGraphicsEffect(shadow)
        self.rise = QPropertyAnimation(self, b"pos", self)
        self.rise.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._timer = QTimer(self, singleShot=True, interval=STAYS)
        self._timer.timeout.connect(self.leave)
        self._lasting = note.lasting
        self._wait()

    def leave(self) -> None:
        if self.sender() is self._timer and (self.underMouse() or self._focused()):
            self._wait()
            return
        self.hide()
        self.deleteLater()

    def _focused(self) -> bool:
        inside = QApplication.focusWidget()
        return inside is not None and self.isAncestorOf(inside)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._wait()

    def _wait(self) -> None:
        if not self._lasting:
            self._timer.start()


class Toasts(QObject):
    """Keeps the one toast of a window in its corner, clear of the `bars` that are seen there."""

    def __init__(
        self, window: QWidget, above: int, bars: Callable[[], list[QWidget]] = list
    ) -> None:
        super().__init__(window)
        self.window, self.above, self.bars = window, above, bars
        self.toast: Toast | None = None
        self.motion = Motion(self)
        window.installEventFilter(self)

    def show(self, note: Note) -> None:
        if self.toast is not None:
            self.toast.leave()
        toast = self.toast = Toast(note, self.window)
        toast.destroyed.connect(lambda: self._gone(toast))
        self._watch()
        toast.setGeometry(self._place(toast))
        self._rise(toast)
        toast.show()
        toast.raise_()

    def _rise(self, toast: Toast) -> None:
        """From a little below, where the system lets things move."""
        time = self.motion.duration(IN)
        if time:
            toast.rise.setDuration(time)
            toast.rise.setEndValue(toast.pos())
            toast.move(toast.pos() + QPoint(0, RISES))
            toast.rise.start()

    def _gone(self, toast: Toast) -> None:
        if self.toast is toast:
            self.toast = None

    def _place(self, toast: Toast) -> QRect:
        width = min(WIDEST, max(toast.sizeHint().width(), 320))
        x, y = self.window.width() - 16 - width, self.window.height() - self.above - 16 - HEIGHT
        place = QRect(x, y, width, HEIGHT)
        for bar in self.bars():
            there = QRect(bar.mapTo(self.window, QPoint()), bar.size())
            if bar.isVisible() and there.intersects(place.adjusted(0, 0, 0, 16)):
                place.moveBottom(there.top() - 17)
        return place

    @Slot()
    def replace(self) -> None:
        """What stands at the foot may be higher or lower now."""
        if self.toast is not None:
            self._watch()
            self.toast.rise.stop()
            self.toast.setGeometry(self._place(self.toast))

    def _watch(self) -> None:
        """A bar that comes later moves the toast."""
        for bar in self.bars():
            bar.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in MOVES and self.toast is not None:
            if watched is self.window:
                self.replace()
            else:  # the layout is not done with the others
                QTimer.singleShot(0, self, self.replace)
        return super().eventFilter(watched, event)
