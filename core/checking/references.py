"""Foreign keys: whether what a cell refers to is there, asked for many keys at once.

A key of another collection is asked of `lookup`, at most once a batch, for keys not yet known to be
there; a key of the file itself (`resource` "") is found by a survey of the file. A key with a
missing part refers to nothing and is no problem.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from core.batch import RawBatch
from core.checking.findings import Finding, found
from core.checking.keys import together, whole_rows
from core.errors import RecipeError
from core.recipes.schema import Schema, key_fields
from core.values.hashing import Hasher
from core.values.nested import stored
from core.values.text import shown
from core.values.uniqueness import KeyTable

# collection, its fields, keys as tuples of BSON values → for each key whether it is there
Lookup = Callable[[str, tuple[str, ...], Sequence[tuple[Any, ...]]], Sequence[bool]]
CACHED = 1_000_000  # keys remembered as being there, 40 MB at most; beyond it begins anew


@dataclass(slots=True)
class Reference:
    """One foreign key and the keys known to be there."""

    fields: tuple[str, ...]
    collection: str
    target: tuple[str, ...]
    kinds: tuple[str, ...]
    known: KeyTable = field(default_factory=KeyTable)


class References:
    """Judges the foreign keys of a file, batch by batch; raises RecipeError for a wrong one."""

    def __init__(self, schema: Schema, lookup: Lookup | None) -> None:
        self._lookup = lookup
        self._hasher = Hasher()
        self._all = tuple(_reference(schema, key) for key in schema.foreign_keys)
        self._within = tuple(one for one in self._all if not one.collection)

    @property
    def needs_survey(self) -> bool:
        return bool(self._within)

    @property
    def unjudged(self) -> tuple[str, ...]:
        """What is not looked at for want of a lookup, as sentences."""
        return tuple(
            f"{', '.join(one.fields)} is not compared with {one.collection}: no database is open."
            for one in self._all
            if one.collection and self._lookup is None
        )

    def survey(self, raw: RawBatch, typed: Mapping[str, pa.Array]) -> None:
        for one in self._within:
            _, columns = whole_rows([typed[name] for name in one.target])
            one.known.add(self._hasher.hashes(columns), _marks(len(columns[0])))

    def find(
        self, raw: RawBatch, texts: Mapping[str, pa.Array], typed: Mapping[str, pa.Array]
    ) -> list[Finding]:
        findings: list[Finding] = []
        for one in self._all:
            if one.collection and self._lookup is None:
                continue
            rows, columns = whole_rows([typed[name] for name in one.fields])
            if not len(rows):
                continue
            there = self._there(one, columns)
            bad = np.zeros(raw.rows, bool)
            bad[rows[~there]] = True
            where = f"{', '.join(one.target)} of {one.collection or 'this file'}"

            def say(value: str, row: int, where: str = where) -> str:
                return f"“{shown(value)}” is not among {where}."

            name = one.fields[0] if len(one.fields) == 1 else None
            text = together(texts, one.fields)
            findings += found(name, "foreign-key", "foreignKeys", bad, text, say)
        return findings

    def _there(self, one: Reference, columns: Sequence[pa.Array]) -> np.ndarray[Any, Any]:
        hashes = self._hasher.hashes(columns)
        there = one.known.find(hashes)[0] > 0
        if not one.collection or there.all():
            return there
        unknown = np.flatnonzero(~there)
        at = pa.array(unknown)
        values = [column.take(at).to_pylist() for column in columns]
        places: dict[tuple[Any, ...], list[int]] = {}
        for place, key in zip(unknown.tolist(), zip(*values, strict=True), strict=True):
            places.setdefault(key, []).append(place)
        assert self._lookup is not None
        asked = [
            tuple(stored(part, kind) for part, kind in zip(key, one.kinds, strict=True))
            for key in places
        ]
        answers = self._lookup(one.collection, one.target, asked)
        new = [found for found, is_there in zip(places.values(), answers, strict=True) if is_there]
        for found_at in new:
            there[found_at] = True
        self._remember(one, hashes[[found_at[0] for found_at in new]])
        return there

    def _remember(self, one: Reference, hashes: np.ndarray[Any, Any]) -> None:
        if one.known.count + len(hashes) > CACHED:
            one.known = KeyTable()
        one.known.add(hashes, _marks(len(hashes)))


def _marks(count: int) -> np.ndarray[Any, Any]:
    return np.arange(1, count + 1, dtype=np.uint32)


def _reference(schema: Schema, descriptor: Mapping[str, Any]) -> Reference:
    fields = key_fields(descriptor)
    reference = descriptor.get("reference")
    if not isinstance(reference, Mapping) or "fields" not in reference:
        raise RecipeError(
            f"The foreign key of {', '.join(fields)} says not what it refers to.",
            'Add "reference": {"resource": "customers", "fields": ["id"]}.',
        )
    target = key_fields(reference)
    if len(target) != len(fields):
        raise RecipeError(
            f"The foreign key of {', '.join(fields)} refers to {len(target)} fields.",
            "Name as many as it has itself.",
        )
    collection = str(reference.get("resource") or "")
    if not collection:
        for name in target:
            schema.field(name)
    return Reference(fields, collection, target, tuple(schema.field(n).kind for n in fields))
