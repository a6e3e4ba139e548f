"""What is done to held records: edits and discards that can be undone, fixes, resubmission, export.

Each is a task; `changed` tells that the figures and records must be read again.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import uuid4

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from core import quarantine
from core.plural import counted
from core.quarantine import Resubmission
from core.reasons import reason_words
from core.recipes.recipe import Recipe
from core.store.held import HeldRecord
from gui.asking import Asker
from gui.held.words import deed_words
from gui.held.work import Asked, Kind, moving, once
from gui.session import Session

Cells = Mapping[str, str | None]  # by field, or words on the record's shape; None takes away
Told = tuple[Cells, Cells]  # of cells, of the shape


class EditRecord(QUndoCommand):
    """One record's cells, or what is said of its shape; the first redo is the edit itself."""

    def __init__(self, desk: "Desk", record: HeldRecord, cells: Cells, shape: Cells) -> None:
        said = [deed_words(what) for what in shape]
        said += [desk.tr("edit of {0}").format(", ".join(cells))] if cells else []
        super().__init__(desk.tr("{0}, line {1}").format(", ".join(said), f"{record.line:,}"))
        self.desk, self.record, self.new = desk, record.id, (dict(cells), dict(shape))
        self.old: Told = (
            {name: record.values.get(name) for name in cells},
            {name: record.shape.get(name) for name in shape},
        )

    def redo(self) -> None:
        self.desk.write(self.record, self.new)

    def undo(self) -> None:
        self.desk.write(self.record, self.old)


class Discard(QUndoCommand):
    """Records given up, with a note; undone, they are held again."""

    def __init__(self, desk: "Desk", ids: Sequence[str], note: str) -> None:
        super().__init__(desk.tr("discard of {0}").format(counted(len(ids), "row")))
        self.desk, self.ids, self.note = desk, list(ids), note

    def redo(self) -> None:
        self.desk.move(self.ids, self.note)

    def undo(self) -> None:
        self.desk.move(self.ids, None)


class DiscardAll(QUndoCommand):
    """Every row that matches given up; known by its deed, so that no id is kept for the undo."""

    def __init__(self, desk: "Desk", asked: Asked, count: int, note: str) -> None:
        super().__init__(desk.tr("discard of {0}").format(counted(count, "row")))
        self.desk, self.asked, self.note, self.deed = desk, asked, note, uuid4().hex

    def redo(self) -> None:
        self.desk.sweep(self.asked, self.note, self.deed)

    def undo(self) -> None:
        self.desk.take_back(self.asked.load, self.deed)


class FixAll(QUndoCommand):
    """What a recipe's change mends of one kind, known by its deed."""

    def __init__(self, desk: "Desk", load: str, kind: Kind, recipe: Recipe) -> None:
        words = kind[1] or reason_words(kind[0])
        super().__init__(desk.tr("fix of {0}").format(words))
        self.title = desk.tr("Fixing {0}").format(words)
        self.desk, self.load, self.kind, self.recipe = desk, load, kind, recipe
        self.deed = uuid4().hex

    def redo(self) -> None:
        store = self.desk.session.store
        work = quarantine.fix_similar(store, self.load, self.kind, self.recipe, self.deed)
        self.desk.run_fix(work, self.title)

    def undo(self) -> None:
        work = quarantine.unfix(self.desk.session.store, self.load, self.kind, self.deed)
        self.desk.run_fix(work, self.desk.tr("Taking the fix back"))


class Desk(QObject):
    """`edited(record)`: one record as it is after an edit. `resubmitted(Resubmission)`."""

    edited = Signal(object)
    changed = Signal()
    resubmitted = Signal(object)
    exported = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self.session = session
        self.stack = QUndoStack(self)
        self.asker = Asker(session, self)
        self.asker.failed.connect(lambda _topic, error: self._failed(error))
        self._queue: list[tuple[str, Told]] = []

    # ---- back and forth ----------------------------------------------------------------------
    def undo(self) -> None:
        """Not while many rows are being worked on: what is not done yet cannot be taken back."""
        if not self.busy:
            self.stack.undo()

    def redo(self) -> None:
        if not self.busy:
            self.stack.redo()

    # ---- edits -------------------------------------------------------------------------------
    def edit(self, record: HeldRecord, cells: Cells, shape: Cells | None = None) -> None:
        different = {n: t for n, t in cells.items() if record.values.get(n) != t}
        if different or shape:
            self.stack.push(EditRecord(self, record, different, shape or {}))

    def write(self, id: str, told: Told) -> None:
        """Edits are written one after the other, in the order they were made."""
        self._queue.append((id, told))
        if "edit" not in self.asker.asks:
            self._next()

    def _next(self) -> None:
        if not self._queue:
            self.changed.emit()
            return
        id, (cells, shape) = self._queue.pop(0)
        work = once(partial(quarantine.edit, self.session.store, id, cells, shape=shape))
        self.asker.ask("edit", work, self._edited)

    def _edited(self, record: HeldRecord) -> None:
        self.edited.emit(record)
        self._next()

    # ---- giving up and taking back -----------------------------------------------------------
    def discard(self, ids: Sequence[str], note: str) -> None:
        if ids:
            self.stack.push(Discard(self, ids, note))

    def discard_all(self, asked: Asked, count: int, note: str) -> None:
        """Every record that matches."""
        self.stack.push(DiscardAll(self, asked, count, note))

    def sweep(self, asked: Asked, note: str, deed: str) -> None:
        """Stopped, the rest stays as it was."""
        words = {name: word for name, word in asked.words().items() if name != "state"}
        load = words.pop("load", None)
        work = quarantine.discard_all(self.session.store, load, note, deed=deed, **words)
        self._run("move", work, lambda _report: self.changed.emit(), self.tr("Discarding rows"))

    def restore_all(self, asked: Asked) -> None:
        """Takes back every discarded record that matches."""
        words = {name: word for name, word in asked.words().items() if name != "state"}
        self._take_back(words)

    def take_back(self, load: str, deed: str) -> None:
        self._take_back({"load": load or None, "deed": deed})

    def _take_back(self, words: dict[str, Any]) -> None:
        work = quarantine.restore_all(self.session.store, **words)
        title = self.tr("Taking rows back")
        self._run("move", work, lambda _report: self.changed.emit(), title)

    def move(self, ids: Sequence[str], note: str | None) -> None:
        """Discards with a note, or takes back with None; stopped, the rest stays as it was."""
        words = self.tr("Taking back: {0}") if note is None else self.tr("Discarding: {0}")
        title = words.format(f"{len(ids):,}")
        work = moving(self.session.store, ids, note)
        self._run("move", work, lambda _moved: self.changed.emit(), title)

    # ---- whole kinds -------------------------------------------------------------------------
    def fix(self, load: str, kind: Kind, recipe: Recipe) -> None:
        self.stack.push(FixAll(self, load, kind, recipe))

    def run_fix(self, work: Generator[Any, None, None], title: str) -> None:
        """Many records; what is done of it when it is stopped can still be taken back."""
        self._run("fix", work, lambda _report: self.changed.emit(), title)

    def resubmit(self, load: str, ids: Sequence[str] | None, title: str) -> None:
        """Nothing is loaded twice: a second run while one is under way is not begun."""
        if "resubmit" in self.asker.asks:
            return
        work = quarantine.resubmit(self.session.store, load, ids)
        self._run("resubmit", work, self._resubmitted, title)

    def _run(
        self, topic: str, work: Generator[Any, None, None], then: Callable[[Any], None], title: str
    ) -> None:
        """A work that can be stopped; what it did until then stays done, and is read."""
        task = self.asker.ask(topic, work, then, title, lambda: self.stop(topic))
        task.cancelled.connect(self.changed)

    def stop(self, topic: str) -> None:
        ask = self.asker.asks.get(topic)
        if ask is not None:
            ask.task.cancel()

    def _resubmitted(self, report: Resubmission) -> None:
        self.stack.clear()  # what is loaded is no longer edited here
        self.resubmitted.emit(report)
        self.changed.emit()

    def export(self, path: str, asked: Asked, safe: bool) -> None:
        """The records that match, in one file."""
        work = quarantine.exporting(self.session.store, path, safe=safe, **asked.words())
        title = self.tr("Exporting held rows")
        self.asker.ask("export", work, self.exported.emit, title, lambda: self.stop("export"))

    @property
    def writing(self) -> bool:
        """Edits are on their way."""
        return bool(self._queue) or "edit" in self.asker.asks

    @property
    def busy(self) -> bool:
        return any(topic in self.asker.asks for topic in ("resubmit", "fix", "move"))

    def _failed(self, error: Exception) -> None:
        self._queue.clear()
        self.stack.clear()
        self.failed.emit(error)
        self.changed.emit()
