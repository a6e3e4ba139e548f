"""A record of `sluice.quarantine` as a frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a record is held: a rule it broke, as `core.batch.Problem` without the place."""

    code: str
    field: str | None
    value: str
    message: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """One cell that a person changed; `old` is None where the record could not be split."""

    field: str
    old: str | None
    new: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """One refused record, whole.

    `id` is the hex of the `_id` that its document would have had. `values` are its cells as text,
    edits included; `reasons` what is wrong with them now, `was` what was wrong when it came. `raw`
    is None for a raw record over 1 MB, which `Held.raw` fetches. `version` goes up by one with
    every change: a change made to another version than the one on screen is refused.
    """

    id: str
    load: str
    database: str
    collection: str
    record: int
    line: int
    raw: bytes | None
    values: Mapping[str, str]
    reasons: tuple[Reason, ...]
    was: tuple[Reason, ...]
    state: str
    edits: tuple[Edit, ...] = ()
    note: str = ""
    version: int = 0
    recipe: str = ""  # key of the newer recipe that mended it
    claimed: bool = False  # a resubmission is under way, or died half-way

    @property
    def ready(self) -> bool:
        """Nothing is wrong any more: it can be resubmitted."""
        return self.state == "held" and not self.reasons


def held_record(document: Mapping[str, Any]) -> HeldRecord:
    return HeldRecord(
        id=str(document["_id"]),
        load=str(document["load"]),
        database=document.get("database", ""),
        collection=document["collection"],
        record=document["record"],
        line=document["line"],
        raw=document.get("raw"),
        values=dict(document.get("values") or {}),
        reasons=tuple(_reason(found) for found in document["reasons"]),
        was=tuple(_reason(found) for found in document.get("was", document["reasons"])),
        state=document["state"],
        edits=tuple(Edit(**edit) for edit in document.get("edits", ())),
        note=document.get("note", ""),
        version=document.get("version", 0),
        recipe=document.get("recipe", ""),
        claimed="claim" in document,
    )


def _reason(found: Mapping[str, Any]) -> Reason:
    return Reason(
        found["code"], found.get("field"), found["value"], found["message"], found.get("rule", "")
    )
