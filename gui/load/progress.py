"""A load under way: rows so far, rate, time left; what is safe to do meanwhile."""

from PySide6.QtWidgets import QFrame, QWidget

from gui.bars import ProgressBar
from gui.layout import col, row
from gui.load.state import OpenFile, duration_words, rows_words
from gui.widgets import label


class Progress(QFrame):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self.rows = label("", "strong")
        self.rate = label("", "small")
        self.left = label("", "small")
        self.bar = ProgressBar()
        self.bar.setFixedHeight(4)
        self.bar.setAccessibleName(self.tr("Progress of the load"))
        self.words = label("", "small")
        top = row(self.rows, None, self.rate, self.left, gap=16)
        self.setLayout(col(top, 8, self.bar, 8, self.words, pad=(16, 16, 16, 16)))

    def show_file(self, file: OpenFile) -> None:
        load = file.load
        if file.phase == "loading" and load is None:
            self.rows.setText(self.tr("Starting…"))
            self._nothing_yet(self.tr("Nothing is written yet."))
            return
        if load is None or file.phase == "queued":
            self.rows.setText(self.tr("Waiting for the load before it"))
            self._nothing_yet(self.tr("You can go on working; it begins by itself."))
            return
        total = file.report.records if file.report is not None and file.checked else 0
        done = f"{load.records:,}"
        self.rows.setText(
            self.tr("{0} of {1}").format(done, rows_words(total))
            if total
            else rows_words(load.records)
        )
        speed, left = file.pace.rate, file.pace.left
        words = self.tr("{0} rows/s").format(f"{speed:,.0f}") if speed is not None else ""
        self.rate.setText(words or self.tr("starting…"))
        words = self.tr("finishing…") if load.fraction >= 1 else ""
        if left is not None and not words:
            words = self.tr("{0} left").format(duration_words(left))
        self.left.setText(words)
        self.bar.show_fraction(load.fraction)
        self.words.setText(
            load.message
            or self.tr(
                "{0} held so far. You can go on working; closing the window stops the load, "
                "and it can be resumed."
            ).format(f"{load.quarantined:,}")
        )

    def _nothing_yet(self, words: str) -> None:
        self.rate.setText("")
        self.left.setText("")
        self.bar.show_fraction(0)
        self.words.setText(words)
