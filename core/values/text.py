"""Text columns seen as bytes, so that numpy can find the few odd cells among many plain ones.

All functions take a `pa.StringArray` (null = no cell) and allow slices. Masks are numpy bools.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]
SHOWN = 120  # characters of a cell that a message repeats

_DIGIT, _DOT, _MINUS, _OTHER = 1, 1 << 8, 1 << 16, 1 << 24


def _classes() -> npt.NDArray[np.uint32]:
    table = np.full(256, _OTHER, np.uint32)
    table[ord("0") : ord("9") + 1] = _DIGIT
    table[ord(".")] = _DOT
    table[ord("-")] = _MINUS
    return table


_CLASSES = _classes()


def offsets(values: pa.Array) -> npt.NDArray[np.int32]:
    """Where each cell begins in `data`, and where the last one ends: (n + 1,)."""
    buffer = values.buffers()[1]
    if buffer is None or len(values) == 0:
        return np.zeros(len(values) + 1, np.int32)
    return np.frombuffer(buffer, np.int32, len(values) + 1, values.offset * 4)


def data(values: pa.Array) -> npt.NDArray[np.uint8]:
    buffer = values.buffers()[2]
    return np.frombuffer(buffer, np.uint8) if buffer is not None else np.zeros(0, np.uint8)


def lengths(values: pa.Array) -> npt.NDArray[np.int32]:
    """Bytes of each cell; of a null cell nothing that has a meaning."""
    found: npt.NDArray[np.int32] = np.diff(offsets(values))
    return found


def joined(values: pa.Array) -> str:
    """All cells as one text, nothing between them; no cell may be null."""
    start = offsets(values)
    return data(values)[start[0] : start[-1]].tobytes().decode()


def valid(values: pa.Array) -> Mask:
    if not values.null_count:
        return np.ones(len(values), bool)
    return numpy_mask(pc.is_valid(values))


def numpy_mask(mask: pa.Array) -> Mask:
    """A boolean array as numpy; null counts as False."""
    if mask.null_count:
        mask = pc.fill_null(mask, False)
    found: Mask = mask.to_numpy(zero_copy_only=False)
    return found


def where(mask: Mask, values: pa.Array) -> pa.Array:
    """`values` where the mask holds, null elsewhere."""
    return pc.if_else(pa.array(mask), values, pa.scalar(None, values.type))


def has_byte(values: pa.Array, wanted: bytes) -> bool:
    """Whether one of these bytes stands in any cell."""
    start, stop = (int(n) for n in offsets(values)[[0, -1]])
    cells = data(values)[start:stop].tobytes()
    return any(cells.find(wanted[i : i + 1]) >= 0 for i in range(len(wanted)))


def bytes_present(values: pa.Array) -> Mask:
    """Which of the 256 bytes stand in any cell."""
    start = offsets(values)
    found: Mask = np.bincount(data(values)[start[0] : start[-1]], minlength=256) > 0
    return found


def made_of(values: pa.Array, allowed: bytes) -> Mask:
    """Cells in which no other bytes stand than these."""
    start = offsets(values)
    cells = data(values)[start[0] : start[-1]].tobytes()
    other = np.frombuffer(cells.translate(_others(allowed)), bool)
    found = np.ones(len(values), bool)
    found[np.searchsorted(start, np.flatnonzero(other) + start[0], side="right") - 1] = False
    return found


@cache
def _others(allowed: bytes) -> bytes:
    return bytes(byte not in allowed for byte in range(256))


def plain_numbers(values: pa.Array, longest: int, dots: int = 1) -> Mask:
    """Cells of an optional minus, ASCII digits and at most `dots` points, `longest` digits at most.

    What is left out may still be a number, written in another way.
    """
    start = offsets(values)
    size = lengths(values)
    if not len(size) or int(size.max()) > 200 or int(start[-1] - start[0]) == 0:
        return _plain_one_by_one(values, longest, dots)
    cells = data(values)[start[0] : start[-1]]
    classes: npt.NDArray[np.uint32] = np.append(_CLASSES.take(cells), np.uint32(0))
    counts = np.add.reduceat(classes, start[:-1] - start[0])
    first = np.append(cells, np.uint8(0))[start[:-1] - start[0]]
    digits = counts & 0xFF
    minus = (counts >> 16) & 0xFF
    found: Mask = (size > 0) & (counts < _OTHER) & (digits > 0) & (digits <= longest)
    found &= ((counts >> 8) & 0xFF) <= dots
    found &= (minus == 0) | ((minus == 1) & (first == ord("-")))
    return found & valid(values)


def _plain_one_by_one(values: pa.Array, longest: int, dots: int) -> Mask:
    """The same where a cell is too long for counters of eight bits."""
    pattern = r"^-?[0-9]*[0-9][0-9]*$" if not dots else r"^-?([0-9]+\.?[0-9]*|\.[0-9]+)$"
    mask = numpy_mask(pc.match_substring_regex(values, pattern))
    digits = pc.binary_length(pc.replace_substring_regex(values, "[^0-9]", ""))
    return mask & numpy_mask(pc.less_equal(digits, longest))


def patch(
    values: pa.Array,
    plain: Mask,
    kind: pa.DataType,
    exact: Callable[[str], Any],
    read: Callable[[pa.Array, pa.DataType], pa.Array] = pc.cast,
) -> tuple[pa.Array, Mask]:
    """Read the plain cells at once and the others one by one; the mask tells the wrong ones.

    `exact` gives the value of one cell's text, or None where it is wrong; each different text is
    asked about once.
    """
    bad = np.zeros(len(values), bool)
    if plain.all():
        return read(values, kind), bad
    cast = read(where(plain, values), kind)
    odd = np.flatnonzero(~plain & valid(values))
    if not len(odd):
        return cast, bad
    parsed = each(values.take(pa.array(odd)), exact)
    bad[odd] = [value is None for value in parsed]
    good = np.zeros(len(values), bool)
    good[odd] = ~bad[odd]
    if good.any():
        kept = pa.array([value for value in parsed if value is not None], kind)
        cast = pc.replace_with_mask(cast, pa.array(good), kept)
    return cast, bad


def each(values: pa.Array, exact: Callable[[str], Any]) -> list[Any]:
    """`exact` of every cell, worked out once for each different text."""
    known: dict[str, Any] = {}
    found = []
    for text in values.to_pylist():
        if text not in known:
            known[text] = exact(text)
        found.append(known[text])
    return found


def strings(values: pa.Array) -> list[str]:
    """The cells as Python texts, a null as "" (three times as fast as to_pylist)."""
    cells: list[str] = values.to_numpy(zero_copy_only=False).tolist()
    return ["" if cell is None else cell for cell in cells] if values.null_count else cells


def shown(value: str) -> str:
    """A cell as a message repeats it: short, and on one line."""
    if len(value) <= SHOWN and value.isprintable():
        return value
    if len(value) > SHOWN:
        value = value[:SHOWN] + "…"
    return value.replace("\r\n", "⏎").replace("\n", "⏎").replace("\r", "⏎")


def option(options: Mapping[str, Any], key: str, default: Any) -> Any:
    value = options.get(key)
    return default if value is None else value
