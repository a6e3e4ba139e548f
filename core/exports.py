"""Documents for other programs: what a query picks of a collection, as a pandas frame or a file.

A file is CSV, JSON lines (relaxed extended JSON, as mongoimport reads it) or Parquet, by its name.
In frame and Parquet a column has one of Arrow's types; one whose values have no type in common is
text, with JSON for what is not text. Dates are UTC, as the server keeps them.
"""

import csv
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pyarrow as pa
from bson import Binary, Decimal128, ObjectId

from core.documents.extended import to_json
from core.drafts import drafted
from core.errors import CoreError, FileError
from core.quarantine.exporting import guard
from core.store import Store
from core.store.browse import Document

if TYPE_CHECKING:
    import pandas as pd

_CLASHES = (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError)
EXACT = 2**53  # a double holds all whole numbers up to it
_LAST = ("_load", "_id")  # of the columns


@dataclass(frozen=True, slots=True)
class Picked:
    """Documents of a collection: those a query picks (all without one), in the order of `sort`."""

    database: str
    collection: str
    query: Mapping[str, Any] = field(default_factory=dict)
    sort: tuple[tuple[str, int], ...] = ()
    limit: int = 0  # documents at most; 0 for all

    def pages(self, store: Store) -> Iterator[Sequence[Document]]:
        return store.browse.each(self.database, self.collection, self.query, self.sort, self.limit)


@dataclass(frozen=True, slots=True)
class Written:
    """An export so far; `guarded` cells were made text, since a spreadsheet would run them."""

    path: str
    documents: int = 0
    total: int = 0
    guarded: int = 0

    @property
    def fraction(self) -> float:
        return min(1.0, self.documents / self.total) if self.total else 1.0


def frame(
    store: Store,
    collection: str,
    query: Mapping[str, Any] | None = None,
    *,
    sort: Sequence[tuple[str, int]] = (),
    limit: int = 0,
) -> "pd.DataFrame":
    """Documents of the store's database as a frame with Arrow's types; `_id` is its last column.

    Raises StoreError where the query writes or runs code, and when the server fails.
    """
    import pandas as pd

    picked = Picked(store.database, collection, query or {}, tuple(sort), limit)
    pages = list(picked.pages(store))
    types = _Types()
    for page in pages:
        types.learn(page)
    if not pages:
        return pd.DataFrame()
    table = pa.concat_tables(_table(page, types.settled()) for page in pages)
    found: pd.DataFrame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return found


def exporting(
    store: Store, picked: Picked, path: Path | str, total: int = 0, *, safe: bool = False
) -> Generator[Written, None, None]:
    """Write the documents; `safe` makes cells of a CSV text that a spreadsheet would run.

    Documents are read twice but for JSON lines, so that no field is left out. Closed before its
    end, it leaves no file. Raises FileError, and StoreError as `frame`.
    """
    target = Path(path)
    write = _WRITERS.get(target.suffix.lower(), _write_csv)
    try:
        with drafted(target) as draft:
            yield from write(store, picked, draft, Written(str(target), total=total), safe)
    except OSError as error:
        raise FileError(
            f"The export cannot be written to {target}: {error.strerror}.", "Choose another place."
        ) from error


def columns_of(documents: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Every name that occurs, where the documents that have it have it; `_id` last, because people
    read the rest first."""
    names: list[str] = []
    known: set[str] = set()
    for document in documents:
        if document.keys() <= known:
            continue
        mine = [name for name in document if name not in _LAST]
        at = next((names.index(name) for name in mine if name in known), len(names))
        for name in mine:
            if name in known:
                at = max(at, names.index(name) + 1)
            else:
                names.insert(at, name)
                at += 1
        known |= document.keys()
    return _ordered((*names, *known.intersection(_LAST)))


def _ordered(names: Collection[str]) -> tuple[str, ...]:
    found = [name for name in names if name not in _LAST]
    return tuple(found + [name for name in _LAST if name in names])


Writer = Callable[[Store, Picked, Path, Written, bool], Generator[Written, None, None]]


def _write_json(
    store: Store, picked: Picked, draft: Path, written: Written, _: bool
) -> Generator[Written, None, None]:
    with draft.open("w", encoding="utf-8") as stream:
        for page in picked.pages(store):
            stream.writelines(f"{to_json(document, None)}\n" for document in page)
            written = replace(written, documents=written.documents + len(page))
            yield written


def _write_csv(
    store: Store, picked: Picked, draft: Path, written: Written, safe: bool
) -> Generator[Written, None, None]:
    met: dict[str, None] = {}
    for page in picked.pages(store):
        for document in page:
            met.update(dict.fromkeys(document))
        yield written
    names = _ordered(met)
    with draft.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(map(guard, names) if safe else names)
        for page in picked.pages(store):
            guarded = 0
            for document in page:
                cells = [_text(document.get(name)) for name in names]
                if safe:
                    made = [guard(cell) for cell in cells]
                    guarded += sum(new != old for new, old in zip(made, cells, strict=True))
                    cells = made
                writer.writerow(cells)
            written = replace(
                written,
                documents=written.documents + len(page),
                guarded=written.guarded + guarded,
            )
            yield written


def _write_parquet(
    store: Store, picked: Picked, draft: Path, written: Written, _: bool
) -> Generator[Written, None, None]:
    from pyarrow import parquet

    learned = _Types()
    for page in picked.pages(store):
        learned.learn(page)
        yield written
    types = learned.settled()
    if not types:
        raise CoreError("There are no documents to export.", "Choose another query.")
    schema = pa.schema([(name, types[name] or pa.string()) for name in _ordered(types)])
    with parquet.ParquetWriter(draft, schema) as writer:
        for page in picked.pages(store):
            writer.write_table(_table(page, types))
            written = replace(written, documents=written.documents + len(page))
            yield written


_WRITERS: Mapping[str, Writer] = {
    ".json": _write_json,
    ".jsonl": _write_json,
    ".ndjson": _write_json,
    ".parquet": _write_parquet,
}


def _text(value: Any) -> str:
    """A cell of a CSV: what a load with the right types reads back as the same value."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    plain = _plain(value)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, datetime):
        return _date(plain)
    if isinstance(plain, bytes | dict | list):
        return to_json(value, None)
    return str(plain)


def _date(value: datetime) -> str:
    if not (value.hour or value.minute or value.second or value.microsecond):
        return value.strftime("%Y-%m-%d")
    return value.isoformat(timespec="milliseconds" if value.microsecond else "seconds").replace(
        "+00:00", "Z"
    )


# Arrow's columns


class _Types:
    """What pages tell of each column: the type that holds all its values, None where there is none
    but text."""

    def __init__(self) -> None:
        self._found: dict[str, pa.DataType | None] = {}
        self._large: set[str] = set()  # columns of whole numbers that a double does not hold

    def learn(self, page: Sequence[Document]) -> None:
        for name in columns_of(page):
            values = [_plain(document.get(name)) for document in page]
            found = _type(values)
            known = self._found.setdefault(name, found)
            if known is not None and known != found:
                self._found[name] = _common(known, found) if found is not None else None
            if found == pa.int64() and any(abs(one or 0) > EXACT for one in values):
                self._large.add(name)

    def settled(self) -> dict[str, pa.DataType | None]:
        return {
            name: None if name in self._large and found and pa.types.is_floating(found) else found
            for name, found in self._found.items()
        }


def _type(values: list[Any]) -> pa.DataType | None:
    try:
        return pa.array(values).type
    except _CLASHES:
        return None


def _common(one: pa.DataType, other: pa.DataType) -> pa.DataType | None:
    schemas = [pa.schema([("", one)]), pa.schema([("", other)])]
    try:
        return pa.unify_schemas(schemas, promote_options="permissive").field(0).type
    except _CLASHES:
        return None


def _table(page: Sequence[Document], types: Mapping[str, pa.DataType | None]) -> pa.Table:
    columns = {}
    for name in _ordered(types):
        values = [_plain(document.get(name)) for document in page]
        known = types[name]
        if known is None:
            known, values = pa.string(), [None if one is None else _text(one) for one in values]
        elif pa.types.is_floating(known):
            values = [None if one is None else float(one) for one in values]
        columns[name] = pa.array(values, known)
    return pa.table(columns)


def _plain(value: Any) -> Any:
    """The value as Arrow knows it; ids are text, and what BSON alone has is JSON."""
    if value is None or isinstance(value, bool | int | float | str | datetime | UUID):
        return str(value) if isinstance(value, UUID) else value
    if isinstance(value, Decimal128):
        found = value.to_decimal()
        return found if found.is_finite() else str(found)
    if isinstance(value, ObjectId):
        return str(value)
    if isinstance(value, Binary | bytes):
        return bytes(value)
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return to_json(value, None)
