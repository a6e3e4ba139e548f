"""Dates and times of a fixed width read by numpy: 40 ns a cell, right or wrong.

A pattern of %Y %m %d %H %M %S %f-less directives and plain characters gives each cell one width;
cells of that width whose digits make a date are read here, all others are left to strptime.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.values.text import Mask, data, lengths, offsets, valid

_WIDTH = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_BEFORE = np.concatenate(([0], np.cumsum(_DAYS)))[:13]  # days before the month's first, by month
_EPOCH_DAY = 719162  # from 0001-01-01 to 1970-01-01


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each directive and each plain character of a pattern stands in a cell."""

    width: int
    fields: tuple[tuple[str, int], ...]
    literals: tuple[tuple[int, int], ...]  # place, byte


@cache
def layout(pattern: str) -> Layout | None:
    """The layout of a strptime pattern, None where its cells have no fixed width."""
    place, i = 0, 0
    fields: list[tuple[str, int]] = []
    literals: list[tuple[int, int]] = []
    while i < len(pattern):
        char = pattern[i]
        if char == "%":
            i += 1
            directive = pattern[i : i + 1]
            if directive not in _WIDTH or directive in (name for name, _ in fields):
                return None
            fields.append((directive, place))
            place += _WIDTH[directive]
        elif not char.isascii() or char.isspace():
            if char != " ":
                return None
            literals.append((place, 32))
            place += 1
        else:
            literals.append((place, ord(char)))
            place += 1
        i += 1
    names = {name for name, _ in fields}
    if not {"Y", "m", "d"} <= names:
        return None
    return Layout(place, tuple(fields), tuple(literals))


def milliseconds(values: pa.Array, shape: Layout) -> tuple[npt.NDArray[np.int64], Mask]:
    """Milliseconds since 1970 (as if UTC) and a mask of the cells that were read."""
    found = np.zeros(len(values), np.int64)
    fits = (lengths(values) == shape.width) & valid(values)
    rows = np.flatnonzero(fits)
    if not len(rows):
        return found, fits
    cells = _matrix(values, rows, shape.width)
    good = np.ones(len(rows), bool)
    for place, byte in shape.literals:
        good &= cells[:, place] == byte
    part: dict[str, Any] = {name: _digits(cells, at, name, good) for name, at in shape.fields}
    days = _day_number(part["Y"], part["m"], part["d"], good)
    seconds = _seconds(part, good)
    found[rows] = (days * 86_400 + seconds) * 1000
    fits[rows] = good
    return found, fits


def _matrix(values: pa.Array, rows: npt.NDArray[np.int64], width: int) -> npt.NDArray[np.uint8]:
    start = offsets(values)
    cells = data(values)
    if len(rows) == len(values):
        return cells[start[0] : start[-1]].reshape(len(rows), width)
    some: npt.NDArray[np.uint8] = cells[start[rows][:, None] + np.arange(width)]
    return some


def _digits(
    cells: npt.NDArray[np.uint8], place: int, name: str, good: Mask
) -> npt.NDArray[np.int32]:
    total = np.zeros(len(cells), np.int32)
    for column in range(place, place + _WIDTH[name]):
        digit = cells[:, column] - np.uint8(48)  # what is no digit wraps round to above 9
        good &= digit <= 9
        total = total * 10 + digit
    return total


def _day_number(year: Any, month: Any, day: Any, good: Mask) -> npt.NDArray[np.int64]:
    good &= (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    month = np.where(good, month, 1)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    good &= day <= _DAYS[month] + (leap & (month == 2))
    past = (year - 1).astype(np.int64)
    before = past * 365 + past // 4 - past // 100 + past // 400
    number: npt.NDArray[np.int64] = (
        before + _BEFORE[month] + (leap & (month > 2)) + day - 1 - _EPOCH_DAY
    )
    return number


def _seconds(part: dict[str, Any], good: Mask) -> Any:
    hour, minute, second = (part.get(name, 0) for name in "HMS")
    for value, limit in ((hour, 23), (minute, 59), (second, 59)):
        if not isinstance(value, int):
            good &= value <= limit
    return hour * 3600 + minute * 60 + second
