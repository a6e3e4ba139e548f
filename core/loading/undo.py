"""Taking a load out of its collection again: what was added goes, what was changed comes back.

What someone edited since stays, and is listed. Of loads that touched the same documents the newest
goes first. An undo that died goes on when it is asked for again.
"""

import contextlib
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from uuid import uuid4

from core.errors import Busy, CoreError, StoreError
from core.loading.undoing import Step, conflicts, steps
from core.store import LoadEntry, Store
from core.store.before import Before

LISTED = 1_000  # ids of documents that stay, in reports
WAITING = 60.0  # seconds that a server may stay away
LAST_WORD = 5.0  # seconds that a stopped undo tries to say so
_KEEP = 5.0  # seconds between two signs of life in the ledger


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What an undo would do: documents it removes and restores, bytes of the images it restores
    from, and why it cannot be done now (else empty)."""

    load: str
    name: str
    collection: str
    mode: str
    removes: int
    restores: int
    bytes: int
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class UndoReport:
    """An undo so far. `stays` were edited since the load; `gone` had been deleted by someone;
    `stayed` lists the first ids of what stays. `state`: undoing, undone."""

    load: str
    state: str = "undoing"
    removed: int = 0
    restored: int = 0
    stays: int = 0
    gone: int = 0
    stayed: tuple[str, ...] = ()
    total: int = 0
    message: str = ""
    seconds: float = 0.0

    @property
    def fraction(self) -> float:
        done = self.removed + self.restored + self.stays + self.gone
        return 1.0 if self.state == "undone" else min(done / self.total, 1.0) if self.total else 0.0


def undo_plan(store: Store, load: str) -> UndoPlan:
    """Raises StoreError where there is no such load."""
    entry = _find(store, load)
    patient = store.patience(threading.Event(), 0.0)
    restores, size = Before(store.ledger, entry.object_id, patient).size()
    later = patient(lambda: store.ledger.resubmitted(entry.object_id))
    return UndoPlan(
        load=entry.id,
        name=entry.name,
        collection=f"{entry.database}.{entry.collection}",
        mode=entry.mode,
        removes=entry.counts.get("inserted", 0) + len(later),
        restores=restores,
        bytes=size,
        obstacle=_obstacle(store, entry),
    )


def _obstacle(store: Store, entry: LoadEntry) -> str:
    try:
        _check(store, entry)
    except CoreError as error:
        return str(error)
    return ""


def _find(store: Store, load: str) -> LoadEntry:
    entry = store.loads.get(load)
    if entry is None:
        raise StoreError(f"There is no load {load}.", "List them with: sluice loads.")
    return entry


def _check(store: Store, entry: LoadEntry) -> None:
    if entry.state == "undone":
        raise StoreError(f"The load of {entry.name} is undone already.")
    if entry.state == "running" and not entry.resumable:
        raise Busy(f"The load of {entry.name} still runs.", "Stop it first.")
    newer = conflicts(store, entry)
    if newer is not None:
        raise StoreError(
            f"The load of {newer.name} ({newer.id}) came later and touched the same documents.",
            "Undo that load first.",
        )


def undo(store: Store, load: str) -> Generator[UndoReport, None, None]:
    """Undo a load and yield the report so far; closing the generator stops it, and asking again
    goes on. Raises StoreError, Busy, LoadError."""
    store.guard()
    entry = _find(store, load)
    _check(store, entry)
    token, begun = uuid4().hex, time.monotonic()
    patient = store.patience(threading.Event(), WAITING)
    patient(lambda: store.ledger.take(entry.object_id, token, "undoing"))
    report = UndoReport(entry.id, total=_total(entry))
    try:
        yield report
        kept = time.monotonic()
        for step in steps(store, entry, patient):
            report = replace(_added(report, step), seconds=time.monotonic() - begun)
            if time.monotonic() - kept > _KEEP:
                patient(lambda: store.ledger.keep(entry.object_id, token, {}))
                kept = time.monotonic()
            yield report
        report = replace(report, state="undone", seconds=time.monotonic() - begun)
        told = {"undo": {**_counts(report), "at": store.now()}}
        if not patient(lambda: store.ledger.end(entry.object_id, token, "undone", told)):
            raise Busy("Another window or command has taken over this load.", "Watch it there.")
    finally:
        if report.state != "undone":
            nothing = not any(_counts(report).values())
            state = entry.state if nothing and entry.state != "running" else "undoing"
            last = store.patience(threading.Event(), LAST_WORD)
            with contextlib.suppress(CoreError):
                last(lambda: store.ledger.end(entry.object_id, token, state, {}))
        store.ledger.let_go(token)
    Before(store.ledger, entry.object_id, patient).forget_all()
    yield report


def _total(entry: LoadEntry) -> int:
    return entry.counts.get("inserted", 0) + entry.counts.get("changed", 0)


def _counts(report: UndoReport) -> dict[str, int]:
    return {
        "removed": report.removed,
        "restored": report.restored,
        "stays": report.stays,
        "gone": report.gone,
    }


def _added(report: UndoReport, step: Step) -> UndoReport:
    room = LISTED - len(report.stayed)
    return replace(
        report,
        removed=report.removed + step.removed,
        restored=report.restored + step.restored,
        stays=report.stays + len(step.stays),
        gone=report.gone + step.gone,
        stayed=report.stayed + tuple(str(id) for id in step.stays[:room]),
    )
