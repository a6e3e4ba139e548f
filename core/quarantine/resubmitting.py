"""Held records that pass go into their collection, under the `_id` they would have had.

Claim, write, settle: a record is claimed by compare-and-swap before its document is written, and
settled after. What dies in between leaves a claim, which the next resubmission takes over: it looks
whether the document is in. So nothing goes in twice, whoever else is at it.
"""

import threading
from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from bson import ObjectId

from core.documents.lineage import object_ids
from core.errors import Busy, StoreError
from core.loading.modes import open_mode, prepare
from core.quarantine.doubles import doubles
from core.quarantine.judging import WAIT_SECONDS, Bench, Judged, batch_of
from core.quarantine.recovering import recover, working
from core.quarantine.walking import by_load, pages
from core.recipes.recipe import Recipe
from core.store import LoadEntry, Store
from core.store.bounds import reason_of
from core.store.changes import Change
from core.store.held import HeldRecord
from core.store.lease import user
from core.store.patience import Patience
from core.store.pulse import Pulse
from core.store.sought import object_id


@dataclass(frozen=True, slots=True)
class Resubmission:
    """`loaded` went in, or had gone in before the last attempt died; `skipped` have a key that the
    collection knows, in the mode that skips; `held` still have something wrong, or their load was
    undone; `busy` were changed or resubmitted by another window meanwhile."""

    total: int
    seen: int = 0
    loaded: int = 0
    skipped: int = 0
    held: int = 0
    busy: int = 0

    @property
    def fraction(self) -> float:
        return self.seen / self.total if self.total else 1.0


def resubmit(
    store: Store,
    load: str | None = None,
    ids: Sequence[str] | None = None,
    recipe: Recipe | None = None,
    by: str = "",
) -> Generator[Resubmission, None, None]:
    """Check held records again and load those that pass; harmless to repeat at any moment.

    Of one load, of some records, or of all. Before anything is done it raises StoreError where that
    one load was undone, and Busy where it still runs; among others such records stay held.
    """
    store.guard()
    bench, by = Bench(store, recipe), by or user()
    if load is not None and (why := obstacle(bench.entry(load))) is not None:
        raise why
    recover(store, load, ids)
    newer = store.quarantine.changes.keep_recipe(recipe.to_descriptor()) if recipe else ""
    report = Resubmission(len(ids) if ids is not None else store.quarantine.count(load))
    yield report
    for records in pages(store, ids, load=load):
        bench.forget()
        for group in by_load(records):
            entry = bench.entry(group[0].load)
            if obstacle(entry) is not None:
                report = _add(report, Resubmission(0, len(group), held=len(group)))
                continue
            report = _add(report, _submit(store, bench, entry, group, newer, by))
        yield report
    if ids is not None and report.seen < report.total:  # no longer held when we came
        yield replace(report, seen=report.total, busy=report.busy + report.total - report.seen)


def _submit(
    store: Store,
    bench: Bench,
    entry: LoadEntry,
    records: Sequence[HeldRecord],
    newer: str,
    by: str,
) -> Resubmission:
    """One portion of one load's records: check, claim, write, settle."""
    judged = bench.judge(records)
    passed = [one for one in judged if one.resubmittable]
    changes = store.quarantine.changes
    changes.apply(_noted(judged))
    token, owned = changes.claim([(object_id(one.record.id), one.record.version) for one in passed])
    mine = [one for one in passed if object_id(one.record.id) in owned]
    now = store.loads.get(entry.id)  # an undo that began before the claim is seen, one after it
    if now is None or obstacle(now) is not None:
        changes.release({object_id(one.record.id): None for one in mine}, token)
        mine = []
    with working(token), Pulse(partial(changes.renew, list(owned), token)):
        written = _write(store, bench.recipe(records[0]), entry, mine)
        settled = changes.settle(written.settled, token, by, newer)
        changes.release(written.refused, token)
    skipped = min(sum(digest is None for digest in written.settled.values()), settled)
    lost = len(written.settled) - settled  # we stood still, and another took our claim over
    return Resubmission(
        len(records),
        len(records),
        settled - skipped,
        skipped,
        len(judged) - len(passed) + len(written.refused),
        len(passed) - len(mine) + lost,
    )


def _noted(judged: Sequence[Judged]) -> list[Change]:
    """What the check found that the records do not say yet, of those that stay held."""
    return [
        Change(object_id(one.record.id), one.record.version, [asdict(r) for r in one.reasons])
        for one in judged
        if not one.resubmittable and one.reasons != one.record.reasons
    ]


@dataclass(frozen=True, slots=True)
class _Written:
    """`settled` has the digest of each document that is in, None for a record that was skipped."""

    settled: Mapping[ObjectId, int | None]
    refused: Mapping[ObjectId, Sequence[Mapping[str, Any]]]


def _write(store: Store, recipe: Recipe, entry: LoadEntry, mine: Sequence[Judged]) -> _Written:
    """Bring the documents in as the load's mode does; refusals are told apart."""
    if not mine:
        return _Written({}, {})
    rows = [one.values for one in mine]
    batch = batch_of(recipe, [one.record for one in mine], rows)
    twice = doubles(store, recipe, entry, prepare(entry, recipe, 0, batch), rows)
    rest = [one for row, one in enumerate(mine) if row not in twice]
    written = _bring_in(store, recipe, entry, rest)
    refused = {
        object_id(mine[row].record.id): [asdict(reason) for reason in reasons]
        for row, reasons in twice.items()
    }
    return _Written(written.settled, {**written.refused, **refused})


def _bring_in(store: Store, recipe: Recipe, entry: LoadEntry, mine: Sequence[Judged]) -> _Written:
    if not mine:
        return _Written({}, {})
    batch = batch_of(recipe, [one.record for one in mine], [one.values for one in mine])
    prepared = prepare(entry, recipe, 0, batch)
    patient = Patience(store.address, threading.Event(), WAIT_SECONDS)
    outcome = open_mode(store, entry, recipe, patient, late=True).put(prepared)
    names = object_ids(prepared.names)
    marks = outcome.digests.view(np.int64).tolist()
    accepted = zip(outcome.accepted.tolist(), marks, strict=True)
    settled: dict[ObjectId, int | None] = {names[row]: mark for row, mark in accepted}
    by_record = dict(zip(batch.records.tolist(), names, strict=True))
    refused = {
        by_record[one.record]: [asdict(reason_of(r)) for r in one.reasons]
        for one in outcome.refused
    }
    skipped = set(names) - set(settled) - set(refused)
    return _Written({**settled, **dict.fromkeys(skipped)}, refused)


def obstacle(entry: LoadEntry) -> StoreError | None:
    """Why nothing may be added to what a load wrote; None where it may."""
    if entry.state in ("undone", "undoing"):
        return StoreError(
            f"The load of {entry.name} was undone, so its held rows cannot be loaded alone.",
            "Load the file again, which brings them along, or discard them.",
        )
    still = entry.state == "running" and not entry.resumable
    if still or (entry.mode == "replace" and entry.state != "done"):
        return Busy(f"The load of {entry.name} is not finished.", "Finish it first.")
    return None


def _add(report: Resubmission, part: Resubmission) -> Resubmission:
    return Resubmission(
        report.total,
        report.seen + part.seen,
        report.loaded + part.loaded,
        report.skipped + part.skipped,
        report.held + part.held,
        report.busy + part.busy,
    )
