"""One window of the file while it is being split: its lines, and what was found on them."""

from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from core.batch import Integers, Place
from core.reading.machine import Cell
from core.reading.proof import Quotes
from core.reading.records import Found
from core.reading.refusals import Refusals

Kinds = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Block:
    """`kinds` says what begins on each line, `stops` are the lines' ends in the original bytes,
    both within the block; `data` are those bytes."""

    data: bytes
    kinds: Kinds
    stops: Integers
    columns: list[Any]
    refused: Refusals
    records: int


@dataclass(slots=True)
class Lines:
    """The lines of one window. `ends` are the lines' ends in `text`, `stops` those in the file."""

    raw: bytes
    text: bytes
    stops: Integers
    ends: Integers
    bad: list[int]
    place: Place
    feeds: bool  # every line feed, and nothing else, ends a line
    kinds: Kinds = field(init=False)
    cells: dict[int, tuple[list[Cell], str]] = field(default_factory=dict)  # refused, by line

    def __post_init__(self) -> None:
        self.kinds = np.zeros(len(self.ends), np.int8)

    def number(self, bytes_: Any) -> Any:
        """The line that holds each byte of the text."""
        return self.ends.searchsorted(bytes_, "right")

    def start_of(self, byte: int) -> int:
        """Where the line that holds a byte of the text begins."""
        if self.feeds:
            return self.text.rfind(b"\n", 0, byte) + 1
        return self.begin(int(self.number(byte)))

    def begin(self, line: int) -> int:
        return int(self.ends[line - 1]) if line else 0


@dataclass(frozen=True, slots=True)
class Piece:
    start: int
    found: Found


def pairs(quotes: Quotes, pieces: list[Piece], limit: int) -> tuple[Integers, Integers]:
    """The opening and closing quotes of the regions between the pieces."""
    places = quotes.places
    if not pieces and (not len(places) or limit > places[-1]):
        return places[0::2], places[1::2]
    bounds = [0]
    for piece in pieces:
        bounds += [piece.start, piece.found.stop]
    bounds.append(max(limit, bounds[-1]))
    indexes = np.searchsorted(places, bounds).tolist()
    regions = list(pairwise(indexes))[0::2]
    opens = np.concatenate([places[a:b:2] for a, b in regions])
    closes = np.concatenate([places[a + 1 : b : 2] for a, b in regions])
    return opens, closes


def any_between(numbers: list[int], first: int, last: int) -> bool:
    n = bisect_left(numbers, first)
    return n < len(numbers) and numbers[n] <= last


def all_null(columns: list[Any]) -> npt.NDArray[np.bool_]:
    """Rows without any text; most tables are done after the first column."""
    empty = np.ones(len(columns[0]), bool)
    for column in columns:
        if column.null_count == 0:
            return np.zeros(len(empty), bool)
    for column in columns:
        empty &= column.is_null().to_numpy(zero_copy_only=False)
        if not empty.any():
            break
    return empty
