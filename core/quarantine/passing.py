"""Held records changed by the pass, page after page: checked again, mended alike, given up."""

import dataclasses
from collections.abc import Generator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from core.batch import Problem
from core.fixes import Fix, suggestions
from core.quarantine.editing import Kind, change_of
from core.quarantine.judging import Bench, Judged
from core.quarantine.lasting import MISFIT, Said
from core.quarantine.walking import pages
from core.recipes.recipe import Recipe
from core.store import Store
from core.store.changes import Change
from core.store.held import HeldRecord
from core.store.lease import user
from core.store.records import SHAPES, names_kept
from core.store.sought import object_id


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

    def after(self, seen: int, ready: int, made: int, asked: int) -> "Revalidation":
        """With a page more: how many were seen and are ready, how many of the changes were made."""
        return Revalidation(
            self.total,
            self.seen + seen,
            self.ready + ready,
            self.held + seen - ready,
            self.changed + made,
            self.busy + asked - made,
        )


def revalidate(
    store: Store,
    load: str | None = None,
    recipe: Recipe | None = None,
    ids: Sequence[str] | None = None,
    *,
    field: str | None = None,
    reason: str | None = None,
    rule: str | None = None,
    deed: str = "",
) -> Generator[Revalidation, None, None]:
    """Check held records again, by their own recipe or a newer one, and note what is wrong now.

    A newer recipe is remembered with each record that it leaves ready, and used to resubmit it;
    with a `deed`, how the record was before is noted too.
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
                _values(one) if newer else None,
                recipe=newer or None,
                fix=_taken_back(deed, one.record, newer and _values(one) is not None),
            )
            for one in judged
            if one.reasons != one.record.reasons or newer
        ]
        made = store.quarantine.changes.apply(changes)
        ready = sum(not one.reasons for one in judged)
        report = report.after(len(records), ready, made, len(changes))
        yield report


def _values(judged: Judged) -> Mapping[str, str] | None:
    """What a newer recipe made of the cells; those of a very large record stand in its bytes."""
    record = judged.record
    return None if record.raw is None or judged.values == record.values else judged.values


def _taken_back(deed: str, record: HeldRecord, changed: object) -> dict[str, Any] | None:
    """How a record was before a fix, by which that is taken back; its cells where they changed."""
    if not deed:
        return None
    before = {"deed": deed, "version": record.version + 1, "recipe": record.recipe}
    before |= {"reasons": [asdict(one) for one in record.reasons], "shape": dict(record.shape)}
    return {**before, **({"values": names_kept(record.values)} if changed else {})}


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


def fixable(kind: Kind) -> bool:
    """Whether `fixes` may know something for it: for what single cells break, and for rows with
    cells too many or too few."""
    code, field, _ = kind
    return field is not None or code in MISFIT


def replace(
    store: Store, load: str | None, field: str, old: str, new: str, by: str = ""
) -> Generator[Revalidation, None, None]:
    """The same edit in every held record whose cell has the same text."""
    yield from _say(store, Said({field: new}), by, None, load=load, cell=(field, old))


def answer(
    store: Store,
    what: str,
    load: str | None = None,
    ids: Sequence[str] | None = None,
    by: str = "",
    deed: str = "",
) -> Generator[Revalidation, None, None]:
    """Leave out the cells beyond the last column (SURPLUS), or the missing columns empty (MISSING),
    of every record held for that."""
    (code,) = (code for code, of in MISFIT.items() if of == what)
    said = Said(shape={what: SHAPES[what]})
    yield from _say(store, said, by, ids, deed=deed, load=load, reason=code)


def _say(
    store: Store, said: Said, by: str, ids: Sequence[str] | None, *, deed: str = "", **chosen: Any
) -> Generator[Revalidation, None, None]:
    """The same said of many records."""
    bench, by = Bench(store), by or user()
    report = Revalidation(len(ids) if ids is not None else store.quarantine.count(**chosen))
    yield report
    for records in pages(store, ids, **chosen):
        told = {record.id: new for record in records if (new := said.of(record))}
        judged = bench.judge([record for record in records if record.id in told], told)
        changes = [
            dataclasses.replace(
                change_of(store, one, told[one.record.id], by),
                fix=_taken_back(deed, one.record, said.cells),
            )
            for one in judged
        ]
        made = store.quarantine.changes.apply(changes)
        ready = sum(not one.reasons for one in judged)
        report = report.after(len(records), ready, made, len(judged))
        yield report


def discard_all(
    store: Store, load: str | None, note: str, *, deed: str = "", **chosen: Any
) -> Generator[Revalidation, None, None]:
    """Give up every held record of a load, or those that match; by the `deed` they are known to
    `restore_all`."""
    yield from _move(store, ("held", "discarded"), note, deed, {"load": load, **chosen})


def restore_all(
    store: Store, load: str | None = None, *, deed: str | None = None, **chosen: Any
) -> Generator[Revalidation, None, None]:
    """Take discarded records back: those of one deed, or all that match."""
    asked = {"load": load, "deed": deed, **chosen}
    yield from _move(store, ("discarded", "held"), "", "", asked)


def _move(
    store: Store, way: tuple[str, str], note: str, deed: str, chosen: Mapping[str, Any]
) -> Generator[Revalidation, None, None]:
    """However many they are, only some hundred are at hand."""
    before, after = way
    counted = {name: value for name, value in chosen.items() if name != "deed"}
    report = Revalidation(store.quarantine.count(state=before, **counted))
    yield report
    for ids in store.quarantine.ids(state=before, **chosen):
        made = store.quarantine.changes.move(ids, before, after, note, deed)
        seen, busy = report.seen + len(ids), report.busy + len(ids) - made
        report = Revalidation(report.total, seen, changed=report.changed + made, busy=busy)
        yield report
