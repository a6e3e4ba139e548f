"""Charts in pyqtgraph, undressed: no frame, no ticks, no menu; hairlines behind the bars.

`CHARTS` holds one function a kind; each draws a Figure on an empty plot and reads the tokens as it
does, so that redrawing is all a change of theme takes. pyqtgraph is imported when the first chart
is drawn: it costs a third of a second that start-up need not pay.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtGui import QColor

from gui import theme
from gui.plots import clip, hairlines, rounds, short, thin


@dataclass(frozen=True, slots=True)
class Figure:
    """What a chart shows: `values` has a row for each of `names` and a column for each of `labels`.

    NaN is a gap. A histogram has one more label than columns (its edges); a scatter chart has its
    horizontal positions in `places` and one row of values.
    """

    labels: tuple[str, ...] = ()
    names: tuple[str, ...] = ("",)
    values: tuple[tuple[float, ...], ...] = ()
    places: tuple[float, ...] = ()
    stack: bool = True  # sums and counts add up; averages and extremes do not

    @property
    def length(self) -> int:
        return len(self.values[0]) if self.values else 0

    @property
    def stacked(self) -> bool:
        """Parts below zero cannot stand on one another."""
        parts = (v for row in self.values for v in row)
        return self.stack and len(self.values) > 1 and not any(v < 0 for v in parts)

    def total(self, column: int) -> float:
        return math.fsum(row[column] for row in self.values if not math.isnan(row[column]))


@dataclass(frozen=True, slots=True)
class Chart:
    """`draw` fills an empty plot and returns nothing; `pick` says which way its columns lie."""

    name: str
    icon: str
    draw: Callable[[Any, Figure, int], None]
    pick: str = "x"  # "x", "y" or "point"


def _band(view: Any, chosen: int, orientation: str = "vertical") -> None:
    import pyqtgraph as pg

    if chosen < 0:
        return
    soft = theme.tokens().accentSoft
    item = pg.LinearRegionItem(
        (chosen - 0.5, chosen + 0.5),
        orientation=orientation,
        movable=False,
        brush=soft,
        pen=pg.mkPen(None),
    )
    item.setZValue(-20)
    view.addItem(item)


def _brush(figure: Figure, series: int) -> QColor:
    """One series alone is drawn at 75 %, so that a page of one colour stays calm."""
    t = theme.tokens()
    result = QColor(t.series[series % len(t.series)])
    if len(figure.values) > 1:
        return result
    ground = QColor(t.surface)  # mixed rather than let through: hairlines stay behind
    pairs = (
        (result.red(), ground.red()),
        (result.green(), ground.green()),
        (result.blue(), ground.blue()),
    )
    return QColor(*(round(0.75 * own + 0.25 * under) for own, under in pairs))


def _range(figure: Figure, zero: bool) -> tuple[float, float]:
    """Least and greatest of what is drawn, with 5 % of air above (below too, where needed)."""
    if figure.stacked:
        flat = [figure.total(i) for i in range(figure.length)]
    else:
        flat = [v for row in figure.values for v in row if not math.isnan(v)]
    low, high = min(flat, default=0.0), max(flat, default=1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = (low - 1, high + 1) if high else (0.0, 1.0)
    air = (high - low) * 0.05
    return (low if zero and low == 0 else low - air), high + air


def _values_axis(view: Any, figure: Figure, zero: bool, side: str = "left") -> None:
    low, high = _range(figure, zero)
    marks = rounds(low, high)
    view.getAxis(side).setTicks([[(v, short(v)) for v in marks]])
    hairlines(view, marks, 0 if side == "left" else 90)
    (view.setYRange if side == "left" else view.setXRange)(low, high, padding=0)


def _names_axis(view: Any, figure: Figure) -> None:
    room = max(view.width() - 64, 200)
    labels = [clip(text, 18) for text in figure.labels]
    view.getAxis("bottom").setTicks([thin(labels, room)])
    view.setXRange(-0.5, max(figure.length, 1) - 0.5, padding=0.01)


def _parts(figure: Figure) -> list[tuple[int, list[float], list[float], float, float]]:
    """(series, base, size, offset, width) of each row of bars: on one another, or side by side."""
    base, parts = [0.0] * figure.length, []
    many = len(figure.values) if not figure.stacked else 1
    width = 0.6 / many if many > 1 else 0.6
    for i, row in enumerate(figure.values):
        sizes = [0.0 if math.isnan(v) else v for v in row]
        offset = (i - (many - 1) / 2) * width if many > 1 else 0.0
        parts.append((i, list(base), sizes, offset, width))
        if figure.stacked:
            base = [b + s for b, s in zip(base, sizes, strict=True)]
    return parts


def draw_bars(view: Any, figure: Figure, chosen: int) -> None:
    """Upright bars, stacked where parts add up; zero is always there."""
    import pyqtgraph as pg

    _band(view, chosen)
    edge = pg.mkPen(theme.tokens().surface, width=1) if figure.stacked else pg.mkPen(None)
    for series, base, sizes, offset, width in _parts(figure):
        x = [i + offset for i in range(figure.length)]
        brush = _brush(figure, series)
        view.addItem(
            pg.BarGraphItem(x=x, y0=base, height=sizes, width=width, brush=brush, pen=edge)
        )
    _values_axis(view, figure, zero=True)
    _names_axis(view, figure)


def draw_rows(view: Any, figure: Figure, chosen: int) -> None:
    """Bars lying down, the first at the top: for names too long to stand under a bar."""
    import pyqtgraph as pg

    _band(view, chosen, "horizontal")
    edge = pg.mkPen(theme.tokens().surface, width=1) if figure.stacked else pg.mkPen(None)
    for series, base, sizes, offset, width in _parts(figure):
        y = [i + offset for i in range(figure.length)]
        brush = _brush(figure, series)
        view.addItem(
            pg.BarGraphItem(x0=base, y=y, width=sizes, height=width, brush=brush, pen=edge)
        )
    _values_axis(view, figure, zero=True, side="bottom")
    names = [clip(text, 22) for text in figure.labels]
    step = max(1, math.ceil(len(names) * 18 / max(view.height() - 40, 60)))
    axis = view.getAxis("left")
    axis.setTicks([[(i, text) for i, text in enumerate(names) if i % step == 0]])
    axis.setWidth(min(24 + 7 * max((len(n) for n in names), default=4), 172))
    view.invertY(True)
    view.setYRange(-0.5, max(figure.length, 1) - 0.5, padding=0.01)


def draw_lines(view: Any, figure: Figure, chosen: int) -> None:
    """One line a series; a single one stands on a soft area."""
    import pyqtgraph as pg

    _band(view, chosen)
    low, _high = _range(figure, zero=True)
    for i, row in enumerate(figure.values):
        colour = QColor(theme.tokens().series[i % 8])
        item = view.plot(
            list(range(len(row))),
            list(row),
            pen=pg.mkPen(colour, width=2),
            antialias=True,
            connect="finite",
            symbol="o" if len(row) <= 40 else None,
            symbolSize=5,
            symbolBrush=colour,
            symbolPen=None,
        )
        if len(figure.values) == 1:
            area = QColor(colour)
            area.setAlphaF(0.14)
            item.setFillLevel(max(low, 0.0))
            item.setBrush(area)
    _values_axis(view, figure, zero=True)
    _names_axis(view, figure)


def draw_histogram(view: Any, figure: Figure, chosen: int) -> None:
    """Bars that touch, with their edges named below: bar i runs from edge i to edge i + 1."""
    import pyqtgraph as pg

    _band(view, chosen)
    pen = pg.mkPen(theme.tokens().surface, width=1)
    for i, row in enumerate(figure.values):
        view.addItem(
            pg.BarGraphItem(
                x=list(range(len(row))),
                height=list(row),
                width=1.0,
                brush=_brush(figure, i),
                pen=pen,
            )
        )
    _values_axis(view, figure, zero=True)
    room = max(view.width() - 64, 200)
    ticks = [(i - 0.5, text) for i, text in thin(figure.labels, room)]
    view.getAxis("bottom").setTicks([ticks])
    view.setXRange(-0.5, max(figure.length, 1) - 0.5, padding=0.03)


def draw_points(view: Any, figure: Figure, chosen: int) -> None:
    """One point a document; the chosen one has the ring of a chosen cell."""
    import pyqtgraph as pg

    t = theme.tokens()
    places, row = figure.places, figure.values[0] if figure.values else ()
    fill = QColor(t.series[0])
    fill.setAlphaF(0.5)
    view.addItem(
        pg.ScatterPlotItem(x=list(places), y=list(row), size=6, brush=fill, pen=pg.mkPen(None))
    )
    if 0 <= chosen < len(row):
        ring = pg.mkPen(t.accentText, width=2)
        at = ([places[chosen]], [row[chosen]])
        view.addItem(pg.ScatterPlotItem(x=at[0], y=at[1], size=12, brush=None, pen=ring))
    _values_axis(view, figure, zero=False)
    low, high = min(places, default=0.0), max(places, default=1.0)
    air = (high - low) * 0.03 or 1.0
    marks = rounds(low, high, 8)
    view.getAxis("bottom").setTicks([[(v, short(v)) for v in marks]])
    view.setXRange(low - air, high + air, padding=0)


CHARTS: dict[str, Chart] = {
    "bar": Chart("Bars", "chart-column", draw_bars),
    "line": Chart("Line", "chart-line", draw_lines),
    "rows": Chart("Bars lying down", "chart-bar", draw_rows, "y"),
    "histogram": Chart("Histogram", "chart-no-axes-column", draw_histogram),
    "scatter": Chart("Points", "chart-scatter", draw_points, "point"),
}
