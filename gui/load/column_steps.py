"""Within the column panel: the cleaning steps in order, each on or off, and a menu to add one."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QMenu, QWidget

from core.cleaning import STEPS, Step
from gui.layout import col, frame, row
from gui.widgets import button, label, tool


class StepList(QWidget):
    """`wanted(steps, name of the change)`."""

    wanted = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps: tuple[Step, ...] = ()
        self.rows: list[QFrame] = []
        self.add = button(self.tr("Add step"), "link", "plus")
        self.add.clicked.connect(self._menu)
        self.none = label(self.tr("Cells are taken as they stand."), "small")
        self.box = col(gap=0)
        self.setLayout(
            col(
                row(label(self.tr("Cleaning"), "section"), None, self.add),
                4,
                self.none,
                self.box,
            )
        )

    def show_steps(self, steps: Sequence[Step]) -> None:
        if tuple(steps) == self.steps and (self.rows or not steps):
            return
        self.steps = tuple(steps)
        for old in self.rows:
            self.box.removeWidget(old)
            old.deleteLater()
        self.rows = [self._row(i, step) for i, step in enumerate(self.steps)]
        for one in self.rows:
            self.box.addWidget(one)
        self.none.setVisible(not self.steps)

    def _row(self, i: int, step: Step) -> QFrame:
        words = step_words(step)
        name = label(words)
        name.setToolTip(words)
        away = tool("x", self.tr("Remove this step"))
        away.clicked.connect(lambda _=False, i=i: self._without(i))
        up = tool("chevron-up", self.tr("Do this step earlier"))
        up.setEnabled(i > 0)
        up.clicked.connect(lambda _=False, i=i: self._earlier(i))
        return frame("item", row((name, 1), up, away, gap=0), height=28)

    def _without(self, i: int) -> None:
        steps = (*self.steps[:i], *self.steps[i + 1 :])
        self.wanted.emit(steps, self.tr("without “{0}”").format(step_words(self.steps[i])))

    def _earlier(self, i: int) -> None:
        steps = (*self.steps[: i - 1], self.steps[i], self.steps[i - 1], *self.steps[i + 1 :])
        self.wanted.emit(steps, self.tr("another order of steps"))

    @Slot()
    def _menu(self) -> None:
        menu = QMenu(self)
        for kind in STEPS.values():
            if not kind.needs:
                menu.addAction(kind.label, partial(self._with, kind.name))
        menu.popup(self.add.mapToGlobal(self.add.rect().bottomLeft()))

    def _with(self, name: str) -> None:
        words = STEPS[name].label[:1].lower() + STEPS[name].label[1:]
        self.wanted.emit((*self.steps, Step(name)), words)


def step_words(step: Step) -> str:
    kind = STEPS.get(step.name)
    words = kind.label if kind is not None else step.name
    shown = [_param(value) for key, value in step.params.items() if key != "only"]
    return f"{words}: {', '.join(shown)}" if shown else words


def _param(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{old} → {new or 'empty'}" for old, new in value.items())
    return str(value)
