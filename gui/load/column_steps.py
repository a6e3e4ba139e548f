"""Within the column panel: the cleaning steps in order, each on or off, and a menu to add one."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QMenu, QSizePolicy, QWidget

from core.fixes import Fix
from core.values.cleaning import STEPS, Step
from gui.layout import col, frame, row
from gui.widgets import button, label, tool


class StepList(QWidget):
    """`wanted(steps, name of the change)`; `taken(fix)` for one on offer."""

    wanted = Signal(object, str)
    taken = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps: tuple[Step, ...] = ()
        self.fixes: tuple[Fix, ...] = ()
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

    def show_steps(self, steps: Sequence[Step], fixes: Sequence[Fix] = ()) -> None:
        if (tuple(steps), tuple(fixes)) == (self.steps, self.fixes):
            return
        self.steps, self.fixes = tuple(steps), tuple(fixes)
        for old in self.rows:
            self.box.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.rows = [self._row(i, step) for i, step in enumerate(self.steps)]
        self.rows += [self._proposed(fix) for fix in self.fixes]
        for one in self.rows:
            self.box.addWidget(one)
        self.none.setVisible(not self.rows)

    def _row(self, i: int, step: Step) -> QFrame:
        words = step_words(step)
        box = self._box(words, True)
        box.clicked.connect(lambda _=False, i=i: self._without(i))
        up = tool("chevron-up", self.tr("Do this step earlier"))
        up.setVisible(i > 0)
        up.clicked.connect(lambda _=False, i=i: self._earlier(i))
        return frame("item", row((box, 1), up, gap=0), height=28)

    def _proposed(self, fix: Fix) -> QFrame:
        """What is not done yet but would help; a click does it."""
        box = self._box(fix.label, False)
        box.clicked.connect(lambda _=False, fix=fix: self.taken.emit(fix))
        would = label(self.tr("would fix {0}").format(f"{fix.count:,}"), "tag", "changed")
        return frame("item", row((box, 1), would, gap=8), height=28)

    def _box(self, words: str, on: bool) -> QCheckBox:
        box = QCheckBox(words)
        box.setChecked(on)
        box.setToolTip(words)
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return box

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
