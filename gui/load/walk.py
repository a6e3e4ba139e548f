"""From one problem to the next: F8, Shift+F8, and which of how many the current one is."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from gui.load.findings import At


def step(spots: Sequence[At], at: At, forward: bool) -> int | None:
    """Index of the next or previous spot, going round at the end; None where there is none."""
    if not spots:
        return None
    if forward:
        return bisect_right(spots, at) % len(spots)
    return (bisect_left(spots, at) - 1) % len(spots)


def place(spots: Sequence[At], at: At) -> int | None:
    """Index of the spot that is exactly there."""
    i = bisect_left(spots, at)
    return i if i < len(spots) and spots[i] == at else None
