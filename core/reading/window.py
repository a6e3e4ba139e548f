"""One window of the file while it is being split: its lines, and what was found on them."""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.batch import Integers, Place
from core.reading.encoding import Codec
from core.reading.records import Found
from core.reading.refusals import Refusals

Kinds = npt.NDArray[np.int8]
EMPTY: Integers = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Block:
    """`begins` are the lines (from 0) on which records and the like begin, `kinds` what these are,
    `stops` where each line ends in the original bytes `data`."""

    data: bytes
    begins: Integers
    kinds: Kinds
    stops: Integers
    columns: list[Any]
    refused: Refusals

    @property
    def records(self) -> int:
        """How many, the refused ones too."""
        return len(self.columns[0]) + len(self.refused)


@dataclass(slots=True)
class Lines:
    """The lines of one window. `ends` are the lines' ends in `text`, `stops` those in the file;
    `quotes` the places of the quotes in `text`, `quoted` the lines they stand on."""

    raw: bytes
    text: bytes
    stops: Integers
    ends: Integers
    quotes: Integers
    quoted: Integers
    bad: list[int]
    place: Place
    feeds: bool  # every line feed, and nothing else, ends a line
    kinds: Kinds = field(init=False)
    refused: dict[int, str] = field(default_factory=dict)  # why, by line

    def __post_init__(self) -> None:
        self.kinds = np.zeros(len(self.ends), np.int8)

    def start_of(self, byte: int) -> int:
        """Where the line that holds a byte of the text begins."""
        return self.begin(int(self.ends.searchsorted(byte, "right")))

    def begin(self, line: int) -> int:
        return int(self.ends[line - 1]) if line else 0

    def begins(self, lines: Integers) -> Integers:
        """Where lines begin."""
        found: Integers = self.ends[lines - 1]
        found[lines == 0] = 0
        return found


class Piece(NamedTuple):
    """What the machine found on a line."""

    line: int
    start: int
    found: Found


def survey(
    codec: Codec, text: bytes, quote: str, final: bool
) -> tuple[Integers, Integers, Integers]:
    """Of UTF-8 text the lines' ends, and each quote's place and the line it stands on; with
    `final` an unended last line ends with the text."""
    units = np.frombuffer(text, np.uint8)
    if not quote or quote.encode() not in text:
        return codec.text_stops(text, final), EMPTY, EMPTY
    if not codec.feeds(text):
        ends, places = codec.text_stops(text, final), np.flatnonzero(units == ord(quote))
        return ends, places, ends.searchsorted(places, "right")
    either = units == 10
    either |= units == ord(quote)
    marks = np.flatnonzero(either)
    feeds = units[marks] == 10
    nth = np.flatnonzero(~feeds)
    ends = marks[feeds] + 1
    if final and not text.endswith(b"\n"):
        ends = np.append(ends, len(text))
    return ends, marks[nth], nth - np.arange(len(nth))


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
        bits = np.unpackbits(np.frombuffer(column.buffers()[0], np.uint8), bitorder="little")
        empty &= bits[column.offset : column.offset + len(empty)] == 0
        if not empty.any():
            break
    return empty


def white(column: Any) -> npt.NDArray[np.bool_]:
    """Cells of white space or nothing."""
    trimmed = pc.utf8_trim_whitespace(column)
    offsets = np.frombuffer(trimmed.buffers()[1], np.int32)
    found: npt.NDArray[np.bool_] = np.diff(offsets[trimmed.offset :][: len(column) + 1]) == 0
    return found


def kept(columns: list[Any], keep: npt.NDArray[np.bool_]) -> list[Any]:
    """The rows to keep."""
    bits = pa.py_buffer(np.packbits(keep, bitorder="little"))
    mask = pa.Array.from_buffers(pa.bool_(), len(keep), [None, bits])
    return [column.filter(mask) for column in columns]
