"""The ids of a load's refused records, from the ledger: for a server that would read them all.

A batch notes which of its records are in the collection; the others are in quarantine, under `_id`s
that can be computed, and it notes by what each was refused. That does not hold for a load that
skips known keys, nor before it is done.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from bson import ObjectId

from core.batch import Integers
from core.documents.lineage import identify, identity, object_ids, record_of
from core.store.figures import Kind
from core.store.ledger import Ledger
from core.store.moves import GONE, PAGE, Moves

Document = dict[str, Any]
Records = npt.NDArray[np.uint32]  # ten million of them are kept at hand
Wrong = Mapping[str, str]  # some of code, field and rule
SMALL = 2_000  # held records that the server may as well read


@dataclass(frozen=True, slots=True)
class _Refused:
    """Of one load: all refused records, and those of each kind; None where it was not noted."""

    records: Records
    kinds: Mapping[Kind, Records] | None
    noted: bool  # which of them are held no more

    def picked(self, wrong: Wrong) -> Records:
        """The records with a problem of which all that holds; all, where nobody can tell."""
        if not wrong or self.kinds is None:
            return self.records
        found = [
            records
            for (code, field, rule), records in self.kinds.items()
            if wrong.items() <= {"code": code, "field": field, "rule": rule}.items()
        ]
        merged = np.sort(_joined(found))  # np.unique hashes these numbers, seconds long
        return merged[np.diff(merged, prepend=np.uint32(0)) > 0]  # records count from 1


class RefusedIds:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._records = ledger.database["quarantine"]
        self._moves = Moves(ledger.database, ledger.guard)
        self._known: dict[ObjectId, _Refused] = {}

    def walk(
        self,
        loads: Sequence[ObjectId],
        after: ObjectId | None,
        skip: int,
        wrong: Wrong,
        size: int = PAGE,
    ) -> Iterator[list[ObjectId]] | None:
        """The ids of held records in their order, `size` at a time; None where nobody can tell.

        Of records refused for other reasons than `wrong` some may be among them.
        """
        found: list[tuple[ObjectId, Records]] = []
        for load in sorted(loads):
            refused = self._of(load)
            if refused is None:
                return None
            found.append((load, refused.picked(wrong)))
        return self._pages(found, after, skip, size)

    def moved(
        self, loads: Sequence[ObjectId], state: str, after: ObjectId | None, skip: int
    ) -> Iterator[list[ObjectId]] | None:
        """The ids of records in another state in their order; None where nobody can tell."""
        found: list[tuple[ObjectId, Records]] = []
        for load in sorted(loads):
            entry = self._ledger.get(load)
            if entry is None or not entry.noted:
                return None
            found.append((load, self._moves.gone(load)[state]))
        return self._pages(found, after, skip, PAGE, held=False)

    def count(self, loads: Sequence[ObjectId], wrong: Wrong) -> int | None:
        """How many held records these loads refused for that; None where nobody can tell."""
        total = 0
        for load in loads:
            refused = self._of(load)
            if refused is None or refused.kinds is None:
                return None
            total += len(self._still_held(load, refused.picked(wrong)))
        return total

    def tally(self, load: ObjectId, records: Records) -> tuple[Counter[str], Counter[Kind]] | None:
        """These records of a load by the codes, and their problems by the kinds, that they came
        with; None where nobody can tell."""
        refused = self._of(load)
        if refused is None or refused.kinds is None:
            return None
        kinds = Counter(
            {kind: int(np.isin(at, records).sum()) for kind, at in refused.kinds.items()}
        )
        codes = Counter(
            {
                code: int(np.isin(refused.picked({"code": code}), records).sum())
                for code in {code for code, _, _ in kinds}
            }
        )
        return +codes, +kinds

    def _pages(
        self,
        loads: list[tuple[ObjectId, Records]],
        after: ObjectId | None,
        skip: int,
        size: int,
        *,
        held: bool = True,
    ) -> Iterator[list[ObjectId]]:
        for load, records in loads:
            if skip and held:
                records = self._still_held(load, records)
            start = 0 if after is None else _first_after(load, records, after)
            start, skip = start + skip, max(skip - (len(records) - start), 0)
            for at in range(start, len(records), size):
                yield object_ids(identify(load, records[at : at + size].astype(np.int64)))

    def _still_held(self, load: ObjectId, records: Records) -> Records:
        refused = self._of(load)
        if refused is not None and refused.noted:
            numbers = np.concatenate(list(self._moves.gone(load).values()))
        else:
            gone = {"load": load, "state": {"$in": list(GONE)}}
            found = self._records.find(gone, {"record": 1})
            numbers = np.array([one["record"] for one in found], np.uint32)
        return np.setdiff1d(records, numbers, assume_unique=True) if len(numbers) else records

    def _of(self, load: ObjectId) -> _Refused | None:
        if load not in self._known:
            entry = self._ledger.get(load)
            if entry is None or entry.state != "done" or entry.mode == "skip":
                return None
            batches = list(self._ledger.recorded(load, {"digests": 0}))
            records = _joined([_refused(batch) for batch in batches])
            if len(records) != entry.quarantined:
                return None
            self._known[load] = _Refused(records, _kinds(batches), entry.noted)
        return self._known[load]


def _refused(batch: Document) -> Integers:
    bits = np.unpackbits(np.frombuffer(batch["accepted"], np.uint8), count=batch["count"])
    return np.flatnonzero(bits == 0) + int(batch["first"])


def _kinds(batches: Sequence[Document]) -> dict[Kind, Records] | None:
    if not all("kinds" in batch for batch in batches):  # loaded by an earlier version
        return None
    parts: dict[Kind, list[Integers]] = {}
    for batch in batches:
        for kind in batch["kinds"]:
            at = np.frombuffer(kind["at"], "<u4") + int(batch["first"])
            parts.setdefault((kind["code"], kind["field"], kind["rule"]), []).append(at)
    return {kind: _joined(found) for kind, found in parts.items()}


def _joined(parts: Sequence[npt.NDArray[Any]]) -> Records:
    return np.concatenate([np.empty(0, np.int64), *parts]).astype(np.uint32)


def _first_after(load: ObjectId, records: Records, after: ObjectId) -> int:
    record = record_of(load, after)
    if record is None:  # of another load
        return 0 if after < identity(load, 1) else len(records)
    return int(np.searchsorted(records, record, "right"))
