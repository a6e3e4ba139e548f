"""The one undo stack of all open files; what was done to files closed since is passed over."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from PySide6.QtGui import QUndoStack

from gui.load.change import Change
from gui.load.state import OpenFile


class Steps:
    """Nothing can be taken out of the middle of a QUndoStack: this looks over it."""

    def __init__(self, stack: QUndoStack, files: Mapping[int, OpenFile]) -> None:
        self.stack, self.files = stack, files

    @property
    def undoable(self) -> Change | None:
        """What Undo would take back."""
        return next(self._changes(range(self.stack.index() - 1, -1, -1)), None)

    @property
    def redoable(self) -> Change | None:
        return next(self._changes(range(self.stack.index(), self.stack.count())), None)

    def made(self, key: int | None) -> int:
        """How many were made to a file and not undone."""
        return sum(change.key == key for change in self._changes(range(self.stack.index())))

    def take(self, step: Callable[[], None]) -> None:
        """One step of the stack, and those over closed files before it; there must be one."""
        before = self.undoable, self.redoable
        while (self.undoable, self.redoable) == before:
            step()

    def _changes(self, places: Iterable[int]) -> Iterator[Change]:
        for at in places:
            change = self.stack.command(at)
            if isinstance(change, Change) and change.key in self.files:
                yield change
