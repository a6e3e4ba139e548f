"""The steps of an undo, each of which may be repeated; what was edited since is left as it is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import bson
from bson import ObjectId

from core.documents.digests import digest
from core.documents.lineage import COUNTER, ranges, record_of
from core.loading.images import GONE, PUT_BACK, REMOVED, STAYS, UNCHANGED, Images
from core.loading.marks import AllMarks, Marks, batch_marks
from core.loading.putting_back import put_back
from core.recipes.recipe import Recipe
from core.store import FAITHFUL, LoadEntry, Store
from core.store.before import Before
from core.store.patience import Patience
from core.store.removal import fetch_raw, remove, scan, within
from core.store.target import Target
from core.store.write import PAGE


@dataclass(frozen=True, slots=True)
class Step:
    removed: int = 0
    restored: int = 0
    stays: tuple[Any, ...] = ()  # `_id`s
    gone: int = 0


def conflicts(store: Store, entry: LoadEntry, patient: Patience) -> LoadEntry | None:
    """A newer load that touched documents of this one, and so is to be undone first."""
    query = {
        "database": entry.database,
        "collection": entry.collection,
        "state": {"$ne": "undone"},
        "started": {"$gt": entry.started},
    }
    found = patient(lambda: store.ledger.find(query))
    return next((one for one in found if _touches(store, entry, one, patient)), None)


def _touches(store: Store, entry: LoadEntry, newer: LoadEntry, patient: Patience) -> bool:
    if newer.mode == "replace":
        return "existed" in newer.stage
    if entry.mode == "replace" and "existed" in entry.stage:
        return newer.accepted > newer.counts.get("unchanged", 0)
    return newer.mode == "update" and _overlaps(store, entry, newer, patient)


def _overlaps(store: Store, entry: LoadEntry, newer: LoadEntry, patient: Patience) -> bool:
    load = entry.object_id
    before = Before(store.ledger, load, patient) if entry.mode == "update" else None
    for page in Before(store.ledger, newer.object_id, patient).touched():
        made = (record_of(load, name) for names in page for name in names)
        if any(record is not None for record in made):
            return True
        if before is not None and before.known([id for id, _ in page]):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Way:
    """How an undo goes: `dry` only looks, `force` takes what was edited since as well."""

    dry: bool = False
    force: bool = False


def steps(store: Store, entry: LoadEntry, patient: Patience, way: Way) -> Iterator[Step]:
    """Raises StoreError, before anything is done, where a replaced collection has been written to
    by others."""
    recipe = Recipe.from_descriptor(dict(entry.recipe))
    target = store.target(entry.database, entry.collection, recipe.write, patient)
    if entry.mode == "replace":
        yield Step(removed=put_back(store, entry, target, way.dry))
        return
    before = Before(store.ledger, entry.object_id, patient)
    images = Images(store, entry, target, before, way.force, way.dry)
    for page in before.pages():
        yield _restored(entry, page, images.put_back(page))
    removal = Removal(store, entry, target, images, way)
    yield from removal.named(before) if entry.lineage == "_load" else removal.computed()


def _restored(entry: LoadEntry, page: Sequence[Mapping[str, Any]], came: Mapping[int, str]) -> Step:
    """What an undo that was stopped had put back already counts as put back."""
    counts = Counter(came.values())
    stays = tuple(page[at]["image"]["_id"] for at, state in came.items() if state == STAYS)
    again = counts[UNCHANGED] if entry.state == "undoing" else 0
    gone = counts[GONE] if entry.state != "undone" else 0
    restored = counts[PUT_BACK] + again
    return Step(removed=counts[REMOVED], restored=restored, stays=stays, gone=gone)


class Removal:
    """Documents that the load made go. One that was edited since stays, under the name the load
    gave it (`_id`, or `_load` where the file brought its own `_id`s): by that it is found again.

    What is not there any more was deleted by someone, or, where an undo was stopped, by that.
    """

    def __init__(
        self, store: Store, entry: LoadEntry, target: Target, images: Images, way: Way
    ) -> None:
        self._store = store
        self._entry = entry
        self._target = target
        self._images = images
        self._way = way

    def computed(self) -> Iterator[Step]:
        """Documents whose `_id` tells their load: batch by batch, then those from quarantine, then
        those that a resubmission, or a load, which did not end well sent and could not record."""
        load, last = self._entry.object_id, 0
        for batch in self._store.ledger.recorded(load):
            last = batch["first"] + batch["count"] - 1
            yield from self._pages(batch_marks(load, batch))
        later = self._store.ledger.resubmitted(load)
        yield from self._pages(later)
        untold, _ = self._target.patient(lambda: self._store.ledger.claimed(load))
        for at in range(0, len(untold), PAGE):
            yield self._taken(fetch_raw(self._target, untold[at : at + PAGE]), [])
        if self._entry.state != "done":
            unrecorded = within(ranges(load, last + 1, last + COUNTER), "_id")
            for page in scan(self._target, unrecorded):
                there = {bson.decode(raw, FAITHFUL)["_id"]: raw for raw in page}
                yield self._taken({id: raw for id, raw in there.items() if id not in later}, [])

    def _pages(self, marks: Marks) -> Iterator[Step]:
        ids = list(marks)
        for at in range(0, len(ids), PAGE):
            page = ids[at : at + PAGE]
            there = fetch_raw(self._target, page) | self._as_put_back(page)
            missing = len(page) - len(there)
            there = {id: raw for id, raw in there.items() if not self._stayed(id)}
            same = {id: raw for id, raw in there.items() if self._goes(raw, marks[id])}
            step = self._taken(same, [id for id in there if id not in same])
            yield self._with_missing(step, missing)

    def _as_put_back(self, ids: Sequence[ObjectId]) -> dict[Any, bytes]:
        """What a dry run would have put back, and so would find."""
        if not self._way.dry or not self._images.back:
            return {}
        keys = {id: bson.encode({"": id}) for id in ids}
        return {id: self._images.back[key] for id, key in keys.items() if key in self._images.back}

    def _stayed(self, id: Any) -> bool:
        return bool(self._images.stayed) and bson.encode({"": id}) in self._images.stayed

    def _goes(self, raw: bytes, mark: int | None) -> bool:
        """Whether a document is as the load made it; None: it could not record that."""
        return self._way.force or mark is None or digest(raw) == mark

    def _with_missing(self, step: Step, missing: int) -> Step:
        # of an update, a record without a document of its own is no loss
        if self._entry.mode == "update" or self._entry.state == "undone":
            return step
        if self._entry.state == "undoing":
            return replace(step, removed=step.removed + missing)
        return replace(step, gone=missing)

    def _taken(self, same: Mapping[Any, bytes], stays: list[Any]) -> Step:
        if self._way.dry:
            return Step(removed=len(same), stays=tuple(stays))
        removed = remove(self._target, list(same.values()))
        if removed < len(same):  # edited since we looked
            stays = stays + list(fetch_raw(self._target, list(same)))
        return Step(removed=removed, stays=tuple(stays))

    def named(self, before: Before) -> Iterator[Step]:
        """Documents that bring their own `_id` and tell their load in `_load`; those of which there
        is an image were not made by it."""
        marks, load = AllMarks(self._store, self._entry), self._entry.object_id
        # more records than the load can have sent
        spans = ranges(load, 1, self._entry.records + COUNTER)
        for page in scan(self._target, within(spans, "_load")):
            documents = [(bson.decode(raw, FAITHFUL), raw) for raw in page]
            imaged = before.known([document["_id"] for document, _ in documents])
            mine = [(d, raw) for d, raw in documents if bson.encode({"": d["_id"]}) not in imaged]
            same = {
                d["_id"]: raw
                for d, raw in mine
                if self._goes(raw, marks.of(record_of(load, d["_load"])))
            }
            yield self._taken(same, [d["_id"] for d, _ in mine if d["_id"] not in same])
