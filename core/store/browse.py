"""What the server holds, looked at: databases, collections and documents page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import MongoClient

Document = dict[str, Any]
HIDDEN = ("admin", "config", "local", "sluice")  # the server's own databases, and the ledger


@dataclass(frozen=True, slots=True)
class CollectionInfo:
    """`documents` and `size` (bytes) are None where finding them out would take the server long."""

    database: str
    name: str
    kind: str = "collection"
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
    """Reads of any database the connection may see."""

    def __init__(self, client: MongoClient[Document], embedded: bool = False) -> None:
        self._client = client
        self._embedded = embedded

    def databases(self) -> tuple[str, ...]:
        names = self._client.list_database_names()
        return tuple(sorted(name for name in names if name not in HIDDEN))

    def collections(self, database: str) -> tuple[CollectionInfo, ...]:
        found = self._client[database].list_collections()
        infos = (CollectionInfo(database, item["name"], item["type"]) for item in found)
        return tuple(sorted(infos, key=lambda info: info.name))

    def indexes(self, database: str, collection: str) -> tuple[Index, ...]:
        found = self._client[database][collection].list_indexes()
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
        found = self._client[database][collection]
        return found.count_documents(dict(query)) if query else found.estimated_document_count()

    def documents(
        self,
        database: str,
        collection: str,
        query: Mapping[str, Any] | None = None,
        sort: Sequence[tuple[str, int]] = (),
        page: int = 0,
        size: int = 100,
    ) -> Page:
        """Page number `page` from 0; without a sort, in the order of `_id`."""
        cursor = self._client[database][collection].find(dict(query or {}))
        cursor = cursor.sort(list(sort) or [("_id", 1)]).skip(page * size).limit(size + 1)
        found = tuple(cursor)
        return Page(found[:size], page * size, len(found) > size)
