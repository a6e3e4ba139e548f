"""Names of columns that no field of a document can have: `$set` becomes `set`, `$` becomes `_`."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.errors import RecipeError
from core.recipes.schema import Field

LINEAGE = "_load"  # tells the load, in a document whose `_id` does not
RENAME = (
    "Rename the column in the window, or in a recipe (sluice infer FILE -o RECIPE makes one) with "
    '"sluice": {"name": "another"} in its field.'
)
_OWN = ("_id", LINEAGE)


def possible(name: str) -> bool:
    """Whether MongoDB takes it at the top of a document."""
    return "\0" not in name and not name.startswith("$")


def suited(fields: Sequence[Field], taken: Iterable[str] = ()) -> tuple[Field, ...]:
    """The fields, each under a possible name that neither another nor `taken` has."""
    used = {*_OWN, *taken, *(field.key for field in fields)}
    found = []
    for field in fields:
        if possible(field.key):
            found.append(field)
            continue
        stem = name = field.key.lstrip("$").replace("\0", "") or "_"
        count = 1
        while name in used:
            count += 1
            name = f"{stem}_{count}"
        used.add(name)
        found.append(replace(field, target=name))
    return tuple(found)


def renamed(fields: Iterable[Field]) -> tuple[str, ...]:
    """A sentence for each column whose own name is impossible."""
    found = []
    for field in (one for one in fields if not one.drop):
        if field.key == LINEAGE:
            found.append(f"No load takes a column called “{LINEAGE}”: Sluice keeps that. {RENAME}")
        elif field.name.startswith("$") and possible(field.key):
            found.append(
                f"The column “{field.name}” is called “{field.key}” in the documents: "
                "no name there begins with $."
            )
    return tuple(found)


def check_names(fields: Sequence[Field]) -> None:
    """Raises RecipeError where two fields have one name in the document, or one that cannot be."""
    seen: set[str] = set()
    for field in fields:
        if field.key in seen:
            raise RecipeError(f"Two columns would be called “{field.key}” in the document.", RENAME)
        if not possible(field.key):
            raise RecipeError(f"“{field.key}” can be no name in a document.", RENAME)
        seen.add(field.key)
