"""Refused records on their way into `sluice.quarantine`, each under the `_id` its document would
have had: writing a batch again changes nothing, whatever was done to the records meanwhile.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from typing import Any

import numpy as np
from bson import ObjectId
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from core.batch import Refused
from core.documents.lineage import identify, identity, object_ids
from core.store.bounds import bounded, reason_of
from core.store.ledger import Ledger
from core.store.records import names_kept
from core.store.write import DUPLICATE

Document = dict[str, Any]
CHUNK = 1 << 20  # raw bytes in one document
PORTION = 8 << 20  # raw bytes in one message
_WIDE = 2 << 20  # characters of cells and names in one document
_SOUGHT = 1_000  # characters of the raw text that the search box looks through


def hold(
    ledger: Ledger,
    load: ObjectId,
    database: str,
    collection: str,
    refused: Sequence[Refused],
    encoding: str,
) -> int:
    """Keep refused records, those of 1 MB and more in chunks; how many are now kept. `encoding` is
    that of their bytes."""
    ledger.guard()
    kept = 0
    for portion in _portions(refused):
        large = [_is_large(one) for one in portion]
        _keep_chunks(ledger.database, load, compress(portion, large))
        ids = object_ids(identify(load, np.array([one.record for one in portion], np.int64)))
        documents = [
            _document(id, load, database, collection, one, encoding, whole=not too_large)
            for id, one, too_large in zip(ids, portion, large, strict=True)
        ]
        kept += _insert(ledger.database, "quarantine", documents)
    return kept


def _portions(refused: Iterable[Refused]) -> Iterator[list[Refused]]:
    portion: list[Refused] = []
    size = 0
    for record in refused:
        portion.append(record)
        size += 1_000 + len(record.raw)
        if size > PORTION:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _insert(ledger: Database[Document], name: str, documents: list[Document]) -> int:
    """Inserts what is not there yet; how many of them are there now."""
    try:
        return len(ledger[name].insert_many(documents, ordered=False).inserted_ids)
    except BulkWriteError as error:
        if error.details.get("writeConcernErrors"):
            raise
        there = [found for found in error.details["writeErrors"] if found["code"] == DUPLICATE]
        if len(there) != len(error.details["writeErrors"]):
            raise
        return int(error.details["nInserted"]) + len(there)


def _keep_chunks(ledger: Database[Document], load: ObjectId, large: Iterable[Refused]) -> None:
    for record in large:
        id = identity(load, record.record)
        for n, at in enumerate(range(0, len(record.raw), CHUNK)):
            part = record.raw[at : at + CHUNK]
            key = {"record": id, "n": n}
            _insert(ledger, "raw", [{"_id": key, **key, "data": part}])


def _is_large(refused: Refused) -> bool:
    """Whether its document would be too large with all that it says."""
    values = refused.values
    return len(refused.raw) > CHUNK or sum(map(len, (*values, *values.values()))) > _WIDE


def _document(
    id: ObjectId,
    load: ObjectId,
    database: str,
    collection: str,
    refused: Refused,
    encoding: str,
    *,
    whole: bool,
) -> Document:
    reasons = [
        {
            "code": reason.code,
            "field": reason.field,
            "value": reason.value,
            "message": reason.message,
            "rule": reason.rule,
        }
        for reason in bounded(map(reason_of, refused.reasons))
    ]
    text = refused.raw[: 4 * _SOUGHT].decode(encoding, "replace")
    document: Document = {
        "_id": id,
        "load": load,
        "database": database,
        "collection": collection,
        "record": refused.record,
        "line": refused.line,
        "values": {},
        "reasons": reasons,  # what is wrong now
        "was": reasons,  # what was wrong when it came
        "state": "held",
        "text": text[:_SOUGHT].lower(),
        "encoding": encoding,
        "version": 0,
        "edits": [],
        "note": "",
    }
    if whole:
        document["raw"] = refused.raw
        document["values"] = names_kept(refused.values)
    return document
