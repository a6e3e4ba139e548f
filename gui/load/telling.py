"""Toasts about loads that are done: one each or, of several in a row, one for all."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.batch import LoadReport
from core.plural import counted
from gui.load.ends import done_words, more_held
from gui.load.loader import Loader
from gui.load.state import OpenFile, duration_words
from gui.session import Session

NAMED = 3  # files that a toast names


@dataclass(frozen=True, slots=True)
class Done:
    """A load that is done; `home` is the load whose held rows its file brought back, if any."""

    key: int
    name: str
    collection: str
    home: str
    report: LoadReport
    checked: LoadReport | None


class Telling(QObject):
    """What is done while others wait is told with them. `undo_wanted(key, load)`."""

    undo_wanted = Signal(object, str)

    def __init__(self, session: Session, loader: Loader, parent: QObject) -> None:
        super().__init__(parent)
        self.session, self.loader = session, loader
        self._done: list[Done] = []
        loader.failed.connect(lambda _key, _error: self.tell())

    def add(self, file: OpenFile, report: LoadReport) -> None:
        collection = file.work.recipe.collection if file.work is not None else ""
        done = Done(file.key, file.name, collection, file.home, report, file.report)
        self._done.append(done)

    def tell(self) -> None:
        """Nothing while one is under way or waits."""
        if self.loader.queue or self.loader.current is not None:
            return
        done, self._done = self._done, []
        if len(done) == 1:
            self._one(done[0])
        elif done:
            self._all(done)

    def _one(self, done: Done) -> None:
        report = done.report
        actions: dict[str, Any] = {"View": partial(self._view, done)}
        if report.load is not None:
            actions["Undo load"] = partial(self.undo_wanted.emit, done.key, report.load)
        where = f"{done.name} into {done.collection} in {duration_words(report.seconds)}"
        why = more_held(done.checked, report)
        tone = "warning" if why else "valid"
        self.session.note(done_words(report), why or where, tone, **actions)

    def _all(self, done: list[Done]) -> None:
        accepted = sum(one.report.accepted for one in done)
        held = sum(one.report.quarantined for one in done)
        title = self.tr("{0}: {1} loaded").format(
            counted(len(done), "file"), counted(accepted, "row")
        )
        title += self.tr(", {0} held").format(f"{held:,}") if held else ""
        rest = len(done) - NAMED
        names = ", ".join(one.name for one in done[:NAMED])
        names += self.tr(" and {0} more").format(rest) if rest > 0 else ""
        actions: dict[str, Any] = {"History": lambda: self.session.show_page("History")}
        if held:
            actions["View held"] = lambda: self.session.show_page("Quarantine")
        self.session.note(title, names, **actions)

    def _view(self, done: Done) -> None:
        report = done.report
        if report.accepted or not report.quarantined:
            self.session.show_page("Collections", collection=done.collection)
        else:
            self.session.show_page("Quarantine", load=report.load or done.home)
