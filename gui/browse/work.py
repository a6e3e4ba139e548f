"""What the Collections page asks of core, each a generator for a task; values come back frozen."""

import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.documents.extended import to_json
from core.documents.origin import Origin, origin
from core.errors import CoreError, TooSlow
from core.exports import Picked, Written, exporting
from core.profile import FieldProfile, field_profile
from core.store import Store
from core.store.browse import CollectionInfo, Page
from core.store.limits import within

Place = tuple[str, str]  # database, collection
PAGE = 100
READ_SECONDS = 60.0  # after which a page is given up
COUNT_SECONDS = 30.0
SAMPLE = 1_000  # documents that tell about a field of many


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


@dataclass(frozen=True, slots=True)
class Seen:
    """A page; `total` of all documents that match is None while it is counted, `many` where that
    took too long."""

    looked: Looked
    page: Page
    total: int | None = None
    many: bool = False


def looking(store: Store, looked: Looked) -> Generator[Seen, None, None]:
    """The page, then the count: one who asks for something else meanwhile costs no count.

    Raises TooSlow where even the page does not come.
    """
    query = looked.query or None
    with within(READ_SECONDS):
        page = store.browse.documents(*looked.place, query, looked.sort, looked.page, PAGE)
    yield Seen(looked, page)
    if not page.more and (page.documents or not looked.page):
        yield Seen(looked, page, page.first + len(page.documents))
        return
    try:
        with within(COUNT_SECONDS):
            total = store.browse.count(*looked.place, query)
    except TooSlow:
        yield Seen(looked, page, many=True)
    else:
        yield Seen(looked, page, total)


def sampling(store: Store, place: Place, known: bool) -> Generator[tuple[Any, ...], None, None]:
    """Some of a collection's documents, from all over it; none where finding them would have the
    server read them all: the embedded one, which has no other way unless the load is `known`."""
    if not store.embedded:
        with within(READ_SECONDS):
            yield tuple(store.browse.aggregate(*place, [{"$sample": {"size": SAMPLE}}]))
        return
    found: list[Any] = []
    step = store.browse.count(*place) // SAMPLE if known else 0
    for part in range(SAMPLE // PAGE if step else 0):
        found += store.browse.documents(*place, None, (), part * step, PAGE).documents
        yield tuple(found)
    yield tuple(found)


def counts(store: Store, places: list[Place]) -> Generator[tuple[Place, int], None, None]:
    """One after the other, for the tree."""
    for place in places:
        yield place, store.browse.count(*place)


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
