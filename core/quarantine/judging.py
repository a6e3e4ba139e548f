"""Held records checked again, by the code that checks files.

What a check of cells cannot see lasts until a person changes the cells it speaks of: that the
record was not split as the header says, that its key stands in the file already, that the server
refused it. Another recipe may split the raw record anew.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from core.batch import Batch, Place, Problem, RawBatch
from core.checking.checker import Checker
from core.errors import RecipeError, StoreError
from core.reading.machine import Machine
from core.recipes.recipe import Recipe
from core.recipes.schema import key_fields
from core.store import LoadEntry, Store
from core.store.held import HeldRecord, Reason
from core.store.lookups import Lookups
from core.store.patience import Patience

STRUCTURE = frozenset(
    {
        "blank-row",
        "encoding-error",
        "extra-cell",
        "missing-cell",
        "quote-error",
        "unterminated-quote",
    }
)
SURPLUS = "beyond the last column"  # set to nothing, the cells there are left out
MISFIT = frozenset({"extra-cell", "missing-cell"})
WAIT_SECONDS = 30.0  # for a server that went away; less than a claim lasts
SERVER = frozenset({"document-invalid", "document-too-large", "duplicate-key", "key-name"})
IN_FILE = frozenset({"primary-key", "unique-error"})


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


class Bench:
    """The loads and recipes of held records, each fetched once; `recipe` overrides them all."""

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
        self, records: Sequence[HeldRecord], edits: Mapping[str, Mapping[str, str]] | None = None
    ) -> list[Judged]:
        """Each record in order, with the edits to it by id, if any, made."""
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
        edits: Mapping[str, Mapping[str, str]],
    ) -> dict[str, Judged]:
        anew = self._newer is not None
        rows: list[Mapping[str, str]] = []
        lasting: list[list[Reason]] = []
        for record in records:
            split = _split_anew(recipe, record) if anew and not record.edits else None
            changes = edits.get(record.id, {})
            _known(recipe, changes, record)
            base = record.values if split is None else split
            rows.append({n: changes.get(n, base.get(n, "")) for n in recipe.schema.names})
            lasting.append(_lasting(recipe, record, changes, split is not None))
        batch = batch_of(recipe, records, rows, self._lookup(records[0].database))
        refused = {one.record: one.reasons for one in batch.refused}
        return {
            record.id: Judged(record, row, (*last, *map(_reason, refused.get(record.record, ()))))
            for record, row, last in zip(records, rows, lasting, strict=True)
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
    elsewhere = tuple(one for one in schema.foreign_keys if not _is_within(one))
    bare = replace(
        schema, fields=tuple(fields), primary_key=(), unique_keys=(), foreign_keys=elsewhere
    )
    return replace(recipe, schema=bare)


def _is_within(foreign_key: Mapping[str, Any]) -> bool:
    """Whether it refers to a field of the same file."""
    return not foreign_key.get("reference", {}).get("resource")


def _known(recipe: Recipe, changes: Mapping[str, str], record: HeldRecord) -> None:
    for name in changes:
        if name not in recipe.schema.names and name != SURPLUS:
            raise RecipeError(
                f"The records of this load have no field “{name}”.",
                f"They have {', '.join(recipe.schema.names)}.",
            )


def _lasting(
    recipe: Recipe, record: HeldRecord, changes: Mapping[str, str], split: bool
) -> list[Reason]:
    again = record.was if changes.get(SURPLUS) else ()  # the surplus cells are put back
    back = [r for r in again if r.code == "extra-cell" and r not in record.reasons]
    return [
        reason
        for reason in (*back, *record.reasons)
        if (reason.code in MISFIT and not split and not _answered(recipe, record, reason, changes))
        or (reason.code in STRUCTURE - MISFIT and not changes and not split)
        or (reason.code in SERVER and not changes and not split)
        or (reason.code in IN_FILE and not _touched(recipe, reason, changes))
        or (reason.code == "foreign-key" and _points_within(recipe, reason, changes))
    ]


def _answered(
    recipe: Recipe, record: HeldRecord, reason: Reason, changes: Mapping[str, str]
) -> bool:
    """Whether a person said what is with the cells too many, or with each that was not there."""
    if reason.code == "extra-cell":
        return changes.get(SURPLUS) == ""
    absent = [name for name in recipe.schema.names if name not in record.values]
    return bool(changes) and all(name in changes for name in absent)


def _touched(recipe: Recipe, reason: Reason, changes: Mapping[str, str]) -> bool:
    """Whether an edit changes the key that the reason speaks of, or the recipe lost that key."""
    schema = recipe.schema
    if reason.field is not None:
        unique = reason.field in schema.names and (
            schema.field(reason.field).constraints.get("unique")
            or (reason.field,) in (schema.primary_key, *schema.unique_keys)
        )
        return reason.field in changes or not unique
    keys = (schema.primary_key, *schema.unique_keys)
    return any(name in changes for key in keys for name in key) or not any(keys)


def _points_within(recipe: Recipe, reason: Reason, changes: Mapping[str, str]) -> bool:
    """Whether it speaks of a key in the file itself that nobody has changed."""
    within = [key_fields(one) for one in recipe.schema.foreign_keys if _is_within(one)]
    asked = [fields for fields in within if reason.field is None or fields == (reason.field,)]
    return any(not any(name in changes for name in fields) for fields in asked)


def _split_anew(recipe: Recipe, record: HeldRecord) -> Mapping[str, str] | None:
    """The raw record's cells by the recipe's dialect; None where it still does not split."""
    if not any(reason.code in STRUCTURE for reason in record.reasons) or record.raw is None:
        return None
    try:
        text = record.raw.decode(recipe.dialect.encoding).encode()
    except (UnicodeDecodeError, LookupError):
        return None
    scan = Machine(recipe.dialect).scan(text, 0)
    names = recipe.schema.names
    if scan.fault or scan.stop < len(text) or len(scan.cells) != len(names):
        return None
    return {name: (cell or b"").decode() for name, cell in zip(names, scan.cells, strict=True)}


def _reason(problem: Problem) -> Reason:
    return Reason(problem.code, problem.field, problem.value, problem.message, problem.rule)
