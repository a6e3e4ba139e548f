"""The `…` beside the form: only the first rows, to try; a column with the file's name; documents
inside documents of dotted names; what is done with rows of the wrong width."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtWidgets import QWidget

from core.checking.widths import WORDS
from core.recipes.recipe import Recipe
from core.values.cleaning import Step
from gui.load.workspace import Workspace
from gui.menus import menu_for

SOURCE = "source_file"  # the column that holds the file's name
FIRST = (100, 1_000, 10_000)


class Options(QObject):
    def __init__(self, space: Workspace, page: QWidget) -> None:
        super().__init__(page)
        self.space, self.desk = space, space.desk
        space.head.more.clicked.connect(self.menu)
        space.message.followed.connect(self.follow)

    @Slot()
    def menu(self) -> None:
        file = self.space.file
        if file is None or file.work is None:
            return
        menu = menu_for(self.space.head)
        for count in (None, *FIRST):
            words = self.tr("Load all rows")
            if count is not None:
                words = self.tr("Load only the first {0} rows, to try").format(f"{count:,}")
            one = menu.addAction(words, partial(self.limit, count))
            one.setCheckable(True)
            one.setChecked(file.work.limit == count)
        menu.addSeparator()
        named = menu.addAction(self.tr("Add a column with the file's name"), self.name_source)
        named.setCheckable(True)
        named.setChecked(source_step(file.work.recipe) is not None)
        recipe = file.work.recipe
        if recipe.nested or dotted(recipe):
            name = dotted(recipe) or "a.b"
            outer, _, inner = name.partition(".")
            words = self.tr("Make documents of dotted names: {0} becomes {1} in {2}")
            inside = menu.addAction(words.format(name, inner, outer), self.nest)
            inside.setCheckable(True)
            inside.setChecked(recipe.nested)
        for key, words in widths(recipe).items():
            fits = menu.addAction(self.tr(words), partial(self.refuse, key, words))
            fits.setCheckable(True)
            fits.setChecked(True)
        more = self.space.head.more
        corner = more.rect().bottomRight() - QPoint(menu.sizeHint().width(), 0)
        menu.popup(more.mapToGlobal(corner))

    def limit(self, count: int | None) -> None:
        file = self.space.file
        if file is not None and file.work is not None:
            words = self.tr("all rows")
            if count is not None:
                words = self.tr("only the first {0} rows").format(f"{count:,}")
            self.desk.change(file.key, replace(file.work, limit=count), words)

    def refuse(self, key: str, words: str) -> None:
        """Rows of the wrong width are held again, as in a file nobody decided about."""
        file = self.space.file
        if file is not None and file.work is not None:
            recipe = file.work.recipe.replace(**{key: "refuse"})
            said = self.tr("no longer: {0}").format(self.tr(words))
            self.desk.change(file.key, file.work.with_recipe(recipe), said)

    @Slot(str)
    def follow(self, action: str) -> None:
        """The link of a message."""
        if action == "plain":
            self.nest()

    @Slot()
    def nest(self) -> None:
        """On or off."""
        file = self.space.file
        if file is not None and file.work is not None:
            recipe = file.work.recipe
            on, off = self.tr("documents of dotted names"), self.tr("dotted names stay as they are")
            changed = file.work.with_recipe(replace(recipe, nested=not recipe.nested))
            self.desk.change(file.key, changed, off if recipe.nested else on)

    @Slot()
    def name_source(self) -> None:
        """On or off."""
        file = self.space.file
        if file is None or file.work is None:
            return
        recipe, step = file.work.recipe, source_step(file.work.recipe)
        if step is None:
            new = Step("constant", {"into": SOURCE, "value": file.name})
            derived, words = (*recipe.derived, new), self.tr("a column with the file's name")
        else:
            derived = tuple(one for one in recipe.derived if one is not step)
            words = self.tr("no column with the file's name")
        changed = file.work.with_recipe(replace(recipe, derived=derived))
        self.desk.change(file.key, changed, words)


def widths(recipe: Recipe) -> dict[str, str]:
    """What the recipe does with rows of the wrong width, by its attribute."""
    said = {"extra_cells": recipe.extra_cells, "missing_cells": recipe.missing_cells}
    return {key: WORDS[value] for key, value in said.items() if value in WORDS}


def source_step(recipe: Recipe) -> Step | None:
    for step in recipe.derived:
        if step.name == "constant" and step.params.get("into") == SOURCE:
            return step
    return None


def dotted(recipe: Recipe) -> str:
    """The first name with a dot in it, "" where there is none."""
    return next((f.key for f in recipe.schema.fields if "." in f.key and not f.drop), "")
