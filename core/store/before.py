"""`sluice.before`: documents as they were before a load changed them, and the digest they got."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import bson
from bson import ObjectId
from pymongo.errors import BulkWriteError

from core.documents.encoder import LARGEST
from core.store.ledger import Ledger
from core.store.listing import RAW, listed
from core.store.write import DUPLICATE, PAGE

Document = dict[str, Any]
_LARGEST = LARGEST - 1_000  # bytes of a document with room for what stands beside it


class Before:
    """The images of one load; `patient` waits for the server.

    An image's `_id` is one string of load and document: the embedded server reads a whole
    collection to find an `_id` that is a document.
    """

    def __init__(self, ledger: Ledger, load: ObjectId, patient: Any) -> None:
        self._images = ledger.before
        self._guard = ledger.guard
        self._load = load
        self._patient = patient

    def keep(self, images: Sequence[tuple[Document, ObjectId, int]]) -> None:
        """Each document as it is, the `_load` it is going to have and its digest then.

        To be called only with documents that this load has not changed: an image that is there
        already is of a change that did not come about. Of a document too large to stand in an image
        none is kept: it is too large to be changed as well.
        """
        self._guard()
        for at in range(0, len(images), PAGE):
            kept = [self._kept(*one) for one in images[at : at + PAGE]]
            self._patient(partial(self._keep, [one for one in kept if one["bytes"] <= _LARGEST]))

    def _keep(self, images: list[Document]) -> None:
        if not images:
            return
        try:
            self._images.insert_many(images, ordered=False)
        except BulkWriteError as error:
            wrong = error.details["writeErrors"]
            if error.details.get("writeConcernErrors") or any(
                one["code"] != DUPLICATE for one in wrong
            ):
                raise
            for one in wrong:
                image = images[one["index"]]
                self._images.replace_one({"_id": image["_id"]}, image)

    def _key(self, id: Any) -> str:
        return f"{self._load}:{hashlib.sha256(bson.encode({'': id})).hexdigest()[:40]}"

    def _kept(self, image: Document, lineage: ObjectId, digest: int) -> Document:
        return {
            "_id": self._key(image["_id"]),
            "load": self._load,
            "record": lineage,
            "digest": (digest ^ 1 << 63) - (1 << 63),  # as BSON has it, signed
            "bytes": len(bson.encode(image)),
            "image": image,
        }

    def known(self, ids: Sequence[Any]) -> set[bytes]:
        """Those of the `_id`s, in BSON, whose document this load has an image of."""
        keys = {self._key(id): bson.encode({"": id}) for id in ids}
        asked = list(keys)
        known: set[bytes] = set()
        for at in range(0, len(asked), PAGE):
            query = {"_id": {"$in": asked[at : at + PAGE]}}
            known |= {
                keys[one["_id"]] for one in self._patient(partial(self._found, query, {"_id": 1}))
            }
        return known

    def of(self, id: Any) -> Document | None:
        """A document as it was before this load changed it; None where that is not known."""
        found = self._patient(partial(self._found, {"_id": self._key(id)}, None))
        return found[0]["image"] if found else None

    def forget(self, ids: Sequence[Any]) -> None:
        """Images of changes that did not come about."""
        self._guard()
        for id in ids:
            self._patient(partial(self._images.delete_one, {"_id": self._key(id)}))

    def size(self) -> tuple[int, int]:
        """How many images there are, and their bytes."""
        sums = {"_id": None, "n": {"$sum": 1}, "bytes": {"$sum": "$bytes"}}
        stages: list[Document] = [{"$match": {"load": self._load}}, {"$group": sums}]
        found = self._patient(lambda: list(self._images.aggregate(stages)))
        return (found[0]["n"], found[0]["bytes"]) if found else (0, 0)

    def pages(self) -> Iterator[list[Document]]:
        """All images, some at a time."""
        images: Any = self._images.with_options(codec_options=RAW)
        ask = partial(images.find, {"load": self._load}, {"_id": 1})
        for page in listed(self._patient, ask, PAGE):
            query = {"_id": {"$in": [one["_id"] for one in page]}}
            yield self._patient(partial(self._found, query, None))

    def touched(self) -> Iterator[list[tuple[Any, Any]]]:
        """`_id` and `_load`, as they were, of the documents that this load changed, some at a
        time."""
        images: Any = self._images.with_options(codec_options=RAW)
        ask = partial(images.find, {"load": self._load}, {"image._id": 1, "image._load": 1})
        for page in listed(self._patient, ask, PAGE):
            yield [(one["image"]["_id"], one["image"].get("_load")) for one in page]

    def stays(self, ids: Sequence[Any]) -> None:
        """Keep these images beyond the undo: their documents were edited since, and stay."""
        self._guard()
        for at in range(0, len(ids), PAGE):
            query = {"_id": {"$in": [self._key(id) for id in ids[at : at + PAGE]]}}
            self._patient(partial(self._images.update_many, query, {"$set": {"stays": True}}))

    def forget_done(self) -> None:
        """Images that an undo needs no more."""
        self._guard()
        done = {"load": self._load, "stays": {"$exists": False}}
        self._patient(partial(self._images.delete_many, done))

    def _found(self, query: Document, wanted: Mapping[str, int] | None) -> list[Document]:
        return list(self._images.find(query, wanted))
