"""The foot of the page: Undo and Redo at the left, at the right what Load will do."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QWidget

from core.plural import counted, verb
from gui.elided import Elided
from gui.layout import row
from gui.load.change import Change
from gui.load.desk import Desk
from gui.load.state import OpenFile, rows_words
from gui.widgets import Button, button, label

KEYLESS = "Choose the key: the columns that tell the rows apart."
MODES = {
    "add": "Add rows",
    "update": "Add or update by key",
    "skip": "Add new, skip known",
    "replace": "Replace all",
}
NAME_ROOM = 110  # px for the name of another file on Undo


@dataclass(frozen=True, slots=True)
class Effect:
    """The words on the button, what happens to the rest, and why it cannot be done."""

    action: str
    consequence: str
    why_not: str = ""


def effect(file: OpenFile) -> Effect:
    report = file.report
    if file.error and report is None:
        return Effect("Load", "", "This file cannot be read.")
    if report is None or file.work is None or file.phase in ("opening", "checking"):
        return Effect("Load", "", "The file is still being checked.")
    if file.phase in ("done", "already-loaded"):
        return done_effect(file)
    if not report.records:
        return Effect("Load", "", "There are no rows to load.")
    if not file.work.recipe.collection:
        return Effect("Load", "", "Name a collection to load into.")
    if file.keyless:
        return Effect("Load", "", KEYLESS)
    if file.clash:
        return Effect("Load", "", file.clash)
    if file.resumable:
        return Effect("Resume", "It goes on where it stopped; nothing is loaded twice.")
    if file.home:
        words = "What was corrected goes where its load went; the rest stays held"
        return Effect(f"Bring back {rows_words(report.records)}", words)
    rows = rows_words(report.accepted)
    action = {"replace": f"Replace with {rows}", "update": f"Add or update {rows}"}.get(
        file.work.recipe.mode, f"Load {rows}"
    )
    if file.work.limit is not None:
        action = f"Try with the first {counted(file.work.limit, 'row')}"
    held = report.quarantined
    consequence = f"{counted(held, 'row')} will wait in Quarantine" if held else ""
    if not report.accepted and held:
        action = f"Hold {rows_words(held)}"
    return Effect(action, consequence)


def done_effect(file: OpenFile) -> Effect:
    load = file.load
    held = load.quarantined if load is not None else 0
    words = f"{rows_words(held)} {verb(held, 'waits', 'wait')} in Quarantine" if held else ""
    return Effect("Loaded", words, "This file is loaded; undo that load to load it anew.")


class Actions(QFrame):
    """Undo and Redo of the page's stack, what Load will do, Load all of several files, Stop."""

    load = Signal()
    load_all = Signal()
    dry_run = Signal()
    stop = Signal()
    report = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "actions")
        self.setFixedHeight(48)
        self.desk = desk
        self.key: int | None = None  # of the file shown: its changes are counted
        self.undo = button(self.tr("Undo"), "ghost", "undo-2")
        self.redo = button(self.tr("Redo"), "ghost", "redo-2")
        self.undo.clicked.connect(desk.undo)
        self.redo.clicked.connect(desk.redo)
        self.done = label("", "small")
        self.consequence = Elided("", "small")
        self.dry = button(self.tr("Dry run"), "ghost", "eye")
        self.dry.clicked.connect(self.dry_run)
        self.save = button(self.tr("Save report…"), "ghost", "file-text")
        self.save.setToolTip(self.tr("What this load read, loaded and held, as a page to print"))
        self.save.clicked.connect(self.report)
        self.save.hide()
        self.all = button(self.tr("Load all…"), "")
        self.all.setToolTip(self.tr("Shows what each file would do, and asks once"))
        self.all.clicked.connect(self.load_all)
        self.primary = button(self.tr("Load"), "primary")
        self.primary.clicked.connect(self.load)
        self.halt = button(self.tr("Stop"), "")
        self.halt.clicked.connect(self.stop)
        self.line = row(
            self.undo,
            self.redo,
            self.done,
            None,
            self.consequence,
            4,
            self.dry,
            self.save,
            self.all,
            self.primary,
            self.halt,
            gap=8,
            pad=(12, 0, 16, 0),
        )
        self.setLayout(self.line)
        stack = desk.stack
        for signal in (stack.indexChanged, stack.canUndoChanged, stack.canRedoChanged, desk.listed):
            signal.connect(self.show_stack)
        self.show_stack()

    def show_key(self, key: int) -> None:
        """Another file is shown."""
        self.key = key
        self.show_stack()

    @Slot()
    def show_stack(self) -> None:
        """One stack for all files: what the next step would change in another file says so."""
        undo, redo = self.desk.steps.undoable, self.desk.steps.redoable
        self._offer(self.undo, self.tr("Undo"), undo, self.tr("Undo: nothing is changed"))
        self._offer(self.redo, self.tr("Redo"), redo, self.tr("Redo: nothing was undone"))
        done = self.desk.steps.made(self.key)
        self.done.setText(self.tr("{0} so far").format(counted(done, "change")) if done else "")
        self._fit()

    def _offer(self, step: Button, word: str, change: Change | None, nothing: str) -> None:
        step.show_words(True)
        step.setEnabled(change is not None)
        step.setText(word)
        step.setToolTip(nothing)
        if change is None:
            return
        name = self.desk.files[change.key].name
        step.setToolTip(self.tr("{0} “{1}” in {2}").format(word, change.text(), name))
        if change.key != self.key:
            elide, room = Qt.TextElideMode.ElideMiddle, NAME_ROOM
            short = step.fontMetrics().elidedText(name, elide, room)
            step.setText(self.tr("{0} in {1}").format(word, short))

    def show_effect(self, will: Effect, all_files: int, wide: bool, done: bool = False) -> None:
        """Ready to load, or loaded."""
        self._show(loading=False)
        self.primary.setText(will.action)
        self.primary.setEnabled(not will.why_not)
        tip = " · ".join(filter(None, (will.consequence, self.tr("Ctrl+Enter"))))
        self.primary.setToolTip(will.why_not or tip)
        self.dry.setEnabled(not will.why_not)
        words = will.consequence if wide else will.consequence.replace(" in Quarantine", "")
        self.consequence.setText(words)
        self.all.setVisible(all_files > 1)
        self.all.setText(self.tr("Load all {0}…").format(all_files))
        self.dry.setVisible(not done)
        self.save.setVisible(done)
        self._fit()

    def _fit(self) -> None:
        """Where room is short, icons that everybody knows speak alone, then words go that stand in
        tooltips too; which other file Undo would change is among the last to go."""
        for one in (self.undo, self.redo, self.save, self.dry):
            one.show_words(True)
        for text in (self.done, self.consequence):
            text.setVisible(bool(text.text()))
        here = [one for one in (self.redo, self.undo) if not self._elsewhere(one)]
        away = [one for one in (self.redo, self.undo) if self._elsewhere(one)]
        for part in (*here, self.done, self.consequence, *away, self.save, self.dry):
            if self.line.sizeHint().width() <= self.width():
                break
            if isinstance(part, Button):
                part.show_words(False)
            else:
                part.hide()

    def _elsewhere(self, step: Button) -> bool:
        change = self.desk.steps.undoable if step is self.undo else self.desk.steps.redoable
        return change is not None and change.key != self.key

    def show_loading(self, words: str, stoppable: str) -> None:
        self._show(loading=True)
        self.consequence.setText("")
        self.done.setText(words)
        self.done.show()
        self.halt.setText(stoppable)

    def _show(self, loading: bool) -> None:
        for widget in (self.undo, self.redo, self.dry, self.save, self.primary):
            widget.setVisible(not loading)
        self.halt.setVisible(loading)
        if loading:
            self.all.hide()
        else:
            self.show_stack()
