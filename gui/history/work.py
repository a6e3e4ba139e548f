"""What the History page asks of core, each a generator for a task."""

from collections.abc import Generator
from dataclasses import dataclass

from core.loading.undo import UndoPlan, undo_plan
from core.store import LoadEntry, Store

MOST = 200  # loads shown; older ones are found by the search

LOOKED_AT = 10_000  # documents that a plan may look at before it is shown: about a second


@dataclass(frozen=True, slots=True)
class Past:
    """A load, its place in the history from 1, how many of its records still wait, and how many
    came in later from quarantine."""

    entry: LoadEntry
    number: int
    held: int
    resubmitted: int = 0

    @property
    def loaded(self) -> int:
        """In all: by the load itself, and from quarantine since."""
        return self.entry.accepted + self.resubmitted


@dataclass(frozen=True, slots=True)
class Listed:
    """`known` of all loads there are; `loads` those that match."""

    loads: tuple[Past, ...]
    known: int


def listing(store: Store, text: str, state: str) -> Generator[Listed, None, None]:
    """`text` is sought in file, collection and SHA-256; `state` "" is any, “held” has held rows."""
    entries, held = store.loads.list(0), store.quarantine.loads()
    later = store.quarantine.loads("resubmitted")
    sought = text.strip().casefold()
    found = [
        Past(entry, len(entries) - i, held.get(entry.id, 0), later.get(entry.id, 0))
        for i, entry in enumerate(entries)
        if not sought or sought in _words(entry, len(entries) - i)
    ]
    if state == "held":
        found = [one for one in found if one.held]
    elif state == "resumable":
        found = [one for one in found if one.entry.resumable]
    elif state:
        found = [one for one in found if one.entry.state == state]
    yield Listed(tuple(found[:MOST]), len(entries))


def _words(entry: LoadEntry, number: int) -> str:
    parts = (
        str(number),
        entry.name,
        entry.database,
        entry.collection,
        entry.sha256 or "",
        entry.id,
    )
    return " ".join(parts).casefold()


def planning(store: Store, load: str) -> Generator[UndoPlan, None, None]:
    yield undo_plan(store, load, most=LOOKED_AT)
