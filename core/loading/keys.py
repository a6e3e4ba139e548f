"""What a recipe wants unique, as the collection is to keep it: across files, loads and programs.

Left to the check of the file alone are keys of which the documents lack a field, and arrays, whose
elements an index would compare one by one.
"""

from collections.abc import Sequence

from core.errors import RecipeError
from core.recipes.recipe import Recipe
from core.recipes.schema import Field
from core.recipes.settled import document_fields, document_schema
from core.store.uniqueness import UniqueKey

_SOUGHT = ("update", "skip")  # the modes that look documents up by their primary key
# Types of which a file's check and an index agree on what is equal; two JSON texts, or two ways to
# write the same bytes, may be one value.
_TOLD = frozenset(
    {"string", "integer", "number", "boolean", "date", "datetime", "time", "year", "yearmonth"}
)
_BYTES = ("uuid", "binary")


def key_fields(recipe: Recipe) -> tuple[str, ...]:
    """The names of the primary key's fields in the document; raises RecipeError for one dropped."""
    schema = document_schema(recipe)
    fields = [schema.field(name) for name in schema.primary_key]
    if dropped := [found.name for found in fields if found.drop]:
        raise RecipeError(f"The key {dropped[0]} is left out of the documents.", "Keep that field.")
    return tuple(found.key for found in fields)


def unique_keys(recipe: Recipe) -> tuple[UniqueKey, ...]:
    """The primary key first; raises RecipeError for a key that no collection could keep."""
    schema = document_schema(recipe)
    key_fields(recipe)
    primary = [schema.primary_key] if schema.primary_key else []
    known = {field.name: field for field in (*schema.fields, *document_fields(recipe))}
    single = [(name,) for name, field in known.items() if field.constraints.get("unique")]
    found: dict[frozenset[str], UniqueKey] = {}
    for names in (*primary, *single, *schema.unique_keys):
        fields = [known[name] for name in names]
        if any(field.drop or field.type in ("list", "array") for field in fields):
            continue
        sought = names in primary and recipe.mode in _SOUGHT
        found.setdefault(frozenset(names), _key(fields, sought))
    return tuple(found.values())


def _key(fields: Sequence[Field], sought: bool) -> UniqueKey:
    for field in fields:
        if "." in field.key:
            raise RecipeError(
                f"“{field.key}” cannot be kept unique in a collection, because of the dot.",
                "Give that field another name in the documents.",
            )
    nullable = frozenset(field.key for field in fields if field.options.get("null"))
    told = all(field.type in _TOLD and field.format not in _BYTES for field in fields)
    return UniqueKey(tuple(field.key for field in fields), nullable, sought, told)
