"""Columns with dotted names → one column of documents for each first part, as mongoimport does."""

from collections.abc import Iterable, Mapping, Set
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from core.documents.encoder import encode
from core.errors import RecipeError

_EMPTY = 5  # bytes of a document without fields


def check_paths(names: Iterable[str]) -> None:
    """Raises RecipeError for names of which one cannot stand beside, or in, the other."""
    taken: dict[str, str] = {}
    for name in names:
        parts = name.split(".")
        if "" in parts or (parts[0] in ("_id", "_load") and len(parts) > 1):
            raise RecipeError(
                f"“{name}” cannot become a field inside another.",
                "Rename the column, or load with plain names.",
            )
        for n in range(1, len(parts) + 1):
            path = ".".join(parts[:n])
            other = taken.get(path)
            if other is not None and (n == len(parts) or other == path):
                raise RecipeError(
                    f"The columns “{other}” and “{name}” want the same place in the documents.",
                    "Rename one, or load with plain names.",
                )
            taken.setdefault(path, name)


def nested(
    columns: Mapping[str, pa.Array], kinds: Mapping[str, str], nulls: Set[str]
) -> tuple[dict[str, pa.Array], dict[str, str]]:
    """The columns and kinds to encode; a document without any field is none."""
    groups: dict[str, dict[str, pa.Array]] = {}
    for name, column in columns.items():
        head, _, rest = name.partition(".")
        groups.setdefault(head, {})[rest] = column
    made: dict[str, Any] = {}
    found = dict(kinds)
    for head, inner in groups.items():
        if "" in inner:
            made[head] = inner[""]
            continue
        below = {rest: kinds.get(f"{head}.{rest}", "") for rest in inner}
        absent = {rest for rest in inner if f"{head}.{rest}" in nulls}
        fields, below = nested(inner, below, absent)
        encoded = encode(fields, None, below, nulls=absent)
        documents = pa.array(list(encoded), pa.binary())
        some = pc.greater(pc.binary_length(documents), _EMPTY)
        made[head] = pc.if_else(some, documents, pa.scalar(None, pa.binary()))
        found[head] = "object"
    return made, found
