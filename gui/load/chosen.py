"""Several files of the list at once: where they go, and closing them."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFrame, QInputDialog, QWidget

from core.plural import counted
from gui.layout import col, row
from gui.load.desk import Desk
from gui.widgets import button, label

FIXED = ("queued", "loading", "done")  # what a load made of them stays


class ChosenBar(QFrame):
    """At the foot of the list while more than one file is chosen."""

    into = Signal()
    close_them = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = label("", "small")
        self.target = button(self.tr("Load into…"), "link")
        self.away = button(self.tr("Close"), "link")
        self.target.setToolTip(self.tr("Names one collection for all files chosen"))
        self.target.clicked.connect(self.into)
        self.away.clicked.connect(self.close_them)
        links = row(self.target, self.away, None, gap=4, pad=(3, 0, 0, 0))
        self.setLayout(col(row(self.words, None, pad=(8, 0, 0, 0)), links, gap=2))
        self.hide()

    def show_count(self, count: int) -> None:
        self.words.setText(self.tr("{0} chosen").format(counted(count, "file")))
        self.setVisible(count > 1)


class Chosen(QObject):
    """Does it; each file's change is an undoable one of its own."""

    def __init__(self, desk: Desk, asker: QWidget) -> None:
        super().__init__(asker)
        self.desk, self.asker = desk, asker

    @Slot(object)
    def ask_target(self, keys: Sequence[int]) -> None:
        works = [file.work for key in keys if (file := self.desk.files.get(key)) is not None]
        known = next((work.recipe.collection for work in works if work is not None), "")
        title, words = self.tr("Load into"), self.tr("Collection for {0}:")
        question = words.format(counted(len(keys), "file"))
        name, fine = QInputDialog.getText(self.asker, title, question, text=known)
        if fine and name.strip():
            self.load_into(keys, name.strip())

    def load_into(self, keys: Sequence[int], name: str) -> None:
        for key in keys:
            file = self.desk.files.get(key)
            if file is not None and file.work is not None and file.phase not in FIXED:
                recipe = replace(file.work.recipe, collection=name)
                words = self.tr("load into {0}").format(name)
                self.desk.change(key, file.work.with_recipe(recipe), words)

    @Slot(object)
    def close_files(self, keys: Sequence[int]) -> None:
        for key in keys:
            if key in self.desk.files:
                self.desk.close(key)
