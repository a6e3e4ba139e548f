"""The undo of a replace: the collection whose place it had taken comes back, or nothing does."""

from collections.abc import Mapping
from typing import Any

import bson

from core.documents.digests import digest
from core.documents.lineage import record_of
from core.errors import StoreError
from core.loading.marks import AllMarks
from core.loading.replacing import COPIED
from core.store import FAITHFUL, LoadEntry, Store, sides
from core.store.removal import every
from core.store.target import Target

RESTORING = "restoring"


def put_back(store: Store, entry: LoadEntry, target: Target, dry: bool = False) -> int:
    """How many documents go; raises StoreError where others have written since. Repeatable."""
    new, old = (sides.side(entry.object_id, which) for which in ("new", "old"))
    stage = entry.stage
    if not _took_its_place(target, new, stage):
        if not dry:
            sides.drop(target, new)
            sides.drop(target, old)
        return 0
    if _came_back(target, old, stage):
        return 0
    count = _untouched(store, entry, target)
    if dry:
        return count
    identity, before = sides.identity(target, old), sides.options(target, old)
    if stage["existed"] and before is None:
        raise StoreError(f"The copy of {target.name} from before has been dropped.")
    restoring = {"step": RESTORING, "identity": identity}
    target.patient(lambda: store.ledger.note_stage(entry.object_id, restoring))
    if stage["existed"]:
        sides.put_in_place(target, old, target.name, identity)
        sides.validate_like(target, target.name, before or {})
    else:
        sides.drop(target, target.name)
    return count


def _took_its_place(target: Target, new: str, stage: Mapping[str, Any]) -> bool:
    if "existed" not in stage:
        return False
    return stage["step"] != COPIED or not sides.stands(target, new, stage.get("identity"))


def _came_back(target: Target, old: str, stage: Mapping[str, Any]) -> bool:
    """Whether an earlier undo did all but say so."""
    if stage["step"] != RESTORING:
        return False
    if not stage["existed"]:
        return sides.identity(target, target.name) is None
    return not sides.stands(target, old, stage.get("identity"))


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
