"""How many records are held, by load and by what was wrong: from the ledger where it can tell.

A load that is done has counted what it refused; what was resubmitted or given up since is taken
off, as `sluice.moves` notes it or, of loads before there were notes, counted in quarantine. So ten
million held records are counted without a look at any of them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bson import ObjectId
from pymongo.database import Database

from core.store.moves import GONE, Moves

if TYPE_CHECKING:  # it tells figures by records, and needs their kinds
    from core.store.refused import RefusedIds

Document = dict[str, Any]
Kind = tuple[str, str | None, str]  # code, field, rule


class Figures:
    def __init__(
        self, ledger: Database[Document], moves: Moves, refused: "RefusedIds | None" = None
    ) -> None:
        self._refused = refused
        self._moves = moves
        self._loads = ledger["loads"]
        self._records = ledger["quarantine"]

    def held(self, load: ObjectId | None = None) -> Counter[ObjectId]:
        """Held records by load; loads without any are left out."""
        counts: Counter[ObjectId] = Counter()
        for entry in self._entries(load):
            id = entry["_id"]
            if _is_told(entry):
                counts[id] = entry["counts"]["quarantined"] - self._gone(entry, GONE)
            else:
                counts[id] = self._records.count_documents({"load": id, "state": "held"})
        return +counts

    def waiting(self) -> int:
        """Held records that their load can still take; one that was undone takes none."""
        gone = {
            one["_id"] for one in self._loads.find({"state": {"$in": ["undone", "undoing"]}}, {})
        }
        return sum(n for load, n in self.held().items() if load not in gone)

    def by_load(self, state: str, load: ObjectId | None = None) -> Counter[ObjectId]:
        """Records in another state, for each load that refused any."""
        return +Counter(
            {
                entry["_id"]: self._gone(entry, (state,))
                for entry in self._entries(load)
                if not _is_told(entry) or entry["counts"]["quarantined"]
            }
        )

    def _gone(self, entry: Document, states: Sequence[str]) -> int:
        if entry.get("noted"):
            gone = self._moves.gone(entry["_id"])
            return sum(len(gone[state]) for state in states)
        query = {"load": entry["_id"], "state": {"$in": list(states)}}
        return self._records.count_documents(query)

    def _tally(self, entry: Document, state: str) -> tuple[Counter[str], Counter[Kind]] | None:
        """Of what is held no more; None where the server must look at it."""
        if self._refused is None or not entry.get("noted") or state not in GONE:
            return None
        return self._refused.tally(entry["_id"], self._moves.gone(entry["_id"])[state])

    def reasons(self, load: ObjectId | None = None) -> Counter[str]:
        """Held records by the codes they came with; one counts once under each."""
        counts: Counter[str] = Counter()
        for entry in self._entries(load):
            told = _is_told(entry)
            if told:
                counts.update(entry["reasons"])
            for state in GONE if told else ("held",):
                found = self._coded(entry, state)
                counts.subtract(found) if told else counts.update(found)
        return +counts

    def kinds(self, load: ObjectId | None = None) -> Counter[Kind]:
        """Problems that held records came with."""
        counts: Counter[Kind] = Counter()
        for entry in self._entries(load):
            told = _is_told(entry) and "kinds" in entry
            if told:
                for one in entry["kinds"]:
                    counts[one["code"], one["field"], one["rule"]] += one["n"]
            for state in GONE if told else ("held",):
                found = self._of_kind(entry, state)
                counts.subtract(found) if told else counts.update(found)
        return +counts

    def of_state(self, load: ObjectId | None, state: str) -> tuple[Counter[str], Counter[Kind]]:
        """Codes and kinds of records in another state, counted one by one."""
        codes: Counter[str] = Counter()
        kinds: Counter[Kind] = Counter()
        for entry in self._entries(load):
            codes.update(self._coded(entry, state))
            kinds.update(self._of_kind(entry, state))
        return codes, kinds

    def _entries(self, load: ObjectId | None) -> Iterator[Document]:
        wanted = {"state": 1, "counts": 1, "reasons": 1, "kinds": 1, "noted": 1}
        yield from self._loads.find({} if load is None else {"_id": load}, wanted)

    def _coded(self, entry: Document, state: str) -> Counter[str]:
        if (told := self._tally(entry, state)) is not None:
            return told[0]
        codes = {"$map": {"input": "$was", "in": "$$this.code"}}  # embedded: no path into an array
        stages: list[Document] = [
            {"$project": {"code": {"$setUnion": [codes, []]}}},
            {"$unwind": "$code"},
            {"$group": {"_id": "$code", "n": {"$sum": 1}}},
        ]
        return Counter({one["_id"]: one["n"] for one in self._grouped(entry["_id"], state, stages)})

    def _of_kind(self, entry: Document, state: str) -> Counter[Kind]:
        if (told := self._tally(entry, state)) is not None:
            return told[1]
        key = {"code": "$was.code", "field": "$was.field", "rule": "$was.rule"}
        stages: list[Document] = [
            {"$unwind": "$was"},
            {"$group": {"_id": key, "n": {"$sum": 1}}},
        ]
        return Counter(
            {
                (one["_id"]["code"], one["_id"].get("field"), one["_id"].get("rule", "")): one["n"]
                for one in self._grouped(entry["_id"], state, stages)
            }
        )

    def _grouped(
        self, load: ObjectId, state: str, stages: Sequence[Mapping[str, Any]]
    ) -> list[Document]:
        picked = {"$match": {"load": load, "state": state}}
        return list(self._records.aggregate([picked, *stages], allowDiskUse=True))


def _is_told(entry: Document) -> bool:
    """Whether the counts of a load are final."""
    return entry["state"] == "done" and "quarantined" in entry.get("counts", {})
