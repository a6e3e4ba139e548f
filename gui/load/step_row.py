"""One cleaning step that is done: a tick, and a grip to drag it before or after another."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QApplication, QCheckBox, QFrame, QSizePolicy, QWidget

from gui import theme
from gui.layout import row
from gui.widgets import glyph

HEIGHT = 28


class StepRow(QFrame):
    """`dragged(y)` while the mouse carries it and `dropped(y)` where it lets go, in the parent's
    pixels; `moved(±1)` for Alt and an arrow; the tick is `box`."""

    dragged = Signal(int)
    dropped = Signal(int)
    moved = Signal(int)

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "item")
        self.setFixedHeight(HEIGHT)
        self.box = step_box(words, True)
        self.grip = glyph("grip-vertical", "faint", 14)
        self.grip.setCursor(Qt.CursorShape.OpenHandCursor)
        self.grip.setToolTip(self.tr("Drag to change the order (Alt+Up, Alt+Down)"))
        self.setLayout(row(self.grip, (self.box, 1), gap=4))
        for keys, step in (("Alt+Up", -1), ("Alt+Down", 1)):
            one = QShortcut(QKeySequence(keys), self.box, context=Qt.ShortcutContext.WidgetShortcut)
            one.activated.connect(lambda step=step: self.moved.emit(step))
        self._pressed: QPoint | None = None
        self._carried = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._pressed is None:
            return
        far = (at - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        self._carried = self._carried or far
        if self._carried:
            self.dragged.emit(self.mapToParent(at).y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        carried, self._pressed, self._carried = self._carried, None, False
        if carried:
            self.dropped.emit(self.mapToParent(event.position().toPoint()).y())


class DropLine(QWidget):
    """Where the step that is carried would come to stand."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.list = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_at(self, y: int) -> None:
        self.setGeometry(0, y - 1, self.list.width(), 2)
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.fillRect(self.rect(), QColor(theme.tokens().accentText))
        p.end()


def step_box(words: str, on: bool) -> QCheckBox:
    box = QCheckBox(words)
    box.setChecked(on)
    box.setToolTip(words)
    box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return box
