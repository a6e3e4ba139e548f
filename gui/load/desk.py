"""The files open on the Load page: opened, checked and changed, each step a task of its own.

Values go in and out (`OpenFile`, `Work`); widgets read them and are told by signals which changed.
"""

import threading
from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QUndoStack

from core.batch import LoadReport
from core.checking.checker import check_file
from core.errors import CoreError
from core.reading.source import find_files
from gui.load.change import Change
from gui.load.edited import recounted
from gui.load.findings import Findings, Told, told
from gui.load.journal import Journal
from gui.load.keeping import Keeping
from gui.load.opening import Opened, learn_again, open_file, reread, unanswered
from gui.load.per_file import PerFile
from gui.load.reader import Reader
from gui.load.state import OpenFile, Work, judged_alike
from gui.load.steps import Steps
from gui.messages import words
from gui.session import Session

OFTEN = 120  # ms between two sights of a running check
AT_ONCE = 200  # columns by which an edited record is judged in the window itself
PATIENCE_STORE = 10.0  # s, for a server that went away while references are checked
PATIENCE = 400  # ms that a new check may run before its unfinished counts replace the old ones


class Desk(QObject):
    """`changed(key)`: a file's value; `found(key)`: its problems; `listed`: files came or went."""

    changed = Signal(object)
    found = Signal(object)
    listed = Signal()
    opened = Signal(object)  # a file's rows can be shown, or are split in another way now
    recalled = Signal(object)  # undo or redo is about to change this file
    refused = Signal(str)  # why something could not be opened at all

    def __init__(self, session: Session, journal: Journal, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.journal = Keeping(session, journal, self)
        self.files: dict[int, OpenFile] = {}
        self.findings: dict[int, Findings] = {}
        self.readers: dict[int, Reader] = {}
        self.stack = QUndoStack(self)
        self.steps = Steps(self.stack, self.files)
        self._work = PerFile(session, self)
        self._work.failed.connect(self._failed)
        self._places: dict[Path, int] = {}
        self._next = 1
        self._due: dict[int, tuple[Findings, LoadReport]] = {}
        self._clock = QTimer(self, singleShot=True, interval=OFTEN)
        self._clock.timeout.connect(self._show_due)
        session.store_changed.connect(self._connected)

    # -- opening -------------------------------------------------------------------------------
    def open(self, paths: Iterable[Path | str]) -> list[int]:
        """Opens files, folders and globs; what is open already is shown, not opened twice."""
        try:
            found = find_files(list(paths))
        except CoreError as error:
            self.refused.emit(str(error))
            return []
        return [self._open(Path(path).absolute()) for path in found]

    def open_by(self, path: Path, work: Work) -> int:
        """A file to be read as was decided before, whatever lies beside it."""
        return self._open(path.absolute(), work)

    def restore(self) -> list[int]:
        """What a crash or a close left open."""
        return [self._open(draft.path, draft.work) for draft in self.journal.journal.drafts()]

    def _open(self, path: Path, work: Work | None = None) -> int:
        place = path.resolve()  # however it is written, and through whatever link
        if place in self._places:
            return self._places[place]
        key, self._next = self._next, self._next + 1
        self._places[place] = key
        size = path.stat().st_size if path.exists() else 0
        self.files[key] = OpenFile(key, path, size)
        self.findings[key] = Findings()
        self.readers[key] = Reader(self.session, path, self)
        self.listed.emit()
        self._run(
            key, open_file(path, work, self.known_recipes(), self.session.store), self._opened
        )
        return key

    def _opened(self, key: int, opened: Opened) -> None:
        self.readers[key].start(opened.page, opened.work)
        self.update(
            key,
            work=opened.work,
            names=opened.names,
            notes=opened.notes,
            questions=opened.questions or self.files[key].questions,
            inferred=opened.inferred,
            home=opened.home,
            near=opened.near,
            error="",
        )
        self.opened.emit(key)
        if opened.settled:
            self.journal.keep(self.files[key])
            self.check(key)

    def reopen(self, key: int) -> None:
        """Once more from the file, with what was decided about it."""
        file = self.files[key]
        self.update(key, phase="opening", error="", report=None, load=None, resumable=False)
        self._run(
            key,
            open_file(file.path, file.work, self.known_recipes(), self.session.store),
            self._opened,
        )

    @Slot(object)
    def _connected(self, store: Any) -> None:
        """What a file of held rows is, the server knows: one opened before is looked at again."""
        if store is None:
            return
        from core.quarantine.returning import ours

        for key, file in list(self.files.items()):
            if ours(file.names) and file.phase in ("checking", "ready"):
                untouched = file.inferred is not None and not self.steps.made(key)
                work = None if untouched else file.work
                self.update(key, phase="opening", error="", report=None)
                self._run(
                    key, open_file(file.path, work, self.known_recipes(), store), self._opened
                )

    def relearn(self, key: int) -> None:
        """What the file itself tells, whatever recipe there is; undo brings the recipe back."""
        file = self.files[key]
        if file.work is not None:
            self.update(key, notes=())
            self._run(key, learn_again(file.path, file.work), self._reread)

    def known_recipes(self) -> tuple[Path, ...]:
        """Recipes saved or opened here lately that are still there."""
        paths = (Path(one) for one in self.session.settings.get("recipes"))
        return tuple(path for path in paths if path.is_file())

    def close(self, key: int) -> None:
        """Undo of what was done to it goes with it."""
        self._stop(key)
        self.readers.pop(key).stop()
        file = self.files.pop(key)
        self._places = {place: one for place, one in self._places.items() if one != key}
        old = self.findings.pop(key)
        self.journal.drop(file.path)
        at = (self.stack.command(n) for n in range(self.stack.count()))
        if not any(getattr(command, "key", None) in self.files for command in at):
            self.stack.clear()
        self.listed.emit()
        self._shed(old)

    def _shed(self, old: Findings) -> None:
        if old.by_record:
            self.session.run(old.shed())

    # -- checking ------------------------------------------------------------------------------
    def check(self, key: int) -> None:
        """Checks the whole file anew; old counts stay until the new ones are nearly there."""
        file = self.files[key]
        assert file.work is not None
        fresh = Findings()
        first = file.report is None
        self.update(key, phase="checking", error="")
        recipe, store = file.work.recipe, self.session.store
        lookup = None
        if recipe.schema.foreign_keys and store is not None:  # else the report says: not judged
            lookup = store.lookup(store.database, store.patience(threading.Event(), PATIENCE_STORE))
        work = check_file(file.path, recipe, lookup=lookup, edits=file.work.edits)
        self._run(key, told(work), partial(self._reported, fresh, first))

    def _reported(self, fresh: Findings, first: bool, key: int, found: Told) -> None:
        """Reports come faster than anyone reads: they are shown a few times a second."""
        fresh.add(found)
        report = found.report
        if report.state != "running":
            self._due.pop(key, None)
            self._show(key, fresh, report)
        elif first or report.seconds * 1000 > PATIENCE:
            self._due[key] = (fresh, report)
            if not self._clock.isActive():
                self._clock.start()

    @Slot()
    def _show_due(self) -> None:
        due, self._due = self._due, {}
        for key, (fresh, report) in due.items():
            if key in self.files:
                self._show(key, fresh, report)

    def _show(self, key: int, fresh: Findings, report: LoadReport) -> None:
        old, self.findings[key] = self.findings[key], fresh
        self.readers[key].places = fresh.places
        self.update(key, report=report, phase="checking" if report.state == "running" else "ready")
        self.found.emit(key)
        if old is not fresh:
            self._shed(old)

    # -- changing ------------------------------------------------------------------------------
    def change(self, key: int, work: Work, text: str) -> None:
        """Every change of a recipe or cell comes through here, so that all of it can be undone."""
        before = self.files[key].work
        if before is not None and before != work:
            self.stack.push(Change(self, key, before, work, text))

    def apply(self, key: int, work: Work) -> None:
        """Makes `work` the file's, for Change."""
        if key not in self.files:
            return
        before = self.files[key].work
        self.update(key, work=work)
        self.journal.keep(self.files[key])
        if self.files[key].phase in ("checking", "ready") and judged_alike(before, work):
            return
        if before is None or before.recipe.dialect != work.recipe.dialect:
            self._run(
                key, open_file(self.files[key].path, work, (), self.session.store), self._opened
            )
            return
        self.readers[key].recheck(work)
        self.check(key)
        if before.recipe == work.recipe:
            self._edited(key, before, work)

    @Slot()
    def undo(self) -> None:
        self._step(self.steps.undoable, self.stack.undo)

    @Slot()
    def redo(self) -> None:
        self._step(self.steps.redoable, self.stack.redo)

    def _step(self, change: Change | None, step: Callable[[], None]) -> None:
        """Of one file; what is being loaded stays as it is."""
        if change is None:
            return
        file = self.files[change.key]
        if file.phase not in ("queued", "loading"):
            self.steps.take(step)
            return
        self.recalled.emit(change.key)
        why = self.tr("{0} is being loaded: its changes can be undone when that has ended.")
        self.refused.emit(why.format(file.name))

    def recall(self, key: int, work: Work) -> None:
        """Undo and redo: nobody sees what changes in a file that is not shown, so it is."""
        if key in self.files:
            self.recalled.emit(key)
        self.apply(key, work)

    def saved_as(self, key: int, recipe: Path) -> None:
        """What was decided stands in a recipe now; nothing of it changed, so nothing to undo."""
        file = self.files[key]
        if file.work is not None:
            self.update(key, work=replace(file.work, recipe_path=recipe))
            self.journal.keep(self.files[key])

    def redialect(self, key: int, changes: Mapping[str, Any]) -> None:
        """Reads the file in another way; the sheet follows at once."""
        file = self.files[key]
        if file.work is not None:
            self.update(key, questions=unanswered(file.questions, changes))
            self._run(key, reread(file.path, file.work, changes), self._reread)

    def _reread(self, key: int, work: Work) -> None:
        self.change(key, work, f"read as {work.recipe.dialect.summary()}")

    def _edited(self, key: int, before: Work, work: Work) -> None:
        """Rules of thousands of columns take too long to be made ready here: there the check of the
        whole file tells."""
        file = self.files[key]
        if file.report is not None and len(file.names) <= AT_ONCE:
            facts = self.findings[key], self.readers[key]
            self.update(key, report=recounted(file.report, before, work, *facts))
            self.found.emit(key)

    # -- tasks ---------------------------------------------------------------------------------
    def update(self, key: int, **changes: Any) -> None:
        if key in self.files:
            self.files[key] = replace(self.files[key], **changes)
            self.changed.emit(key)

    def _run(
        self, key: int, work: Generator[Any, None, None], then: Callable[[int, Any], None]
    ) -> None:
        self._stop(key)
        self._work.run(key, work, then)

    @Slot(object, object)
    def _failed(self, key: int, error: Exception) -> None:
        self.update(key, phase="failed", error=words(error))

    def _stop(self, key: int) -> None:
        self._due.pop(key, None)
        self._work.stop(key)

    def stop_all(self) -> None:
        self._due.clear()
        self._work.stop_all()
