"""The one undo command: what the user decided about a file, before and after."""

from typing import Protocol

from PySide6.QtGui import QUndoCommand

from gui.load.state import Work


class Appliance(Protocol):
    def apply(self, key: int, work: Work) -> None: ...
    def recall(self, key: int, work: Work) -> None: ...


class Change(QUndoCommand):
    """Values are immutable, so that going back is only naming the former one."""

    def __init__(self, desk: Appliance, key: int, before: Work, after: Work, text: str) -> None:
        super().__init__(text)
        self.desk, self.key, self.before, self.after = desk, key, before, after
        self.made = False

    def undo(self) -> None:
        self.desk.recall(self.key, self.before)

    def redo(self) -> None:
        if self.made:
            self.desk.recall(self.key, self.after)
        else:
            self.made = True
            self.desk.apply(self.key, self.after)
