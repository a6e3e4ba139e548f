"""Changes of a recipe by name: each takes one and gives another."""

from collections.abc import Sequence
from dataclasses import replace

from core.recipes.proposals import Proposal
from core.recipes.proposals import retyped as as_proposed
from core.recipes.recipe import Recipe
from core.values.cleaning import Step
from core.values.fields import field_type

BOUND_TO_TYPE = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum")


def retyped(recipe: Recipe, name: str, kind: str) -> Recipe:
    """Another type; what the new type knows nothing of goes."""
    field, known = recipe.schema.field(name), field_type(kind)
    if kind == field.type:
        return recipe
    rules = {
        rule: value
        for rule, value in field.constraints.items()
        if rule in known.constraints and rule not in BOUND_TO_TYPE
    }
    options = {key: value for key, value in field.options.items() if key in known.options}
    schema = recipe.schema.replace_field(
        name, type=kind, format="default", bson=None, constraints=rules, options=options
    )
    return replace(recipe, schema=schema)


def mostly(recipe: Recipe, proposal: Proposal) -> Recipe:
    """The type that most cells of a text column have."""
    return replace(recipe, schema=as_proposed(recipe.schema, proposal))


def renamed(recipe: Recipe, name: str, target: str) -> Recipe:
    """Another name in the document; the file's own again where it is that."""
    schema = recipe.schema.replace_field(name, target="" if target == name else target)
    return replace(recipe, schema=schema)


def dropped(recipe: Recipe, name: str, drop: bool) -> Recipe:
    """A column that is left out can be no key."""
    schema = recipe.schema.replace_field(name, drop=drop)
    key = tuple(one for one in schema.primary_key if not (drop and one == name))
    return replace(recipe, schema=replace(schema, primary_key=key))


def keyed(recipe: Recipe, name: str, on: bool) -> Recipe:
    """Whether rows are matched with the collection by this column."""
    key = recipe.schema.primary_key
    return keyed_by(recipe, (*key, name) if on else [one for one in key if one != name])


def keyed_by(recipe: Recipe, names: Sequence[str]) -> Recipe:
    return replace(recipe, schema=replace(recipe.schema, primary_key=tuple(names)))


def cleaned(recipe: Recipe, name: str, steps: Sequence[Step]) -> Recipe:
    return replace(recipe, schema=recipe.schema.replace_field(name, clean=tuple(steps)))


def emptied(recipe: Recipe, name: str, text: str) -> Recipe:
    """A text that stands for a missing cell."""
    missing = (*recipe.schema.missing_of(recipe.schema.field(name)), text)
    return replace(recipe, schema=recipe.schema.replace_field(name, missing_values=missing))


def replaced(recipe: Recipe, name: str, old: str, new: str) -> Recipe:
    """Another text in all cells that hold one; such steps in a row are one."""
    *before, last = (*recipe.schema.field(name).clean, Step("replace", {"values": {}}))
    if before and before[-1].name == "replace" and set(before[-1].params) == {"values"}:
        last = before.pop()
    values = {one: new if to == old else to for one, to in last.params["values"].items()}
    return cleaned(recipe, name, (*before, Step("replace", {"values": {**values, old: new}})))
