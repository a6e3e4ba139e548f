"""A bare pyqtgraph plot and what its axes say: round values, short numbers, labels that fit.

pyqtgraph is imported when the first chart is drawn: it costs a third of a second that start-up
need not pay.
"""

import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame

from gui import theme


def short(value: float) -> str:
    """1500000 → 1.5M: what fits beside an axis."""
    for limit, letter in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= limit:
            return f"{value / limit:.3g}{letter}"
    return f"{value:.6g}"


def rounds(low: float, high: float, most: int = 5) -> tuple[float, ...]:
    """Three to five round values from `low` to `high`, in steps of 1, 2, 2.5 or 5 × 10ⁿ."""
    span = high - low
    if not math.isfinite(span) or span <= 0:
        return (low,) if math.isfinite(low) else ()
    step = 10 ** math.floor(math.log10(span))
    step = next(s for s in (step / 5, step / 4, step / 2, step, step * 2) if span / s <= most)
    first = math.ceil(low / step - 1e-9)
    return tuple(n * step for n in range(first, math.floor(high / step + 1e-9) + 1))


def plot(left: bool = True) -> Any:
    """A bare plot: no frame, no ticks, no menu, labels in the caption size."""
    import pyqtgraph as pg

    result = pg.PlotWidget(background=None)
    result.setMenuEnabled(False)
    result.setMouseEnabled(False, False)
    result.hideButtons()
    result.setFrameShape(QFrame.Shape.NoFrame)
    if not left:
        result.hideAxis("left")
    return result


def dress(view: Any) -> None:
    """The axes' pens and fonts, of the theme as it is now."""
    import pyqtgraph as pg

    t, font = theme.tokens(), QFont(view.font())
    font.setPixelSize(theme.CAPTION)
    view.setBackground(t.surface)  # left to the palette, the old theme's ground stays cached
    for side in ("left", "bottom"):
        axis = view.getAxis(side)
        axis.setPen(pg.mkPen(None) if side == "left" else pg.mkPen(t.border))
        axis.setTextPen(t.muted)
        axis.setTickPen(t.surface)  # a tick of length 0 still leaves a dot
        axis.setTickFont(font)
        axis.setStyle(tickLength=0, tickTextOffset=8, autoExpandTextSpace=False)
    view.getAxis("bottom").setHeight(28)
    view.getAxis("left").setWidth(48)


def hairlines(view: Any, values: Sequence[float], angle: int = 0) -> None:
    """pyqtgraph's own grid crosses the bars; these lines lie behind them."""
    import pyqtgraph as pg

    for value in values:
        line = pg.InfiniteLine(value, angle, pen=pg.mkPen(theme.tokens().line, width=1))
        line.setZValue(-10)
        view.addItem(line)


def thin(labels: Sequence[str], room: float, least: float = 10) -> list[tuple[int, str]]:
    """As many labels as fit side by side in `room` px; an even step, the first one always there."""
    if not labels:
        return []
    widest = max(len(text) for text in labels) * 6 + least
    step = max(1, math.ceil(len(labels) * widest / max(room, 1)))
    return [(i, text) for i, text in enumerate(labels) if i % step == 0]


def clip(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
