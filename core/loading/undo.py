"""Taking a load out of its collection again: what was added goes, what was changed comes back.

What someone edited since stays, and is listed. Of loads that touched the same documents the newest
goes first. An undo that died goes on when it is asked for again.
"""

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import uuid4

from core.errors import Busy, CoreError, StoreError
from core.loading.sealing import unique_left
from core.loading.undoing import Step, Way, conflicts, steps
from core.plural import counted
from core.store import LoadEntry, Store
from core.store.before import Before
from core.store.patience import Patience
from core.store.pulse import Pulse

LISTED = 1_000  # ids of documents that stay, in reports
WAITING = 60.0  # seconds that a server may stay away
_LOOK = 0.2  # seconds between two looks at what a resubmission is still writing
LAST_WORD = 5.0  # seconds that a stopped undo tries to say so


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """What an undo would do, found out by looking at every document it would touch.

    `stays` were edited since, `gone` deleted by someone; both are None where there were too many
    documents to look at, and `removes` and `restores` are then the most that can be. `bytes` is the
    size of the images it restores from; `obstacle` says why it cannot be done now (else empty);
    `unique` are keys that the load wanted unique: their indexes stay.
    """

    load: str
    name: str
    collection: str
    mode: str
    removes: int
    restores: int
    bytes: int
    obstacle: str = ""
    stays: int | None = None
    gone: int | None = None
    unique: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UndoReport:
    """An undo so far. `stays` were edited since the load; `gone` had been deleted by someone;
    `stayed` lists the first ids of what stays; `unique` are keys whose indexes stay. `state`:
    undoing, undone."""

    load: str
    state: str = "undoing"
    removed: int = 0
    restored: int = 0
    stays: int = 0
    gone: int = 0
    stayed: tuple[str, ...] = ()
    unique: tuple[str, ...] = ()
    total: int = 0
    message: str = ""
    seconds: float = 0.0

    @property
    def fraction(self) -> float:
        done = self.removed + self.restored + self.stays + self.gone
        return 1.0 if self.state == "undone" else min(done / self.total, 1.0) if self.total else 0.0


def undo_plan(store: Store, load: str, *, force: bool = False, most: int | None = None) -> UndoPlan:
    """What `undo` would do; `most` is how many documents it may look at to tell (None: all).
    Raises StoreError where there is no such load."""
    entry = _find(store, load)
    patient = store.patience(threading.Event(), 0.0)
    restores, size = Before(store.ledger, entry.object_id, patient).size()
    later = patient(lambda: store.ledger.resubmitted(entry.object_id))
    plan = UndoPlan(
        load=entry.id,
        name=entry.name,
        collection=f"{entry.database}.{entry.collection}",
        mode=entry.mode,
        removes=entry.counts.get("inserted", 0) + len(later),
        restores=restores,
        bytes=size,
        unique=unique_left(store, entry, patient),
    )
    try:
        store.guard()
        _check(store, entry, patient, force)
        if most is not None and plan.removes + plan.restores > most:
            return plan
        return _looked(plan, store, entry, patient, force)
    except CoreError as error:
        return replace(plan, obstacle=str(error))


def _looked(
    plan: UndoPlan, store: Store, entry: LoadEntry, patient: Patience, force: bool
) -> UndoPlan:
    report = UndoReport(entry.id)
    for step in steps(store, entry, patient, Way(dry=True, force=force)):
        report = _added(report, step)
    return replace(
        plan,
        removes=report.removed,
        restores=report.restored,
        stays=report.stays,
        gone=report.gone,
    )


def _find(store: Store, load: str) -> LoadEntry:
    entry = store.loads.get(load)
    if entry is None:
        raise StoreError(f"There is no load {load}.", "List them with: sluice loads.")
    return entry


def _check(store: Store, entry: LoadEntry, patient: Patience, force: bool) -> None:
    if entry.state == "undone" and not (force and entry.stays):
        problem = f"The load of {entry.name} is undone already"
        if not entry.stays:
            raise StoreError(f"{problem}.")
        raise StoreError(
            f"{problem}, but for {counted(entry.stays, 'document')} edited since.",
            f"To take those back as well, edits and all: sluice undo {entry.id} --force.",
        )
    if entry.state == "running" and not entry.resumable:
        raise Busy(f"The load of {entry.name} still runs.", "Stop it first.")
    newer = conflicts(store, entry, patient)
    if newer is not None:
        raise StoreError(
            f"The load of {newer.name} ({newer.id}) came later and touched the same documents.",
            "Undo that load first.",
        )


def undo(store: Store, load: str, *, force: bool = False) -> Generator[UndoReport, None, None]:
    """Undo a load and yield the report so far; closing the generator stops it, and asking again
    goes on.

    Afterwards nothing of the load is left in documents that it did not make: what it changed is as
    it was, or, where someone edited it since, stays as edited and without its `_load`. `force`
    takes back what was edited as well, now or after an undo that left it; never a replaced
    collection that others have written to. Indexes that the load asked for stay.
    Raises StoreError, Busy, LoadError.
    """
    store.guard()
    entry = _find(store, load)
    patient = store.patience(threading.Event(), WAITING)
    _check(store, entry, patient, force)
    token, begun = uuid4().hex, time.monotonic()
    patient(lambda: store.ledger.take(entry.object_id, token, "undoing"))
    report = UndoReport(entry.id, total=_total(entry))
    try:
        yield report
        with Pulse(partial(store.ledger.keep, entry.object_id, token, {})) as pulse:
            while patient(lambda: store.ledger.claimed(entry.object_id))[1]:  # begun before us
                yield replace(report, message="Waiting for held rows that are being resubmitted")
                time.sleep(_LOOK)
            for step in steps(store, entry, patient, Way(force=force)):
                report = replace(_added(report, step), seconds=time.monotonic() - begun)
                pulse.check()
                yield report
        unique = unique_left(store, entry, patient)
        seconds = time.monotonic() - begun
        report = replace(report, state="undone", unique=unique, seconds=seconds)
        told: dict[str, Any] = {"undo": {**_in_all(entry, report), "at": store.now()}}
        if entry.ended is None:
            told["counts"] = _counted(store, entry)
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
    Before(store.ledger, entry.object_id, patient).forget_done()
    yield report


def _counted(store: Store, entry: LoadEntry) -> dict[str, int]:
    """What a load that died had not told yet: by its batches, and by Quarantine, where records of
    a batch wait that was under way."""
    totals: Counter[str] = Counter()
    for batch in store.ledger.recorded(entry.object_id, {"counts": 1}):
        totals.update(batch["counts"])
    totals["quarantined"] = sum(store.quarantine.states(entry.id).values())
    totals["records"] = totals["accepted"] + totals["quarantined"] + totals["skipped"]
    return dict(totals)


def _total(entry: LoadEntry) -> int:
    return entry.counts.get("inserted", 0) + entry.counts.get("changed", 0)


def _counts(report: UndoReport) -> dict[str, int]:
    return {
        "removed": report.removed,
        "restored": report.restored,
        "stays": report.stays,
        "gone": report.gone,
    }


def _in_all(entry: LoadEntry, report: UndoReport) -> dict[str, int]:
    """With what an undo that left some documents had done before this one by force."""
    before = entry.taken_back if entry.state == "undone" else {}
    counts = _counts(report)
    done = {word: int(before.get(word, 0)) + counts[word] for word in ("removed", "restored")}
    return {**counts, **done}


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
