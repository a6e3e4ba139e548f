"""Held records checked again, by the code that checks files; another recipe may split the raw
record anew.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from core.batch import Batch, Place, RawBatch
from core.checking.checker import Checker
from core.checking.widths import fit
from core.errors import StoreError
from core.quarantine.lasting import SERVER, STRUCTURE, Said, is_within, known, lasting
from core.reading.machine import Machine
from core.recipes.recipe import Recipe
from core.store import LoadEntry, Store
from core.store.bounds import bounded, reason_of
from core.store.held import HeldRecord, Reason
from core.store.lookups import Lookups
from core.store.patience import Patience

WAIT_SECONDS = 30.0  # for a server that went away; less than a claim lasts


@dataclass(frozen=True, slots=True)
class Judged:
    """One held record: its values as they were checked, and what is wrong with them now."""

    record: HeldRecord
    values: Mapping[str, str]
    reasons: tuple[Reason, ...]

    @property
    def resubmittable(self) -> bool:
        """What the server said once may be different now; the rest would only repeat itself."""
        return all(reason.code in SERVER for reason in self.reasons)


UNREAD = Reason(
    "source-error", None, "", "Its text is very large and does not split into cells.", ""
)


class Bench:
    """The loads and recipes of held records, fetched once; `recipe` overrides them all."""

    def __init__(self, store: Store, recipe: Recipe | None = None) -> None:
        self._store = store
        self._newer = recipe
        self._entries: dict[str, LoadEntry] = {}
        self._recipes: dict[tuple[str, str], Recipe] = {}
        self._lookups: dict[str, Lookups] = {}

    def entry(self, load: str) -> LoadEntry:
        if load not in self._entries:
            found = self._store.loads.get(load)
            if found is None:
                raise StoreError(
                    f"The load {load} is no longer in the ledger.",
                    "Export its records and load them as a file.",
                )
            self._entries[load] = found
        return self._entries[load]

    def forget(self) -> None:
        """The loads are asked for anew: others may have undone one."""
        self._entries.clear()

    def recipe(self, record: HeldRecord) -> Recipe:
        """What a record is judged by: the override, the recipe that mended it, or its load's."""
        if self._newer is not None:
            return self._newer
        key = (record.load, record.recipe)
        if key not in self._recipes:
            kept = self._store.quarantine.recipe(record.recipe) if record.recipe else None
            descriptor = kept or self.entry(record.load).recipe
            self._recipes[key] = Recipe.from_descriptor(descriptor)
        return self._recipes[key]

    def judge(
        self, records: Sequence[HeldRecord], edits: Mapping[str, Said] | None = None
    ) -> list[Judged]:
        """Each record in order, with what is said of it by id, if anything, done."""
        found: dict[str, Judged] = {}
        for recipe, group in self._groups(records):
            found |= self._judge(recipe, group, edits or {})
        return [found[record.id] for record in records]

    def _lookup(self, database: str) -> Lookups:
        """Each collection that keys refer to is read once for a whole pass."""
        if database not in self._lookups:
            patient = Patience(self._store.address, threading.Event(), WAIT_SECONDS)
            self._lookups[database] = self._store.lookup(database, patient)
        return self._lookups[database]

    def _groups(self, records: Sequence[HeldRecord]) -> list[tuple[Recipe, list[HeldRecord]]]:
        groups: dict[tuple[str, str], list[HeldRecord]] = {}
        for record in records:
            groups.setdefault((record.load, record.recipe), []).append(record)
        return [(self.recipe(group[0]), group) for group in groups.values()]

    def _judge(
        self,
        recipe: Recipe,
        records: Sequence[HeldRecord],
        edits: Mapping[str, Said],
    ) -> dict[str, Judged]:
        anew = self._newer is not None
        rows: list[Mapping[str, str]] = []
        stay: list[list[Reason]] = []
        for one in records:
            record = whole(self._store, recipe, one) or one
            split = _split_anew(recipe, record) if anew and not record.edits else None
            said = edits.get(record.id, Said())
            known(recipe, record, said)
            cells = said.values(record.values if split is None else split)
            rows.append({name: cells.get(name, "") for name in recipe.schema.names})
            last = lasting(recipe, record, said, split is not None)
            unread = record is one and one.raw is None
            stay.append([*last, UNREAD] if unread else last)
        batch = batch_of(recipe, records, rows, self._lookup(records[0].database))
        refused = {one.record: one.reasons for one in batch.refused}
        return {
            record.id: Judged(
                record, row, bounded((*last, *map(reason_of, refused.get(record.record, ()))))
            )
            for record, row, last in zip(records, rows, stay, strict=True)
        }


def batch_of(
    recipe: Recipe,
    records: Sequence[HeldRecord],
    rows: Sequence[Mapping[str, str]],
    lookup: Any = None,
) -> Batch:
    """Rows of text of one load's records, in their order, checked as one batch.

    Equal keys among them are all let through: of what stands in the file the load has spoken, of
    what stands in the collection the server will.
    """
    alone = replace(recipe, duplicates="first", schema=without_keys(recipe).schema)
    count = len(rows)
    columns = {
        name: pa.array([row.get(name) or None for row in rows], pa.string())
        for name in recipe.schema.names
    }
    raw = RawBatch(
        place=Place(0, 1, 1),
        count=count,
        records=np.array([record.record for record in records], np.int64),
        lines=np.array([record.line for record in records], np.int64),
        spans=np.zeros((count, 2), np.int64),
        columns=columns,
        refused=(),
        blank=0,
        data=b"",
        origin=0,
        fraction=1.0,
    )
    return Checker(alone, recipe.schema.names, lookup=lookup).check(raw)


def without_keys(recipe: Recipe) -> Recipe:
    """The recipe without what only a whole file can tell; its key fields stay required."""
    schema = recipe.schema
    fields = []
    for field in schema.fields:
        rules = {rule: value for rule, value in field.constraints.items() if rule != "unique"}
        if field.name in schema.primary_key:
            rules["required"] = True
        fields.append(replace(field, constraints=rules))
    elsewhere = tuple(one for one in schema.foreign_keys if not is_within(one))
    bare = replace(
        schema, fields=tuple(fields), primary_key=(), unique_keys=(), foreign_keys=elsewhere
    )
    return replace(recipe, schema=bare)


def whole(store: Store, recipe: Recipe, record: HeldRecord) -> HeldRecord | None:
    """The record with all its cells: a very large one is kept as its bytes and what was edited.
    None where the bytes do not split, so that it is never judged by the cells it lacks."""
    if record.raw is not None:
        return record
    names, cells = recipe.schema.names, _cells(recipe, record, store.quarantine.raw(record))
    if cells is None:
        return None
    split = fit(cells, names, recipe) or dict(zip(names, cells, strict=False))
    return replace(record, values={**split, **record.values})


def _split_anew(recipe: Recipe, record: HeldRecord) -> Mapping[str, str] | None:
    """The raw record's cells by the recipe's dialect; None where it still does not split."""
    if not any(reason.code in STRUCTURE for reason in record.reasons) or record.raw is None:
        return None
    cells = _cells(recipe, record, record.raw)
    return None if cells is None else fit(cells, recipe.schema.names, recipe)


def _cells(recipe: Recipe, record: HeldRecord, raw: bytes) -> list[str] | None:
    try:
        text = raw.decode(record.codec(recipe.dialect.encoding)).encode()
    except (UnicodeDecodeError, LookupError):
        return None
    scan = Machine(recipe.dialect).scan(text, 0)
    if scan.fault or scan.stop < len(text):
        return None
    return [(cell or b"").decode() for cell in scan.cells]
