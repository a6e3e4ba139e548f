"""All that speaks to MongoDB: connecting, writing, the ledger, quarantine, browsing."""

import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

from pymongo import MongoClient
from pymongo.errors import ConfigurationError, InvalidURI, PyMongoError
from pymongo.uri_parser import parse_uri

from core.errors import ReadOnly, StoreError
from core.secrets import without_secrets
from core.store.browse import Browse
from core.store.entries import LoadEntry
from core.store.held import Held
from core.store.ledger import FAITHFUL, Ledger, Loads
from core.store.lookups import Lookups, Patient, owners
from core.store.matching import Key
from core.store.pages import LedgerPages
from core.store.patience import Patience
from core.store.refused import RefusedIds
from core.store.target import Target
from core.store.translate import speaking, translate

__all__ = ["FAITHFUL", "LoadEntry", "Store"]

Document = dict[str, Any]
LEDGER = "sluice"
DEFAULT_DATABASE = "sluice_data"
_OPTIONS: Mapping[str, Any] = {
    "appname": "sluice",
    "serverSelectionTimeoutMS": 5_000,
    "connectTimeoutMS": 5_000,
    "tz_aware": True,
    "datetime_conversion": "DATETIME_AUTO",
    "uuidRepresentation": "standard",
}


class Store:
    """A connection to one server, and the database that loads go to.

    `options` are pymongo's (tls, tlsCAFile, tlsCertificateKeyFile, socketTimeoutMS, …); what the
    address says wins over the defaults. Raises NoServer and NotAuthorised.
    """

    def __init__(
        self,
        uri: str = "mongodb://localhost:27017",
        database: str = "",
        *,
        read_only: bool = False,
        **options: Any,
    ) -> None:
        self.address = without_secrets(uri)
        self.read_only = read_only
        named = _parsed(uri, self.address)
        self.database = database or named["database"] or DEFAULT_DATABASE
        said = {key.lower() for key in named["options"]}
        defaults = {key: value for key, value in _OPTIONS.items() if key.lower() not in said}
        try:
            self.client: MongoClient[Document] = MongoClient(uri, **{**defaults, **options})
        except (PyMongoError, ValueError, OSError) as error:
            raise translate(error, self.address) from None  # the message may quote the address
        try:
            self._greet()
        except (PyMongoError, OSError) as error:
            self.client.close()
            raise translate(error, self.address) from error
        self.ledger = Ledger(self.client[LEDGER], self.guard, self.now)
        self.loads = Loads(self.ledger)
        refused = RefusedIds(self.ledger) if self.embedded else None
        self.quarantine = Held(self.client[LEDGER], self.guard, self.now, self.address, refused)
        loaded = LedgerPages(self.ledger)
        self.browse = Browse(self.client, self.embedded, self.address, loaded)

    def _greet(self) -> None:
        """What answers, what time it has there, and whether it knows us."""
        before = datetime.now(UTC)
        hello = self.client.admin.command("hello")
        self._ahead: timedelta = hello["localTime"].replace(tzinfo=UTC) - before
        self.topology = _topology(hello)
        self.embedded = "secantusVersion" in self.client.admin.command("buildInfo")
        self.client[self.database].command("listCollections", nameOnly=True, cursor={})

    def now(self) -> datetime:
        """The server's time, so that leases of two computers are measured by one clock."""
        return datetime.now(UTC) + self._ahead

    def guard(self) -> None:
        if self.read_only:
            raise ReadOnly(
                f"The connection to {self.address} is switched to read-only.",
                "Switch that off to write.",
            )

    def target(
        self, database: str, collection: str, settings: Mapping[str, Any], patient: Patience
    ) -> Target:
        """Where a load writes, or a rehearsal looks; `settings` are the recipe's `write`."""
        faithful = self.client.get_database(database, codec_options=FAITHFUL)
        return Target(faithful, collection, settings, patient, self.embedded, self.guard)

    def lookup(self, database: str, patient: Patient) -> Lookups:
        """Whether keys are there in the collections of a database, for foreign keys."""
        faithful = self.client.get_database(database, codec_options=FAITHFUL)
        return Lookups(faithful, self.embedded, patient)

    def owners(
        self, entry: LoadEntry, fields: Sequence[str], keys: Sequence[Key]
    ) -> dict[Key, int]:
        """Which of these keys (as `comparable` makes them) a load brought in, by which record."""
        faithful = self.client.get_database(entry.database, codec_options=FAITHFUL)
        with speaking(self.address):
            return owners(faithful, entry.collection, entry.object_id, fields, keys)

    def patience(self, cancelled: threading.Event, seconds: float | None = None) -> Patience:
        return Patience(self.address, cancelled, seconds)

    def close(self) -> None:
        self.client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()


def _parsed(uri: str, shown: str) -> Mapping[str, Any]:
    try:
        return parse_uri(uri, validate=True, warn=False)
    except OSError as error:  # of a certificate's file
        raise translate(error, shown) from None
    except (InvalidURI, ConfigurationError, ValueError) as error:
        if "srv" in uri[:12] and not isinstance(error, InvalidURI):
            raise translate(error, shown) from None
        raise StoreError(
            f"“{shown}” is no MongoDB address.",
            "Write mongodb://HOST:PORT, and escape special characters in the password.",
        ) from None


def _topology(hello: Mapping[str, Any]) -> str:
    if hello.get("msg") == "isdbgrid":
        return "sharded"
    return "replica set" if "setName" in hello else "standalone"
