"""Edits that wait to be saved: each can be undone, and one button writes them all."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from core.store.cells import CellEdit, Saved, retyped, save
from gui.asking import Asker
from gui.browse.values import shown
from gui.browse.work import Place, once
from gui.session import Session

Key = tuple[Any, str]  # _id, field


class StageCell(QUndoCommand):
    """One cell's new value, or back to the one before."""

    def __init__(self, staging: "Staging", edit: CellEdit) -> None:
        super().__init__(staging.tr("{0} = {1}").format(edit.field, shown(edit.new)[:40]))
        self.staging, self.edit = staging, edit
        self.before = staging.edits.get((edit.id, edit.field))

    def redo(self) -> None:
        self.staging.put((self.edit.id, self.edit.field), self.edit)

    def undo(self) -> None:
        self.staging.put((self.edit.id, self.edit.field), self.before)


class TakeBack(QUndoCommand):
    """What Ctrl+Z does about something that the server has done already: a delete, a save."""

    def __init__(self, words: str, back: Callable[[], None]) -> None:
        super().__init__(words)
        self.back = back

    def undo(self) -> None:
        self.setObsolete(True)
        self.back()


class Staging(QObject):
    """`changed` with every edit; `saved(Saved, back)` when they were written, `back` where that
    took others back; `refused(words)`."""

    changed = Signal()
    saved = Signal(object, bool)
    refused = Signal(str)

    def __init__(self, session: Session, asker: Asker, parent: QObject) -> None:
        super().__init__(parent)
        self.session, self.asker = session, asker
        self.stack = QUndoStack(self)
        self.edits: dict[Key, CellEdit] = {}

    @property
    def values(self) -> dict[Key, Any]:
        return {key: edit.new for key, edit in self.edits.items()}

    def type(self, document: Mapping[str, Any], name: str, text: str) -> None:
        """Takes the text as a value of the type that stands there, or says what was expected."""
        old = document.get(name)
        try:
            new = retyped(old, text)
        except ValueError as error:
            self.refused.emit(f"{name}: “{text}”: {error}.")
            return
        self.stack.push(StageCell(self, CellEdit(document["_id"], name, old, new)))

    def put(self, key: Key, edit: CellEdit | None) -> None:
        if edit is None or edit.new == edit.old:
            self.edits.pop(key, None)
        else:
            self.edits[key] = edit
        self.changed.emit()

    def forget(self, edited: Sequence[Key]) -> None:
        """Edits of documents that are gone."""
        for key in edited:
            self.put(key, None)

    def revert(self) -> None:
        self.stack.clear()
        self.edits.clear()
        self.changed.emit()

    def save(self, place: Place) -> None:
        if self.edits and "save" not in self.asker.asks:
            self.write(place, list(self.edits.values()))

    def write(self, place: Place, edits: list[CellEdit], back: bool = False) -> None:
        store = self.session.store
        work = once(lambda: save(store.client, store.guard, place, edits))
        self.asker.ask("save", work, partial(self._saved, back), self.tr("Saving edits"))

    def _saved(self, back: bool, saved: Saved) -> None:
        for edit in (*saved.saved, *saved.missed):
            self.edits.pop((edit.id, edit.field), None)
        self._forget_edits()
        self.changed.emit()
        self.saved.emit(saved, back)

    def _forget_edits(self) -> None:
        """They are written; what else was done can still be taken back."""
        done = [self.stack.command(at) for at in range(self.stack.index())]
        kept = [(one.text(), one.back) for one in done if isinstance(one, TakeBack)]
        self.stack.clear()
        for words, back in kept:
            self.stack.push(TakeBack(words, back))


def only_once(act: Callable[[], None]) -> Callable[[], None]:
    """Ctrl+Z and the message's Undo do the same, and it is done once."""
    left = [act]

    def done() -> None:
        if left:
            left.pop()()

    return done


def reversed_edits(saved: Saved) -> list[CellEdit]:
    """What puts back the values that were there."""
    return [CellEdit(e.id, e.field, e.new, e.old) for e in saved.saved]
