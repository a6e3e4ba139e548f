"""What the Collections page asks of core, each a generator for a task; values come back frozen."""

import csv
import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from core.documents.origin import Origin, origin
from core.errors import CoreError, FileError
from core.profile import FieldProfile, field_profile
from core.store import Store
from core.store.browse import CollectionInfo, Page
from gui.browse.values import columns_of, shown, to_json

Place = tuple[str, str]  # database, collection
PAGE = 100


@dataclass(frozen=True, slots=True)
class Looked:
    """`query` as a filter of MongoDB's; `sort` a field and 1 or -1, or nothing."""

    place: Place
    query: Mapping[str, Any] = field(default_factory=dict)
    sort: tuple[tuple[str, int], ...] = ()
    page: int = 0


@dataclass(frozen=True, slots=True)
class Catalog:
    databases: tuple[str, ...]
    collections: Mapping[str, tuple[CollectionInfo, ...]]


def catalog(store: Store) -> Generator[Catalog, None, None]:
    """Every database this connection may list, with its collections; none is counted yet.

    A database that may be seen but not opened is empty here.
    """
    names = store.browse.databases()
    found: dict[str, tuple[CollectionInfo, ...]] = {}
    for name in names:
        try:
            found[name] = store.browse.collections(name)
        except CoreError:
            found[name] = ()
        yield Catalog(names, dict(found))
    yield Catalog(names, found)


def counting(store: Store, place: Place, query: Mapping[str, Any]) -> Generator[int, None, None]:
    yield store.browse.count(*place, query or None)


def counts(store: Store, places: list[Place]) -> Generator[tuple[Place, int], None, None]:
    """One after the other, for the tree."""
    for place in places:
        yield place, store.browse.count(*place)


def reading(store: Store, looked: Looked) -> Generator[Page, None, None]:
    yield store.browse.documents(
        *looked.place, looked.query or None, looked.sort, looked.page, PAGE
    )


def profiling(store: Store, looked: Looked, name: str) -> Generator[FieldProfile, None, None]:
    database, collection = looked.place
    yield field_profile(store, collection, name, looked.query or None, database)


def tracing(store: Store, document: Mapping[str, Any]) -> Generator[Origin | None, None, None]:
    yield origin(store, document)


@dataclass(frozen=True, slots=True)
class Written:
    """An export so far."""

    path: str
    documents: int
    total: int

    @property
    def fraction(self) -> float:
        return self.documents / self.total if self.total else 1.0


def exporting(
    store: Store, looked: Looked, path: str, total: int
) -> Generator[Written, None, None]:
    """All documents that match, page by page: CSV with a column a field, or JSON, one a line."""
    target, draft = Path(path), Path(f"{path}.tmp")
    write = _write_json if target.suffix.lower() in (".json", ".jsonl", ".ndjson") else _write_csv
    try:
        yield from write(store, looked, draft, Written(path, 0, total))
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise FileError(
            f"The export cannot be written to {target}: {error.strerror}.", "Choose another place."
        ) from error


def _pages(store: Store, looked: Looked) -> Generator[Page, None, None]:
    number = 0
    while True:
        page = store.browse.documents(
            *looked.place, looked.query or None, looked.sort, number, 1000
        )
        yield page
        if not page.more:
            return
        number += 1


def _write_json(
    store: Store, looked: Looked, draft: Path, written: Written
) -> Generator[Written, None, None]:
    count = 0
    with draft.open("w", encoding="utf-8") as stream:
        for page in _pages(store, looked):
            stream.writelines(f"{to_json(document, None)}\n" for document in page.documents)
            count += len(page.documents)
            yield Written(written.path, count, written.total)


def _write_csv(
    store: Store, looked: Looked, draft: Path, written: Written
) -> Generator[Written, None, None]:
    """The columns are those of all documents: they are read twice, so that none is left out."""
    names: dict[str, None] = {}
    for page in _pages(store, looked):
        names.update(dict.fromkeys(columns_of(page.documents)))
        yield Written(written.path, 0, written.total)
    count = 0
    with draft.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(names)
        for page in _pages(store, looked):
            writer.writerows(
                [_exported(d[name]) if name in d else "" for name in names] for d in page.documents
            )
            count += len(page.documents)
            yield Written(written.path, count, written.total)


def _exported(value: Any) -> str:
    if isinstance(value, dict | list):
        return to_json(value, None)
    return "" if value is None else (value if isinstance(value, str) else shown(value))


def once(work: Callable[[], Any]) -> Generator[Any, None, None]:
    yield work()


def query_text(query: Mapping[str, Any]) -> str:
    """As the query box shows it: { "region": "North" }."""
    if not query:
        return ""
    text = to_json(query, None)
    return "{ " + text[1:-1] + " }" if text.startswith("{") else json.dumps(text)
