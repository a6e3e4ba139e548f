"""The steps of an undo, each of which may be repeated; what was edited since is left as it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import bson
import numpy as np
from bson import ObjectId

from core.batch import Integers
from core.documents.digests import digest
from core.documents.lineage import COUNTER, identify, object_ids, ranges, record_of
from core.errors import StoreError
from core.recipes.recipe import Recipe
from core.store import FAITHFUL, LoadEntry, Store, sides
from core.store.before import Before
from core.store.matching import swap
from core.store.patience import Patience
from core.store.removal import every, fetch_raw, remove, scan, within
from core.store.target import Target
from core.store.write import PAGE

Marks = dict[ObjectId, int]  # digest by `_id` (or `_load`)
RESTORING = "restoring"


@dataclass(frozen=True, slots=True)
class Step:
    removed: int = 0
    restored: int = 0
    stays: tuple[Any, ...] = ()  # `_id`s
    gone: int = 0


def conflicts(store: Store, entry: LoadEntry) -> LoadEntry | None:
    """A newer load that touched documents of this one, and so is to be undone first."""
    query = {
        "database": entry.database,
        "collection": entry.collection,
        "state": {"$ne": "undone"},
        "started": {"$gt": entry.started},
    }
    return next((one for one in store.ledger.find(query) if _touches(store, entry, one)), None)


def _touches(store: Store, entry: LoadEntry, newer: LoadEntry) -> bool:
    if newer.mode == "replace":
        return "existed" in newer.stage
    if entry.mode == "replace" and "existed" in entry.stage:
        return newer.accepted > newer.counts.get("unchanged", 0)
    return newer.mode == "update" and _overlaps(store, entry, newer)


def _overlaps(store: Store, entry: LoadEntry, newer: LoadEntry) -> bool:
    load = entry.object_id
    touched = store.ledger.touched(newer.object_id)
    return any(
        record_of(load, id) is not None or record_of(load, lineage) is not None
        for id, lineage in touched
    )


def steps(store: Store, entry: LoadEntry, patient: Patience) -> Iterator[Step]:
    """Raises StoreError, before anything is done, where a replaced collection has been written to
    by others."""
    recipe = Recipe.from_descriptor(dict(entry.recipe))
    store.guard()
    target = store.target(entry.database, entry.collection, recipe.write, patient)
    if entry.mode == "replace":
        yield from _put_back(store, entry, target)
        return
    images = Before(store.ledger, entry.object_id, patient)
    kept: set[bytes] = set()
    for page in images.pages():
        kept |= {bson.encode({"": image["image"]["_id"]}) for image in page}
        yield _restored(target, page)
    if entry.lineage == "_load":
        yield from _remove_named(store, entry, target, kept)
    else:
        yield from _remove_computed(store, entry, target)


def _restored(target: Target, page: Sequence[Mapping[str, Any]]) -> Step:
    """Changed documents as they were before, those that nobody edited since."""
    there = fetch_raw(target, [kept["image"]["_id"] for kept in page])
    pairs, done, gone, stays = [], 0, 0, []
    for kept in page:
        id = kept["image"]["_id"]
        if id not in there:
            gone += 1
        elif there[id] == bson.encode(kept["image"]):
            done += 1
        elif digest(there[id]) == kept["digest"] % (1 << 64):
            pairs.append((bson.decode(there[id], FAITHFUL), kept["image"]))
        else:
            stays.append(id)
    _, changed = swap(target, pairs)
    if changed < len(pairs):
        now = fetch_raw(target, [image["_id"] for _, image in pairs])
        stays += [image["_id"] for _, image in pairs if now.get(image["_id"]) != bson.encode(image)]
    return Step(restored=done + changed, stays=tuple(stays), gone=gone)


def _remove_computed(store: Store, entry: LoadEntry, target: Target) -> Iterator[Step]:
    """Documents whose `_id` tells their load: batch by batch, then those from quarantine, then
    those that a dying load sent and could not record."""
    load, last = entry.object_id, 0
    gone = entry.mode != "update"  # there, a record without a document of its own is no loss
    for batch in store.ledger.recorded(load):
        last = batch["first"] + batch["count"] - 1
        yield from _removed(target, batch_marks(load, batch), gone)
    yield from _removed(target, store.ledger.resubmitted(load), gone)
    if entry.state not in ("done", "stopped"):
        unrecorded = within(ranges(load, last + 1, last + COUNTER), "_id")
        for page in scan(target, unrecorded):
            yield Step(removed=remove(target, page))


def batch_marks(load: ObjectId, batch: Mapping[str, Any]) -> Marks:
    """What a batch put in, by the names of the documents."""
    marks = np.frombuffer(batch["digests"], "<u8").tolist()
    return dict(zip(object_ids(identify(load, _records(batch))), marks, strict=True))


def _records(batch: Mapping[str, Any]) -> Integers:
    bits = np.unpackbits(np.frombuffer(batch["accepted"], np.uint8), count=batch["count"])
    return np.flatnonzero(bits) + int(batch["first"])


def _removed(target: Target, marks: Marks, count_gone: bool) -> Iterator[Step]:
    ids = list(marks)
    for at in range(0, len(ids), PAGE):
        page = ids[at : at + PAGE]
        there = fetch_raw(target, page)
        same = {id: raw for id, raw in there.items() if digest(raw) == marks[id]}
        stays = [id for id in there if id not in same]
        step = _taken_out(target, same, stays)
        yield Step(step.removed, 0, step.stays, len(page) - len(there) if count_gone else 0)


def _taken_out(target: Target, same: Mapping[Any, bytes], stays: list[Any]) -> Step:
    removed = remove(target, list(same.values()))
    if removed < len(same):  # edited since we looked
        stays = stays + list(fetch_raw(target, list(same)))
    return Step(removed=removed, stays=tuple(stays))


def _remove_named(
    store: Store, entry: LoadEntry, target: Target, kept: set[bytes]
) -> Iterator[Step]:
    """Documents that bring their own `_id` and tell their load in `_load`; those of which there is
    an image were not inserted by it."""
    marks, load = _AllMarks(store, entry), entry.object_id
    for page in scan(target, within(ranges(entry.object_id, 1, _bound(entry)), "_load")):
        documents = [(bson.decode(raw, FAITHFUL), raw) for raw in page]
        mine = [(d, raw) for d, raw in documents if bson.encode({"": d["_id"]}) not in kept]
        same = {
            d["_id"]: raw
            for d, raw in mine
            if marks.of(record_of(load, d["_load"])) in (digest(raw), None)  # None: not recorded
        }
        yield _taken_out(target, same, [d["_id"] for d, _ in mine if d["_id"] not in same])


def _bound(entry: LoadEntry) -> int:
    """More records than the load can have sent."""
    return entry.records + COUNTER


class _AllMarks:
    """The digests of all documents of a load, by record."""

    def __init__(self, store: Store, entry: LoadEntry) -> None:
        load = entry.object_id
        later = {
            record_of(load, id) or 0: mark for id, mark in store.ledger.resubmitted(load).items()
        }
        records, digests = [np.array(list(later), np.int64)], [np.array([*later.values()], "<u8")]
        for batch in store.ledger.recorded(load):
            records.append(_records(batch))
            digests.append(np.frombuffer(batch["digests"], "<u8"))
        order = np.argsort(np.concatenate(records))
        self._records = np.concatenate(records)[order]
        self._digests = np.concatenate(digests)[order]

    def __len__(self) -> int:
        return len(self._records)

    def of(self, record: int | None) -> int | None:
        if record is None:
            return None
        at = int(np.searchsorted(self._records, record))
        known = at < len(self._records) and self._records[at] == record
        return int(self._digests[at]) if known else None


def _put_back(store: Store, entry: LoadEntry, target: Target) -> Iterator[Step]:
    """The collection that a replace had taken the place of."""
    new, old = (sides.side(entry.object_id, which) for which in ("new", "old"))
    stage = entry.stage
    if "existed" not in stage or sides.options(target, new) is not None:  # it never took its place
        sides.drop(target, new)
        sides.drop(target, old)
        yield Step()
        return
    again = stage["step"] == RESTORING
    before = sides.options(target, old)
    if again and (
        before is None if stage["existed"] else sides.options(target, target.name) is None
    ):
        yield Step()  # an earlier attempt came through
        return
    count = _untouched(store, entry, target)
    target.patient(lambda: store.ledger.note_stage(entry.object_id, {"step": RESTORING}))
    if not stage["existed"]:
        sides.drop(target, target.name)
    elif before is None:
        raise StoreError(f"The copy of {target.name} from before has been dropped.")
    else:
        sides.put_in_place(target, old, target.name)
        sides.validate_like(target, target.name, before)
    yield Step(removed=count)


def _untouched(store: Store, entry: LoadEntry, target: Target) -> int:
    """How many documents there are; raises StoreError unless they are just those of the load."""
    marks = _AllMarks(store, entry)

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
