"""Changed documents as they were before a load: the part of an undo that puts back.

A document that nobody edited since becomes what it was. One that was edited stays as it is edited,
but for its `_load`, which goes back to what it was: nothing in it names a load that is no more. Its
image is kept, so that an undo by force can still put it back.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import bson
from bson import ObjectId

from core.documents.digests import digest
from core.documents.lineage import record_of
from core.errors import StoreError
from core.store import FAITHFUL, LoadEntry, Store
from core.store.before import Before
from core.store.matching import swap
from core.store.removal import fetch_raw
from core.store.target import Target

Document = dict[str, Any]
Pair = tuple[Document, Document]
Image = Mapping[str, Any]
_ROUNDS = 10  # how often documents may change under our hands before we give up
PUT_BACK, UNCHANGED, STAYS, GONE = "put back", "unchanged", "stays", "gone"


class Images:
    """The images of one load; `force` puts back over what was edited since; with `dry` nothing is
    written. `stayed` and `back` are what was come to so far: BSON of `_id`s, and documents."""

    def __init__(
        self, store: Store, entry: LoadEntry, target: Target, before: Before, force: bool, dry: bool
    ) -> None:
        self._store = store
        self._entry = entry
        self._target = target
        self._before = before
        self._force = force
        self._dry = dry
        self.stayed: set[bytes] = set()
        self.back: dict[bytes, bytes] = {}

    def put_back(self, page: Sequence[Image]) -> dict[Any, str]:
        """What became of each document, by the place of its image in the page."""
        came: dict[int, str] = {}
        refusals: Counter[int] = Counter()
        for _ in range(_ROUNDS):
            there = fetch_raw(self._target, [kept["image"]["_id"] for kept in page])
            pairs: dict[int, Pair] = {}
            for at, kept in enumerate(page):
                now = there.get(kept["image"]["_id"])
                if came.get(at) == PUT_BACK and now == bson.encode(kept["image"]):
                    continue
                came[at], after = self._judged(kept, now, bool(refusals[at]))
                if after is not None and now is not None:
                    pairs[at] = bson.decode(now, FAITHFUL), after
            pairs = {at: pair for at, pair in pairs.items() if refusals[at] < 2}
            if self._dry or not self._write(pairs, refusals):
                break
        else:
            raise StoreError("Documents keep changing while they are put back.", "Try again later.")
        self._remember(page, came)
        return came

    def _judged(self, kept: Image, now: bytes | None, refused: bool) -> tuple[str, Document | None]:
        """What is to become of a document, and the document then, if it is to be another one;
        `refused` where a validator or an index does not take the old one any more."""
        image: Document = kept["image"]
        if now is None:
            return GONE, None
        if now == bson.encode(image):
            return UNCHANGED, None
        edited = refused or digest(now) != kept["digest"] % (1 << 64)
        if not edited or (self._force and not refused and not self._is_of_undone(image)):
            return PUT_BACK, image
        return STAYS, self._unnamed(bson.decode(now, FAITHFUL), image)

    def _unnamed(self, now: Document, image: Image) -> Document | None:
        if record_of(self._entry.object_id, now.get("_load")) is None:
            return None
        if "_load" in image:
            return {**now, "_load": image["_load"]}
        return {name: value for name, value in now.items() if name != "_load"}

    def _write(
        self, pairs: Mapping[int, tuple[Document, Document]], refusals: Counter[int]
    ) -> bool:
        """Whether to look again: some were refused, or changed since we looked."""
        if not pairs:
            return False
        refused, changed = swap(self._target, list(pairs.values()))
        order = list(pairs)
        refusals.update(order[found.row] for found in refused)
        return changed < len(pairs)

    def _remember(self, page: Sequence[Image], came: Mapping[int, str]) -> None:
        stays = [page[at]["image"]["_id"] for at, state in came.items() if state == STAYS]
        self.stayed |= {bson.encode({"": id}) for id in stays}
        if not self._dry:
            self._before.stays(stays)
        for at, state in came.items():
            image = page[at]["image"]
            if state == PUT_BACK and record_of(self._entry.object_id, image["_id"]) is not None:
                self.back[bson.encode({"": image["_id"]})] = bson.encode(image)

    def _is_of_undone(self, image: Image) -> bool:
        """Whether the image itself is the work of a load that has been undone since: then putting
        it back would bring that load back."""
        names = [name for name in (image["_id"], image.get("_load")) if isinstance(name, ObjectId)]
        return any(
            record_of(load, name) is not None for load in self._undone_before for name in names
        )

    @cached_property
    def _undone_before(self) -> list[ObjectId]:
        place = {"database": self._entry.database, "collection": self._entry.collection}
        found = self._target.patient(
            lambda: self._store.ledger.find({**place, "state": {"$in": ["undone", "undoing"]}})
        )
        return [one.object_id for one in found if one.id != self._entry.id]
