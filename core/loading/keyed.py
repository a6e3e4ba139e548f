"""The modes that first look for a document with the record's key: skip and update."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import bson
import numpy as np
from bson import ObjectId

from core.documents.digests import digest
from core.documents.lineage import object_ids, record_of
from core.errors import StoreError
from core.loading.adding import (
    Add,
    Outcome,
    Prepared,
    bring_in,
    decoded,
    refusals,
)
from core.loading.keys import key_fields
from core.loading.setting import Setting
from core.recipes.settled import document_fields
from core.store.before import Before
from core.store.matching import Key, comparable, find_by_key, swap
from core.store.write import DUPLICATE, PAGE, Rejection

Document = dict[str, Any]
_ROUNDS = 10  # how often documents may change under our hands before we give up


class _Rows:
    """The rows of a batch as documents, with their keys and the names our load gives them."""

    def __init__(self, prepared: Prepared, fields: Sequence[str], load: ObjectId) -> None:
        self.documents = decoded(prepared.documents)
        self.keys: list[Key] = [
            tuple(document.get(name) for name in fields) for document in self.documents
        ]
        self.names = object_ids(prepared.names)
        self._load = load

    def is_inserted(self, row: int, found: Document) -> bool:
        """Whether that document is there because this very record was inserted."""
        return bool(found["_id"] == self.names[row])

    def is_of_load(self, found: Document) -> bool:
        return record_of(self._load, found.get("_load")) is not None

    def key(self, row: int) -> Key:
        return comparable(self.keys[row])


class Skip(Add):
    """Inserts records whose key is new; those whose key is known are skipped and counted."""

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._fields = key_fields(setting.recipe)

    def put(self, prepared: Prepared) -> Outcome:
        rows = _Rows(prepared, self._fields, self._setting.load)
        everything = list(range(len(rows.keys)))
        skipped = self._known(rows, everything)
        new = np.array([row for row in everything if row not in skipped], np.int64)
        inserted, rejected = bring_in(
            self._setting, prepared.documents.take(new), prepared.names[new]
        )
        rejected = [_at(int(new[found.row]), found) for found in rejected]
        # between our look and the insert another may have brought the key
        late = self._known(rows, [one.row for one in rejected if one.code == DUPLICATE])
        refused = [one for one in rejected if one.row not in late]
        accepted = np.setdiff1d(new, np.array([one.row for one in rejected], np.int64))
        return Outcome(
            inserted=inserted,
            skipped=len(skipped) + len(late),
            accepted=accepted,
            digests=prepared.digests[accepted],
            refused=refusals(prepared.batch, refused),
        )

    def foresee(self, prepared: Prepared) -> Outcome:
        rows = _Rows(prepared, self._fields, self._setting.load)
        skipped = self._known(rows, list(range(len(rows.keys))))
        clashes = [found for found in self._clashes(prepared) if found.row not in skipped]
        return Outcome(
            inserted=len(rows.keys) - len(skipped) - len(clashes),
            skipped=len(skipped),
            refused=refusals(prepared.batch, clashes),
        )

    def _known(self, rows: _Rows, wanted: list[int]) -> set[int]:
        """Rows whose key a document has that is not theirs."""
        keys = [rows.keys[row] for row in wanted]
        found = find_by_key(
            self._setting.target, self._fields, keys, dict.fromkeys((*self._fields, "_load"), 1)
        )
        known = set()
        for row in wanted:
            there = found.get(rows.key(row))
            if there is not None and not self._is_ours(rows, row, there):
                known.add(row)
        return known

    def _is_ours(self, rows: _Rows, row: int, there: Document) -> bool:
        if self._setting.own_ids:
            return bool(there.get("_load") == rows.names[row])
        return rows.is_inserted(row, there)


def _at(row: int, found: Rejection) -> Rejection:
    return Rejection(row, found.code, found.message, found.fields)


@dataclass
class _Tally:
    """What an update has come to so far; `digests` by row."""

    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    digests: dict[int, int] = field(default_factory=dict)
    refused: list[Rejection] = field(default_factory=list)


class Update(Add):
    """Inserts records whose key is new, changes documents whose key is known, if they differ.

    A changed document carries the record's name in `_load`, and its image from before is kept.
    """

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self._fields = key_fields(setting.recipe)
        self._unset = setting.recipe.write.get("blank", "keep") == "unset"
        self._before = Before(setting.store.ledger, setting.load, setting.target.patient)

    def put(self, prepared: Prepared) -> Outcome:
        rows = _Rows(prepared, self._fields, self._setting.load)
        tally = _Tally()
        todo = list(range(len(rows.keys)))
        for _ in range(_ROUNDS):
            if not todo:
                break
            todo = self._round(prepared, rows, todo, tally)
        else:
            raise StoreError("Documents keep changing while they are updated.", "Try again later.")
        accepted = np.array(sorted(tally.digests), np.int64)
        return Outcome(
            inserted=tally.inserted,
            changed=tally.changed,
            unchanged=tally.unchanged,
            accepted=accepted,
            digests=np.array([tally.digests[row] for row in accepted.tolist()], np.uint64),
            refused=refusals(prepared.batch, tally.refused),
        )

    def foresee(self, prepared: Prepared) -> Outcome:
        rows = _Rows(prepared, self._fields, self._setting.load)
        found = find_by_key(self._setting.target, self._fields, rows.keys, None)
        pairs = {
            row: found[rows.key(row)] for row in range(len(rows.keys)) if rows.key(row) in found
        }
        clashes = [one for one in self._clashes(prepared) if one.row not in pairs]
        same = sum(self._merged(rows, row, there) is there for row, there in pairs.items())
        return Outcome(
            inserted=len(rows.keys) - len(pairs) - len(clashes),
            changed=len(pairs) - same,
            unchanged=same,
            refused=refusals(prepared.batch, clashes),
        )

    def lost(self, prepared: Prepared, outcome: Outcome) -> bool:
        keys = _Rows(prepared, self._fields, self._setting.load).keys
        sought = [keys[row] for row in outcome.accepted[-PAGE:].tolist()]
        wanted = dict.fromkeys(self._fields, 1)
        return len(find_by_key(self._setting.target, self._fields, sought, wanted)) < len(sought)

    def _round(self, prepared: Prepared, rows: _Rows, todo: list[int], tally: _Tally) -> list[int]:
        """Look, insert what is new, change what differs; rows to look at once more."""
        found = find_by_key(
            self._setting.target, self._fields, [rows.keys[row] for row in todo], None
        )
        new = [row for row in todo if rows.key(row) not in found]
        pairs = {row: found[rows.key(row)] for row in todo if rows.key(row) in found}
        self._settle(prepared, rows, pairs, tally)
        return self._insert(prepared, new, tally) + self._change(rows, pairs, tally)

    def _settle(
        self, prepared: Prepared, rows: _Rows, pairs: dict[int, Document], tally: _Tally
    ) -> None:
        """Leave in `pairs` what needs a change, counting what is as it should be: our own work of
        an earlier attempt, or a document that says the same already."""
        own = [
            there["_id"] for row, there in pairs.items() if there.get("_load") == rows.names[row]
        ]
        changed = self._before.known(own) if own else set()
        for row, there in list(pairs.items()):
            ours = there.get("_load") == rows.names[row]
            if ours and bson.encode({"": there["_id"]}) in changed:
                tally.changed += 1
                tally.digests[row] = digest(bson.encode(there))
            elif rows.is_inserted(row, there) or ours:
                tally.inserted += 1
                tally.digests[row] = int(prepared.digests[row])
            elif self._merged(rows, row, there) == there:
                tally.unchanged += 1
                tally.digests[row] = digest(bson.encode(there))
            else:
                continue
            del pairs[row]

    def _merged(self, rows: _Rows, row: int, there: Document) -> Document:
        """The document with the record's fields; the very one where nothing differs."""
        new = {name: value for name, value in rows.documents[row].items() if name != "_load"}
        new.pop("_id")
        merged = {**there, **new}
        if self._unset:
            merged = {
                name: value
                for name, value in merged.items()
                if name in new or name not in self._columns
            }
        if bson.encode(merged) == bson.encode(there):
            return there
        return {**merged, "_load": rows.names[row]}

    @property
    def _columns(self) -> set[str]:
        return {one.key for one in document_fields(self._setting.recipe)} - {"_id"}

    def _insert(self, prepared: Prepared, new: list[int], tally: _Tally) -> list[int]:
        at = np.array(new, np.int64)
        inserted, rejected = bring_in(
            self._setting, prepared.documents.take(at), prepared.names[at]
        )
        tally.inserted += inserted
        again = []
        for found in rejected:
            row = new[found.row]
            # a clash may be of the key, brought by another since we looked
            if found.code == DUPLICATE and set(found.fields) == set(self._fields):
                again.append(row)
            else:
                tally.refused.append(_at(row, found))
        out = {found.row for found in rejected}
        for n, row in enumerate(new):
            if n not in out:
                tally.digests[row] = int(prepared.digests[row])
        return again

    def _change(self, rows: _Rows, pairs: dict[int, Document], tally: _Tally) -> list[int]:
        if not pairs:
            return []
        after = {row: self._merged(rows, row, there) for row, there in pairs.items()}
        marks = {row: digest(bson.encode(document)) for row, document in after.items()}
        self._before.keep(
            [
                (there, rows.names[row], marks[row])
                for row, there in pairs.items()
                if not rows.is_of_load(there)
            ]
        )
        order = list(pairs)
        rejected, changed = swap(self._setting.target, [(pairs[row], after[row]) for row in order])
        out = {order[found.row] for found in rejected}
        self._before.forget([pairs[row]["_id"] for row in out if not rows.is_of_load(pairs[row])])
        tally.refused += [_at(order[found.row], found) for found in rejected]
        done = [row for row in order if row not in out]
        if changed == len(done):
            tally.changed += changed
            tally.digests |= {row: marks[row] for row in done}
            return []
        return done  # some were changed by another since: what came about, the next look tells
