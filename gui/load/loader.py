"""The queue of loads: one at a time, each a task, each with its state on its file."""

import time
from collections.abc import Generator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.batch import LoadReport
from core.reading.source import Source
from gui.load.desk import Desk
from gui.load.pace import UNKNOWN, Pace, Pacer
from gui.load.state import OpenFile, Work, duration_words
from gui.messages import words
from gui.tasks import Task

Seen = tuple[int, LoadReport]


def loading(
    file: OpenFile, work: Work, store: Any, options: dict[str, Any]
) -> Generator[LoadReport, None, None]:
    """Imported when first used: the window opens sooner without the database client."""
    from core.loading.loader import load_file

    told: dict[str, Any] = {"edits": work.edits, "limit": work.limit, "checked": file.report}
    if file.home and not options.get("again"):
        yield from settling(file, work, store, told | options)
    else:
        yield from load_file(file.path, work.recipe, store, **told, **options)


def settling(
    file: OpenFile, work: Work, store: Any, told: dict[str, Any]
) -> Generator[LoadReport, None, None]:
    """An export of held rows that came back; there is no load of its own to go on with."""
    from core.quarantine import RETURNED, bring_back

    asked: dict[str, Any] = {name: told.get(name) for name in ("edits", "limit", "checked")}
    source = Source(file.path, work.recipe.dialect)
    asked |= {"dry_run": bool(told.get("dry_run")), "recipe": work.recipe}
    for report in bring_back(source, store, **asked):
        yield replace(report, state="done") if report.state == RETURNED else report


def entry(store: Any, report: LoadReport) -> Generator[LoadReport, None, None]:
    """The report as the ledger has it, with what came of its held records since."""
    load = store.loads.get(report.load)
    if load is None:
        yield report
        return
    later, held = 0, load.quarantined
    if held:
        held = store.quarantine.count(load.id)
        if load.mode == "skip":  # some of those resubmitted had a key that was known
            later = len(store.ledger.resubmitted(load.object_id))
        else:
            later = store.quarantine.count(load.id, state="resubmitted")
    yield replace(
        report,
        state=load.state,
        records=load.records,
        accepted=load.accepted + later,
        quarantined=held,
        skipped=load.skipped,
    )


def entries(store: Any, reports: Mapping[int, LoadReport]) -> Generator[Seen, None, None]:
    """The same of several files, each by its key."""
    for key, report in reports.items():
        for now in entry(store, report):
            yield key, now


def job_words(report: LoadReport, pace: Pace) -> str:
    """58% · 48,200 rows/s · 9 s left."""
    if pace.rate is None:
        return f"{report.fraction:.0%} · starting…" if report.fraction else "starting…"
    parts = [f"{report.fraction:.0%}", f"{pace.rate:,.0f} rows/s"]
    if pace.left is not None and report.fraction < 1:
        parts.append(f"{duration_words(pace.left)} left")
    return " · ".join(parts)


OFTEN = 0.1  # s between two sights of a running load


class Loader(QObject):
    """`finished(key, report)` for every end but a failure."""

    finished = Signal(object, object)
    failed = Signal(object, object)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk, self.session = desk, desk.session
        self.queue: list[tuple[int, dict[str, Any]]] = []
        self.current: int | None = None
        self.task: Task | None = None
        self.job = 0
        self._seen = 0.0
        self._pacer = Pacer()

    def load(self, key: int, **options: Any) -> None:
        """`options` are load_file's: again, resume."""
        file = self.desk.files.get(key)
        if file is None or file.work is None or key == self.current:
            return
        if any(key == waiting for waiting, _ in self.queue):
            return
        self.queue.append((key, options))
        self.desk.update(key, phase="queued", load=None, error="")
        self._next()

    def stop(self, key: int) -> None:
        """Stops it, or takes it out of the queue."""
        if key == self.current and self.task is not None:
            self.task.cancel()
            self.desk.update(key, stopping=True)
            return
        self.queue = [(k, options) for k, options in self.queue if k != key]
        self.desk.update(key, phase="ready")

    def _next(self) -> None:
        if self.current is not None or not self.queue:
            return
        key, options = self.queue.pop(0)
        file, store = self.desk.files.get(key), self.session.store
        if file is None or file.work is None or store is None:
            self._next()
            return
        work = file.work
        self.current = key
        self.job = self.session.add_job(file.name)
        self._pacer = Pacer()
        self.desk.update(key, phase="loading", stopping=False, pace=UNKNOWN)
        self.session.show_job(self.job, 0.0, "starting…")
        task = self.task = self.session.run(loading(file, work, store, options))
        task.progressed.connect(partial(self._progressed, key))
        task.succeeded.connect(partial(self._succeeded, key))
        task.failed.connect(partial(self._failed, key))
        task.cancelled.connect(partial(self._cancelled, key))

    def _progressed(self, key: int, report: LoadReport) -> None:
        now = time.monotonic()
        pace = self._pacer.add(report, now)
        if now - self._seen < OFTEN and report.state == "running":
            return
        self._seen = now
        self.desk.update(key, load=report, pace=pace)
        self.session.show_job(self.job, report.fraction, job_words(report, pace))

    def _succeeded(self, key: int, report: LoadReport) -> None:
        self._end()
        self.desk.update(key, phase=report.state, load=report)
        self.finished.emit(key, report)
        self._next()

    def _cancelled(self, key: int) -> None:
        """What was under way is written to its end: the ledger knows more than the last report."""
        file, store = self.desk.files.get(key), self.session.store
        self._end()
        if file is None or file.load is None or file.load.load is None or store is None:
            self.desk.update(key, phase="ready", load=None)
            self.finished.emit(key, None)
        else:
            self.desk.update(key, phase="stopped", resumable=True)
            self.session.run(entry(store, file.load)).succeeded.connect(partial(self._stopped, key))
        self._next()

    def _stopped(self, key: int, report: LoadReport) -> None:
        self.desk.update(key, load=report)
        self.finished.emit(key, report)

    def _failed(self, key: int, error: Exception) -> None:
        self._end()
        file, store = self.desk.files.get(key), self.session.store
        begun = file.load if file is not None else None
        resumable = begun is not None and begun.load is not None
        self.desk.update(key, phase="failed", error=words(error), resumable=resumable)
        if begun is not None and resumable and store is not None:
            self.session.run(entry(store, begun)).succeeded.connect(partial(self._left, key))
        self.failed.emit(key, error)
        self._next()

    def _left(self, key: int, report: LoadReport) -> None:
        """A load that failed before it wrote anything left nothing to go on with."""
        if report.state == "undone":
            self.desk.update(key, resumable=False, load=None)

    def _end(self) -> None:
        self.session.end_job(self.job)
        self.current, self.task = None, None
