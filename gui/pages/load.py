"""Load: drop files, see what is wrong and where, fix what can be fixed, load the rest."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from core.errors import CoreError
from core.recipes.recipe import Recipe
from gui.bindings import bind
from gui.layout import col, row
from gui.load.cell_menu import CellMenu
from gui.load.chosen import Chosen
from gui.load.column import ColumnPanel
from gui.load.columns import Columns
from gui.load.desk import Desk
from gui.load.editing import Editing
from gui.load.files import FileList
from gui.load.finding import Finding
from gui.load.journal import Journal
from gui.load.key_picker import KeyPicker
from gui.load.loader import Loader
from gui.load.options import Options
from gui.load.outcome import Outcome
from gui.load.recents import recent, remember
from gui.load.recipe_desk import RecipeDesk
from gui.load.samples import samples
from gui.load.start import Start
from gui.load.state import Work
from gui.load.targets import Targets
from gui.load.unfinished import Banner, Unfinished
from gui.load.workspace import Workspace
from gui.session import Session

FILTER = "Data files (*.csv *.tsv *.txt *.gz *.bz2 *.xz *.zst *.zip);;All files (*)"


ROOMY = 1080  # px for list, sheet and panel side by side


class LoadPage(QWidget):
    """Puts the parts together; `open_files` is what a drop anywhere in the window calls."""

    name = "Load"
    icon = "upload"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.desk = Desk(session, Journal(), self)
        self.loader = Loader(self.desk, self)
        self.start = Start(session)
        self.files = FileList(self.desk)
        self.space = Workspace(self.desk)
        self.panel = ColumnPanel()
        self.panel.hide()
        work = QWidget()
        work.setLayout(row(self.files, (self.space, 1), self.panel, gap=0))
        self.pages = QStackedWidget()
        self.pages.addWidget(self.start)
        self.pages.addWidget(work)
        self.banner = Banner()
        self.setLayout(col(self.banner, (self.pages, 1)))
        self.together = Chosen(self.desk, self)
        self.editing = Editing(self.space, self)
        self.menu = CellMenu(self.editing, self)
        self.finding = Finding(self.space, self.editing, self)
        self.columns = Columns(self.space, self.panel, self.menu, self)
        self.recipes = RecipeDesk(self.space, self)
        self.outcome = Outcome(self.space, self.loader, self)
        self.options = Options(self.space, self)
        self.keys = KeyPicker(self.space, self)
        self.targets = Targets(self.space, self)
        self.unfinished = Unfinished(self.targets, self.loader, self.banner, self)
        self._connect()
        self._listed()
        self._show_first(self.desk.restore())

    def _connect(self) -> None:
        self.start.choose.connect(self.choose)
        self.start.samples.connect(self.open_samples)
        self.start.recent.connect(self._open_one)
        self.files.add.connect(self.choose)
        self.files.chosen.connect(self.show_file)
        self.files.remove.connect(self.together.close_files)
        self.files.into.connect(self.together.ask_target)
        self.desk.listed.connect(self._listed)
        self.desk.recalled.connect(self.files.show_file)
        self.unfinished.opened.connect(self.files.show_file)
        self.columns.turned.connect(self._make_room)
        self.desk.refused.connect(self._refused)
        keys = QKeySequence.StandardKey
        bind(self, ((keys.Undo, self.desk.undo), (keys.Redo, self.desk.redo)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    @Slot()
    def _make_room(self) -> None:
        """In a small window the list of files gives way to a column's panel."""
        self.files.setVisible(not self.columns.name or self.width() >= ROOMY)

    def show_over(self, over: bool) -> None:
        """Files are over the window, and would be opened here."""
        self.start.show_over(over)

    def shown(self) -> None:
        """Recent files may have changed while another page was shown."""
        self.start.show_recent(recent(self.session.settings))

    def focus(self, path: str = "", recipe: Mapping[str, Any] | None = None) -> None:
        """Opens a file by the recipe of an earlier load."""
        if path and recipe is not None:
            work = Work(Recipe.from_descriptor(dict(recipe)))
            key = self.desk.open_by(Path(path), work)
            self._show_first([key])
            self._by_recipe(key, work.recipe)

    def _by_recipe(self, key: int, recipe: Recipe) -> None:
        """A file that was open keeps its edits; undo brings its own recipe back."""
        file = self.desk.files[key]
        if file.work is not None and file.work.recipe != recipe and not file.busy:
            self.desk.update(key, questions=())  # the recipe answers them
            work = replace(file.work, recipe=recipe, recipe_path=None)
            self.desk.change(key, work, self.tr("recipe of an earlier load"))

    def closing(self) -> None:
        """The window closes: drafts are kept, tasks are ended by the session."""
        self.space.finish_typing()
        self.desk.stop_all()
        self.desk.journal.flush()
        self.desk.stack.blockSignals(True)  # it would tell of its own end while it is deleted

    # -- opening -------------------------------------------------------------------------------
    def open_files(self, paths: Iterable[Path | str]) -> None:
        """Files, folders and globs."""
        before = {*self.desk.files}
        keys = self.desk.open(list(paths))
        self._show_first([key for key in keys if key not in before] or keys)
        self._say_open([key for key in keys if key in before], len(keys))
        remember(self.session.settings, [self.desk.files[key].path for key in self.desk.files])

    def _say_open(self, known: list[int], of: int) -> None:
        """Files that were open already are shown as they were left, which nobody could guess."""
        if not known:
            return
        file = self.desk.files[known[0]]
        actions: dict[str, Any] = {}
        if of == 1:
            title = self.tr("{0} is open already").format(file.name)
            if not file.busy:
                actions = {self.tr("Read again"): partial(self.desk.reopen, file.key)}
        else:
            title = self.tr("{0} of {1} files were open already").format(f"{len(known):,}", of)
        self.session.note(title, self.tr("Shown with what was changed in it"), "info", **actions)

    def _show_first(self, keys: list[int]) -> None:
        if keys:
            self.files.show_file(keys[0])
            self.space.sheet.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def choose(self) -> None:
        known = recent(self.session.settings)
        folder = str(known[0][0].parent) if known else str(Path.home())
        names, _ = QFileDialog.getOpenFileNames(
            self, self.tr("Choose CSV files"), folder, self.tr(FILTER)
        )
        if names:
            self.open_files(names)

    @Slot()
    def open_samples(self) -> None:
        try:
            self.open_files(samples())
        except CoreError as error:
            self._refused(str(error))

    @Slot(str)
    def _open_one(self, path: str) -> None:
        self.open_files([path])

    @Slot(str)
    def _refused(self, words: str) -> None:
        if self.desk.files:
            self.space.complain(words)
        else:
            self.start.complain(words)

    # -- showing -------------------------------------------------------------------------------
    @Slot(object)
    def show_file(self, key: int) -> None:
        self.columns.close()
        self.space.show_file(key)

    @Slot()
    def _listed(self) -> None:
        self.pages.setCurrentIndex(1 if self.desk.files else 0)
        if not self.desk.files:
            self.start.show_recent(recent(self.session.settings))
        elif self.space.key not in self.desk.files:
            self.files.show_file(next(iter(self.desk.files)))
