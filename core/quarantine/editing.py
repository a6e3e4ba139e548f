"""What waits in quarantine, and its records changed one by one: edited, given up, taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from core.batch import Problem
from core.errors import Busy, StoreError
from core.quarantine.judging import Bench, Judged
from core.quarantine.lasting import Said
from core.quarantine.recovering import recover
from core.quarantine.resubmitting import obstacle
from core.recipes.recipe import Recipe
from core.store import Store
from core.store.changes import Change
from core.store.held import HeldRecord
from core.store.lease import user
from core.store.sought import object_id

Kind = tuple[str, str | None, str]  # code, field, rule


@dataclass(frozen=True, slots=True)
class Review:
    """What waits in quarantine, of one load or of all; `obstacle` says why nothing of that load can
    be resubmitted, and what can be done instead (else empty). `ready` is None until it is counted:
    of a million records that takes seconds."""

    held: int
    ready: int | None
    resubmitted: int
    discarded: int
    reasons: Mapping[str, int]
    kinds: Mapping[Kind, int]
    obstacle: str = ""


def review(store: Store, load: str | None = None, *, ready: bool = True) -> Review:
    """Without `ready` those are not counted."""
    states = store.quarantine.states(load)
    return Review(
        states["held"],
        store.quarantine.ready(load) if ready else None,
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
    if not store.quarantine.changes.apply([change_of(store, judged, said, by or user())]):
        raise _busy(record)
    return held(store, id)


def discard(store: Store, ids: Sequence[str], note: str) -> int:
    """Give held records up, with a word on why; how many were held and now are not."""
    return store.quarantine.changes.move([object_id(id) for id in ids], "held", "discarded", note)


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


def change_of(store: Store, judged: Judged, said: Said, by: str) -> Change:
    """What was said of a record and judged, as a write."""
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
