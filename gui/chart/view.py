"""One chart that can be clicked: the plot, its chosen column, the words under the mouse."""

import math
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from gui import theme
from gui.charts import CHARTS, Figure
from gui.plots import dress, plot, short


class ChartView(QWidget):
    """Draws a Figure in one of CHARTS; `picked` tells the column chosen, -1 for none."""

    picked = Signal(int)

    def __init__(
        self, parent: QWidget | None = None, left: bool = True, alone: bool = True
    ) -> None:
        super().__init__(parent)
        self.figure = Figure()
        self.kind = "bar"
        self.chosen = -1
        self._left = left
        self._plot: Any = None
        self._hovered = -1
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._later = QTimer(self, singleShot=True, interval=60)
        self._later.timeout.connect(self.redraw)
        if alone:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._alone = alone

    def show_figure(self, kind: str, figure: Figure, chosen: int = -1) -> None:
        self.kind, self.figure, self.chosen = kind, figure, chosen
        self.setAccessibleDescription(self.told())
        self.redraw()

    @Slot()
    def redraw(self) -> None:
        """Everything anew: pens, brushes and labels are of the theme and size as they are now."""
        if not self.figure.values:
            if self._plot is not None:
                self._plot.clear()
            return
        if self._plot is None:
            self._make()
        view = self._plot
        view.clear()
        view.invertY(False)
        dress(view)
        if not self._left:
            view.hideAxis("left")
            view.hideAxis("bottom")
        CHARTS[self.kind].draw(view, self.figure, self.chosen)
        if not self._left:
            self._bare(view)

    def _make(self) -> None:
        self._plot = plot(self._left)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._box.addWidget(self._plot)
        if self._alone:
            self._plot.scene().sigMouseClicked.connect(self._clicked)
            self._plot.scene().sigMouseMoved.connect(self._moved)
        else:
            self._plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _bare(self, view: Any) -> None:
        """A small picture has no hairlines."""
        import pyqtgraph as pg

        for item in list(view.getPlotItem().items):
            if isinstance(item, pg.InfiniteLine):
                view.removeItem(item)

    def column(self, at: QPointF) -> int:
        """The column under a point of the scene, or -1."""
        box = self._plot.getViewBox()
        if not box.sceneBoundingRect().contains(at):
            return -1
        point = box.mapSceneToView(at)
        pick = CHARTS[self.kind].pick
        if pick == "point":
            return self._nearest(at)
        index = round(point.x() if pick == "x" else point.y())
        return index if 0 <= index < self.figure.length else -1

    def _nearest(self, at: QPointF) -> int:
        box, best, found = self._plot.getViewBox(), 12.0, -1
        row = self.figure.values[0]
        for i, (x, y) in enumerate(zip(self.figure.places, row, strict=True)):
            point = box.mapViewToScene(QPointF(x, y))
            far = math.hypot(point.x() - at.x(), point.y() - at.y())
            if far < best:
                best, found = far, i
        return found

    def _clicked(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pick(self.column(event.scenePos()))

    def pick(self, column: int) -> None:
        """A second click on the chosen column clears it."""
        self.chosen = -1 if column == self.chosen else column
        self.redraw()
        self.picked.emit(self.chosen)

    def _moved(self, at: QPointF) -> None:
        if not self.figure.values:
            return
        column = self.column(at)
        if column == self._hovered:
            return
        self._hovered = column
        if column < 0:
            QToolTip.hideText()
            return
        where = self._plot.mapToGlobal(self._plot.mapFromScene(at))
        QToolTip.showText(where, self.words(column), self._plot)

    def words(self, column: int) -> str:
        """What the tooltip says of a column: its label and each series' number."""
        figure = self.figure
        if CHARTS[self.kind].pick == "point":
            return f"{short(figure.places[column])} · {short(figure.values[0][column])}"
        head = figure.labels[column]
        if len(figure.labels) == figure.length + 1:
            head = f"{head} – {figure.labels[column + 1]}"
        parts = [
            f"{name}: {row[column]:,.6g}" if name else f"{row[column]:,.6g}"
            for name, row in zip(figure.names, figure.values, strict=True)
            if not math.isnan(row[column])
        ]
        return "\n".join([head, *reversed(parts)])

    def told(self) -> str:
        """The chart for those who hear it."""
        figure = self.figure
        if CHARTS[self.kind].pick == "point":
            return self.tr("{0} points").format(f"{figure.length:,}")
        return "; ".join(self.words(i).replace("\n", " ") for i in range(min(figure.length, 24)))

    def image(self) -> QImage:
        """The chart on its ground, at twice its size, for a document or a mail."""
        result = QImage(self.size() * 2, QImage.Format.Format_ARGB32)
        result.setDevicePixelRatio(2)
        result.fill(theme.tokens().surface)
        painter = QPainter(result)
        self.render(painter, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
        painter.end()
        return result

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk the columns, Escape leaves them."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if step and self.figure.length:
            column = min(max(self.chosen + step, 0), self.figure.length - 1)
            if column != self.chosen:
                self.pick(column)
        elif event.key() == Qt.Key.Key_Escape and self.chosen >= 0:
            self.pick(self.chosen)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._later.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._plot is not None:
            self._later.start()
