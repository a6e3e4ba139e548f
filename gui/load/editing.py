"""What the user does in the sheet: walk the problems, type in a cell, copy, find, take a fix."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from core.batch import Problem
from core.checking.order import Order
from core.fixes import Fix
from core.plural import counted
from gui.load.findings import Spots, kind_of
from gui.load.fixing import exact
from gui.load.lines import Line, problem_line
from gui.load.state import Kind, rows_words
from gui.load.walk import place, step
from gui.load.workspace import Workspace

MARKED, WIDEST = 44, 280  # px: the mark of a problem with the room around it; a widened column


class Editing(QObject):
    """Acts on the file shown in a workspace, through its desk, so that all of it can be undone."""

    def __init__(self, space: Workspace, page: QWidget) -> None:
        super().__init__(page)
        self.space, self.desk, self.page = space, space.desk, page
        self._ranked: tuple[Spots, Order, Spots] | None = None  # kept for as long as it is true
        space.model.edited.connect(self.edit)
        space.chips.fix_wanted.connect(self.fix)
        space.chips.fix_hovered.connect(self.preview)
        space.message.step.connect(self.walk)
        space.message.followed.connect(self.follow)
        space.sheet.selectionModel().currentChanged.connect(self.show_message)
        space.model.modelReset.connect(self.show_message)
        space.model.dataChanged.connect(self.show_message)
        space.fixing.found.connect(self.show_message)
        space.desk.changed.connect(self._changed)
        self._action(QKeySequence(Qt.Key.Key_F8), partial(self.walk, 1))
        self._action(QKeySequence("Shift+F8"), partial(self.walk, -1))

    def _action(self, keys: QKeySequence, then: Callable[[], None]) -> None:
        action = QAction(self)
        action.setShortcut(keys)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(lambda: then())
        self.page.addAction(action)

    # -- where one is --------------------------------------------------------------------------
    def at(self) -> tuple[int, int]:
        index = self.space.sheet.currentIndex()
        if not index.isValid():
            return (0, -1)
        return (self.space.model.record(index.row()), index.column())

    def spots(self) -> Sequence[tuple[int, int]]:
        """Where problems stand, by the record or, in a sorted sheet, by its rank."""
        if self.space.key is None:
            return []
        findings, order = self.desk.findings[self.space.key], self.space.model.order
        found = findings.spots(self.space.filtered[1], self.space.model.names)
        if order is None:
            self._ranked = None
            return found
        known = self._ranked
        if known is None or known[0] is not found or known[1] is not order:
            known = self._ranked = (found, order, found.ranked(order))
        return known[2]

    def _spot(self) -> tuple[int, int]:
        """The current cell as one of `spots`."""
        (record, column), order = self.at(), self.space.model.order
        if order is None or not 1 <= record <= len(order.ranks):
            return (record, column) if order is None else (-1, -1)
        return (int(order.ranks[record - 1]), column)

    def walk(self, by: int) -> None:
        found, order = self.spots(), self.space.model.order
        to = step(found, self._spot(), by > 0)
        if to is not None:
            at, column = found[to]
            record = at if order is None else int(order.records[at])
            if self.space.model.row_of(record) < 0:  # only rows with some value are shown
                self.space.chips.choose(False, None)
            self.go(record, column)
            self._show_whole(column)

    def go(self, record: int, column: int, focus: bool = True) -> None:
        row = self.space.model.row_of(record)
        if row >= 0:
            self.space.sheet.go_to(row, column)
            if focus:
                self.space.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_whole(self, column: int) -> None:
        """What is wrong is read in full, beside its mark."""
        text = str(self.space.sheet.currentIndex().data() or "")
        wide = self.space.sheet.fontMetrics().horizontalAdvance(text) + MARKED
        self.space.sheet.widen(column, min(wide, WIDEST))

    def problem(self) -> Problem | None:
        """The one at the current cell; of its row where the cell has none."""
        record, column = self.at()
        if record < 1 or self.space.key is None:
            return None
        model = self.space.model
        some = model.problems(record, model.page(record))
        name = model.names[column] if 0 <= column < len(model.names) else None
        here = [p for p in some if p.field in (name, None)]
        return here[0] if here else None

    # -- the message line ----------------------------------------------------------------------
    @Slot()
    def show_message(self) -> None:
        file = self.space.file
        self.space.show_line(None if file is None else self._line())

    def _line(self) -> Line | None:
        file, problem = self.space.file, self.problem()
        assert file is not None
        if problem is not None and file.phase not in ("loading", "queued"):
            return self._problem_line(problem)
        return self.space.news()

    def _problem_line(self, problem: Problem) -> Line:
        found, fix = self.spots(), self.space.fixing.best(kind_of(problem))
        file, name = self.space.file, problem.field or ""
        if file is not None and file.work is not None and name:
            name = file.work.called(name)
        at = place(found, self._spot())
        of = len(found)
        if fix is None:
            return problem_line(problem, name, (at or 0) + 1, of)
        cure = fix.label if fix.label.endswith("…") else fix.label + "."
        total = self.desk.findings[self.space.key or 0].kinds.get(kind_of(problem), 0)
        number = exact(fix, total)
        link = (
            self.tr("Fix all")
            if number is None
            else self.tr("Fix {0}").format(things(number, kind_of(problem)))
        )
        return problem_line(problem, name, (at or 0) + 1, of, cure, link)

    @Slot(str)
    def follow(self, action: str) -> None:
        problem = self.problem()
        if action == "next":
            self.walk(1)
        elif action == "fix" and problem is not None:
            self.fix(kind_of(problem))

    @Slot(object)
    def _changed(self, key: int) -> None:
        if key == self.space.key:
            self.show_message()

    # -- changes -------------------------------------------------------------------------------
    @Slot(object, str, str)
    def edit(self, record: int, name: str, text: str) -> None:
        file = self.space.file
        page = self.space.model.page(record)
        if file is None or file.work is None or page is None:
            return
        original = page.original(record, name) or ""
        work = file.work.edit(record, name, text, original)
        words = self.tr("{0} in line {1} to “{2}”").format(name, f"{page.line(record):,}", text)
        self.desk.change(file.key, work, words)

    @Slot(object)
    def fix(self, kind: Kind) -> None:
        fix = self.space.fixing.best(kind)
        if fix is not None:
            self.take(kind, fix)

    def take(self, kind: Kind, fix: Fix) -> None:
        file = self.space.file
        if file is None or file.work is None:
            return
        self.space.model.propose("", None)
        words = fix.label if kind[0] is None else f"{fix.label} ({kind[0]})"
        self.desk.change(file.key, file.work.with_recipe(fix.recipe), words)

    @Slot(object, bool)
    def preview(self, kind: Kind, on: bool) -> None:
        """While the mouse is on a fix, the sheet shows what it would make of the cells."""
        fix = self.space.fixing.best(kind) if on else None
        if fix is None:
            self.space.model.propose("", None)
        else:
            self.space.model.propose(kind[0] or "", fix.after.get)
            self._make_room(kind[0], fix)

    def _make_room(self, name: str | None, fix: Fix) -> None:
        """A column too narrow for old → new shows neither."""
        if name in self.space.model.names:
            texts = (f"{old} → {new}?" for old, new in list(fix.after.items())[:50])
            longest = max(texts, key=len, default="")
            wide = self.space.sheet.fontMetrics().horizontalAdvance(longest) + 56
            self.space.sheet.widen(self.space.model.names.index(name), min(wide, WIDEST))


def things(count: int, kind: Kind) -> str:
    """Cells, or rows where a problem is of a whole row."""
    return cells(count) if kind[0] is not None else rows_words(count)


def cells(count: int) -> str:
    return counted(count, "cell")
