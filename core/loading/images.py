"""Changed documents as they were before a load: the part of an undo that puts back.

A document that nobody edited since becomes what it was. One that was edited stays as it is edited,
but for its `_load`, which goes back to what it was: nothing in it names a load that is no more. Its
image is kept, so that an undo by force can still put it back; and so that the undo of a load whose
held record came in later, over this one's work, finds what was there before both.
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
from core.store.removal import fetch_raw, remove
from core.store.target import Target

Document = dict[str, Any]
Pair = tuple[Document, Document]
Image = Mapping[str, Any]
_ROUNDS = 10  # how often documents may change under our hands before we give up
PUT_BACK, REMOVED, UNCHANGED = "put back", "removed", "unchanged"
STAYS, GONE = "stays", "gone"


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

    def put_back(self, page: Sequence[Image]) -> dict[int, str]:
        """What became of each document, by the place of its image in the page."""
        came: dict[int, str] = {}
        refusals: Counter[int] = Counter()
        ids = [kept["image"]["_id"] for kept in page]
        grounds = [self._ground(kept["image"]) for kept in page]
        for _ in range(_ROUNDS):
            there = fetch_raw(self._target, ids)
            pairs: dict[int, Pair] = {}
            goes: list[bytes] = []
            for at, (kept, ground) in enumerate(zip(page, grounds, strict=True)):
                now = there.get(ids[at])
                if now == _raw(ground) and came.get(at) in (PUT_BACK, REMOVED):
                    continue
                came[at], after = self._judged(kept, ground, now, bool(refusals[at]))
                if came[at] == REMOVED and now is not None:
                    goes.append(now)
                elif after is not None and now is not None and refusals[at] < 2:
                    pairs[at] = bson.decode(now, FAITHFUL), after
            if self._dry or not (self._write(pairs, refusals) | self._remove(goes)):
                break
        else:
            raise StoreError("Documents keep changing while they are put back.", "Try again later.")
        self._remember(ids, grounds, came)
        return came

    def _ground(self, image: Document) -> Document | None:
        """The image, or what was there before loads that are undone by now: None where one of them
        made the document."""
        ground: Document | None = image
        while ground is not None:
            author = ground.get("_load", ground["_id"])
            load = self._undone.get(author.binary[4:9]) if isinstance(author, ObjectId) else None
            if load is None or record_of(load, author) is None:
                return ground
            ground = Before(self._store.ledger, load, self._target.patient).of(ground["_id"])
        return None

    def _judged(
        self, kept: Image, ground: Document | None, now: bytes | None, refused: bool
    ) -> tuple[str, Document | None]:
        """What is to become of a document, and the document then, if it is to be another one;
        `refused` where a validator or an index does not take the old one any more."""
        if now is None:
            return GONE, None
        if now == _raw(ground):
            return UNCHANGED, None
        edited = refused or digest(now) != kept["digest"] % (1 << 64)
        if not edited or (self._force and not refused):
            return (REMOVED if ground is None else PUT_BACK), ground
        return STAYS, self._unnamed(bson.decode(now, FAITHFUL), ground or {})

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

    def _remove(self, documents: Sequence[bytes]) -> bool:
        """Whether to look again."""
        return remove(self._target, documents) < len(documents)

    def _remember(
        self, ids: Sequence[Any], grounds: Sequence[Document | None], came: Mapping[int, str]
    ) -> None:
        stays = [ids[at] for at, state in came.items() if state == STAYS]
        self.stayed |= {bson.encode({"": id}) for id in stays}
        if not self._dry:
            self._before.stays(stays)
        for at, state in came.items():
            if state == PUT_BACK and record_of(self._entry.object_id, ids[at]) is not None:
                self.back[bson.encode({"": ids[at]})] = _raw(grounds[at]) or b""

    @cached_property
    def _undone(self) -> Mapping[bytes, ObjectId]:
        """Loads of the collection that are undone, by the bytes that all their names share."""
        place = {"database": self._entry.database, "collection": self._entry.collection}
        found = self._target.patient(
            lambda: self._store.ledger.find({**place, "state": {"$in": ["undone", "undoing"]}})
        )
        others = [one.object_id for one in found if one.id != self._entry.id]
        return {load.binary[4:9]: load for load in others}


def _raw(document: Document | None) -> bytes | None:
    return None if document is None else bson.encode(document)
