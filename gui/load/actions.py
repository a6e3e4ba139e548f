"""The foot of the page: Undo and Redo at the left, at the right what Load will do."""

from dataclasses import dataclass

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QFrame, QWidget

from core.plural import counted, verb
from gui.elided import Elided
from gui.layout import row
from gui.load.state import OpenFile, rows_words
from gui.widgets import button, label

KEYLESS = "Choose the key: the columns that tell the rows apart."
MODES = {
    "add": "Add rows",
    "update": "Add or update by key",
    "skip": "Add new, skip known",
    "replace": "Replace all",
}


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

    def __init__(self, stack: QUndoStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "actions")
        self.setFixedHeight(48)
        self.stack = stack
        self.key: int | None = None  # of the file shown: its changes are counted
        self.undo = button(self.tr("Undo"), "ghost", "undo-2")
        self.redo = button(self.tr("Redo"), "ghost", "redo-2")
        self.undo.clicked.connect(stack.undo)
        self.redo.clicked.connect(stack.redo)
        self.done = label("", "small")
        self.consequence = Elided("", "small")
        self.dry = button(self.tr("Dry run"), "ghost", "eye")
        self.dry.clicked.connect(self.dry_run)
        self.save = button(self.tr("Save report…"), "ghost", "file-text")
        self.save.setToolTip(self.tr("What this load read, loaded and held, as a page to print"))
        self.save.clicked.connect(self.report)
        self.save.hide()
        self.all = button(self.tr("Load all"), "")
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
        for signal in (stack.indexChanged, stack.canUndoChanged, stack.canRedoChanged):
            signal.connect(self.show_stack)
        self.show_stack()

    @Slot()
    def show_stack(self) -> None:
        stack = self.stack
        self.undo.setEnabled(stack.canUndo())
        self.redo.setEnabled(stack.canRedo())
        undo, redo = stack.canUndo(), stack.canRedo()
        nothing = self.tr("Undo: nothing is changed"), self.tr("Redo: nothing was undone")
        self.undo.setToolTip(self.tr("Undo: {0}").format(stack.undoText()) if undo else nothing[0])
        self.redo.setToolTip(self.tr("Redo: {0}").format(stack.redoText()) if redo else nothing[1])
        commands = (stack.command(at) for at in range(stack.index()))
        done = sum(getattr(command, "key", None) == self.key for command in commands)
        self.done.setText(self.tr("{0} so far").format(counted(done, "change")) if done else "")

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
        self.all.setText(self.tr("Load all {0}").format(all_files))
        self.dry.setVisible(not done)
        self.save.setVisible(done)
        self._fit()

    def _fit(self) -> None:
        """Where room is short icons speak alone, the least pressing first, and then words go that
        stand in tooltips too."""
        spare, words = (self.dry, self.save, self.redo, self.undo), (self.done, self.consequence)
        for one in spare:
            one.show_words(True)
        for text in words:
            text.show()
        for one in spare:
            if self.line.sizeHint().width() > self.width():
                one.show_words(False)
        for text in words:
            text.setVisible(self.line.sizeHint().width() <= self.width())

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
