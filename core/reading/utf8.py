"""Which bytes are UTF-8 text, told of a whole window at once."""

import numpy as np
import pyarrow as pa

from core.batch import Integers

# For each first byte of a character, how many follow, and the range of the next one (RFC 3629)
_FOLLOW = np.zeros(256, np.int8)
_FOLLOW[0xC2:0xF5] = [1] * 30 + [2] * 16 + [3] * 5
_LOW, _HIGH = np.full(256, 0xFF, np.uint8), np.zeros(256, np.uint8)
_LOW[0xC2:0xF5], _HIGH[0xC2:0xF5] = 0x80, 0xBF
_LOW[[0xE0, 0xF0]], _HIGH[[0xED, 0xF4]] = (0xA0, 0x90), (0x9F, 0x8F)


def valid_utf8(raw: bytes) -> bool:
    """As `bytes.decode` judges, without building the text."""
    buffers = [None, pa.py_buffer(np.array([0, len(raw)], np.int32)), pa.py_buffer(raw)]
    try:
        pa.Array.from_buffers(pa.binary(), 1, buffers).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def bad_utf8(raw: bytes) -> Integers:
    """Where bytes stand that begin no whole character and belong to none, in no order."""
    units = np.frombuffer(raw, np.uint8)
    high = np.flatnonzero(units >= 0x80)
    heads = units.take(high) >= 0xC0
    firsts, rest = high.compress(heads), high.compress(~heads)
    values = units.take(firsts)
    follow = _FOLLOW.take(values)
    following = units.take(firsts + 1, mode="clip")
    good = (following >= _LOW.take(values)) & (following <= _HIGH.take(values))
    for n in (2, 3):
        longer = np.flatnonzero(follow >= n)
        following = units.take(firsts[longer] + n, mode="clip")
        good[longer] &= (following & 0xC0 == 0x80) & (firsts[longer] + n < len(raw))
    whole, length = firsts.compress(good), follow.compress(good)
    inside = np.concatenate([whole.compress(length >= n) + n for n in (1, 2, 3)])
    if len(inside) < len(rest):
        rest = np.setdiff1d(rest, inside, assume_unique=True)
        return np.concatenate((firsts.compress(~good), rest))
    return firsts.compress(~good)
