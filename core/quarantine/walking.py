"""Walks over held records in pages, and who it is that changes them."""

from collections.abc import Iterator, Sequence
from typing import Any

from core.store import Store
from core.store.held import HeldRecord

PAGE = 500


def pages(store: Store, ids: Sequence[str] | None, **chosen: Any) -> Iterator[list[HeldRecord]]:
    """Held records in order, some hundred at a time; a walk along an index, never a skip."""
    if ids is not None:
        for start in range(0, len(ids), PAGE):
            part = ids[start : start + PAGE]
            yield list(store.quarantine.find(ids=part, limit=len(part), **chosen))
        return
    after = None
    while records := store.quarantine.find(after=after, limit=PAGE, **chosen):
        yield list(records)
        after = records[-1].id


def by_load(records: Sequence[HeldRecord]) -> list[list[HeldRecord]]:
    """Records of one load and one recipe together, in order."""
    groups: dict[tuple[str, str], list[HeldRecord]] = {}
    for record in records:
        groups.setdefault((record.load, record.recipe), []).append(record)
    return list(groups.values())
