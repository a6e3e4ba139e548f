"""Changing held records: cells edited with history, whole kinds mended, given up, taken back."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.batch import Problem
from core.errors import Busy, StoreError
from core.fixes import Fix, suggestions
from core.quarantine.judging import Bench, Judged
from core.quarantine.lasting import Said
from core.quarantine.recovering import recover
from core.quarantine.resubmitting import obstacle
from core.quarantine.walking import pages, user
from core.recipes.recipe import Recipe
from core.store import Store
from core.store.changes import Change
from core.store.held import HeldRecord
from core.store.sought import object_id

Kind = tuple[str, str | None, str]  # code, field, rule


@dataclass(frozen=True, slots=True)
class Review:
    """What waits in quarantine, of one load or of all; `obstacle` says why nothing of that load can
    be resubmitted, and what can be done instead (else empty)."""

    held: int
    ready: int
    resubmitted: int
    discarded: int
    reasons: Mapping[str, int]
    kinds: Mapping[Kind, int]
    obstacle: str = ""


@dataclass(frozen=True, slots=True)
class Revalidation:
    """How far a pass over held records came: `ready` have nothing wrong any more.

    `changed` were written; what another window changed meanwhile is `busy` and stays as it is.
    """

    total: int
    seen: int = 0
    ready: int = 0
    held: int = 0
    changed: int = 0
    busy: int = 0

    @property
    def fraction(self) -> float:
        return self.seen / self.total if self.total else 1.0


def review(store: Store, load: str | None = None) -> Review:
    states = store.quarantine.states(load)
    return Review(
        states["held"],
        store.quarantine.ready(load),
        states["resubmitted"],
        states["discarded"],
        store.quarantine.reasons(load),
        store.quarantine.kinds(load),
        "" if load is None else str(obstacle(Bench(store).entry(load)) or ""),
    )


def try_edit(
    store: Store,
    record: HeldRecord,
    changes: Mapping[str, str | None],
    recipe: Recipe | None = None,
) -> tuple[Problem, ...]:
    """What would be wrong with the record after these changes; writes nothing."""
    judged = Bench(store, recipe).judge([record], {record.id: Said(changes).of(record)})[0]
    return tuple(
        Problem(record.record, record.line, r.field, r.code, r.value, r.message, r.rule)
        for r in judged.reasons
    )


def edit(
    store: Store,
    id: str,
    changes: Mapping[str, str | None],
    by: str = "",
    *,
    shape: Mapping[str, str | None] | None = None,
    version: int | None = None,
) -> HeldRecord:
    """Change cells of one record and check it again; the record as it is then.

    A cell set to None is absent again. `shape` says what is with cells too many or too few, in the
    words of SHAPES, or None to unsay it. `version` is the one that was looked at, where that
    matters. Raises Busy where another window changed the record meanwhile or is resubmitting it.
    """
    record = held(store, id)
    if version is not None and record.version != version:
        raise _busy(record)
    said = Said(changes, shape or {}).of(record)
    if not said:
        return record
    judged = Bench(store).judge([record], {id: said})[0]
    if not store.quarantine.changes.apply([_change(store, judged, said, by or user())]):
        raise _busy(record)
    return held(store, id)


def revalidate(
    store: Store,
    load: str | None = None,
    recipe: Recipe | None = None,
    ids: Sequence[str] | None = None,
    *,
    field: str | None = None,
    reason: str | None = None,
    rule: str | None = None,
) -> Generator[Revalidation, None, None]:
    """Check held records again, by their own recipe or a newer one, and note what is wrong now.

    A newer recipe is remembered with each record that it leaves ready, and used to resubmit it.
    """
    chosen: dict[str, Any] = {"load": load, "field": field, "reason": reason, "rule": rule}
    bench = Bench(store, recipe)
    newer = store.quarantine.changes.keep_recipe(recipe.to_descriptor()) if recipe else ""
    total = len(ids) if ids is not None else store.quarantine.count(**chosen)
    report = Revalidation(total)
    yield report
    for records in pages(store, ids, **chosen):
        judged = bench.judge(records)
        if recipe is not None:  # what a recipe does not mend it does not touch
            judged = [one for one in judged if not one.reasons]
        changes = [
            Change(
                object_id(one.record.id),
                one.record.version,
                [asdict(reason) for reason in one.reasons],
                one.values if one.values != one.record.values and newer else None,
                recipe=newer or None,
            )
            for one in judged
            if one.reasons != one.record.reasons or newer
        ]
        made = store.quarantine.changes.apply(changes)
        ready = sum(not one.reasons for one in judged)
        report = Revalidation(
            total,
            report.seen + len(records),
            report.ready + ready,
            report.held + len(records) - ready,
            report.changed + made,
            report.busy + len(changes) - made,
        )
        yield report


def fixes(store: Store, load: str, kind: Kind, sample: int = 1_000) -> tuple[Fix, ...]:
    """Repairs for the records held for one kind of problem, each tried on the first of them."""
    code, field, rule = kind
    records = store.quarantine.find(load, reason=code, field=field, rule=rule, limit=sample)
    problems = [
        Problem(one.record, one.line, r.field, r.code, r.value, r.message, r.rule)
        for one in records
        for r in one.reasons
        if (r.code, r.field, r.rule) == kind
    ]
    if not problems:
        return ()
    return suggestions(Bench(store).recipe(records[0]), problems)


def fix_similar(
    store: Store, load: str, kind: Kind, recipe: Recipe
) -> Generator[Revalidation, None, None]:
    """Mend what a fixed recipe (`Fix.recipe`) mends among the records held for one kind."""
    code, field, rule = kind
    yield from revalidate(store, load, recipe, field=field, reason=code, rule=rule)


def replace(
    store: Store, load: str | None, field: str, old: str, new: str, by: str = ""
) -> Generator[Revalidation, None, None]:
    """The same edit in every held record whose cell has the same text."""
    bench, by = Bench(store), by or user()
    report = Revalidation(store.quarantine.count(load, cell=(field, old)))
    yield report
    for records in pages(store, None, load=load, cell=(field, old)):
        changes = {record.id: Said({field: new}).of(record) for record in records}
        judged = bench.judge(records, changes)
        made = store.quarantine.changes.apply(
            [_change(store, one, changes[one.record.id], by) for one in judged]
        )
        ready = sum(not one.reasons for one in judged)
        report = Revalidation(
            report.total,
            report.seen + len(records),
            report.ready + ready,
            report.held + len(records) - ready,
            report.changed + made,
            report.busy + len(records) - made,
        )
        yield report


def discard(store: Store, ids: Sequence[str], note: str) -> int:
    """Give held records up, with a word on why; how many were held and now are not."""
    return store.quarantine.changes.move([object_id(id) for id in ids], "held", "discarded", note)


def discard_all(store: Store, load: str | None, note: str) -> Generator[Revalidation, None, None]:
    """Give up every held record of a load."""
    report = Revalidation(store.quarantine.count(load))
    yield report
    for records in pages(store, None, load=load):
        made = discard(store, [record.id for record in records], note)
        seen = report.seen + len(records)
        busy = report.busy + len(records) - made
        report = Revalidation(report.total, seen, changed=report.changed + made, busy=busy)
        yield report


def restore(store: Store, ids: Sequence[str]) -> int:
    """Take discarded records back."""
    return store.quarantine.changes.move([object_id(id) for id in ids], "discarded", "held", "")


def held(store: Store, id: str) -> HeldRecord:
    record = store.quarantine.get(id)
    if record is not None and record.claimed and recover(store, ids=[id]):
        record = store.quarantine.get(id)
    if record is None:
        raise StoreError(f"There is no record {id} in quarantine.", "Look at the list again.")
    if record.state != "held":
        raise StoreError(
            f"The record of line {record.line} is no longer held: it was {record.state}.",
            "Look at the list again.",
        )
    if record.claimed:
        raise Busy(
            f"The record of line {record.line} is being resubmitted.",
            "Wait for that.",
        )
    return record


def _change(store: Store, judged: Judged, said: Said, by: str) -> Change:
    record = judged.record
    noted = {"at": store.quarantine.changes.now(), "by": by}
    cells = [
        {"field": name, "old": record.values.get(name), "new": text, **noted}
        for name, text in said.cells.items()
    ]
    words = [
        {"field": None, "shape": name, "old": record.shape.get(name), "new": word, **noted}
        for name, word in said.shape.items()
    ]
    return Change(
        object_id(record.id),
        record.version,
        [asdict(reason) for reason in judged.reasons],
        said.values(record.values),
        [*cells, *words],
        shape=said.shaped(record.shape),
    )


def _busy(record: HeldRecord) -> Busy:
    return Busy(
        f"The record of line {record.line} was changed in another window meanwhile.",
        "Look at it again.",
    )
