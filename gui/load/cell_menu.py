"""The menu of a cell: copy it, show only rows like it, change all cells like it, mend its problem.

How many cells are like it is counted in the whole file while the menu is open.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from core.recipes.recipe import Recipe
from gui.load import recipe_changes as changes
from gui.load.editing import Editing, cells, things
from gui.load.findings import kind_of
from gui.load.same import Same, same_cells
from gui.load.state import OpenFile, Work, rows_words
from gui.sheet_menu import SheetMenu
from gui.tasks import Task

SHOWN = 24  # letters of a text


class CellMenu(QObject):
    """`column_menu(name)`: the menu of the cell's column is wanted."""

    column_menu = Signal(str)

    def __init__(self, editing: Editing, page: QWidget) -> None:
        super().__init__(page)
        self.editing, self.space = editing, editing.space
        self._task: Task | None = None
        self.same: Same | None = None
        self._then: Callable[[Same], None] | None = None
        self._counted: list[tuple[QAction, str]] = []  # actions that wait for the count
        self.menu = SheetMenu(self.space.sheet, self._fill)

    def _fill(self, menu: QMenu, index: QModelIndex) -> None:
        file = self.space.file
        if file is None or file.work is None:
            return
        self.space.sheet.setCurrentIndex(index)
        name, text = self.space.model.names[index.column()], str(index.data() or "")
        if text and name in file.work.recipe.schema.names:
            self._like_it(menu, file, file.work, name, text)
        if not self.space.model.frozen:
            self._fixes(menu)
            self._back(menu, file.work, name)
        if name in file.work.recipe.schema.names:
            menu.addSeparator()
            words = self.tr("Column {0}…").format(file.work.called(name))
            menu.addAction(words, partial(self.column_menu.emit, name))

    # -- all cells like it ---------------------------------------------------------------------
    def _like_it(self, menu: QMenu, file: OpenFile, work: Work, name: str, text: str) -> None:
        said = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
        called = work.called(name)
        menu.addSeparator()
        only = self.tr("Show only rows where {0} is “{1}”").format(called, said)
        self._counted = [(menu.addAction(only, partial(self._when, self._filter)), only)]
        if not self.space.model.frozen:
            missing = self.tr("Treat “{0}” as missing in this column").format(said)
            one = menu.addAction(missing, partial(self._empty, file.key, name, text))
            one.setEnabled(
                text not in work.recipe.schema.missing_of(work.recipe.schema.field(name))
            )
            other = self.tr("Replace “{0}” everywhere in this column…").format(said)
            two = menu.addAction(other, partial(self._when, partial(self._ask, file.key)))
            self._counted += [(one, missing), (two, other)]
        if self._task is not None:
            self._task.cancel()
        self.same, self._then = None, None
        look = same_cells(file.path, work, name, text)
        task = self._task = self.space.desk.session.run(look)
        task.succeeded.connect(partial(self._came, task))
        menu.destroyed.connect(self._closed)

    def _came(self, task: Task, same: Same | None) -> None:
        if task is not self._task or same is None:
            return
        self._task, self.same = None, same
        count = len(same.records)
        for i, (action, words) in enumerate(self._counted):
            action.setText(f"{words} ({cells(count) if i else rows_words(count)})")
        if self._then is not None:
            self._then(same)

    @Slot()
    def _closed(self) -> None:
        self._counted = []

    def _when(self, then: Callable[[Same], None]) -> None:
        """At once where they are counted already."""
        if self.same is not None:
            then(self.same)
        else:
            self._then = then

    def _filter(self, same: Same) -> None:
        self.space.show_same(same)

    def _empty(self, key: int, name: str, text: str) -> None:
        work = self._work(key)
        if work is not None:
            words = self.tr("read “{0}” in {1} as missing").format(text, work.called(name))
            self._change(key, work, changes.emptied(work.recipe, name, text), words)

    def _ask(self, key: int, same: Same) -> None:
        work = self._work(key)
        if work is None:
            return
        called, number = work.called(same.name), cells(len(same.records))
        question = self.tr("“{0}” in {1} ({2}) becomes:").format(same.text, called, number)
        new, fine = QInputDialog.getText(self.space, self.tr("Replace"), question, text=same.text)
        if fine and new != same.text:
            words = self.tr("“{0}” in {1} becomes “{2}”").format(same.text, called, new)
            recipe = changes.replaced(work.recipe, same.name, same.text, new)
            self._change(key, work, recipe, words)

    def _work(self, key: int) -> Work | None:
        file = self.space.desk.files.get(key)
        return file.work if file is not None else None

    def _change(self, key: int, work: Work, recipe: Recipe, words: str) -> None:
        self.space.desk.change(key, work.with_recipe(recipe), words)

    # -- its problem ---------------------------------------------------------------------------
    def _fixes(self, menu: QMenu) -> None:
        """Every fix for this cell's kind of problem."""
        problem = self.editing.problem()
        offered = () if problem is None else self.space.fixing.fixes.get(kind_of(problem), ())
        if problem is None or not offered:
            return
        menu.addSeparator()
        for fix in offered:
            words = f"{fix.label} ({things(fix.count, kind_of(problem))})"
            menu.addAction(words, partial(self.editing.take, kind_of(problem), fix))

    def _back(self, menu: QMenu, work: Work, name: str) -> None:
        """To the file's own text, where the cell was edited."""
        record, _ = self.editing.at()
        page = self.space.model.page(record)
        if page is None or name not in work.edits.get(record, {}):
            return
        original = page.original(record, name) or ""
        menu.addSeparator()
        menu.addAction(
            self.tr("Back to the file's text"), partial(self.editing.edit, record, name, original)
        )
