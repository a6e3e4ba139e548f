"""What a report tells, read from the ledger and quarantine; bounded, however large the load."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from core.errors import StoreError
from core.recipes.recipe import Recipe
from core.store import LoadEntry, Store
from core.store.held import HeldRecord

EMBEDDED = "this computer (embedded)"
SAMPLE = 100  # refused records shown whole
Kind = tuple[str, str | None, str]  # code, field, rule


@dataclass(frozen=True, slots=True)
class Facts:
    """`kinds` counts the problems of all refused records, most first; `sample` are the first of
    those records, `states` how many of them wait, were resubmitted or given up since."""

    entry: LoadEntry
    server: str
    recipe: Recipe
    kinds: Mapping[Kind, int]
    states: Mapping[str, int]
    sample: tuple[HeldRecord, ...]
    made: datetime = field(default_factory=lambda: datetime.now(UTC))


def facts(store: Store, load: str) -> Facts:
    """Raises StoreError where there is no such load."""
    entry = store.loads.get(load)
    if entry is None:
        raise StoreError(f"There is no load “{load}” on this server.", "Look at the list of loads.")
    states = {state: n for state, n in store.quarantine.states(entry.id).items() if n}
    kinds: Counter[Kind] = Counter()
    for state in states:
        kinds.update(store.quarantine.kinds(entry.id, state))
    if not kinds:  # an undone load has nothing left in quarantine, but it has counted
        kinds.update({(code, None, ""): n for code, n in entry.reasons.items()})
    return Facts(
        entry,
        EMBEDDED if store.embedded else store.address,
        Recipe.from_descriptor(dict(entry.recipe)),
        dict(kinds.most_common()),
        states,
        store.quarantine.find(entry.id, state=None, limit=SAMPLE),
    )
