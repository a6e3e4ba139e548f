"""Within the column panel: the cleaning steps in order, each on or off, and a menu to add one.

A step is dragged by its grip, or moved with Alt and an arrow.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from core.fixes import Fix
from core.values.cleaning import STEPS, Step
from gui.layout import col, frame, row
from gui.load.step_row import DropLine, StepRow, step_box
from gui.menus import menu_for
from gui.widgets import button, label


class StepList(QWidget):
    """`wanted(steps, name of the change)`; `taken(fix)` for one on offer."""

    wanted = Signal(object, str)
    taken = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps: tuple[Step, ...] = ()
        self.fixes: tuple[Fix, ...] = ()
        self.rows: list[QFrame] = []  # steps, then proposals
        self.add = button(self.tr("Add step"), "link", "plus")
        self.add.clicked.connect(self._menu)
        self.none = label(self.tr("Cells are taken as they stand."), "small")
        self.box = col(gap=0)
        self.line = DropLine(self)
        self._focus: int | None = None  # the step that the keyboard moves, in its new place
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
        if self._focus is not None and self._focus < len(self.steps):
            moved = self.rows[self._focus]
            assert isinstance(moved, StepRow)
            moved.show()  # what is hidden takes no focus
            moved.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._focus = None

    def _row(self, i: int, step: Step) -> StepRow:
        one = StepRow(step_words(step))
        one.box.clicked.connect(lambda _=False, i=i: self._without(i))
        one.dragged.connect(lambda y: self.line.show_at(self._edge(self._gap(y))))
        one.dropped.connect(lambda y, i=i: self._drop(i, self._gap(y)))
        one.moved.connect(lambda step, i=i: self._move(i, i + step))
        return one

    def _proposed(self, fix: Fix) -> QFrame:
        """What is not done yet but would help; a click does it."""
        box = step_box(fix.label, False)
        box.clicked.connect(lambda _=False, fix=fix: self.taken.emit(fix))
        would = label(self.tr("would fix {0}").format(f"{fix.count:,}"), "tag", "changed")
        return frame("item", row((box, 1), would, gap=8, pad=(18, 0, 0, 0)), height=28)

    def _without(self, i: int) -> None:
        steps = (*self.steps[:i], *self.steps[i + 1 :])
        self.wanted.emit(steps, self.tr("without “{0}”").format(step_words(self.steps[i])))

    # -- another order -------------------------------------------------------------------------
    def _gap(self, y: int) -> int:
        """Before which step the mouse would let go; one more than there are for after the last."""
        return sum(y > one.geometry().center().y() for one in self.rows[: len(self.steps)])

    def _edge(self, gap: int) -> int:
        last = self.rows[gap - 1].geometry() if gap else self.rows[0].geometry()
        return last.bottom() + 1 if gap else last.top()

    def _drop(self, i: int, gap: int) -> None:
        self.line.hide()
        self._move(i, gap - (gap > i))

    def _move(self, i: int, to: int) -> None:
        if i == to or not 0 <= to < len(self.steps):
            return
        steps = [step for at, step in enumerate(self.steps) if at != i]
        steps.insert(to, self.steps[i])
        if self.rows[i].isAncestorOf(QApplication.focusWidget() or self):
            self._focus = to
        self.wanted.emit(tuple(steps), self.tr("another order of steps"))

    @Slot()
    def _menu(self) -> None:
        menu = menu_for(self)
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
