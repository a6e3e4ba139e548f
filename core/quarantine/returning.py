"""Held rows that come back as a file: an export, whatever its file is called by now.

It is known by the columns that we added to it, and by the loads that those name in the ledger.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bson import ObjectId

from core.plural import counted, verb
from core.reading.dialect import Dialect
from core.reading.source import Source
from core.recipes.recipe import Recipe
from core.recipes.schema import Field
from core.store import LoadEntry, Store

ADDED = ("_file", "_line", "_reasons", "_problems", "_raw", "_record", "_load")
PAGE = 1_000
LOOKED_UP = 5_000  # rows of which it is told how many are held still


@dataclass(frozen=True, slots=True)
class Returned:
    """`rows` came with `loads`, newest first; `held` of them are held still, None where nobody
    counted; `recipe` is that of their loads, None where those differ."""

    rows: int
    held: int | None
    loads: tuple[LoadEntry, ...]
    recipe: Recipe | None

    @property
    def sentence(self) -> str:
        """What they are, and what loading them does and does not."""
        names = list(dict.fromkeys(load.name for load in self.loads))
        of = names[0] if len(names) == 1 else f"{len(names):,} files"
        told = f"These are {counted(self.rows, 'row')} of {of}, held in Quarantine"
        if self.held == 0:
            return f"{told} once and loaded or discarded since: load them only if they are missing."
        if self.held is not None and self.held < self.rows:
            told += f", where {self.held:,} still {verb(self.held, 'waits', 'wait')}"
        into = {load.collection for load in self.loads}
        where = f"into {into.pop()}" if len(into) == 1 else "in"
        return (
            f"{told}: loading settles them there. What was corrected goes {where}, by its load's "
            "recipe; what nobody changed stays held."
        )


def ours(names: Sequence[str]) -> tuple[str, ...]:
    """The columns that an export added, () where it is none; where a file has a column of such a
    name itself, ours begins with more underscores."""
    found = {}
    for added in ADDED:
        bare = added.lstrip("_")
        like = [name for name in names if name.startswith("_") and name.lstrip("_") == bare]
        if like:
            found[added] = max(like, key=len)
    return tuple(found.values()) if {"_record", "_load"} <= found.keys() else ()


def returned(source: Source, store: Store) -> Returned | None:
    """What a file says of where it comes from; None for any other file, and where the server does
    not know its loads."""
    added = ours(source.names)
    if not added:
        return None
    rows = [pair for pair in _pairs(source, *added[-2:]) if ObjectId.is_valid(pair[1])]
    counts = Counter(load for _, load in rows)
    found = (store.loads.get(load) for load in sorted(counts, reverse=True))
    loads = tuple(load for load in found if load is not None)
    if not loads:
        return None
    known = {load.id for load in loads}
    records = [record for record, load in rows if load in known and ObjectId.is_valid(record)]
    first, *others = (Recipe.from_descriptor(dict(load.recipe)) for load in loads)
    return Returned(
        sum(counts[load] for load in known),
        _held(store, records) if len(records) <= LOOKED_UP else None,
        loads,
        first if all(other == first for other in others) else None,
    )


def _pairs(source: Source, record: str, load: str) -> Iterator[tuple[str, str]]:
    for raw in source.batches():
        columns = (raw.columns[name].to_pylist() for name in (record, load))
        yield from ((one or "", two or "") for one, two in zip(*columns, strict=True))


def _held(store: Store, records: Sequence[str]) -> int:
    pages = (records[at : at + PAGE] for at in range(0, len(records), PAGE))
    return sum(len(store.quarantine.find(ids=page, limit=PAGE)) for page in pages)


def way_back(recipe: Recipe, name: str, dialect: Dialect, added: Sequence[str]) -> Recipe:
    """The recipe of a load, for its held rows as a file in that dialect, without our columns."""
    known = recipe.dialect
    return replace(
        recipe,
        path=Path(name).name,
        dialect=replace(
            dialect,
            decimal_char=known.decimal_char,
            group_char=known.group_char,
            date_order=known.date_order,
        ),
        schema=without(recipe, added).schema,
        # the rows that come back are some of many: they must not take the place of all
        mode="add" if recipe.mode == "replace" else recipe.mode,
    )


def without(recipe: Recipe, added: Sequence[str]) -> Recipe:
    """The recipe with those columns left out of the documents."""
    rest = tuple(field for field in recipe.schema.fields if field.name not in added)
    ours = tuple(Field(name, drop=True) for name in added)
    return replace(recipe, schema=replace(recipe.schema, fields=(*rest, *ours)))
