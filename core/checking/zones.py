"""Times without a zone among times with one: which zone they mean, only their author can tell.

The Table Schema allows both forms in one column, so they are told and not refused.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from core.checking.judging import Judged
from core.plural import counted, verb
from core.recipes.schema import Field
from core.values.text import data, lengths, offsets, valid

_BARE = 19  # characters of 2025-04-30T14:05:00


class Zones:
    """Counts, for each column where both forms may stand, its times with and without a zone."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self._counts = {
            field.name: np.zeros(2, np.int64)
            for field in fields
            if field.type == "datetime"
            and field.format == "default"
            and "timezone" not in field.options
        }

    def add(self, judged: Mapping[str, Judged]) -> None:
        for name, counts in self._counts.items():
            if name in judged:
                counts += _counted(judged[name])

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(
            _sentence(name, int(zoned), int(bare))
            for name, (zoned, bare) in self._counts.items()
            if zoned and bare
        )


def _sentence(name: str, zoned: int, bare: int) -> str:
    return (
        f"“{name}” has {counted(bare, 'time')} without a zone beside {zoned:,} with one: "
        f'{verb(bare, "it is", "they are")} read as UTC; "timezone" in a recipe decides.'
    )


def _counted(judged: Judged) -> tuple[int, int]:
    """With and without a zone, of those that can be read."""
    good, size = valid(judged.typed), lengths(judged.text)
    if not good.any() or size.max() <= _BARE:
        return 0, int(good.sum())
    text, ends = data(judged.text), offsets(judged.text)[1:][good]
    zoned = text[ends - 1] == ord("Z")  # else +02:00 or +0200
    for back in (6, 5):
        zoned |= np.isin(text[ends - back], (ord("+"), ord("-")))
    return int(zoned.sum()), int((~zoned).sum())
