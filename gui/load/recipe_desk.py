"""Saving, opening and choosing recipes for the file shown; its target, mode and dialect."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from core.errors import CoreError
from core.recipes.drift import adapted, drift, fits
from core.recipes.recipe import SUFFIX, Recipe
from gui.load import recipes
from gui.load.actions import MODES
from gui.load.lines import Line
from gui.load.opening import targeted
from gui.load.workspace import Workspace


class RecipeDesk(QObject):
    def __init__(self, space: Workspace, page: QWidget) -> None:
        super().__init__(page)
        self.space, self.desk, self.settings = space, space.desk, space.desk.session.settings
        head = space.head
        head.collection_named.connect(self.name_collection)
        head.mode_chosen.connect(self.choose_mode)
        head.recipe_chosen.connect(self.choose)
        head.recipe_open.connect(self.open)
        head.recipe_save.connect(self.save)
        space.dialect.changed.connect(self.redialect)
        space.message.followed.connect(self.follow)
        space.desk.changed.connect(self._changed)
        space.shown.connect(self._show)

    def _change(self, words: str, **changes: Any) -> None:
        file = self.space.file
        if file is not None and file.work is not None:
            recipe = replace(file.work.recipe, **changes)
            self.desk.change(file.key, file.work.with_recipe(recipe), words)

    @Slot(str)
    def name_collection(self, name: str) -> None:
        self._change(self.tr("load into {0}").format(name), collection=name)

    @Slot(object)
    def choose_mode(self, mode: str) -> None:
        self._change(MODES[mode].lower(), mode=mode)

    @Slot(object)
    def redialect(self, changes: dict[str, Any]) -> None:
        if self.space.key is not None:
            self.desk.redialect(self.space.key, changes)

    # -- recipes -------------------------------------------------------------------------------
    @Slot(object)
    def choose(self, path: Path | None) -> None:
        """Another recipe for this file, with what does not fit said; None learns one anew."""
        file = self.space.file
        if file is None or file.work is None:
            return
        if path is None:
            self.desk.relearn(file.key)
            return
        try:
            recipe = targeted(Recipe.load(path), file.path)
        except CoreError as error:
            self.space.say(Line("problem", str(error)))
            return
        apart = drift(recipe, file.names)
        if not fits(recipe, file.names):
            there = file.work.recipe
            recipe = adapted(replace(recipe, dialect=there.dialect), apart, there.schema)
        facts: dict[str, Any] = {"notes": apart.sentences, "questions": (), "near": None}
        self.desk.update(file.key, **facts)  # the recipe answers the questions
        recipes.remember(self.settings, path)
        words = self.tr("recipe {0}").format(recipes.shown_name(path))
        self.desk.change(file.key, replace(file.work, recipe=recipe, recipe_path=path), words)

    @Slot(str)
    def follow(self, action: str) -> None:
        file = self.space.file
        if action == "recipe" and file is not None and file.near is not None:
            self.choose(file.near.path)

    @Slot()
    def open(self) -> None:
        file = self.space.file
        if file is None:
            return
        name, _ = QFileDialog.getOpenFileName(
            self.space,
            self.tr("Open recipe"),
            str(file.path.parent),
            self.tr("Recipes (*.recipe.json *.json)"),
        )
        if name:
            self.choose(Path(name))
        else:
            self._show()

    @Slot()
    def save(self) -> None:
        file = self.space.file
        if file is None or file.work is None:
            return
        place = file.recipe_path or recipes.place_beside(file.path)
        name, _ = QFileDialog.getSaveFileName(
            self.space, self.tr("Save recipe"), str(place), self.tr("Recipes (*.recipe.json)")
        )
        if name:
            path = name if name.endswith(".json") else name + SUFFIX
            self.save_to(Path(path))

    def save_to(self, path: Path) -> None:
        file = self.space.file
        if file is None or file.work is None:
            return
        try:
            file.work.recipe.save(path)
        except CoreError as error:
            self.space.say(Line("problem", str(error)))
            return
        recipes.remember(self.settings, path)
        self.desk.saved_as(file.key, path)
        self.desk.session.note(
            self.tr("Recipe saved"),
            self.tr("{0}: files with these columns find it again").format(path.name),
        )

    # -- showing -------------------------------------------------------------------------------
    @Slot(object)
    def _changed(self, key: int) -> None:
        if key == self.space.key:
            self._show()

    @Slot()
    def _show(self) -> None:
        file = self.space.file
        if file is not None:
            offered = recipes.known(self.settings)
            if file.recipe_path is not None and file.recipe_path not in dict(offered).values():
                offered = ((recipes.shown_name(file.recipe_path), file.recipe_path), *offered)
            self.space.head.show_recipes(offered, file.recipe_path)
