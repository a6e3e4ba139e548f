"""Steps on the whole table: columns dropped, renamed, filled, split, joined, derived, and `_id`.

`recipe.clean` holds steps on given or all fields and `drop` and `rename`; `recipe.derived` holds
those that make new columns out of the cleaned text of others, in order. A new column is text
unless `field` describes it (a Table Schema field).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import RecipeError
from core.recipes.schema import Field, Schema
from core.values.cleaning import STEPS, Step, check_params, check_steps

Texts = Mapping[str, pa.Array]


@dataclass(frozen=True, slots=True)
class Derivation:
    """`make` gives the new columns' text in the order of `into(params)`."""

    name: str
    label: str
    make: Callable[[Texts, Mapping[str, Any], int], tuple[pa.Array, ...]]
    needs: Mapping[str, type]
    takes: Mapping[str, type]


def _split(texts: Texts, params: Mapping[str, Any], rows: int) -> tuple[pa.Array, ...]:
    """Parts of a cell at `separator`; the last column takes the rest."""
    names = params["into"]
    parts = pc.split_pattern(texts[params["field"]], params["separator"], max_splits=len(names) - 1)
    counts = pc.list_value_length(parts)
    found = []
    for place in range(len(names)):
        has = pc.fill_null(pc.greater(counts, place), False)
        padded = pc.if_else(has, parts, pa.scalar([""] * (place + 1), parts.type))
        found.append(pc.if_else(has, pc.list_element(padded, place), None))
    return tuple(found)


def _join(texts: Texts, params: Mapping[str, Any], rows: int) -> tuple[pa.Array, ...]:
    """Cells of several fields with `separator` between those that are there."""
    columns = [pc.if_else(pc.equal(texts[n], ""), None, texts[n]) for n in params["fields"]]
    joined = pc.binary_join_element_wise(
        *columns, params.get("separator", " "), null_handling="skip"
    )
    return (pc.if_else(pc.equal(joined, ""), None, joined),)


def _constant(texts: Texts, params: Mapping[str, Any], rows: int) -> tuple[pa.Array, ...]:
    return (pa.repeat(pa.scalar(str(params["value"]), pa.string()), rows),)


def _copy(texts: Texts, params: Mapping[str, Any], rows: int) -> tuple[pa.Array, ...]:
    """The text of several fields as one key; a missing part leaves the whole missing."""
    columns = [pc.if_else(pc.equal(texts[n], ""), None, texts[n]) for n in params["fields"]]
    return (pc.binary_join_element_wise(*columns, params.get("separator", "-")),)


DERIVATIONS: dict[str, Derivation] = {
    one.name: one
    for one in (
        Derivation(
            "split",
            "Split into columns",
            _split,
            {"field": str, "separator": str, "into": list},
            {},
        ),
        Derivation(
            "join",
            "Join columns",
            _join,
            {"fields": list, "into": str},
            {"separator": str, "as": dict},
        ),
        Derivation(
            "constant",
            "A new column of one value",
            _constant,
            {"into": str, "value": object},
            {"as": dict},
        ),
        Derivation("id", "Make _id from fields", _copy, {"fields": list}, {"separator": str}),
    )
}
ON_TABLE = ("drop", "rename")


def reshaped(schema: Schema, clean: Sequence[Step]) -> Schema:
    """The schema with the recipe's steps on fields, drops and renames in it; raises RecipeError.

    A step without `field` or `fields` is for all text as it comes, before each field's own steps.
    """
    general: dict[str, tuple[Step, ...]] = {}
    for step in clean:
        names = _names(schema, step)
        rest = {k: v for k, v in step.params.items() if k not in ("field", "fields")}
        for name in names:
            if step.name == "drop":
                schema = schema.replace_field(name, drop=True)
            elif step.name == "rename":
                check_params(Step("rename", rest), {"to": str}, {})
                schema = schema.replace_field(name, target=rest["to"])
            elif step.name in STEPS:
                general[name] = (*general.get(name, ()), Step(step.name, rest))
            else:
                check_steps((step,))
    for name, steps in general.items():
        schema = schema.replace_field(name, clean=(*steps, *schema.field(name).clean))
    return schema


def _names(schema: Schema, step: Step) -> tuple[str, ...]:
    if "field" in step.params:
        names: tuple[str, ...] = (step.params["field"],)
    else:
        names = tuple(step.params.get("fields", () if step.name in ON_TABLE else schema.names))
    for name in names:
        schema.field(name)
    if not names:
        raise RecipeError(f"The step “{step.name}” names no field.", 'Add "field".')
    return names


def derived_fields(schema: Schema, derived: Sequence[Step]) -> tuple[Field, ...]:
    """The fields that the steps make, checked; raises RecipeError."""
    known = {field.name: field for field in schema.fields}
    made: list[Field] = []
    for step in derived:
        kind = DERIVATIONS.get(step.name)
        if kind is None:
            raise RecipeError(
                f"There is no step “{step.name}” that makes columns.",
                f"Choose one of {', '.join(DERIVATIONS)}.",
            )
        check_params(step, kind.needs, kind.takes)
        _check_parts(step)
        for name in sources(step):
            if name not in known:
                raise RecipeError(f"There is no field “{name}”.", f"There are {', '.join(known)}.")
        for field in _made(step, known):
            if field.name in known:
                raise RecipeError(
                    f"Two fields would be called “{field.name}”.", "Choose another name."
                )
            known[field.name] = field
            made.append(field)
    return tuple(made)


def _check_parts(step: Step) -> None:
    """Raises RecipeError for a step that takes nothing, splits at nothing or makes nothing."""
    if step.params.get("fields") == []:
        raise RecipeError(
            f"The step “{step.name}” names no fields.", 'Write "fields": ["order_id"].'
        )
    if step.name == "split" and not step.params["separator"]:
        raise RecipeError("The step “split” has an empty separator.", 'Write "separator": " ".')
    into = step.params.get("into", "_id")
    names = into if isinstance(into, list) else [into]
    if not names or not all(one and isinstance(one, str | Mapping) for one in names):
        raise RecipeError(
            f"The step “{step.name}” cannot make columns called {into!r}.", "Name each as a text."
        )


def sources(step: Step) -> tuple[str, ...]:
    """The fields a step reads."""
    if "field" in step.params:
        return (step.params["field"],)
    return tuple(step.params.get("fields", ()))


def _made(step: Step, known: Mapping[str, Field]) -> tuple[Field, ...]:
    if step.name == "split":
        return tuple(
            Field.from_descriptor(into) if isinstance(into, dict) else Field(str(into))
            for into in step.params["into"]
        )
    if step.name == "id":
        return (_id_field(step, known),)
    described = step.params.get("as", {"type": "string"})
    return (Field.from_descriptor({**described, "name": step.params["into"]}),)


def _id_field(step: Step, known: Mapping[str, Field]) -> Field:
    """Of one field its own value, of several their text; each document has one of its own."""
    rules = {"required": True, "unique": True}
    fields = sources(step)
    if len(fields) > 1:
        return Field("_id", constraints=rules)
    return replace(
        known[fields[0]], name="_id", target="_id", drop=False, constraints=rules, clean=()
    )


def derive(texts: dict[str, pa.Array], derived: Sequence[Step], rows: int) -> dict[str, pa.Array]:
    """The columns of text and those made from them."""
    for step in derived:
        columns = DERIVATIONS[step.name].make(texts, step.params, rows)
        for name, column in zip(_into(step), columns, strict=True):
            texts[name] = column
    return texts


def _into(step: Step) -> tuple[str, ...]:
    if step.name == "id":
        return ("_id",)
    into = step.params["into"]
    names = into if isinstance(into, list) else [into]
    return tuple(name["name"] if isinstance(name, dict) else str(name) for name in names)
