"""Below the head: how many rows are good, how many need attention, and their bar."""

from PySide6.QtWidgets import QFrame, QLabel, QWidget

from core.recipes.schema import Schema
from gui.bars import QualityBar
from gui.layout import row
from gui.load.state import OpenFile, check_counts, duplicates, percent
from gui.widgets import glyph, label

WIDE = 860


def unique_in(schema: Schema) -> bool:
    """Whether anything in it may stand there only once."""
    keys = bool(schema.primary_key or schema.unique_keys)
    return keys or any(field.constraints.get("unique") for field in schema.fields)


class Summary(QFrame):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "bar")
        self.setFixedHeight(44)
        self.valid, self.problem, self.double = (label("0", "figure") for _ in range(3))
        self.attention = label("", "muted")
        self.twins = label(self.tr("duplicates"), "muted")
        self.bar = QualityBar(height=6)
        self.bar.setMinimumWidth(40)
        self.bar.setMaximumWidth(220)
        self.share = label("", "small")
        doubles = self._stat("copy", "faint", self.double, self.twins)
        self.setLayout(
            row(
                self._stat("circle-check", "valid", self.valid, label(self.tr("valid"), "muted")),
                12,
                self._stat("circle-alert", "problem", self.problem, self.attention),
                12,
                doubles,
                None,
                (self.bar, 1),
                self.share,
                gap=8,
                pad=(16, 0, 16, 0),
            )
        )

    def _stat(self, icon: str, tone: str, figure: QLabel, words: QLabel) -> QWidget:
        box = QWidget()
        box.setLayout(row(glyph(icon, tone), figure, words, gap=6))
        return box

    def set_wide(self, wide: bool) -> None:
        """With a panel beside it the bar says how many are valid."""
        self.share.setVisible(wide)

    def show_file(self, file: OpenFile) -> None:
        report, sums = file.report, check_counts(file.report)
        self.valid.setText(f"{sums.valid:,}")
        self.problem.setText(f"{sums.problem:,}")
        one = sums.problem == 1
        self.attention.setText(self.tr("needs attention") if one else self.tr("need attention"))
        twins = duplicates(report) if report is not None else 0
        self.double.setText(f"{twins:,}")
        self.twins.setText(self.tr("duplicate") if twins == 1 else self.tr("duplicates"))
        why = self.tr("Rows whose key, or value of a unique column, stands in the file before.")
        if not twins and file.work is not None and not unique_in(file.work.recipe.schema):
            why = self.tr("No column is a key or unique, so equal rows are no mistake.")
        for part in (self.double, self.twins):
            part.setToolTip(why)
        self.bar.set_counts(sums.valid, sums.problem, sums.missing)
        checked = sums.valid + sums.problem
        words = self.tr("{0} valid").format(percent(sums.valid, checked)) if checked else ""
        if report is not None and report.state == "running":
            words = self.tr("checking… {0}").format(f"{report.fraction:.0%}")
        self.share.setText(words)
