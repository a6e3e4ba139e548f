"""`sluice.loads` as frozen values: what a load was, how far it came, and who holds it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bson import ObjectId

UNFINISHED = ("running", "stopped", "failed")


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that works on a load; `lease` is when it loses it unless renewed."""

    host: str
    pid: int
    started: float
    lease: datetime
    token: str


@dataclass(frozen=True, slots=True)
class LoadEntry:
    """One load. `state`: running, done, stopped, failed, undoing, undone.

    `resumable`: not finished, and nobody alive holds it (a dead process leaves `running`).
    """

    id: str
    name: str
    path: str
    size: int
    database: str
    collection: str
    mode: str
    state: str
    sha256: str | None = None
    part: str | None = None  # SHA-256 of the bytes of its records, where it has a limit
    fingerprint: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)
    batches: int = 0
    started: datetime | None = None
    ended: datetime | None = None
    seconds: float = 0.0
    by: str = ""
    version: str = ""
    message: str = ""
    limit: int | None = None
    recipe: Mapping[str, Any] = field(default_factory=dict)
    edits: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    lineage: str = "_id"  # "_id" or "_load": where a document tells its load
    stage: Mapping[str, Any] = field(default_factory=dict)  # how far a replace or undo came
    holder: Holder | None = None
    resumable: bool = False
    taken_back: Mapping[str, Any] = field(default_factory=dict)  # what an undo came to
    deleted: int = 0  # of its documents, by hand, in Sluice
    noted: bool = False  # `sluice.moves` tells which of its records are held no more

    @property
    def object_id(self) -> ObjectId:
        return ObjectId(self.id)

    @property
    def file(self) -> str:
        return self.name

    @property
    def records(self) -> int:
        return self.counts.get("records", 0)

    @property
    def accepted(self) -> int:
        return self.counts.get("accepted", 0)

    @property
    def quarantined(self) -> int:
        return self.counts.get("quarantined", 0)

    @property
    def stays(self) -> int:
        """Documents that its undo left, because they had been edited since."""
        return int(self.taken_back.get("stays", 0))

    @property
    def skipped(self) -> int:
        return self.counts.get("skipped", 0)


def entry(document: Mapping[str, Any], resumable: bool) -> LoadEntry:
    source = document["source"]
    return LoadEntry(
        id=str(document["_id"]),
        name=source["name"],
        path=source["path"],
        size=source["size"],
        sha256=source.get("sha256"),
        part=source.get("part"),
        fingerprint=source.get("fingerprint", ""),
        limit=source.get("limit"),
        database=document["database"],
        collection=document["collection"],
        mode=document["mode"],
        state=document["state"],
        counts=dict(document.get("counts", {})),
        reasons=dict(document.get("reasons", {})),
        batches=document.get("batches", 0),
        started=document.get("started"),
        ended=document.get("ended"),
        seconds=document.get("seconds", 0.0),
        by=document.get("by", ""),
        version=document.get("version", ""),
        message=document.get("message", ""),
        recipe=json.loads(document["recipe"]),
        edits={int(item["record"]): dict(item["values"]) for item in document.get("edits", ())},
        lineage=document.get("lineage", "_id"),
        stage=document.get("stage", {}),
        holder=holder(document.get("holder")),
        resumable=resumable and document["state"] in UNFINISHED,
        taken_back=document.get("undo", {}),
        deleted=document.get("deleted", 0),
        noted=document.get("noted", False),
    )


def holder(document: Mapping[str, Any] | None) -> Holder | None:
    return None if document is None else Holder(**document)
