"""Ctrl+F on the page: the bar, the search in a task, the jump to what was found."""

from functools import partial

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from core.plural import counted
from gui.load.editing import Editing
from gui.load.search import Hit, find_text
from gui.load.workspace import Workspace
from gui.tasks import Task


class Finding(QObject):
    def __init__(self, space: Workspace, editing: Editing, page: QWidget) -> None:
        super().__init__(page)
        self.space, self.editing = space, editing
        self.bar = space.findbar
        self._task: Task | None = None
        action = QAction(self)
        action.setShortcut(QKeySequence.StandardKey.Find)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(self.bar.start)
        page.addAction(action)
        self.bar.wanted.connect(self.find)
        self.bar.closed.connect(self.close)

    @Slot(str, bool)
    def find(self, text: str, forward: bool) -> None:
        file = self.space.file
        if file is None or file.work is None:
            return
        self._stop()
        places = tuple(self.space.desk.readers[file.key].places)
        record, column = self.editing.at()
        look = find_text(file.path, file.work, text, (record, column), forward, places)
        self.bar.say(self.tr("looking…"))
        task = self._task = self.space.desk.session.run(look)
        task.progressed.connect(partial(self._came, task))
        task.failed.connect(self._failed)

    @Slot()
    def close(self) -> None:
        self._stop()
        self.bar.hide()
        self.space.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    def _came(self, task: Task, hit: Hit) -> None:
        if task is not self._task:
            return
        if hit.at is None:
            words = self.tr("looking… {0}").format(counted(hit.record, "row"))
            self.bar.say(words if hit.record else self.tr("nowhere in the file"))
            return
        self.bar.say("")
        if self.space.model.row_of(hit.at[0]) < 0:
            self.space.chips.choose(False, None)
        self.editing.go(*hit.at, focus=False)

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self.bar.say(str(error))

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
