"""Keys that may come once in a file, looked at again when its held records come in later.

The file is not at hand then; what it brought in is, in the collection, and tells its load and
record. Keys of other loads are the server's business: a unique index refuses them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import bson

from core.loading.modes import Prepared
from core.recipes.recipe import Recipe
from core.recipes.schema import Schema
from core.recipes.settled import document_schema
from core.store import LoadEntry, Store
from core.store.bounds import cut
from core.store.held import Reason
from core.store.matching import comparable

Key = tuple[tuple[str, ...], str, str]  # fields, code, rule


def doubles(
    store: Store,
    recipe: Recipe,
    entry: LoadEntry,
    prepared: Prepared,
    rows: Sequence[Mapping[str, str]],
) -> dict[int, tuple[Reason, ...]]:
    """The rows whose key another record of the same load has brought in, or one before them."""
    documents = [bson.decode(prepared.documents[row]) for row in range(len(prepared.documents))]
    records = prepared.batch.records.tolist()
    found: dict[int, tuple[Reason, ...]] = {}
    schema = document_schema(recipe)
    for fields, code, rule in _declared(schema):
        names = [schema.field(name).key for name in fields]
        keys = [_key(document, names) for document in documents]
        whole = [key for key in keys if key is not None]
        taken = store.owners(entry, names, whole) if whole else {}
        for row, (key, record) in enumerate(zip(keys, records, strict=True)):
            if key is None or row in found:
                continue
            other = taken.setdefault(comparable(key), record)
            if other != record:
                text = ", ".join(rows[row].get(name, "") for name in fields)
                said = f"“{text}” stands in record {other} of this load; each may come once."
                field = fields[0] if len(fields) == 1 else None
                found[row] = (Reason(code, field, cut(text), cut(said), rule),)
    return found


def _declared(schema: Schema) -> list[Key]:
    unique = [
        ((field.name,), "unique-error", "unique")
        for field in schema.fields
        if field.constraints.get("unique") and not field.drop
    ]
    keys = [(fields, "unique-error", "uniqueKeys") for fields in schema.unique_keys]
    primary = [(schema.primary_key, "primary-key", "primaryKey")] if schema.primary_key else []
    return [*primary, *unique, *keys]


def _key(document: Mapping[str, Any], names: Sequence[str]) -> tuple[Any, ...] | None:
    """A document's key; None where a part is missing, which clashes with nothing."""
    key = tuple(document.get(name) for name in names)
    return None if any(part is None for part in key) else key
