"""Which load a file belongs to: one already done, one to go on with, or a new one."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from core import __version__
from core.documents.lineage import new_load
from core.errors import Busy, FileChanged, LoadError, RecipeError
from core.loading.bookkeeping import limited, part_digest
from core.plural import counted
from core.reading.files import digest, unreadable
from core.reading.source import Source
from core.recipes.recipe import Recipe
from core.store import LoadEntry, Store
from core.store.lease import user
from core.store.patience import Patience

_EDGE = 64 << 10  # bytes of each end of the file that the fingerprint looks at
_MEETING = 2.0  # seconds that another may take from being seen to seeing us
Edits = Mapping[int, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Opened:
    """A load we hold, by `token`; `resumed` where it had begun before. Where `token` is empty the
    load is done already and nothing is held."""

    entry: LoadEntry
    token: str = ""
    resumed: bool = False
    crashed: bool = False


def open_load(
    source: Source,
    recipe: Recipe,
    store: Store,
    patient: Patience,
    *,
    resume: bool,
    again: bool,
    edits: Edits | None,
    limit: int | None,
    new: Mapping[str, Any],
) -> Opened:
    """Raises LoadError where the file is half loaded and `resume` was not said, FileChanged where
    the file that is to be gone on with is another one now, FileError where it cannot be read, Busy
    where another holds it."""
    mark = fingerprint(source.path)
    path = str(source.path.resolve())
    query = {
        "database": store.database,
        "collection": recipe.collection,
        "state": {"$in": ["running", "stopped", "failed", "done"]},
        "$or": [{"source.size": source.size}, {"source.path": path}],
    }
    known = patient(lambda: store.ledger.find(query))
    if not again:
        same = [load for load in known if load.fingerprint == mark and load.limit == limit]
        unfinished = next((load for load in same if load.state != "done"), None)
        if unfinished is not None:
            if not unfinished.resumable:
                raise _busy(unfinished)
            if not resume:
                raise _half(unfinished)
            return _take(unfinished, store, patient)
        done = _already(source, same)
        if done is not None:
            return Opened(done)
        if resume and (other := _changed(known, path)) is not None:
            raise FileChanged(
                f"{source.path.name} is not the file that was half loaded as load {other.id}.",
                "Undo that load, or load this file as a new one (--again).",
            )
    told = {"fingerprint": mark, "limit": limit}
    begun = _begin(source, recipe, store, patient, edits, told, new)
    if not again:
        seen = {begun.entry.id, *(load.id for load in known)}
        now = patient(lambda: store.ledger.find(query))
        _alone(begun, [load for load in now if load.id not in seen], store, patient)
    return begun


def _alone(begun: Opened, others: list[LoadEntry], store: Store, patient: Patience) -> None:
    """Raises Busy where another began the same file since we looked, rather than load it twice.

    Of two that see each other the larger id gives way, for which the smaller waits: another that
    does not give way has not seen us.
    """
    ours = begun.entry
    for other in others:
        same = (other.fingerprint, other.limit) == (ours.fingerprint, ours.limit)
        if same and (other.id < ours.id or not _gives_way(other, store, patient)):
            patient(lambda: store.ledger.end(ours.object_id, begun.token, "undone", {}))
            store.ledger.let_go(begun.token)
            raise _busy(other)


def _gives_way(other: LoadEntry, store: Store, patient: Patience) -> bool:
    until = time.monotonic() + _MEETING
    while time.monotonic() < until:
        now = patient(lambda: store.loads.get(other.id))
        if now is None or now.state == "undone":
            return True
        if now.state != "running" or now.batches:  # it looked for us before
            return False
        time.sleep(0.02)
    return False


def fingerprint(path: Path) -> str:
    """Both ends of the file, hashed: quick, and enough to find a load again. Raises FileError where
    it cannot be read, as when it went since it was opened."""
    try:
        with path.open("rb") as file:
            head = file.read(_EDGE)
            size = file.seek(0, 2)
            file.seek(max(size - _EDGE, 0))
            return hashlib.sha256(head + file.read(_EDGE) + str(size).encode()).hexdigest()[:32]
    except OSError as error:
        raise unreadable(path, error) from error


def _already(source: Source, same: list[LoadEntry]) -> LoadEntry | None:
    done = [load for load in same if load.state == "done"]
    if not done:
        return None
    if done[0].limit is not None:
        part = part_digest(limited(source.batches(), done[0].limit))
        return next((load for load in done if load.part == part), None)
    whole = digest(source.path)
    return next((load for load in done if load.sha256 in (whole, None)), None)


def _changed(known: tuple[LoadEntry, ...], path: str) -> LoadEntry | None:
    return next((load for load in known if load.path == path and load.state != "done"), None)


def _busy(load: LoadEntry) -> Busy:
    return Busy(
        f"Another window or command is loading {load.name}.", "Wait for it, or stop it there."
    )


def _half(load: LoadEntry) -> LoadError:
    return LoadError(
        f"{load.name} is already half loaded ({counted(load.records, 'record')}, load {load.id}).",
        "Go on with that load (--resume), or undo it first.",
    )


def _take(load: LoadEntry, store: Store, patient: Patience) -> Opened:
    token = uuid4().hex
    taken = patient(lambda: store.ledger.take(load.object_id, token))
    return Opened(taken, token, resumed=True, crashed=load.state != "stopped")


def _begin(
    source: Source,
    recipe: Recipe,
    store: Store,
    patient: Patience,
    edits: Edits | None,
    told: Mapping[str, Any],
    new: Mapping[str, Any],
) -> Opened:
    if not recipe.collection:
        raise RecipeError("The recipe names no collection.", "Say where to load: --into NAME.")
    name = source.path.name
    token = uuid4().hex
    document = {
        "_id": new_load(),
        "source": {"name": name, "path": str(source.path.resolve()), "size": source.size, **told},
        "database": store.database,
        "collection": recipe.collection,
        "mode": recipe.mode,
        "recipe": json.dumps(recipe.to_descriptor(), ensure_ascii=False),
        "edits": [
            {"record": record, "values": [[*pair] for pair in values.items()]}
            for record, values in (edits or {}).items()
        ],
        "counts": {},
        "batches": 0,
        "by": user(),
        "version": __version__,
        **new,
    }
    store.quarantine.prepare()
    patient(store.ledger.prepare)
    return Opened(patient(lambda: store.ledger.begin(document, token)), token)
