"""128-bit keyed hashes of typed columns, vectorised.

The hash is multilinear (Thorup; Lemire and Kaser, "Strongly universal string hashing is fast"):
four lanes of sum(key[i] * word[i]) over 32-bit words, modulo 2^64, of which the upper half counts.
With random keys two different values meet with a chance of 2^-128 whatever the values are, so no
innocent row is refused and no file can be made to clash. Cells above 256 bytes go through BLAKE2b.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.values.text import data, lengths, offsets

Words = npt.NDArray[np.uint64]
LONG = 256  # bytes
_LANES = 4
_WORDS = LONG // 4 + 1
_KEEP = np.array([0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF], np.uint32)
_UPPER = np.uint64(0xFFFFFFFF00000000)


class Hasher:
    """Hashes columns with keys of its own, drawn once for a load."""

    def __init__(self, seed: bytes | None = None) -> None:
        self._seed = seed or os.urandom(32)
        self._keys: dict[int, npt.NDArray[np.uint64]] = {}

    def hashes(self, columns: Sequence[pa.Array]) -> npt.NDArray[np.uint64]:
        """(n, 2) of the values of each row together; a null hashes as nothing."""
        lanes = [np.zeros(len(columns[0]), np.uint64) for _ in range(_LANES)]
        for place, column in enumerate(map(_flat, columns)):
            keys = self._column_keys(place)
            for i, words in _words(column):
                for lane, total in enumerate(lanes):
                    np.add(total, words * keys[lane, i], out=total)
            self._add_long(column, place, lanes)
        found = np.empty((len(columns[0]), 2), np.uint64)
        found[:, 0] = (lanes[0] & _UPPER) | (lanes[1] >> np.uint64(32))
        found[:, 1] = (lanes[2] & _UPPER) | (lanes[3] >> np.uint64(32))
        return found

    def _column_keys(self, place: int) -> npt.NDArray[np.uint64]:
        if place not in self._keys:
            stream = hashlib.shake_256(self._seed + place.to_bytes(4, "little"))
            drawn = stream.digest(_LANES * _WORDS * 8)
            self._keys[place] = np.frombuffer(drawn, np.uint64).reshape(_LANES, _WORDS)
        return self._keys[place]

    def _add_long(self, column: pa.Array, place: int, lanes: list[Words]) -> None:
        if not _is_bytes(column):
            return
        for row in np.flatnonzero(lengths(column) > LONG):
            cell = column[int(row)].as_py()
            cell = cell.encode() if isinstance(cell, str) else cell or b""
            person = place.to_bytes(4, "little")
            digest = hashlib.blake2b(cell, key=self._seed, digest_size=32, person=person).digest()
            for total, word in zip(lanes, np.frombuffer(digest, np.uint64), strict=True):
                total[row] += word


def _flat(column: pa.Array) -> pa.Array:
    if not pa.types.is_list(column.type):
        return column
    return pa.array([repr(value) for value in column.to_pylist()], pa.string())


def _is_bytes(column: pa.Array) -> bool:
    return column.type in (pa.string(), pa.binary())


def _words(column: pa.Array) -> Iterator[tuple[int, Words]]:
    """The 32-bit words of each cell with their numbers; 0 is a cell's length."""
    if _is_bytes(column):
        yield from _text_words(column)
        return
    yield from enumerate(_fixed_words(column))


def _fixed_words(column: pa.Array) -> Iterator[Words]:
    if pa.types.is_floating(column.type):
        column = pc.add(column, 0.0)  # -0.0 equals 0.0
    if pa.types.is_decimal(column.type):
        column = pc.cast(column, pa.decimal256(68, 34))  # 1.5 equals 1.50
    if pa.types.is_boolean(column.type):
        column = pc.cast(column, pa.uint8())
    width = column.type.bit_width
    wide = np.frombuffer(column.buffers()[1], f"<u{min(width, 32) // 8}")
    count = max(1, width // 32)
    cells = wide[column.offset * count : (column.offset + len(column)) * count]
    for i in range(count):
        yield cells[i::count].astype(np.uint64)


def _text_words(column: pa.Array) -> Iterator[tuple[int, Words]]:
    size = lengths(column)
    size = np.where(size > LONG, 0, size)  # hashed otherwise
    yield 0, size.astype(np.uint64)
    longest = int(size.max()) if len(size) else 0
    if not longest:
        return
    start = offsets(column)
    cells = np.append(data(column)[start[0] : start[-1]], np.zeros(4, np.uint8))
    sliding = np.ndarray((len(cells) - 3,), "<u4", cells.data, strides=(1,))
    begin = start[:-1].astype(np.int64) - start[0]
    for i in range((longest + 3) // 4):
        at = np.minimum(begin + 4 * i, len(sliding) - 1)
        left = np.clip(size - 4 * i, 0, 4)
        yield i + 1, (sliding[at] & _KEEP[left]).astype(np.uint64)
