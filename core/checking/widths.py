"""Records with cells too many or too few, made whole where the recipe says how."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from core.batch import RawBatch, Refused
from core.reading.records import EXTRA, MISSING
from core.recipes.recipe import LEAVE_EMPTY, LEAVE_OUT, LEAVE_OUT_BLANK, Recipe

# what a recipe says of such records, as a person reads it
WORDS = {
    LEAVE_OUT_BLANK: "Leave out empty cells beyond the last column",
    LEAVE_OUT: "Leave out what is beyond the last column",
    LEAVE_EMPTY: "Leave the missing columns empty",
}


def fitted(raw: RawBatch, recipe: Recipe) -> RawBatch:
    """The batch with those records as rows that the recipe makes fit its columns."""
    if not raw.refused or not adapts(recipe):
        return raw
    return with_rows(raw, [one for one in raw.refused if fits(one, recipe)])


def adapts(recipe: Recipe) -> bool:
    """Whether the recipe takes any record of the wrong width."""
    return (recipe.extra_cells, recipe.missing_cells) != ("refuse", "refuse")


def fits(refused: Refused, recipe: Recipe) -> bool:
    codes = {problem.code for problem in refused.reasons}
    if codes == {MISSING}:
        return recipe.missing_cells == LEAVE_EMPTY
    return codes == {EXTRA} and leaves_out(refused.surplus, recipe)


def leaves_out(surplus: Sequence[str], recipe: Recipe) -> bool:
    """Whether these cells beyond the last column may go."""
    blank = not any(cell.strip() for cell in surplus)
    return recipe.extra_cells == LEAVE_OUT or (blank and recipe.extra_cells == LEAVE_OUT_BLANK)


def fit(cells: Sequence[str], names: Sequence[str], recipe: Recipe) -> Mapping[str, str] | None:
    """One record's cells by name, None where it has too many or too few for the recipe."""
    if len(cells) < len(names) and recipe.missing_cells != LEAVE_EMPTY:
        return None
    if len(cells) > len(names) and not leaves_out(cells[len(names) :], recipe):
        return None
    padded = (*cells, *[""] * (len(names) - len(cells)))
    return dict(zip(names, padded, strict=False))


def with_rows(raw: RawBatch, whole: Sequence[Refused]) -> RawBatch:
    """The batch with some of its refused records as rows; cells they lack are empty."""
    if not whole:
        return raw
    records = np.concatenate((raw.records, [one.record for one in whole]))
    order = np.argsort(records, kind="stable")
    at = pa.array(order)

    def merged(name: str, column: pa.Array) -> pa.Array:
        cells = pa.array([one.values.get(name) or None for one in whole], pa.string())
        return pa.concat_arrays([column, cells]).take(at)

    gone = {one.record for one in whole}
    lines: Any = np.concatenate((raw.lines, [one.line for one in whole]))
    spans: Any = np.concatenate((raw.spans, [one.span for one in whole]))
    return replace(
        raw,
        records=records[order],
        lines=lines[order],
        spans=spans[order],
        columns={name: merged(name, column) for name, column in raw.columns.items()},
        refused=tuple(one for one in raw.refused if one.record not in gone),
    )
