"""Which records a sheet shows, and in which order; no Qt here."""

from dataclasses import dataclass

import numpy as np

from core.batch import Integers
from core.checking.order import Numbers, Order


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Row i is `records[i]`; they ascend where there is no order by a column.

    `ranks`, ascending, are the places of some of an order's records; None where all are shown.
    """

    records: Integers | Numbers
    order: Order | None = None
    ranks: Numbers | None = None

    def __len__(self) -> int:
        return len(self.records)

    def record(self, row: int) -> int:
        return int(self.records[row])

    def row(self, record: int) -> int:
        """-1 where the record is not among them."""
        if self.order is None:
            return _find(self.records, record)
        if not 1 <= record <= len(self.order.ranks):
            return -1
        rank = int(self.order.ranks[record - 1])
        return rank if self.ranks is None else _find(self.ranks, rank)

    def same(self, other: "Rows | None") -> bool:
        return (
            other is not None
            and self.order is other.order
            and np.array_equal(self.records, other.records)
        )


def arranged(records: Integers | None, order: Order | None) -> Rows | None:
    """Some records, or all, in an order, or as in the file; None for all as in the file."""
    if order is None:
        return Rows(records) if records is not None else None
    if records is None:
        return Rows(order.records, order)
    ranks = np.sort(order.ranks[records[records <= len(order.ranks)] - 1])
    return Rows(order.records[ranks], order, ranks)


def _find(numbers: Integers | Numbers, number: int) -> int:
    at = int(numbers.searchsorted(number))
    return at if at < len(numbers) and numbers[at] == number else -1
