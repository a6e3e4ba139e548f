"""What to ask: X, Y, by, and the kind of chart; only what can be asked of it is offered."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from gui.chart.ask import (
    DATES,
    FIGURES,
    NUMBERS,
    UNITS,
    Known,
    Question,
    is_category,
    kinds_for,
    words,
)
from gui.charts import CHARTS
from gui.combo import Combo
from gui.layout import row
from gui.widgets import label, segment


class Form(QFrame):
    """`asked(Question)` whenever the user chose something else."""

    asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.question = Question()
        self.known: Mapping[str, Known] = {}
        self.sample = 0
        self.across, self.up, self.split = Combo(), Combo(), Combo()
        self.kinds = segment(
            tuple("" for _ in CHARTS), 0, tuple(chart.icon for chart in CHARTS.values())
        )
        for tool, chart in zip(self.kinds.parts, CHARTS.values(), strict=True):
            tool.setToolTip(self.tr(chart.name))
            tool.setAccessibleName(self.tr(chart.name))
        self.y_word: QLabel = label("Y", "small")
        self.by_word: QLabel = label(self.tr("by"), "small")
        for part, name, width in (
            (self.across, "X", 156),
            (self.up, "Y", 164),
            (self.split, self.tr("by"), 120),
        ):
            part.setAccessibleName(name)
            part.setFixedWidth(width)
            part.activated.connect(self._chosen)
            part.view().setMinimumWidth(width + 60)
            part.view().setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.kinds.chosen.connect(self._kind)
        said: QLabel = label("X", "small")
        asked = (self.across, 8, self.y_word, self.up, 8, self.by_word, self.split)
        self.setLayout(row(said, *asked, 8, self.kinds, None))

    def show_question(self, question: Question, known: Mapping[str, Known], sample: int) -> None:
        self.question, self.known, self.sample = question, known, sample
        for combo, choices, current in (
            (self.across, self._x_choices(), (question.x, question.unit)),
            (self.up, self._y_choices(), (question.figure, question.y)),
            (self.split, self._by_choices(), question.by),
        ):
            with QSignalBlocker(combo):
                combo.clear()
                for text, value in choices:
                    combo.addItem(text, value)
                values = [value for _, value in choices]
                combo.setCurrentIndex(values.index(current) if current in values else 0)
        histogram, scatter = question.kind == "histogram", question.kind == "scatter"
        self.up.setVisible(not histogram)
        self.y_word.setVisible(not histogram)
        self.split.setVisible(not (histogram or scatter))
        self.by_word.setVisible(not (histogram or scatter))
        fits = kinds_for(question, known)
        for part, name in zip(self.kinds.parts, CHARTS, strict=True):
            part.setEnabled(name in fits)
        self.kinds.set_current(list(CHARTS).index(question.kind))

    def _x_choices(self) -> list[tuple[str, tuple[str, str]]]:
        choices: list[tuple[str, tuple[str, str]]] = []
        for name, one in self.known.items():
            if one.kind in DATES:
                choices += [(words(unit, name), (name, unit)) for unit in UNITS]
            elif self.question.kind not in ("histogram", "scatter") or one.kind in NUMBERS:
                choices.append((name, (name, "")))
        return choices

    def _y_choices(self) -> list[tuple[str, tuple[str, str]]]:
        numbers = [name for name, one in self.known.items() if one.kind in NUMBERS]
        if self.question.kind == "scatter":
            return [(name, ("count", name)) for name in numbers if name != self.question.x]
        counted = [(words("count"), ("count", ""))]
        return counted + [(words(f, name), (f, name)) for name in numbers for f in FIGURES]

    def _by_choices(self) -> list[tuple[str, str]]:
        groups = [
            name
            for name, one in self.known.items()
            if one.kind in ("string", "boolean")
            and name != self.question.x
            and (is_category(one, self.sample) or name == self.question.by)
        ]
        return [(self.tr("nothing"), ""), *((name, name) for name in groups)]

    @Slot()
    def _chosen(self) -> None:
        x, unit = self.across.currentData() or ("", "")
        figure, y = self.up.currentData() or ("count", "")
        by = self.split.currentData() or ""
        question = replace(self.question, x=x, unit=unit, figure=figure, y=y, by=by)
        self._ask(question)

    @Slot(int)
    def _kind(self, at: int) -> None:
        kind = list(CHARTS)[at]
        question = replace(self.question, kind=kind)
        if kind == "scatter":
            numbers = [
                n for n, one in self.known.items() if one.kind in NUMBERS and n != question.x
            ]
            y = question.y if question.y in numbers else (numbers[0] if numbers else "")
            question = replace(question, y=y, figure="count", by="", unit="")
        elif kind == "histogram":
            question = replace(question, y="", figure="count", by="", unit="")
        elif self.question.kind == "scatter":
            question = replace(question, figure="mean" if question.y else "count")
        self._ask(question)

    def _ask(self, question: Question) -> None:
        """An X that the kind cannot show takes the first kind that can."""
        fits = kinds_for(question, self.known)
        if question.kind not in fits:
            question = replace(question, kind=fits[0])
        if question.by == question.x:
            question = replace(question, by="")
        if question != self.question:
            self.asked.emit(question)
