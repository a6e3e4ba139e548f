"""Cells of documents changed by hand: the type stays what it was, and nobody's change is lost."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, DecimalException
from typing import Any

from bson import Decimal128, Int64
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from core.errors import StoreError
from core.store.translate import speaking

_FINER = re.compile(r"[.,][0-9]{3}0*[1-9]")  # than a millisecond; fromisoformat cuts what it is


@dataclass(frozen=True, slots=True)
class CellEdit:
    """`old` is what was on screen: a cell that is something else by now is not touched."""

    id: Any
    field: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Saved:
    """`missed` were changed or removed by another meanwhile."""

    saved: tuple[CellEdit, ...]
    missed: tuple[CellEdit, ...]


def retyped(old: Any, text: str) -> Any:
    """The text as a value of the type that stood there; ValueError says what was expected."""
    if isinstance(old, str) or old is None:
        return text
    for kind, read in _READERS.items():
        if isinstance(old, kind):
            return read(text.strip(), old)
    raise ValueError("this kind of value is not edited here")


def _boolean(text: str, _old: Any) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError("true or false is expected here")
    return text.lower() == "true"


def _integer(text: str, old: Any) -> int:
    try:
        value = int(text)
    except ValueError:
        raise ValueError("a whole number is expected here") from None
    if not -(2**63) <= value < 2**63:
        raise ValueError("the number is beyond 64 bits")
    return Int64(value) if isinstance(old, Int64) else value


def _number(text: str, _old: Any) -> float:
    value = float(_finite(text))
    if not math.isfinite(value):
        raise ValueError("the number is too large: 1.7e308 is the largest here")
    if Decimal(repr(value)) != Decimal(text):
        raise ValueError(f"a number here keeps about 16 digits: type {value!r} if that will do")
    return value


def _decimal(text: str, _old: Any) -> Decimal128:
    try:
        return Decimal128(_finite(text))
    except DecimalException:
        raise ValueError("a decimal number keeps 34 digits: type fewer") from None


def _finite(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except DecimalException:
        raise ValueError("a number like 1250.00 is expected here") from None
    if not value.is_finite():
        raise ValueError("a finite number is expected here")
    return value


def _date(text: str, _old: Any) -> datetime:
    if _FINER.search(text):
        raise ValueError("a date keeps milliseconds: type 3 digits after the seconds at most")
    try:
        value = datetime.fromisoformat(text)
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    except ValueError:
        raise ValueError("a date like 2025-05-19 is expected here") from None
    except OverflowError:
        raise ValueError("a date of the years 1 to 9999 is expected here") from None


_READERS: Mapping[type, Callable[[str, Any], Any]] = {  # bool before int: it is one
    bool: _boolean,
    int: _integer,
    float: _number,
    Decimal128: _decimal,
    datetime: _date,
}


def save(
    client: MongoClient[dict[str, Any]],
    guard: Callable[[], None],
    place: tuple[str, str],
    edits: Sequence[CellEdit],
) -> Saved:
    """Each cell by itself, only where it still holds its old value. Raises ReadOnly, StoreError."""
    guard()
    collection = client[place[0]][place[1]]
    done: list[CellEdit] = []
    missed: list[CellEdit] = []
    with speaking(_host(client)):
        for edit in edits:
            if "." in edit.field or edit.field.startswith("$"):
                raise StoreError(f"“{edit.field}” cannot be edited here.", "Edit it elsewhere.")
            picked = {"_id": edit.id, edit.field: edit.old}
            found = collection.update_one(picked, {"$set": {edit.field: edit.new}})
            (done if found.matched_count else missed).append(edit)
    return Saved(tuple(done), tuple(missed))


def _host(client: MongoClient[dict[str, Any]]) -> str:
    try:
        host = client.address
    except PyMongoError:
        host = None
    return f"{host[0]}:{host[1]}" if host else "the server"
