"""What a check of cells cannot see, and what a person says of a held record.

That a record was not split as the header says, that its key stands in the file already, that the
server refused it: this lasts until a person changes the cells it speaks of, or says what is with
cells too many or too few. It is back once the record is again as it came.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.errors import RecipeError
from core.recipes.recipe import Recipe
from core.recipes.schema import key_fields
from core.store.held import HeldRecord, Reason
from core.store.records import MISSING, SURPLUS

MISFIT = {"extra-cell": SURPLUS, "missing-cell": MISSING}  # what of its shape a person may speak of
STRUCTURE = frozenset({"blank-row", "encoding-error", "quote-error", "unterminated-quote", *MISFIT})
SERVER = frozenset({"document-invalid", "document-too-large", "duplicate-key", "key-name"})
IN_FILE = frozenset({"primary-key", "unique-error"})


@dataclass(frozen=True, slots=True)
class Said:
    """Changes to one record: its cells by field, and words on its shape; None takes one away."""

    cells: Mapping[str, str | None] = field(default_factory=dict)
    shape: Mapping[str, str | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.cells or self.shape)

    def values(self, before: Mapping[str, str]) -> dict[str, str]:
        return _laid_over(before, self.cells)

    def shaped(self, before: Mapping[str, str]) -> dict[str, str]:
        return _laid_over(before, self.shape)

    def of(self, record: HeldRecord) -> "Said":
        """What of it is new; a cell that the record came without and that is made empty goes."""
        cells = {n: t or (t if record.came(n) is not None else None) for n, t in self.cells.items()}
        return Said(
            {name: text for name, text in cells.items() if record.values.get(name) != text},
            {name: word for name, word in self.shape.items() if record.shape.get(name) != word},
        )


def _laid_over(before: Mapping[str, str], said: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in {**before, **said}.items() if text is not None}


def known(recipe: Recipe, record: HeldRecord, said: Said) -> None:
    """Raises RecipeError for a field that the records do not have, and a word on a shape that the
    record does not have."""
    for name in said.cells:
        if name not in recipe.schema.names:
            raise RecipeError(
                f"The records of this load have no field “{name}”.",
                f"They have {', '.join(recipe.schema.names)}.",
            )
    wrong = {MISFIT.get(reason.code) for reason in record.was}
    for what in said.shape:
        if what not in wrong:
            cells = "cells beyond the last column" if what == SURPLUS else "missing columns"
            raise RecipeError(f"The record of line {record.line} has no {cells}.", "Edit a cell.")


def lasting(recipe: Recipe, record: HeldRecord, said: Said, split: bool) -> list[Reason]:
    """The reasons that stay, or are back, when that is done; `split`: the raw record anew."""
    values, shape = said.values(record.values), said.shaped(record.shape)
    names = {edit.field for edit in record.edits if edit.field} | said.cells.keys()
    changed = {name for name in names if values.get(name) != record.came(name)}
    as_it_came = not (changed or shape or record.recipe)

    def stays(reason: Reason) -> bool:
        now, first = reason in record.reasons, reason in record.was
        if reason.code in MISFIT:
            before = _answered(recipe, reason, record.values, record.shape)
            return not (split or _answered(recipe, reason, values, shape)) and (now or before)
        if reason.code in STRUCTURE | SERVER:
            return not split and (first and as_it_came if said else now)
        if reason.code in IN_FILE:
            return (first or now) and not _touched(recipe, reason, changed if first else said.cells)
        return reason.code == "foreign-key" and _points_within(
            recipe, reason, changed if first else said.cells
        )

    return [reason for reason in dict.fromkeys((*record.was, *record.reasons)) if stays(reason)]


def _answered(
    recipe: Recipe, reason: Reason, values: Mapping[str, str], shape: Mapping[str, str]
) -> bool:
    """Whether a person said what is with the cells too many, or with each that was not there."""
    if MISFIT[reason.code] in shape:
        return True
    return reason.code == "missing-cell" and all(name in values for name in recipe.schema.names)


def _touched(recipe: Recipe, reason: Reason, changed: Any) -> bool:
    """Whether an edit changes the key that the reason speaks of, or the recipe lost that key."""
    schema = recipe.schema
    if reason.field is not None:
        unique = reason.field in schema.names and (
            schema.field(reason.field).constraints.get("unique")
            or (reason.field,) in (schema.primary_key, *schema.unique_keys)
        )
        return reason.field in changed or not unique
    keys = (schema.primary_key, *schema.unique_keys)
    return any(name in changed for key in keys for name in key) or not any(keys)


def _points_within(recipe: Recipe, reason: Reason, changed: Any) -> bool:
    """Whether it speaks of a key in the file itself that nobody has changed."""
    within = [key_fields(one) for one in recipe.schema.foreign_keys if is_within(one)]
    asked = [fields for fields in within if reason.field is None or fields == (reason.field,)]
    return any(not any(name in changed for name in fields) for fields in asked)


def is_within(foreign_key: Mapping[str, Any]) -> bool:
    """Whether it refers to a field of the same file."""
    return not foreign_key.get("reference", {}).get("resource")
