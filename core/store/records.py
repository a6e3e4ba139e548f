"""A record of `sluice.quarantine` as a frozen value."""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

_ESCAPED = re.compile("\x1a([\x1a0])")

SURPLUS, MISSING = "surplus", "missing"
SHAPES = {SURPLUS: "left out", MISSING: "left empty"}  # what a person may say of a record's shape
_RESERVED = "beyond the last column"  # a cell of that name, made empty, once said “left out”


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
    """What a person changed: the cell of a field or, where that is None, what is with the cells too
    many or too few (`shape`). `old` and `new` are None where there is no such cell or word."""

    field: str | None
    old: str | None
    new: str | None
    at: datetime
    by: str
    shape: str = ""


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """One refused record, whole.

    `id` is the hex of the `_id` that its document would have had. `values` are its cells as text,
    edits included; `shape` is what a person said of cells too many or too few, as in SHAPES;
    `reasons` what is wrong with it all now, `was` what was wrong when it came. `raw` is None for a
    raw record over 1 MB, which `Held.raw` fetches. `version` goes up by one with every change: a
    change made to another version than the one on screen is refused.
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
    shape: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""  # that of the raw bytes; earlier versions did not note it
    fix: Mapping[str, Any] = field(default_factory=dict)  # how it was before the last fix of many

    def codec(self, said: str) -> str:
        """How to read the raw bytes where a recipe says that encoding: it may leave their order
        to the mark of the file, which they no longer have."""
        try:
            plain = codecs.lookup(said).name in ("utf-16", "utf-32")
        except LookupError:
            return said
        return (plain and self.encoding) or said

    @property
    def ready(self) -> bool:
        """Nothing is wrong any more: it can be resubmitted."""
        return self.state == "held" and not self.reasons

    def came(self, name: str) -> str | None:
        """The text of a cell before any edit; None where the record came without it."""
        first = next((edit for edit in self.edits if edit.field == name), None)
        return first.old if first else self.values.get(name)

    def differs(self, name: str) -> bool:
        """Whether a cell is another than the record came with."""
        return self.values.get(name) != self.came(name)


def names_kept(values: Mapping[str, str]) -> dict[str, str]:
    """Cells by names that may be keys of a document: a NUL in a file's header may not."""
    names = "".join(values)
    if "\0" not in names and "\x1a" not in names:
        return dict(values)
    return {key_of(name): text for name, text in values.items()}


def values_of(kept: Mapping[str, str]) -> dict[str, str]:
    """Cells by their own names again."""
    return {_name_of(key): text for key, text in kept.items()}


def key_of(name: str) -> str:
    return name.replace("\x1a", "\x1a\x1a").replace("\0", "\x1a0")


def _name_of(key: str) -> str:
    if "\x1a" not in key:
        return key
    return _ESCAPED.sub(lambda found: "\0" if found[1] == "0" else "\x1a", key)


def held_record(document: Mapping[str, Any]) -> HeldRecord:
    was = tuple(_reason(found) for found in document.get("was", document["reasons"]))
    noted = document.get("edits", ())
    values = values_of(document.get("values") or {})
    shape = dict(document.get("shape") or {})
    if _is_reserved(noted, was):
        noted = list(_of_shape(noted))
        shape |= {SURPLUS: SHAPES[SURPLUS]} if values.pop(_RESERVED, None) == "" else {}
    return HeldRecord(
        id=str(document["_id"]),
        load=str(document["load"]),
        database=document.get("database", ""),
        collection=document["collection"],
        record=document["record"],
        line=document["line"],
        raw=document.get("raw"),
        values=values,
        reasons=tuple(_reason(found) for found in document["reasons"]),
        was=was,
        state=document["state"],
        edits=tuple(Edit(**edit) for edit in noted),
        note=document.get("note", ""),
        version=document.get("version", 0),
        recipe=document.get("recipe", ""),
        claimed="claim" in document,
        shape=shape,
        encoding=document.get("encoding", ""),
        fix=document.get("fix") or {},
    )


def _is_reserved(noted: Sequence[Mapping[str, Any]], was: Iterable[Reason]) -> bool:
    """Whether edits of the reserved name are words on the surplus cells, as an earlier version
    noted them, whose text it gave as the old one; and not of a column that has that name."""
    first = next((edit for edit in noted if edit.get("field") == _RESERVED), None)
    surplus = [reason.value for reason in was if reason.code == "extra-cell"]
    return first is not None and first["old"] in surplus


def _of_shape(noted: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    word = None
    for edit in noted:
        if edit.get("field") != _RESERVED:
            yield edit
            continue
        before, word = word, SHAPES[SURPLUS] if edit["new"] == "" else None
        yield {**edit, "field": None, "shape": SURPLUS, "old": before, "new": word}


def _reason(found: Mapping[str, Any]) -> Reason:
    return Reason(
        found["code"], found.get("field"), found["value"], found["message"], found.get("rule", "")
    )
