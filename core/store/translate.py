"""What pymongo raises, as errors a person can act on; no message quotes a password."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from pymongo.errors import (
    AutoReconnect,
    BulkWriteError,
    ConfigurationError,
    ConnectionFailure,
    DocumentTooLarge,
    DuplicateKeyError,
    ExecutionTimeout,
    NotPrimaryError,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WriteConcernError,
    WTimeoutError,
)

from core.errors import CoreError, NoServer, NotAuthorised, StoreError

T = TypeVar("T")
_LOGIN = frozenset({18, 334, 335, 8000})  # AuthenticationFailed, mechanism, Atlas's own
_RIGHTS = frozenset({13, 31, 33})
# Codes after which the same command, sent again, may well succeed (MongoDB's retryable writes
# specification, and what a server says while it stops, starts or elects).
_STRANGE = ("ProtocolError", "connection closed", "Connection reset", "InvalidBSON")
_CLASHES = frozenset({11000, 11001, 12582})  # duplicate keys
_NEVER = frozenset({79, 100})  # a write concern that this server cannot meet
PASSING = frozenset(
    {6, 7, 24, 50, 64, 89, 91, 112, 134, 189, 202, 262, 317, 358, 384, 9001, 10058, 10107, 11600}
    | {11602, 13435, 13436}
)


def is_passing(error: BaseException) -> bool:
    """Whether waiting and sending again is the cure: the network, or a server not ready."""
    error = cause(error)
    if isinstance(error, ServerSelectionTimeoutError | NotPrimaryError | AutoReconnect):
        return True
    if isinstance(error, WTimeoutError | WriteConcernError | ExecutionTimeout):
        return error.code not in _NEVER
    if isinstance(error, DuplicateKeyError):
        return True  # of a whole command: single documents' clashes do not come as exceptions
    if isinstance(error, ConnectionFailure):
        return True
    return isinstance(error, OperationFailure) and (
        error.code in PASSING or error.has_error_label("RetryableWriteError")
    )


def cause(error: BaseException) -> BaseException:
    """The server's own word within a bulk write's error, which by itself says nothing."""
    if not isinstance(error, BulkWriteError):
        return error
    for failed in error.details.get("writeConcernErrors", ()):
        return WriteConcernError(failed.get("errmsg", ""), failed.get("code"), failed)
    for failed in error.details.get("writeErrors", ()):
        if failed["code"] not in _CLASHES:  # the caller's to judge
            return OperationFailure(failed.get("errmsg", ""), failed["code"], failed)
    return error


def translate(error: BaseException, address: str) -> CoreError:
    error = cause(error)
    if isinstance(error, OperationFailure):
        return _refused(error, address)
    if isinstance(error, DocumentTooLarge):
        return StoreError("A document is larger than MongoDB takes.", "Leave out large fields.")
    if isinstance(error, ServerSelectionTimeoutError | AutoReconnect | ConnectionFailure):
        return _silent(error, address)
    if isinstance(error, OSError):
        name = error.filename or "A file the connection needs"
        why = error.strerror or str(error)
        return StoreError(f"{name} cannot be read: {why}.", "Check the TLS options.")
    if isinstance(error, ConfigurationError | ValueError):
        if "DNS" in str(error) or "SRV" in str(error):
            return NoServer(
                f"The name in {address} was not found.", "Check the address and the network."
            )
        return StoreError(
            f"The options for {address} cannot be used: {_plain(error)}.", "Correct the address."
        )
    return StoreError(f"MongoDB at {address} failed: {_plain(error)}.", "Try once more.")


def _refused(error: OperationFailure, address: str) -> CoreError:
    if error.code in _LOGIN:
        return NotAuthorised(
            f"MongoDB at {address} does not accept this name and password.",
            "Correct them, or the database they belong to (authSource).",
        )
    if error.code in _RIGHTS:
        return NotAuthorised(
            f"MongoDB at {address} does not allow this: {_plain(error)}.",
            "Log in, or ask for a role that may read and write there.",
        )
    if error.code == 59:  # CommandNotFound
        return NoServer(
            f"What answers at {address} does not know a command that MongoDB 5.0 has.",
            "Check the address.",
        )
    return StoreError(f"MongoDB at {address} refused: {_plain(error)}.")


def _silent(error: BaseException, address: str) -> CoreError:
    text = str(error)
    if "certificate" in text.lower() or "ssl" in text.lower():
        return NoServer(
            f"No secure connection to {address} came about: {_first(text)}.",
            "Check the TLS options and the certificate.",
        )
    if any(sign in text for sign in _STRANGE):
        return NoServer(
            f"What answers at {address} is not MongoDB, or it ended the connection.",
            "Check host and port.",
        )
    return NoServer(
        f"MongoDB does not answer at {address}.", "Start it, or check host, port and network."
    )


def _plain(error: BaseException) -> str:
    text = (
        error.details.get("errmsg")
        if isinstance(error, OperationFailure) and error.details
        else None
    )
    return _first(str(text or error))


def _first(text: str) -> str:
    """The first clause of a driver's message: what follows is addresses and topology."""
    return text.split(", full error")[0].split(" (configured timeouts")[0].strip().rstrip(".")[:300]


@contextmanager
def speaking(address: str) -> Iterator[None]:
    """Errors of the driver leave as ours."""
    try:
        yield
    except PyMongoError as error:
        raise translate(error, address) from error
