"""What is done to held records: edits and discards that can be undone, fixes, resubmission, export.

Each is a task; `changed` tells that the figures and records must be read again.
"""

from collections.abc import Generator, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from core import quarantine
from core.quarantine import Resubmission
from core.store.held import HeldRecord
from gui.asking import Asker
from gui.held.work import Asked, every_id, once
from gui.session import Session


class EditCells(QUndoCommand):
    """One record's cells; the first redo is the edit itself."""

    def __init__(self, desk: "Desk", record: HeldRecord, changes: Mapping[str, str]) -> None:
        names = ", ".join(changes)
        super().__init__(desk.tr("edit of {0}, line {1}").format(names, f"{record.line:,}"))
        self.desk, self.record, self.new = desk, record.id, dict(changes)
        self.old = {name: record.values.get(name, "") for name in changes}

    def redo(self) -> None:
        self.desk.write(self.record, self.new)

    def undo(self) -> None:
        self.desk.write(self.record, self.old)


class Discard(QUndoCommand):
    """Records given up, with a note; undone, they are held again."""

    def __init__(self, desk: "Desk", ids: Sequence[str], note: str) -> None:
        super().__init__(desk.tr("discard of {0} rows").format(f"{len(ids):,}"))
        self.desk, self.ids, self.note = desk, list(ids), note

    def redo(self) -> None:
        self.desk.move(self.ids, self.note)

    def undo(self) -> None:
        self.desk.move(self.ids, None)


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
        self._queue: list[tuple[str, Mapping[str, str]]] = []

    # ---- edits -------------------------------------------------------------------------------
    def edit(self, record: HeldRecord, changes: Mapping[str, str]) -> None:
        different = {n: t for n, t in changes.items() if record.values.get(n, "") != t}
        if different:
            self.stack.push(EditCells(self, record, different))

    def write(self, id: str, changes: Mapping[str, str]) -> None:
        """Edits are written one after the other, in the order they were made."""
        self._queue.append((id, changes))
        if "edit" not in self.asker.asks:
            self._next()

    def _next(self) -> None:
        if not self._queue:
            self.changed.emit()
            return
        id, changes = self._queue.pop(0)
        store = self.session.store
        self.asker.ask("edit", once(lambda: quarantine.edit(store, id, changes)), self._edited)

    def _edited(self, record: HeldRecord) -> None:
        self.edited.emit(record)
        self._next()

    # ---- giving up and taking back -----------------------------------------------------------
    def discard(self, ids: Sequence[str], note: str) -> None:
        self.stack.push(Discard(self, ids, note))

    def discard_all(self, asked: Asked, note: str) -> None:
        """Every record that matches: their ids are read first."""
        store = self.session.store
        self.asker.ask(
            "ids",
            once(lambda: every_id(store, asked)),
            lambda ids: self.discard(ids, note),
        )

    def move(self, ids: Sequence[str], note: str | None) -> None:
        """Discards with a note, or restores with None."""
        store = self.session.store
        if note is None:
            work = once(lambda: quarantine.restore(store, ids))
        else:
            work = once(lambda: quarantine.discard(store, ids, note))
        self.asker.ask("move", work, lambda _count: self.changed.emit())

    def restore(self, ids: Sequence[str]) -> None:
        self.move(ids, None)

    # ---- whole kinds -------------------------------------------------------------------------
    def fix(self, work: Generator[Any, None, None], title: str) -> None:
        """A fix of many records is a recipe's change, told in the records' history."""
        self.stack.clear()
        self.asker.ask("fix", work, lambda _report: self.changed.emit(), title)

    def resubmit(self, load: str, ids: Sequence[str] | None, title: str) -> None:
        """Nothing is loaded twice: a second run while one is under way is not begun."""
        if "resubmit" in self.asker.asks:
            return
        store = self.session.store
        work = quarantine.resubmit(store, load, ids)
        self.asker.ask("resubmit", work, self._resubmitted, title)

    def _resubmitted(self, report: Resubmission) -> None:
        self.stack.clear()  # what is loaded is no longer edited here
        self.resubmitted.emit(report)
        self.changed.emit()

    def export(self, path: str, asked: Asked) -> None:
        """The records that match, in one file."""
        store, words = self.session.store, asked.words()
        work = once(lambda: quarantine.export(store, path, **words))
        self.asker.ask("export", work, self.exported.emit, self.tr("Exporting"))

    @property
    def busy(self) -> bool:
        return any(topic in self.asker.asks for topic in ("resubmit", "fix", "move"))

    def _failed(self, error: Exception) -> None:
        self._queue.clear()
        self.stack.clear()
        self.failed.emit(error)
        self.changed.emit()
