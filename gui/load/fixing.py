"""The fixes on offer for one file: found off the GUI thread, shown on chips, previewed, applied."""

from collections.abc import Generator, Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from core.batch import Problem
from core.fixes import Fix, suggestions
from core.recipes.recipe import Recipe
from gui.load.chips import ChipView
from gui.load.findings import Findings
from gui.load.state import Kind
from gui.load.words import kind_words
from gui.session import Session
from gui.tasks import Task

MOST = 60  # kinds of problems looked at; 2,000 bad columns have the same few causes

Found = Mapping[Kind, tuple[Fix, ...]]


class Fixing(QObject):
    """`found` when fixes for the problems given last are known."""

    found = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.fixes: Found = {}
        self._task: Task | None = None

    def look(self, recipe: Recipe, findings: Findings) -> None:
        """Finds the fixes anew; what is on offer stays until they are known."""
        self.stop()
        kinds = sorted(findings.kinds, key=lambda kind: -findings.kinds[kind])[:MOST]
        problems = {kind: tuple(findings.problems(kind)) for kind in kinds}
        if not problems:
            self.fixes = {}
            self.found.emit()
            return
        self._task = self.session.run(find_fixes(recipe, problems))
        self._task.succeeded.connect(partial(self._came, self._task))

    @property
    def settled(self) -> bool:
        """Whether what is on offer is what the last check asks for."""
        return self._task is None

    def forget(self) -> None:
        self.stop()
        self.fixes = {}

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def best(self, kind: Kind | None) -> Fix | None:
        """The one on the chip: it keeps type and rules; others are in the menu."""
        offered = self.fixes.get(kind, ()) if kind is not None else ()
        return offered[0] if offered and not offered[0].gives_up else None

    def gentle(self, name: str) -> tuple[Fix, ...]:
        """The fixes of a column that mend cells and give up nothing."""
        fixes = (self.best(kind) for kind in self.fixes if kind[0] == name)
        return tuple(fix for fix in fixes if fix is not None)

    def _came(self, task: Task, found: Found) -> None:
        if task is self._task:
            self.fixes, self._task = found, None
            self.found.emit()


def find_fixes(
    recipe: Recipe, problems: Mapping[Kind, tuple[Problem, ...]]
) -> Generator[Found, None, None]:
    """What is known so far, after each kind, so that it can be stopped in between."""
    found: dict[Kind, tuple[Fix, ...]] = {}
    for kind, some in problems.items():
        found = {**found, kind: suggestions(recipe, some)}
        yield found


def exact(fix: Fix, total: int) -> int | None:
    """How many cells it mends; None where only the first of very many were tried and some fail."""
    return fix.count if fix.of == total else None


def chip_views(
    findings: Findings, fixing: Fixing, called: Mapping[str, str]
) -> tuple[ChipView, ...]:
    """Most frequent first; problems of whole rows after those of cells. `called` maps a column to
    its name in the documents."""
    order = sorted(findings.kinds, key=lambda kind: (kind[0] is None, -findings.kinds[kind]))
    return tuple(chip_view(kind, findings.kinds[kind], fixing.best(kind), called) for kind in order)


def chip_view(kind: Kind, count: int, fix: Fix | None, called: Mapping[str, str]) -> ChipView:
    words, name = (
        kind_words(kind, fix),
        called.get(kind[0], kind[0]) if kind[0] is not None else "row",
    )
    if fix is None:
        return ChipView(kind, name, words, count)
    number = exact(fix, count)
    word = f"Fix {number:,}" if number is not None else "Fix"
    lines = [fix.label, *(f"{old or 'empty'} → {new or 'empty'}" for old, new in fix.examples)]
    return ChipView(kind, name, words, count, word, "\n".join(lines))
