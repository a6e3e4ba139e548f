"""A recipe as it applies to one file, and what its documents hold: asked by the check, which makes
the columns, and by the load, which names documents, keys and types after them.
"""

from collections.abc import Mapping, Sequence

from core.errors import RecipeError
from core.recipes.drift import matched
from core.recipes.naming import check_names
from core.recipes.recipe import Recipe
from core.recipes.reshaping import derived_fields, reshaped, sources
from core.recipes.schema import Field, Schema


def settled(recipe: Recipe, names: Sequence[str]) -> tuple[Recipe, dict[str, str]]:
    """With the file's columns that the schema leaves open, and the drops and renames of `clean` in
    its fields; and the column of each field that has one. Raises RecipeError for a file that does
    not fit."""
    schema, columns = matched(recipe, names, recipe.dialect.header)
    recipe = recipe.replace(schema=reshaped(schema, recipe.clean), clean=())
    check_names(document_fields(recipe))
    _check_keys(recipe, columns)
    return recipe, columns


def _check_keys(recipe: Recipe, columns: Mapping[str, str]) -> None:
    """Without a column for its key no record could be taken: said once, not of each."""
    schema = recipe.schema
    made = {field.name for field in derived_fields(schema, recipe.derived)}
    keys = {name: "primary key" for name in schema.primary_key}
    keys |= {field.name: "_id" for field in schema.fields if field.key == "_id" and not field.drop}
    keys |= {name: "_id" for s in recipe.derived if s.name == "id" for name in sources(s)}
    for name, use in keys.items():
        if name not in columns and name not in made:
            raise RecipeError(
                f"The file has no column “{name}”, from which the recipe “{recipe.name}” takes "
                f"the {use}.",
                "Choose another recipe, or another key.",
            )


def document_schema(recipe: Recipe) -> Schema:
    """The schema under the names of the documents; raises RecipeError."""
    return reshaped(recipe.schema, recipe.clean)


def all_fields(recipe: Recipe) -> tuple[Field, ...]:
    """The columns and the fields made from them."""
    schema = document_schema(recipe)
    return (*schema.fields, *derived_fields(schema, recipe.derived))


def document_fields(recipe: Recipe) -> tuple[Field, ...]:
    """What the documents hold: the fields that are kept."""
    return tuple(field for field in all_fields(recipe) if not field.drop)
