"""What the Collections page asks of core, each a generator for a task; values come back frozen."""

import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.documents.extended import to_json
from core.documents.origin import Origin, origin
from core.errors import CoreError
from core.exports import Picked, Written, exporting
from core.profile import FieldProfile, field_profile
from core.store import Store
from core.store.browse import CollectionInfo, Page

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


def export(
    store: Store, looked: Looked, path: str, total: int, safe: bool
) -> Generator[Written, None, None]:
    picked = Picked(*looked.place, looked.query, looked.sort)
    yield from exporting(store, picked, path, total, safe=safe)


def once(work: Callable[[], Any]) -> Generator[Any, None, None]:
    yield work()


def query_text(query: Mapping[str, Any]) -> str:
    """As the query box shows it: { "region": "North" }."""
    if not query:
        return ""
    text = to_json(query, None)
    return "{ " + text[1:-1] + " }" if text.startswith("{") else json.dumps(text)
