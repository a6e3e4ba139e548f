"""Within the column panel: what its values look like, as a histogram or the most frequent ones."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QWidget

from core.batch import Quality
from core.plural import counted, verb
from gui.bars import Bars, QualityBar
from gui.layout import col, row
from gui.load.histogram import Histogram
from gui.load.profile import ColumnProfile
from gui.load.state import percent
from gui.widgets import label


class ColumnValues(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = label("", "caption")
        self.count.setToolTip(
            self.tr("The valid cells of all rows, also of rows that are held for another cell")
        )
        self.histogram = Histogram()
        self.bars = Bars()
        self.figures = [(label("", "caption"), label("")) for _ in range(4)]
        grid = row(*(col(name, value, gap=2) for name, value in self.figures), gap=8)
        self.grid = QWidget()
        self.grid.setLayout(grid)
        self.bar = QualityBar(height=4)
        self.share, self.wrong, self.missing = (label("", "caption") for _ in range(3))
        self.gone = label("", "caption", wrap=True)
        self.setLayout(
            col(
                row(label(self.tr("Values"), "section"), None, self.count),
                4,
                self.histogram,
                self.bars,
                8,
                self.grid,
                8,
                self.bar,
                4,
                row(self.share, None, self.wrong, None, self.missing),
                self.gone,
            )
        )
        self.show_profile(None)

    def show_profile(self, profile: ColumnProfile | None) -> None:
        """None while nothing is known yet."""
        bars = profile is not None and bool(profile.counts) and (profile.distinct or 99) > 12
        self.profile = profile
        self.histogram.setVisible(bars)
        self.bars.setVisible(profile is not None and not bars and bool(profile.top))
        self.grid.setVisible(profile is not None and bool(profile.figures))
        told = missing_words(profile.missing if profile is not None else ())
        self.gone.setText(told)
        self.gone.setVisible(bool(told))
        self.missing.setToolTip(told)
        if profile is None:
            self.count.setText(self.tr("reading…"))
            return
        self.count.setText(count_words(profile))
        if bars:
            self.histogram.show_bars(profile.edges, profile.counts, profile.moments)
        else:
            self.bars.set_rows(profile.top[:6])
        for i, (name, value) in enumerate(self.figures):
            known = i < len(profile.figures)
            name.setText(profile.figures[i][0] if known else "")
            value.setText(profile.figures[i][1] if known else "")

    def show_quality(self, quality: Quality, wrong: Mapping[str, int]) -> None:
        """`wrong`: how many cells each kind of problem has, in words."""
        total = quality.valid + quality.problem + quality.missing
        self.bar.set_counts(quality.valid, quality.problem, quality.missing)
        self.share.setText(self.tr("{0} valid").format(percent(quality.valid, total)))
        words = next(iter(wrong)) if len(wrong) == 1 else self.tr("wrong")
        self.wrong.setText(f"{quality.problem:,} {words}" if quality.problem else "")
        self.wrong.setToolTip("\n".join(f"{n:,} {words}" for words, n in wrong.items()))
        self.missing.setText(self.tr("{0} missing").format(f"{quality.missing:,}"))


def count_words(profile: ColumnProfile) -> str:
    distinct = "many" if profile.distinct is None else f"{profile.distinct:,}"
    return f"{profile.count:,} of {counted(profile.cells, 'cell')}, {distinct} distinct"


def missing_words(words: Sequence[tuple[str, int]], most: int = 4) -> str:
    """“n/a” ×3 and “-” ×1 are read as missing; "" where no word is."""
    if not words:
        return ""
    said = [f"“{word}” ×{count:,}" for word, count in words[:most]]
    if len(words) > most:
        said.append(counted(len(words) - most, "other word"))
    listed = " and ".join(filter(None, (", ".join(said[:-1]), said[-1])))
    return f"{listed} {verb(len(said), 'is', 'are')} read as missing."
