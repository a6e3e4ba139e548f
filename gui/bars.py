"""Bars that stand for counts: the quality of a field or file, and counts by category."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QProgressBar, QWidget

from gui import theme

LEAST = 4.0  # px: one bad row in a million still shows


def paint_quality(p: QPainter, box: QRectF, valid: int, problem: int, missing: int) -> None:
    """Valid is solid, a problem solid and 2 px taller, missing hollow: shape, not colour alone."""
    t = theme.tokens()
    kinds = ((valid, "valid"), (problem, "problem"), (missing, "missing"))
    parts = [(n, kind) for n, kind in kinds if n]
    p.save()
    p.setRenderHint(QPainter.RenderHint.Antialiasing)
    p.setPen(Qt.PenStyle.NoPen)
    x = box.left()
    for (_, kind), width in zip(parts, _widths([n for n, _ in parts], box.width()), strict=True):
        rect = QRectF(x, box.top(), width, box.height())
        if kind == "missing":
            p.setPen(QPen(QColor(t.faint), 1))
            p.setBrush(Qt.BrushStyle.NoBrush)
            p.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 1.5, 1.5)
            p.setPen(Qt.PenStyle.NoPen)
        else:
            colour = QColor(t.valid if kind == "valid" else t.problem)
            colour.setAlphaF(0.55 if kind == "valid" else 1)
            p.setBrush(colour)
            p.drawRoundedRect(rect.adjusted(0, -2 if kind == "problem" else 0, 0, 0), 1.5, 1.5)
        x += width + 2
    p.restore()


def _widths(counts: Sequence[int], width: float) -> list[float]:
    """By share, none under LEAST; the widest pays for that."""
    room = width - 2 * (len(counts) - 1)
    widths = [max(LEAST, room * n / sum(counts)) for n in counts]
    if widths:
        widths[widths.index(max(widths))] -= sum(widths) - room
    return widths


class ProgressBar(QProgressBar):
    """How much of a work is done, from 0 to 1."""

    def __init__(self) -> None:
        super().__init__()
        self.setRange(0, 1000)
        self.setTextVisible(False)

    def show_fraction(self, fraction: float) -> None:
        """Told a value, Qt's bar paints at once, and all else in the window that waits for it."""
        self.setUpdatesEnabled(False)
        self.setValue(int(1000 * fraction))
        self.setUpdatesEnabled(True)


class QualityBar(QWidget):
    def __init__(self, valid: int = 0, problem: int = 0, missing: int = 0, height: int = 4) -> None:
        super().__init__()
        self.bar = height
        self.setFixedHeight(height + 4)
        self.set_counts(valid, problem, missing)

    def set_counts(self, valid: int, problem: int, missing: int = 0) -> None:
        self.counts = (valid, problem, missing)
        words = self.tr("{0} valid, {1} wrong, {2} missing")
        said = words.format(f"{valid:,}", f"{problem:,}", f"{missing:,}")
        self.setToolTip(said)
        self.setAccessibleName(said)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        paint_quality(p, QRectF(0, 3, self.width(), self.bar), *self.counts)
        p.end()


NUMBERS = 56  # pixels for the counts, or more where they need it


class Bars(QWidget):
    """Counts by category, each bar with its words and number: chart, legend and filter in one.

    `picked(index)` for a click or Return on a bar, -1 when the chosen one is picked again.
    """

    picked = Signal(int)

    def __init__(
        self,
        rows: Sequence[tuple[str, int]] = (),
        role: str = "",
        current: int = -1,
        name_width: int = 112,
        step: int = 28,
    ) -> None:
        super().__init__()
        self.role, self.name_width, self.step = role, name_width, step
        self.bars: tuple[tuple[str, int], ...] = ()
        self.current = self._under = -1
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_rows(rows, current)

    def set_rows(self, rows: Sequence[tuple[str, int]], current: int = -1) -> None:
        self.bars, self.current = tuple(rows), current
        self._under = max(current, 0)
        self.setFixedHeight(self.step * len(self.bars))
        self.setAccessibleName(", ".join(f"{name} {count:,}" for name, count in self.bars))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pick(int(event.position().y() // self.step))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self._under = min(max(self._under + step, 0), len(self.bars) - 1)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._pick(self._under)
        else:
            super().keyPressEvent(event)

    def _pick(self, index: int) -> None:
        if 0 <= index < len(self.bars):
            self.current = -1 if index == self.current else index
            self._under = index
            self.update()
            self.picked.emit(self.current)

    def paintEvent(self, event: QPaintEvent) -> None:
        p = QPainter(self)
        p.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max((count for _, count in self.bars), default=1) or 1
        metrics = QFontMetrics(theme.sized(self.font(), theme.SMALL, QFont.Weight.Medium))
        numbers = max(NUMBERS, metrics.horizontalAdvance(f"{most:,}") + 8)
        for i, (name, count) in enumerate(self.bars):
            self._paint_bar(p, i, name, count, most, numbers)
        p.end()

    def _paint_bar(
        self, p: QPainter, i: int, name: str, count: int, most: int, numbers: int
    ) -> None:
        t, y = theme.tokens(), i * self.step
        side, middle = Qt.AlignmentFlag, Qt.AlignmentFlag.AlignVCenter
        lit = self.current in (-1, i)
        if i == self.current or (self.hasFocus() and i == self._under):
            p.setPen(QPen(QColor(t.accentText), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
            p.setBrush(QColor(t.accentSoft))
            p.drawRoundedRect(QRectF(1, y + 1, self.width() - 2, self.step - 2), 4, 4)
        weight = QFont.Weight.Medium if i == self.current else QFont.Weight.Normal
        p.setFont(theme.sized(self.font(), theme.SMALL, weight))
        p.setPen(QColor(t.text if lit else t.muted))
        room = self.name_width - 12
        words = p.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room)
        p.drawText(QRect(8, y, room, self.step), side.AlignLeft | middle, words)
        colour = QColor(getattr(t, self.role) if self.role else t.series[0])
        colour.setAlphaF(1 if lit else 0.45)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(colour)
        width = max(3.0, (self.width() - self.name_width - numbers - 8) * count / most)
        p.drawRoundedRect(QRectF(self.name_width, y + self.step / 2 - 5, width, 10), 2, 2)
        p.setPen(QColor(t.text if lit else t.muted))
        where = QRect(self.width() - numbers - 8, y, numbers, self.step)
        p.drawText(where, side.AlignRight | middle, f"{count:,}")
