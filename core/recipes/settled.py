"""A recipe as it applies to one file, and what its documents hold: asked by the check, which makes
the columns, and by the load, which names documents, keys and types after them.
"""

from collections.abc import Sequence

from core.recipes.drift import matched
from core.recipes.recipe import Recipe
from core.recipes.reshaping import derived_fields, reshaped
from core.recipes.schema import Field, Schema


def settled(recipe: Recipe, names: Sequence[str]) -> Recipe:
    """With the file's columns that the schema leaves open, and the drops and renames of `clean` in
    its fields. Raises RecipeError for a file that does not fit."""
    schema, _ = matched(recipe, names, recipe.dialect.header)
    return recipe.replace(schema=reshaped(schema, recipe.clean), clean=())


def document_schema(recipe: Recipe) -> Schema:
    """The schema under the names of the documents; raises RecipeError."""
    return reshaped(recipe.schema, recipe.clean)


def document_fields(recipe: Recipe) -> tuple[Field, ...]:
    """What the documents hold: the columns that are kept, and the fields made from them."""
    schema = document_schema(recipe)
    made = derived_fields(schema, recipe.derived)
    return tuple(field for field in (*schema.fields, *made) if not field.drop)
