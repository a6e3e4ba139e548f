"""Writes to `sluice.quarantine`: each is a compare-and-swap, so that two windows cannot both win.

A change names the version it was made from; a record that someone else changed meanwhile, or that
is being resubmitted, stays as it is. Versions go up by one with each change.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from bson import ObjectId
from pymongo import UpdateOne, WriteConcern
from pymongo.database import Database

from core.errors import Busy
from core.store.entries import holder
from core.store.lease import LEASE, WORKING, claim, is_over
from core.store.moves import PAGE, Moves
from core.store.records import names_kept
from core.store.translate import speaking

Document = dict[str, Any]
DURABLE = WriteConcern(w="majority", j=True)
UNCLAIMED = {"claim": {"$exists": False}}


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one record: new values and shape (None leaves them), reasons, and edits to
    note; `fix` is what takes it back again, as `core.quarantine.fixing` has it."""

    id: ObjectId
    version: int
    reasons: Sequence[Mapping[str, Any]]
    values: Mapping[str, str] | None = None
    edits: Sequence[Mapping[str, Any]] = ()
    recipe: str | None = None
    shape: Mapping[str, str] | None = None
    fix: Mapping[str, Any] | None = None


class Changes:
    def __init__(
        self,
        ledger: Database[Document],
        guard: Callable[[], None],
        now: Callable[[], datetime],
        address: str,
        moves: Moves,
    ) -> None:
        self._records = ledger.get_collection("quarantine", write_concern=DURABLE)
        self._recipes = ledger.get_collection("recipes", write_concern=DURABLE)
        self._guard = guard
        self._address = address
        self._moves = moves
        self.now = now

    def apply(self, changes: Sequence[Change]) -> int:
        """How many were made; the others were changed or claimed by someone else."""
        self._guard()
        if not changes:
            return 0
        asked = [UpdateOne(_unmoved(change), _update(change)) for change in changes]
        with speaking(self._address):
            return self._records.bulk_write(asked, ordered=False).modified_count

    def move(
        self, ids: Sequence[ObjectId], before: str, after: str, note: str, deed: str = ""
    ) -> int:
        """From one state to another; records in another state, or claimed, stay. `deed` is what
        all records moved at once are known by."""
        self._guard()
        update = {
            "$set": {"state": after, "note": note, "deed": deed},
            "$unset": {"ready": ""},
            "$inc": {"version": 1},
        }
        moved = 0
        with speaking(self._address), self._moves.noting(ids):
            for page in pages(ids):
                query = {"_id": {"$in": page}, "state": before, **UNCLAIMED}
                moved += self._records.update_many(query, update).modified_count
                if after == "held":
                    mended = {"_id": {"$in": page}, "state": after, "reasons": {"$eq": []}}
                    self._records.update_many(mended, {"$set": {"ready": True}})
        return moved

    def keep_recipe(self, descriptor: Mapping[str, Any]) -> str:
        """Remember a recipe once, as text: its names may be what no document's can; its key."""
        self._guard()
        text = json.dumps(descriptor, ensure_ascii=False, sort_keys=True)
        key = hashlib.sha256(text.encode()).hexdigest()[:24]
        with speaking(self._address):
            self._recipes.replace_one({"_id": key}, {"_id": key, "descriptor": text}, upsert=True)
        return key

    # ---- resubmission: claim, insert, settle --------------------------------------------------
    def claim(self, records: Sequence[tuple[ObjectId, int]]) -> tuple[str, set[ObjectId]]:
        """Claim held records in those versions; the claim's token and the ids that are ours."""
        self._guard()
        mine = claim(self.now(), uuid4().hex)
        WORKING.add(mine["token"])
        by_version: dict[int, list[ObjectId]] = {}
        for id, version in records:
            by_version.setdefault(version, []).append(id)
        with speaking(self._address):
            for version, ids in by_version.items():
                for page in pages(ids):
                    query = {"_id": {"$in": page}, "version": version, "state": "held"}
                    self._records.update_many({**query, **UNCLAIMED}, {"$set": {"claim": mine}})
            return mine["token"], self._owned([id for id, _ in records], mine["token"])

    def renew(self, ids: Sequence[ObjectId], token: str) -> None:
        """Our claim on these lasts on; raises Busy where none is ours any more."""
        self._guard()
        lasting = {"$set": {"claim.lease": self.now() + LEASE}}
        kept = 0
        for page in pages(ids):
            query = {"_id": {"$in": page}, "claim.token": token}
            kept += self._records.update_many(query, lasting).matched_count
        if ids and not kept:
            raise Busy("Another window or command has taken over these rows.", "Watch them there.")

    def _owned(self, ids: Sequence[ObjectId], token: str) -> set[ObjectId]:
        owned: set[ObjectId] = set()
        for page in pages(ids):
            found = self._records.find({"_id": {"$in": page}, "claim.token": token}, {"_id": 1})
            owned |= {record["_id"] for record in found}
        return owned

    def take_over(self, query: Mapping[str, Any]) -> tuple[str, list[ObjectId]]:
        """Claim what resubmissions that died had claimed.

        Whether their documents are in, the caller finds out, and settles or releases them.
        """
        self._guard()
        mine = claim(self.now(), uuid4().hex)
        taken: list[ObjectId] = []
        with speaking(self._address):
            claimed = self._records.find({**query, "claim": {"$exists": True}}, {"claim": 1})
            for record in list(claimed):
                held = holder(record["claim"])
                if held is None or not is_over(held, self.now()):
                    continue
                done = self._records.update_one(
                    {"_id": record["_id"], "claim.token": held.token}, {"$set": {"claim": mine}}
                )
                taken += [record["_id"]] if done.modified_count else []
        return mine["token"], taken

    def settle(
        self, digests: Mapping[ObjectId, int | None], token: str, by: str, recipe: str = ""
    ) -> int:
        """Claimed records whose documents are in: they count as resubmitted.

        The digest tells an undo of the load whether the document was edited since; None where the
        document is not the record's own (its key was known and the mode skips those).
        """
        self._guard()
        asked = [
            UpdateOne(
                {"_id": id, "claim.token": token},
                {
                    "$set": {
                        "state": "resubmitted",
                        "reasons": [],
                        "resubmitted": {"at": self.now(), "by": by, "digest": digest},
                        **({"recipe": recipe} if recipe else {}),
                    },
                    "$unset": {"claim": "", "ready": ""},
                    "$inc": {"version": 1},
                },
            )
            for id, digest in digests.items()
        ]
        with speaking(self._address), self._moves.noting(list(digests)):
            return self._records.bulk_write(asked, ordered=False).modified_count if asked else 0

    def release(
        self, refused: Mapping[ObjectId, Sequence[Mapping[str, Any]] | None], token: str
    ) -> None:
        """Claimed records that stay held, with what the server said against them, if anything."""
        self._guard()
        asked = [
            UpdateOne(
                {"_id": id, "claim.token": token},
                {
                    "$unset": {"claim": "", **({"ready": ""} if reasons else {})},
                    **({} if reasons is None else {"$set": {"reasons": list(reasons)}}),
                    "$inc": {"version": 1},
                },
            )
            for id, reasons in refused.items()
        ]
        with speaking(self._address):
            if asked:
                self._records.bulk_write(asked, ordered=False)


def pages(ids: Sequence[ObjectId]) -> Iterator[list[ObjectId]]:
    for start in range(0, len(ids), PAGE):
        yield list(ids[start : start + PAGE])


def _unmoved(change: Change) -> Document:
    return {"_id": change.id, "version": change.version, "state": "held", **UNCLAIMED}


def _update(change: Change) -> Document:
    values: Document = {"reasons": [dict(reason) for reason in change.reasons]}
    if change.values is not None:
        values["values"] = names_kept(change.values)
    if change.shape is not None:
        values["shape"] = dict(change.shape)
    update: Document = {"$set": values, "$inc": {"version": 1}}
    if change.reasons:
        update["$unset"] = {"ready": ""}
    else:
        values["ready"] = True
    if change.recipe is not None:
        values["recipe"] = change.recipe
    if change.fix is not None:
        values["fix"] = dict(change.fix)
    if change.edits:
        update["$push"] = {"edits": {"$each": [dict(edit) for edit in change.edits]}}
    return update
