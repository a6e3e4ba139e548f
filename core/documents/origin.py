"""Where a document came from: its `_id` tells load and record, the file still tells line and raw.

The file is read again up to the record, by the recipe of the load; it is only believed where its
size is what it was.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bson import ObjectId

from core.documents.lineage import record_of
from core.errors import CoreError
from core.reading.source import Source
from core.recipes.recipe import Recipe
from core.store import LoadEntry, Store


@dataclass(frozen=True, slots=True)
class Origin:
    """`number` is the load's place in the history, from 1.

    `line` and `raw` are None where the file is gone or is not the one that was loaded; `why` says
    so then. `encoding` is that of `raw`.
    """

    load: LoadEntry
    number: int
    record: int
    line: int | None = None
    raw: bytes | None = None
    why: str = ""
    encoding: str = "utf-8"


def origin(store: Store, document: Any) -> Origin | None:
    """None for a document that no load of this ledger put there."""
    entries = store.loads.list(0)
    for i, entry in enumerate(entries):
        for key in ("_load", "_id"):
            record = record_of(ObjectId(entry.id), document.get(key))
            if record is not None and record <= max(entry.records, 1) and entry.state != "undone":
                return _in_file(Origin(entry, len(entries) - i, record))
    return None


def _in_file(found: Origin) -> Origin:
    """The same with line and raw text, where the file can still be read."""
    entry, path = found.load, Path(found.load.path)
    if not path.is_file():
        return _told(found, f"{entry.name} is no longer at {path.parent}.")
    if path.stat().st_size != entry.size:
        return _told(found, f"{entry.name} was changed since it was loaded.")
    try:
        recipe = Recipe.from_descriptor(dict(entry.recipe))
        source = Source(path, recipe.dialect)
        for batch in source.batches():
            if batch.place.record + batch.count > found.record:
                rows = (batch.records == found.record).nonzero()[0]
                if len(rows):
                    row = int(rows[0])
                    line, raw = int(batch.lines[row]), batch.raw(row)
                    return replace(found, line=line, raw=raw, encoding=source.encoding)
                break
    except CoreError as error:
        return _told(found, str(error))
    return _told(found, "The record is not where it was.")


def _told(found: Origin, why: str) -> Origin:
    return replace(found, why=why)
