"""The key beside the mode: which columns tell rows apart, where a mode looks documents up by it."""

from functools import partial

from PySide6.QtCore import QObject, QPoint, QTimer, Slot
from PySide6.QtWidgets import QWidget

from gui.load.key_popup import KeyPopup
from gui.load.keys import Candidates, candidates
from gui.load.recipe_changes import keyed_by
from gui.load.workspace import Workspace


class KeyPicker(QObject):
    """Asks the file's first rows what tells them apart, then the user."""

    def __init__(self, space: Workspace, page: QWidget) -> None:
        super().__init__(page)
        self.space = space
        self.popup: KeyPopup | None = None
        space.head.key.opened.connect(self.open)
        space.message.followed.connect(self.follow)

    @Slot(str)
    def follow(self, action: str) -> None:
        if action == "key":
            self.open()

    @Slot()
    def open(self) -> None:
        file = self.space.file
        if file is None or file.work is None or self.popup is not None:
            return
        task = self.space.desk.session.run(candidates(file.path, file.work, file))
        task.succeeded.connect(partial(self._show, file.key))

    def _show(self, key: int, found: Candidates | None) -> None:
        file = self.space.file
        if found is None or file is None or file.key != key or file.work is None or self.popup:
            return
        box = self.space.head.key
        popup = self.popup = KeyPopup(found, file.work.recipe.schema.primary_key, self.space.head)
        popup.decided.connect(partial(self.choose, key))
        popup.finished.connect(self._gone)
        popup.move(box.mapToGlobal(QPoint(0, box.height() + 4)))
        popup.show()
        popup.view.setFocus()

    @Slot()
    def _gone(self) -> None:
        self.popup = None
        QTimer.singleShot(0, self.space.head.key, self.space.head.key.setFocus)

    def choose(self, key: int, names: tuple[str, ...]) -> None:
        file = self.space.desk.files.get(key)
        if file is not None and file.work is not None:
            words = ", ".join(map(file.work.called, names)) or self.tr("none")
            work = file.work.with_recipe(keyed_by(file.work.recipe, names))
            self.space.desk.change(key, work, self.tr("key: {0}").format(words))
