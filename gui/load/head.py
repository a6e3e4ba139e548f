"""The top of the page: the file, how it is read, where it goes, in which mode, by which recipe."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QStringListModel, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCompleter, QFrame, QLineEdit, QWidget

from core.plural import counted
from gui.elided import Elided
from gui.flow import Flow
from gui.layout import col, frame, row
from gui.load.actions import MODES
from gui.load.choice import Choice
from gui.load.fields import show
from gui.load.key_box import KeyBox
from gui.load.state import OpenFile, rows_words, size_words
from gui.widgets import button, label, tool

WIDE = 860  # px from which everything is spelled out
BY_KEY = ("update", "skip")
OPEN = "open"


class Head(QFrame):
    """Shows a file and tells what the user wants changed; changes nothing itself."""

    collection_named = Signal(str)
    mode_chosen = Signal(object)
    dialect_wanted = Signal(bool)
    recipe_chosen = Signal(object)  # a Path, or None for "as inferred"
    recipe_open = Signal()
    recipe_save = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "surface")
        self.file: OpenFile | None = None
        self.targets: Mapping[str, int] = {}
        self.name = Elided("", "title", elide=Qt.TextElideMode.ElideMiddle)
        self.facts = label("", "small")
        self.read_as = label(self.tr("Read as"), "small")
        self.dialect = label("", "code")
        self.change = button(self.tr("Change"), "link")
        self.change.setCheckable(True)
        self.change.setAccessibleName(self.tr("Change how the file is read"))
        self.change.toggled.connect(self.dialect_wanted)
        self.chip = frame(
            "chip", row(self.dialect, self.change, gap=8, pad=(14, 0, 4, 0)), height=28
        )
        self.into = QLineEdit()
        self.into.setAccessibleName(self.tr("Collection to load into"))
        self.into.setPlaceholderText(self.tr("collection"))
        self.into.setFixedWidth(136)
        self.into.editingFinished.connect(self._named)
        self.suggestions = QStringListModel(self)
        completer = QCompleter(self.suggestions, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.into.setCompleter(completer)
        self.target = label("", "tag", "info")
        modes = tuple((words, key) for key, words in MODES.items())
        self.mode = Choice(self.tr("Mode"), modes, 168)
        self.mode.picked.connect(self.mode_chosen)
        self.key = KeyBox()
        self.recipe = Choice(self.tr("Recipe"), width=148)
        self.recipe.picked.connect(self._recipe)
        self.save = button(self.tr("Save recipe"), "ghost", "save")
        self.more = tool("ellipsis", self.tr("More about this load"))
        self.save.clicked.connect(self.recipe_save)
        self.loading = label(self.tr("loading"), "tag", "info")
        self.loading.hide()
        self.form = QWidget()
        self.keyed = _group(label(self.tr("Key"), "small"), self.key)
        self.form.setLayout(
            Flow(
                _group(label(self.tr("Into"), "small"), self.into, self.target),
                _group(label(self.tr("Mode"), "small"), self.mode),
                self.keyed,
                _group(label(self.tr("Recipe"), "small"), self.recipe),
                _group(self.save, self.more),
            )
        )
        title = row(
            self.name,
            self.facts,
            None,
            self.loading,
            self.read_as,
            self.chip,
            gap=12,
            pad=(16, 0, 16, 0),
        )
        self.setLayout(col(12, title, row((self.form, 1), pad=(16, 12, 8, 0)), 12))

    # -- showing -------------------------------------------------------------------------------
    def show_file(self, file: OpenFile) -> None:
        self.file = file
        self.name.setText(file.name)
        self.name.set_tip(str(file.path))
        ready = file.work is not None
        for widget in (self.chip, self.read_as, self.into, self.mode, self.recipe, self.save):
            widget.setEnabled(ready)
        for widget in (self.into, self.mode):
            widget.setEnabled(ready and not file.home)
        why = self.tr("Corrected rows go where their load went, as it went.") if file.home else ""
        self.into.setToolTip(why)
        self.mode.setToolTip(why or self.tr("Mode"))
        self._facts()
        if file.work is None:
            return
        recipe = file.work.recipe
        self.dialect.setText(recipe.dialect.summary())
        show(self.into, recipe.collection)
        self._target()
        self.mode.show_value(recipe.mode)
        self._mode()
        self.key.show_key([file.work.called(name) for name in recipe.schema.primary_key])

    def show_targets(self, targets: Mapping[str, int]) -> None:
        """Collections that are there, with their numbers of documents."""
        self.targets = targets
        self.suggestions.setStringList(sorted(targets))
        self._target()

    def show_recipes(self, recipes: tuple[tuple[str, Path], ...], current: Path | None) -> None:
        offered: list[tuple[str, Path | str | None]] = [(self.tr("As read"), None)]
        offered += [(name, path) for name, path in recipes]
        offered.append((self.tr("Open recipe…"), OPEN))
        self.recipe.offer(offered)
        self.recipe.show_value(current, current.name if current is not None else "")

    def set_loading(self, loading: bool) -> None:
        """While it is loaded nothing can be changed, and the form would only be in the way."""
        open_ = self.file is not None and self.file.work is not None and not loading
        self.form.setVisible(open_)
        self.chip.setVisible(open_)
        self.read_as.setVisible(open_ and self.width() >= WIDE)
        queued = self.file is not None and self.file.phase == "queued"
        self.loading.setText(self.tr("waiting") if queued else self.tr("loading"))
        self.loading.setVisible(loading)

    def _mode(self) -> None:
        """The names of the modes by key are long; the others give way where room is short."""
        by_key = self.mode.value() in BY_KEY
        self.mode.setFixedWidth(172 if by_key or self.width() >= WIDE else 116)
        self.keyed.setVisible(by_key)

    def _facts(self) -> None:
        if self.file is None:
            return
        parts = []
        if self.width() >= WIDE:
            parts.append(size_words(self.file.size))
        if self.file.report is not None:
            parts.append(rows_words(self.file.report.records))
        if self.width() >= WIDE and self.file.names:
            parts.append(counted(len(self.file.names), "column"))
        self.facts.setText(" · ".join(parts))

    def _target(self) -> None:
        if self.file is None or self.file.work is None:
            return
        name = self.file.work.recipe.collection
        wide = self.width() >= WIDE
        known = self.targets.get(name)
        self.target.setVisible(bool(self.targets) or known is not None)
        if known == -1:
            words = self.tr("existing collection") if wide else self.tr("existing")
            self.target.setText(words)
        elif known is None:
            self.target.setText(self.tr("new collection") if wide else self.tr("new"))
        else:
            self.target.setText(counted(known, "document" if wide else "doc"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= WIDE
        self.read_as.setVisible(wide and self.chip.isVisible())
        self.save.show_words(wide)
        self.into.setFixedWidth(136 if wide else 112)
        self._mode()
        self.key.setFixedWidth(128 if wide else 112)
        self.recipe.setFixedWidth(136 if wide else 112)
        self._facts()
        self._target()

    # -- telling -------------------------------------------------------------------------------
    @Slot()
    def _named(self) -> None:
        name = self.into.text().strip()
        if self.file is not None and self.file.work is not None:
            if name and name != self.file.work.recipe.collection:
                self.collection_named.emit(name)
            elif not name:
                self.into.setText(self.file.work.recipe.collection)

    @Slot(object)
    def _recipe(self, value: Path | str | None) -> None:
        if value == OPEN:
            self.recipe_open.emit()
        else:
            self.recipe_chosen.emit(value)


def _group(*widgets: QWidget) -> QWidget:
    """What stays together where the line breaks."""
    result = QWidget()
    result.setLayout(row(*widgets))
    return result
