"""A click on a column's head opens its panel; what is wanted there becomes an undoable change."""

from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from core.batch import Quality
from core.fixes import Fix
from core.recipes.proposals import Inferred, Proposal
from core.recipes.recipe import Recipe
from core.recipes.schema import Field
from core.values.fields import FIELD_TYPES
from gui.load import recipe_changes as changes
from gui.load.cell_menu import CellMenu
from gui.load.column import ColumnPanel
from gui.load.profile import ColumnProfile, profile_column
from gui.load.sorting import Sorting
from gui.load.words import kind_words
from gui.load.workspace import Workspace
from gui.menus import menu_for
from gui.tasks import Task


class Columns(QObject):
    """`turned` when the panel comes or goes."""

    turned = Signal()

    def __init__(
        self, space: Workspace, panel: ColumnPanel, cells: CellMenu, page: QWidget
    ) -> None:
        super().__init__(page)
        self.space, self.panel = space, panel
        self.sorting = Sorting(space, self)
        self.name = ""
        self._task: Task | None = None
        space.sheet.field_clicked.connect(self.toggle)
        header = space.sheet.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._header_menu)
        panel.wanted.connect(self.change)
        panel.closed.connect(self.close)
        panel.menu.connect(self.menu)
        cells.column_menu.connect(self.menu_below)
        space.message.followed.connect(self.follow)
        space.desk.changed.connect(self._changed)
        space.desk.found.connect(self._changed)
        space.fixing.found.connect(self._fixes)
        panel.steps.taken.connect(self._take)

    @Slot(int)
    def toggle(self, column: int) -> None:
        name = self.space.model.names[column]
        if name == self.name:
            self.close()
        else:
            self.open(name)

    def open(self, name: str) -> None:
        file = self.space.file
        if file is None or file.work is None or name not in file.work.recipe.schema.names:
            return
        self.name = name
        self.space.desk.update(file.key, seen=file.seen | {name})
        self.space.model.open_panel(name)
        self._show()
        self.panel.values.show_profile(None)
        self.panel.show()
        self.turned.emit()
        self._look()

    @Slot(str)
    def follow(self, action: str) -> None:
        """The link of a message."""
        if action == "column" and self.space.file is not None and self.space.file.hints:
            name = self.space.file.hints[0].field
            self.space.sheet.scrollTo(self.space.model.index(0, self.space.model.names.index(name)))
            self.open(name)

    @Slot()
    def close(self) -> None:
        self.name = ""
        self._stop()
        self.space.model.open_panel("")
        self.panel.hide()
        self.turned.emit()

    @Slot(object, str)
    def change(self, recipe: Recipe, words: str) -> None:
        file = self.space.file
        if file is not None and file.work is not None:
            self.space.desk.change(file.key, file.work.with_recipe(recipe), words)

    @Slot(object)
    def _take(self, fix: Fix) -> None:
        self.change(fix.recipe, f"{fix.label} ({self.name})")

    @Slot()
    def _fixes(self) -> None:
        if self.space.key is not None:
            self._changed(self.space.key)

    # -- the menu of a column ------------------------------------------------------------------
    @Slot(object)
    def _header_menu(self, point: object) -> None:
        header = self.space.sheet.horizontalHeader()
        column = header.logicalIndexAt(point)  # type: ignore[call-overload]
        if column >= 0:
            self.menu(self.space.model.names[column])

    @Slot(str)
    def menu_below(self, name: str) -> None:
        """Asked for by keys: below the column's head, wherever the mouse is."""
        header = self.space.sheet.horizontalHeader()
        left = header.sectionViewportPosition(self.space.model.names.index(name))
        self.menu(name, header.viewport().mapToGlobal(QPoint(left, header.height())))

    @Slot(str)
    def menu(self, name: str, at: QPoint | None = None) -> None:
        file = self.space.file
        if file is None or file.work is None:
            return
        recipe, field = file.work.recipe, file.work.recipe.schema.field(name)
        menu = menu_for(self.panel)
        self._sort_actions(menu, name)
        types = menu.addMenu(self.tr("Type"))
        for kind in FIELD_TYPES:
            one = types.addAction(
                kind,
                partial(self.change, changes.retyped(recipe, name, kind), f"read {name} as {kind}"),
            )
            one.setCheckable(True)
            one.setChecked(kind == field.type)
        menu.addAction(self.tr("Rename…"), partial(self.rename, name))
        kept, left = self.tr("Load this column"), self.tr("Leave this column out")
        menu.addAction(
            kept if field.drop else left,
            partial(
                self.change,
                changes.dropped(recipe, name, not field.drop),
                f"load {name}" if field.drop else f"leave {name} out",
            ),
        )
        menu.addAction(self.tr("Column panel"), partial(self.open, name))
        menu.popup(QCursor.pos() if at is None else at)

    def _sort_actions(self, menu: QMenu, name: str) -> None:
        menu.setToolTipsVisible(True)
        order = self.space.model.order
        by_this = order is not None and order.name == name
        sort, tip = self.sorting.sort, self.tr("Changes what is shown; the load is the same.")
        for words, then, chosen in (
            (
                self.tr("Sort ascending"),
                partial(sort, name, False),
                by_this and order is not None and not order.descending,
            ),
            (
                self.tr("Sort descending"),
                partial(sort, name, True),
                by_this and order is not None and order.descending,
            ),
            (self.tr("File order"), self.sorting.as_in_file, order is None),
        ):
            one = menu.addAction(words, then)
            one.setCheckable(True)
            one.setChecked(chosen)
            one.setToolTip(tip)
        menu.addSeparator()

    def rename(self, name: str) -> None:
        file = self.space.file
        if file is None or file.work is None:
            return
        before = file.work.recipe.schema.field(name).key
        text, fine = QInputDialog.getText(
            self.space, self.tr("Rename"), self.tr("Name in the document:"), text=before
        )
        if fine and text.strip() and text.strip() != before:
            recipe = changes.renamed(file.work.recipe, name, text.strip())
            self.change(recipe, f"rename {name} to {text.strip()}")

    # -- following the file --------------------------------------------------------------------
    @Slot(object)
    def _changed(self, key: int) -> None:
        file = self.space.file
        if not self.name or file is None or key != file.key:
            return
        if file.work is None or self.name not in file.work.recipe.schema.names:
            self.close()
            return
        before = self.panel.recipe
        self._show()
        if before is not file.work.recipe:
            self._look()

    def _show(self) -> None:
        file = self.space.file
        assert file is not None
        assert file.work is not None
        quality = file.report.quality if file.report is not None else {}
        because, near = why(file.inferred, file.work.recipe.schema.field(self.name))
        kinds = self.space.desk.findings[file.key].kinds
        self.panel.show_field(
            file.work.recipe,
            self.name,
            quality.get(self.name, Quality()),
            {kind_words(kind): n for kind, n in kinds.items() if kind[0] == self.name},
            because,
            near,
            self.space.fixing.gentle(self.name),
        )

    def _look(self) -> None:
        """What its values look like, read anew after a change."""
        file = self.space.file
        assert file is not None
        assert file.work is not None
        self._stop()
        task = self._task = self.space.desk.session.run(
            profile_column(file.path, file.work, self.name)
        )
        task.progressed.connect(partial(self._profiled, task))

    def _profiled(self, task: Task, profile: ColumnProfile) -> None:
        if task is self._task:
            self.panel.values.show_profile(profile)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None


def why(inferred: Inferred | None, field: Field) -> tuple[str, Proposal | None]:
    """The evidence for a type that was learned, and for one that most cells have."""
    if inferred is None or field.name not in inferred.because:
        return "", None
    if inferred.schema.field(field.name).type != field.type:
        return "", None
    near = next((one for one in inferred.mostly if one.field == field.name), None)
    return inferred.because[field.name], near
