"""The undo of a replace: the collection whose place it had taken comes back, or nothing does."""

import bson

from core.documents.digests import digest
from core.documents.lineage import record_of
from core.errors import StoreError
from core.loading.marks import AllMarks
from core.store import FAITHFUL, LoadEntry, Store, sides
from core.store.removal import every
from core.store.target import Target

RESTORING = "restoring"


def put_back(store: Store, entry: LoadEntry, target: Target, dry: bool = False) -> int:
    """How many documents go; raises StoreError where others have written since. Repeatable."""
    new, old = (sides.side(entry.object_id, which) for which in ("new", "old"))
    stage = entry.stage
    if "existed" not in stage or sides.options(target, new) is not None:  # it never took its place
        if not dry:
            sides.drop(target, new)
            sides.drop(target, old)
        return 0
    again = stage["step"] == RESTORING
    before = sides.options(target, old)
    if again and (
        before is None if stage["existed"] else sides.options(target, target.name) is None
    ):
        return 0  # an earlier attempt came through
    count = _untouched(store, entry, target)
    if dry:
        return count
    target.patient(lambda: store.ledger.note_stage(entry.object_id, {"step": RESTORING}))
    if not stage["existed"]:
        sides.drop(target, target.name)
    elif before is None:
        raise StoreError(f"The copy of {target.name} from before has been dropped.")
    else:
        sides.put_in_place(target, old, target.name)
        sides.validate_like(target, target.name, before)
    return count


def _untouched(store: Store, entry: LoadEntry, target: Target) -> int:
    """How many documents there are; raises StoreError unless they are just those of the load."""
    marks = AllMarks(store, entry)

    def count() -> int:
        seen = 0
        for raw in every(target):
            name = bson.decode(raw, FAITHFUL).get(entry.lineage)
            if marks.of(record_of(entry.object_id, name)) != digest(raw):
                raise _touched(target)
            seen += 1
        return seen

    if target.patient(count) != len(marks):
        raise _touched(target)
    return len(marks)


def _touched(target: Target) -> StoreError:
    return StoreError(
        f"{target.name} has been written to since it was replaced, so the old one cannot come "
        "back without losing that.",
        "Load what you need into another collection.",
    )
