"""Ctrl+F on the page: the bar, the search in a task, the jump to what was found."""

from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from gui.load.editing import Editing
from gui.load.search import Hits, find_text
from gui.load.workspace import Workspace
from gui.tasks import Task

NONE = Hits(np.zeros(0, np.int64))


class Finding(QObject):
    """All places are looked for once; steps among those known take no time."""

    def __init__(self, space: Workspace, editing: Editing, page: QWidget) -> None:
        super().__init__(page)
        self.space, self.editing = space, editing
        self.bar = space.findbar
        self._task: Task | None = None
        self._hits = NONE
        self._asked: object = None  # what they are the hits of
        self._wanted: bool | None = None  # forward or back, while no place for it is known
        action = QAction(self)
        action.setShortcut(QKeySequence.StandardKey.Find)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(self.bar.start)
        page.addAction(action)
        self.bar.wanted.connect(self.find)
        self.bar.typed.connect(self._forget)
        self.bar.closed.connect(self.close)
        space.desk.opened.connect(self._forget)
        space.shown.connect(self._forget)

    @Slot(str, bool)
    def find(self, text: str, forward: bool) -> None:
        file = self.space.file
        if file is None or file.work is None:
            return
        self._wanted = forward
        if self._asked != (file.key, text):
            self._forget()
            self._asked, self._wanted = (file.key, text), forward
            task = self._task = self.space.desk.session.run(find_text(file.path, file.work, text))
            task.progressed.connect(partial(self._came, task))
            task.succeeded.connect(partial(self._ended, task))
            task.failed.connect(partial(self._failed, task))
        self._step()

    @Slot()
    def close(self) -> None:
        self._forget()
        self.bar.hide()
        self.space.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def _came(self, task: Task, hits: Hits) -> None:
        if task is self._task:
            self._hits = hits
            self._step()

    def _ended(self, task: Task, _: object) -> None:
        if task is self._task:
            self._task = None
            self._step()

    def _failed(self, task: Task, error: Exception) -> None:
        if task is self._task:
            self._forget()
            self.bar.say(str(error), wrong=True)

    def _step(self) -> None:
        """To the place wanted, if it is known which that is; and says where one is."""
        to = self._next() if self._wanted is not None else None
        if to is not None:
            self._wanted = None
            record, column = self._hits.at(to)
            if self.space.model.row_of(record) < 0:
                self.space.chips.choose(False, None)
            self.editing.go(record, column, focus=False)
        self._say()

    def _next(self) -> int | None:
        """Going round at the end is for when the end is known."""
        hits, at, over = self._hits, self.editing.at(), self._task is None
        if not len(hits):
            return None
        if self._wanted:
            to = hits.after(at)
            return to if to < len(hits) else 0 if over else None
        to = hits.before(at)
        return to % len(hits) if over or (to >= 0 and hits.record > at[0]) else None

    def _say(self) -> None:
        hits, searching = self._hits, self._task is not None
        if not len(hits) and not searching:
            self.bar.say(self.tr("No match in the file"), wrong=True)
            return
        at = hits.after(self.editing.at())
        many = f"{len(hits):,}" + ("+" if hits.more else "")
        here = at > 0 and hits.at(at - 1) == self.editing.at()
        words = self.tr("{0} of {1}").format(f"{at:,}", many) if here else many
        if searching:
            words = self.tr("{0}, searching…").format(words) if len(hits) else "searching…"
        self.bar.say(words)

    @Slot()
    def _forget(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task, self._asked, self._wanted, self._hits = None, None, None, NONE
        self.bar.say("")
