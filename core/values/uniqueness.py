"""Which keys of a file were seen before: one open-addressing table, 20 bytes a slot.

A slot holds the 128-bit hash of a key and the line of the record that holds it. Tables grow to
what the part of the file read so far lets expect, so a value takes 25 to 40 bytes.

Numbers that count upward have hashes a stride apart, which fill a table evenly and fast; but some
one in a thousand strides lays them into a few long runs. Then hashes are stirred before a place is
taken from them, which costs every key 0.1 µs more.
"""

import numpy as np
import numpy.typing as npt

from core.values.text import Mask

_FILL = 0.62  # above it probing takes long
_START = 1 << 8
_CHUNK = 1 << 18
_ROUNDS = 128  # slots looked at for one key: a longer run is no chance at this fill
_STIRS = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))
Hashes = npt.NDArray[np.uint64]
Lines = npt.NDArray[np.uint32]


class KeyTable:
    """Keys by hash, each with the line it was first or, `keep="last"`, last seen on."""

    def __init__(self, keep: str = "first") -> None:
        self._keep = keep
        self._is_stirred = False
        self.count = 0
        self._make(_START)

    def _make(self, capacity: int) -> None:
        # moved as one 16-byte item, compared as two numbers; two zeros mean an empty slot
        self._slots = np.zeros(capacity, np.complex128)
        self._lines = np.zeros(capacity, np.uint32)
        self._many = np.zeros(capacity if self._keep == "refuse" else 0, bool)

    def add(self, hashes: Hashes, lines: Lines, expected: float = 0.0) -> Lines:
        """Enter keys in the order of their rows; for each the line it was on before, 0 if new.

        `expected` is how many keys there will be at the end, as far as can be told.
        """
        self._reserve(len(hashes), expected)
        keys, at = _keys(hashes), self._first_place(hashes)
        earlier = np.zeros(len(keys), np.uint32)
        row = np.arange(len(keys))
        rounds = 0
        while len(keys):
            rounds += 1
            free = _is_free(self._slots.take(at))
            entered = np.flatnonzero(free)[::-1]  # so that of several rows the first one stays
            self._slots[at[entered]] = keys[entered]
            self._lines[at[entered]] = lines[entered]
            same = _equal(self._slots.take(at), keys)
            met = np.flatnonzero(same)
            owner = self._lines.take(at[met])
            mine = free[met] & (owner == lines[met])
            self.count += int(np.count_nonzero(mine))
            if not mine.all():
                again = met[~mine]
                earlier[row[again]] = owner[~mine]
                self._note(at[again], lines[again])
            left = np.flatnonzero(~same)
            keys, lines, row = keys[left], lines[left], row[left]
            at = self._next(at[left])
            if rounds == _ROUNDS and not self._is_stirred:
                self._is_stirred = True
                self._grow(len(self._slots))
                at = self._first_place(keys.view(np.uint64).reshape(-1, 2))
        return earlier

    def _next(self, at: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        at += 1
        at[at == len(self._slots)] = 0
        return at

    def _note(self, slots: npt.NDArray[np.int64], lines: Lines) -> None:
        if self._keep == "last":
            np.maximum.at(self._lines, slots, lines)
        elif self._keep == "refuse":
            self._many[slots] = True

    def find(self, hashes: Hashes) -> tuple[Lines, Mask]:
        """The line kept for each key (0 where it is unknown), and whether it came again."""
        keys = _keys(hashes)
        lines = np.zeros(len(keys), np.uint32)
        many = np.zeros(len(keys), bool)
        todo = np.arange(len(keys))
        place = self._first_place(hashes)
        while len(todo):
            at = place[todo]
            held = self._slots.take(at)
            same = _equal(held, keys[todo])
            lines[todo[same]] = self._lines[at[same]]
            if len(self._many):
                many[todo[same]] = self._many[at[same]]
            todo = todo[~same & ~_is_free(held)]
            place[todo] = self._next(place[todo])
        return lines, many

    def _first_place(self, hashes: Hashes) -> npt.NDArray[np.int64]:
        top = (_stirred(hashes) if self._is_stirred else hashes[:, 0]) >> np.uint64(32)
        # multiply and shift instead of a remainder: any capacity, no division
        return ((top * np.uint64(len(self._slots))) >> np.uint64(32)).astype(np.int64)

    def _reserve(self, more: int, expected: float) -> None:
        needed = self.count + more
        if needed <= _FILL * len(self._slots):
            return
        wanted = max(needed * 1.2, min(expected * 1.05, needed * 1_000))
        self._grow(int(wanted / _FILL) + 1)

    def _grow(self, capacity: int) -> None:
        slots, lines, many = self._slots, self._lines, self._many
        self._make(capacity)
        self.count = 0
        for start in range(0, len(slots), _CHUNK):
            some = slice(start, start + _CHUNK)
            used = ~_is_free(slots[some])
            hashes = slots[some][used].view(np.uint64).reshape(-1, 2)
            self._enter(hashes, lines[some][used], many[some][used] if len(many) else None)

    def _enter(self, hashes: Hashes, lines: Lines, many: Mask | None) -> None:
        """Keys that are all different, into a table that has room."""
        keys, todo = _keys(hashes), np.arange(len(hashes))
        place = self._first_place(hashes)
        while len(todo):
            at = place[todo]
            free = _is_free(self._slots.take(at))
            self._slots[at[free]] = keys[todo[free]]
            mine = free & _equal(self._slots.take(at), keys[todo])
            rows = todo[mine]
            self._lines[at[mine]] = lines[rows]
            if many is not None:
                self._many[at[mine]] = many[rows]
            todo = todo[~mine]
            place[todo] = self._next(place[todo])
        self.count += len(hashes)


def _stirred(hashes: Hashes) -> npt.NDArray[np.uint64]:
    """MurmurHash3's finalizer over both halves."""
    found = (hashes[:, 0] | np.uint64(1)) ^ hashes[:, 1]  # as it stands in a slot
    for factor in _STIRS:
        found ^= found >> np.uint64(33)
        found *= factor
    return found


def _keys(hashes: Hashes) -> npt.NDArray[np.complex128]:
    keys = np.ascontiguousarray(hashes)
    keys[:, 0] |= np.uint64(1)  # no key looks like an empty slot
    return keys.view(np.complex128).reshape(-1)


def _is_free(keys: npt.NDArray[np.complex128]) -> Mask:
    found: Mask = keys.view(np.uint64)[::2] == 0
    return found


def _equal(a: npt.NDArray[np.complex128], b: npt.NDArray[np.complex128]) -> Mask:
    same = a.view(np.uint64) == b.view(np.uint64)
    found: Mask = same[::2] & same[1::2]
    return found
