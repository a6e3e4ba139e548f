"""What the server holds, looked at: databases, collections and documents page by page.

The embedded server reads a whole collection for a count, a skip or the first hundred documents, so
there the pages and counts of what Sluice loaded are taken from the ledger (`core.store.pages`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bson import ObjectId
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient

from core.errors import StoreError
from core.store.changes import pages
from core.store.translate import speaking

Document = dict[str, Any]
HIDDEN = ("admin", "config", "local", "sluice")  # the server's own databases, and the ledger
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
        self, client: MongoClient[Document], embedded: bool, address: str = "the server"
    ) -> None:
        self._client = client
        self._embedded = embedded
        self._address = address

    def databases(self) -> tuple[str, ...]:
        with self._speaking():
            names = self._client.list_database_names()
        return tuple(sorted(name for name in names if name not in HIDDEN))

    def collections(self, database: str) -> tuple[CollectionInfo, ...]:
        """By name; the embedded server is not asked for sizes, which it would count."""
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
            return CollectionInfo(database, name, kind, indexes=indexes)
        stages: list[Document] = [{"$collStats": {"storageStats": {}, "count": {}}}]
        shards = list(self._client[database][name].aggregate(stages))
        sizes = [shard["storageStats"]["size"] for shard in shards]
        counts = [shard["count"] for shard in shards]
        return CollectionInfo(database, name, kind, sum(counts), sum(sizes), indexes)

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
        """How many documents a query picks; without one, what the server's statistics say."""
        found = self._client[database][collection]
        with self._speaking():
            if not query:
                return found.estimated_document_count()
            return found.count_documents(readable(query))

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
        cursor = self._client[database][collection].find(readable(query or {}))
        with self._speaking():
            found = tuple(cursor.sort(order).skip(page * size).limit(size + 1).allow_disk_use(True))
        return Page(found[:size], page * size, len(found) > size)

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
    return not item["name"].startswith("system.")


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
