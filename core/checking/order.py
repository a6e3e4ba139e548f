"""The order of a file's records by the values of one column."""

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.batch import Integers, Place
from core.checking.checker import Checker
from core.checking.edits import Edits
from core.checking.judging import Judged
from core.errors import FileError
from core.reading.source import Source
from core.recipes.recipe import Recipe
from core.recipes.schema import Field
from core.values.ordering import SPELLED, ordered

Numbers = npt.NDArray[np.int32]
MOST = 20_000_000  # records
LARGEST = 400 << 20  # bytes of values kept until they are sorted
WHOLE, SCALE = 76, 34  # decimals of every batch, one beside the other


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """`records` by their values in the column, then the wrong cells and the records that could not
    be split, then the empty cells; `ranks[i]` is where record i + 1 stands among them."""

    name: str
    descending: bool
    records: Numbers
    ranks: Numbers
    places: tuple[Place, ...]  # where each block of the file begins


def sort_records(
    path: Path, recipe: Recipe, edits: Edits, name: str, descending: bool
) -> Generator[float | Order, None, None]:
    """Yields the part of the file read, and the order at the end; equal values in file order.

    Text is compared by code point, in any case. Raises FileError where the file is too large.
    """
    source = Source(path, recipe.dialect)
    checker = Checker(recipe, source.names, edits=edits)
    field = recipe.schema.field(name)
    values: list[pa.Array] = []
    good: list[Numbers] = []
    wrong: list[Numbers] = []
    empty: list[Numbers] = []
    places: list[Place] = []
    size = 0
    for raw in map(checker.whole, source.batches()):
        judged = checker.column(raw, name)
        some, ranks = _sortable(judged, field), _ranks(judged)
        numbers = raw.records.astype(np.int32)
        values.append(some.filter(pa.array(ranks == 0)))
        good.append(numbers[ranks == 0])
        broken = np.array([one.record for one in raw.refused], np.int32)
        wrong.append(np.sort(np.concatenate([numbers[ranks == 1], broken])))
        empty.append(numbers[ranks == 2])
        places.append(raw.place)
        size += values[-1].nbytes
        if raw.place.record + raw.count > MOST or size > LARGEST:
            raise FileError(
                f"{path.name} is too large to be sorted here.",
                "Load it, and sort the collection.",
            )
        yield raw.fraction
    if not places:
        return
    found = pc.sort_indices(
        pa.chunked_array(values), sort_keys=[("", "descending" if descending else "ascending")]
    )
    values.clear()
    first = np.concatenate(good)[np.asarray(found)]
    records = np.concatenate([first, *wrong, *empty])
    at = np.empty(len(records), np.int32)
    at[records - 1] = np.arange(len(records), dtype=np.int32)
    yield Order(name, descending, records, at, tuple(places))


def _ranks(judged: Judged) -> Integers:
    """0 for a value, 1 for a wrong cell, 2 for an empty one."""
    ranks = np.zeros(len(judged.text), np.int64)
    for finding in judged.findings:
        ranks[finding.rows] = 1
    ranks[np.asarray(judged.text.is_null())] = 2
    return ranks


def _sortable(judged: Judged, field: Field) -> pa.Array:
    """Values of a type that sorts, the same for every batch."""
    typed = judged.typed
    kind = typed.type
    if pa.types.is_decimal(kind):
        return typed.cast(pa.decimal256(WHOLE, SCALE))
    if pa.types.is_string(kind) and field.type in SPELLED:
        text = pc.if_else(typed.is_valid(), judged.text, None)
        values = ordered(text, field.type, field.format, field.options)
        return values.cast(pa.int64()) if pa.types.is_timestamp(values.type) else values
    if pa.types.is_string(kind) or pa.types.is_nested(kind) or pa.types.is_binary(kind):
        return pc.utf8_lower(judged.text)
    return typed
