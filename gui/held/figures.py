"""The head of the Quarantine page: bars by reason and by field, and how many rows are ready."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from core.quarantine import Review
from gui.bars import Bars
from gui.held.work import Asked, by_field, by_reason
from gui.layout import col, row
from gui.widgets import label

MOST = 4  # bars seen at once; the others are scrolled to


class Figures(QFrame):
    """`chosen(code, rule, field)`: a bar was clicked; empty texts take the filter away."""

    chosen = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.asked = Asked()
        self._reasons: list[tuple[str, str, str, int]] = []
        self._fields: list[tuple[str, int]] = []
        self.reasons = Bars(role="problem", name_width=136)
        self.fields = Bars(role="problem", name_width=104)
        self.reasons.picked.connect(self._reason)
        self.fields.picked.connect(self._field)
        self._areas = (_scrolled(self.reasons), _scrolled(self.fields))
        self.ready = label("", "strong")
        self.note = label("", "small", wrap=True)
        note = QWidget()
        note.setLayout(col(6, self.ready, 4, self.note, None))
        note.setMinimumWidth(150)
        self.setLayout(
            row(
                (self._areas[0], 5),
                16,
                (self._areas[1], 4),
                20,
                (note, 3),
                gap=0,
                pad=(8, 0, 16, 0),
            )
        )

    def show_review(self, review: Review, asked: Asked) -> None:
        self.asked = asked
        self._reasons = by_reason(review.kinds)
        self._fields = by_field(review.kinds, asked.code, asked.rule)
        at = [(code, rule) for _, code, rule, _ in self._reasons]
        current = at.index((asked.code, asked.rule)) if (asked.code, asked.rule) in at else -1
        self.reasons.set_rows([(words, n) for words, _, _, n in self._reasons], current)
        names = [name for name, _ in self._fields]
        chosen = names.index(asked.field) if asked.field in names else -1
        self.fields.set_rows(self._fields, chosen)
        longest = max(len(self._reasons), len(self._fields), 2)
        for area in self._areas:
            area.setFixedHeight(min(longest, MOST) * self.reasons.step)
        held = self.tr("{0} of {1} are ready").format(f"{review.ready or 0:,}", f"{review.held:,}")
        none = self.tr("{0} wait to be mended").format(f"{review.held:,}")
        some = self.tr("{0} wait").format(f"{review.held:,}")
        self.ready.setText(some if review.ready is None else held if review.ready else none)
        self.note.setText(
            self.tr("Edited rows are checked again as you type. Resubmitting twice does no harm.")
        )

    @Slot(int)
    def _reason(self, at: int) -> None:
        _, code, rule, _ = self._reasons[at] if at >= 0 else ("", "", "", 0)
        self.chosen.emit(code, rule, "")

    @Slot(int)
    def _field(self, at: int) -> None:
        name = self._fields[at][0] if at >= 0 else ""
        self.chosen.emit(self.asked.code, self.asked.rule, name)


def _scrolled(bars: Bars) -> QScrollArea:
    """A few bars high; more are scrolled to."""
    area = QScrollArea()
    area.setWidget(bars)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    bars.setAutoFillBackground(False)
    return area
