"""What the server holds, looked at: databases, collections and documents page by page.

The embedded server reads a whole collection for a count, a skip or the first hundred documents, so
there the pages and counts of what Sluice loaded are taken from the ledger (`core.store.pages`).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from typing import Any

from bson import ObjectId
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient

from core.errors import StoreError
from core.store.changes import pages
from core.store.pages import SMALL, LedgerPages, Loaded, fetch_in_order
from core.store.translate import speaking

Document = dict[str, Any]
HIDDEN = ("admin", "config", "local", "sluice")  # the server's own databases, and the ledger
_EACH = 1_000  # documents at a time
_RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)
WRITING = frozenset({"$out", "$merge"})
CODE = frozenset({"$where", "$function", "$accumulator"})  # JavaScript run inside the server


@dataclass(frozen=True, slots=True)
class CollectionInfo:
    """`documents` and `size` (bytes) are None where finding them out would take the server long."""

    database: str
    name: str
    kind: str = "collection"  # or "view", "timeseries"
    documents: int | None = None
    size: int | None = None
    indexes: int | None = None


@dataclass(frozen=True, slots=True)
class Index:
    name: str
    keys: tuple[tuple[str, Any], ...]
    unique: bool = False
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """Documents `first` + 1 to `first` + len; `more` tells whether others follow."""

    documents: tuple[Mapping[str, Any], ...]
    first: int
    more: bool


class Browse:
    """Reads of any database the connection may see; nothing here can write."""

    def __init__(
        self,
        client: MongoClient[Document],
        embedded: bool,
        address: str = "the server",
        loaded: LedgerPages | None = None,
    ) -> None:
        self._client = client
        self._embedded = embedded
        self._address = address
        self._loaded = loaded if embedded else None

    def databases(self) -> tuple[str, ...]:
        with self._speaking():
            names = self._client.list_database_names()
        return tuple(sorted(name for name in names if name not in HIDDEN))

    def collections(self, database: str) -> tuple[CollectionInfo, ...]:
        """By name; the embedded server, which would count them, is not asked for sizes."""
        with self._speaking():
            found = [item for item in self._client[database].list_collections() if _shown(item)]
            infos = [self._info(database, item) for item in found]
        return tuple(sorted(infos, key=lambda info: info.name))

    def _info(self, database: str, item: Mapping[str, Any]) -> CollectionInfo:
        name, kind = item["name"], item.get("type", "collection")
        if kind != "collection":
            return CollectionInfo(database, name, kind)
        indexes = len(self.indexes(database, name))
        if self._embedded:
            known = self._loaded.of(database, name) if self._loaded else None
            total = known.count if known else self._few(database, name)
            return CollectionInfo(database, name, kind, total, indexes=indexes)
        stages: list[Document] = [{"$collStats": {"storageStats": {}, "count": {}}}]
        shards = list(self._client[database][name].aggregate(stages))
        sizes = [shard["storageStats"]["size"] for shard in shards]
        counts = [shard["count"] for shard in shards]
        return CollectionInfo(database, name, kind, sum(counts), sum(sizes), indexes)

    def _few(self, database: str, collection: str) -> int | None:
        """How many there are, where they are few."""
        count = self._client[database][collection].count_documents({}, limit=SMALL + 1)
        return count if count <= SMALL else None

    def indexes(self, database: str, collection: str) -> tuple[Index, ...]:
        with self._speaking():
            found = list(self._client[database][collection].list_indexes())
        return tuple(
            Index(
                item["name"],
                tuple(item["key"].items()),
                bool(item.get("unique")),
                "partialFilterExpression" in item,
            )
            for item in found
        )

    def count(self, database: str, collection: str, query: Mapping[str, Any] | None = None) -> int:
        """How many documents a query picks; without one, what the server's statistics say.

        On the embedded server, of a big collection, what the ledger says.
        """
        found = self._client[database][collection]
        with self._speaking():
            if query:
                return found.count_documents(readable(query))
            known = self._big(database, collection)
            return known.count if known else found.estimated_document_count()

    def documents(
        self,
        database: str,
        collection: str,
        query: Mapping[str, Any] | None = None,
        sort: Sequence[tuple[str, int]] = (),
        page: int = 0,
        size: int = 100,
    ) -> Page:
        """Page number `page` from 0; without a sort, in the order of `_id`.

        A sort ends with `_id`, so that documents of equal value stand on one page only.
        """
        order = list(sort)
        order += [] if any(name == "_id" for name, _ in order) else [("_id", 1)]
        with self._speaking():
            if not query and order == [("_id", 1)]:
                known = self._big(database, collection)
                if known:
                    return self._loaded_page(database, collection, page * size, size, known)
            cursor = self._client[database][collection].find(readable(query or {}))
            cursor = cursor.sort(order).skip(page * size).limit(size + 1)
            found = tuple(cursor.allow_disk_use(True))
        return Page(found[:size], page * size, len(found) > size)

    def each(
        self,
        database: str,
        collection: str,
        query: Mapping[str, Any] | None = None,
        sort: Sequence[tuple[str, int]] = (),
        limit: int = 0,
    ) -> Iterator[Sequence[Document]]:
        """All documents that match, or the first `limit`, read once and some hundreds at a time;
        without a sort, in the order of `_id` (of the server's own on the embedded one, which would
        sort them all)."""
        order = list(sort) or ([] if self._embedded else [("_id", 1)])
        with self._speaking():
            cursor = self._client[database][collection].find(
                readable(query or {}), limit=limit, sort=order, batch_size=_EACH
            )
            with closing(cursor.allow_disk_use(True) if order else cursor):
                while found := list(islice(cursor, _EACH)):
                    yield found

    def _big(self, database: str, collection: str) -> Loaded | None:
        """What the ledger knows of a collection that the server had better not read."""
        known = self._loaded.of(database, collection) if self._loaded else None
        return known if known and known.total > SMALL else None

    def _loaded_page(
        self, database: str, collection: str, first: int, size: int, known: Loaded
    ) -> Page:
        """A page by computed `_id`s; what other programs put in stands after the last of them."""
        here = self._client[database][collection]
        ids = known.ids(first, size)
        found = fetch_in_order(here, ids)
        if first + size < known.total:
            return Page(tuple(found), first, True)
        outside = [{"_id": {"$gte": low, "$lte": high}} for low, high in known.spans]
        skip, limit = max(first - known.total, 0), size - len(ids) + 1
        others = list(here.find({"$nor": outside}).sort("_id", 1).skip(skip).limit(limit))
        return Page((*found, *others[: limit - 1]), first, len(others) == limit)

    def raw_documents(
        self, database: str, collection: str, key: str, ids: Sequence[ObjectId]
    ) -> dict[ObjectId, bytes]:
        """The documents as they are stored, by `_id` or another field of ids."""
        found: Any = self._client[database].get_collection(collection, codec_options=_RAW)
        with self._speaking():
            return {
                document[key]: bytes(document.raw)
                for page in pages(ids)
                for document in found.find({key: {"$in": page}})
            }

    def aggregate(
        self, database: str, collection: str, stages: Sequence[Mapping[str, Any]]
    ) -> list[Document]:
        """What a pipeline gives, whole; one that would write or run code is refused."""
        with self._speaking():
            found = self._client[database][collection]
            return list(found.aggregate([readable(stage) for stage in stages], allowDiskUse=True))

    def _speaking(self) -> Any:
        return speaking(self._address)


def _shown(item: Mapping[str, Any]) -> bool:
    """Not the server's own, nor what Sluice keeps beside a collection that it replaces."""
    return not item["name"].startswith(("system.", "sluice."))


def readable(asked: Mapping[str, Any]) -> Document:
    """The query or stage as it is; raises StoreError where it would write or run code."""
    found = _words(asked) & (WRITING | CODE)
    if found:
        raise StoreError(
            f"{', '.join(sorted(found))} is not allowed here: looking at data must not change it"
            " or run code in the server.",
            "Use other operators.",
        )
    return dict(asked)


def _words(value: Any) -> set[str]:
    if isinstance(value, Mapping):
        inner = [_words(part) for name, part in value.items() if name != "$literal"]
        return set(value).union(*inner)
    if isinstance(value, list | tuple):
        return set().union(*(_words(part) for part in value))
    return set()
