"""A 64-bit fingerprint of each document of a batch, so that undo sees what was edited since.

A polynomial over the document's 8-byte words modulo 2**64, computed for all documents at once; it
tells edits apart, it does not withstand an adversary. Long documents go through BLAKE2b.
"""

import hashlib

import numpy as np
import numpy.typing as npt

from core.batch import Integers

Digests = npt.NDArray[np.uint64]
LONG = 4096  # bytes
_BASE = np.uint64(0x9E3779B97F4A7C15)  # odd: each power is invertible modulo 2**64
_POWERS = np.multiply.accumulate(np.full(LONG // 8 + 2, _BASE, np.uint64))
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(8)], np.uint64)


def digests(data: bytes | memoryview, offsets: Integers) -> Digests:
    """Fingerprints of the documents data[offsets[i]:offsets[i + 1]]."""
    sizes = np.diff(offsets)
    if not len(sizes):
        return np.empty(0, np.uint64)
    padded = np.zeros(int(offsets[-1] - offsets[0]) + 8, np.uint8)
    padded[:-8] = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]]
    words = np.lib.stride_tricks.as_strided(  # the 8 bytes at any place, as a number
        padded[:8].view("<u8"), shape=(len(padded) - 7,), strides=(1,)
    )
    starts = offsets[:-1] - offsets[0]
    whole = np.minimum(sizes, LONG) >> 3
    sums = _ends(words, starts, sizes, whole)
    rows: Integers | slice = slice(None)
    least, at = int(whole.min()), starts.copy()
    for n in range(int(whole.max())):
        if n >= least:
            rows = np.flatnonzero(whole > n)
            at = starts[rows] + 8 * n
        sums[rows] += words[at] * _POWERS[n + 1]
        at += 8
    found: Digests = (sums ^ (sums >> np.uint64(32))) * _BASE
    for row in np.flatnonzero(sizes > LONG):
        start = int(starts[row])
        found[row] = _long(padded[start : start + int(sizes[row])].tobytes())
    return found


def _ends(words: Digests, starts: Integers, sizes: Integers, whole: Integers) -> Digests:
    """The bytes of each document after its last whole word, and its length."""
    tails = words[starts + (whole << 3)] & _MASKS[sizes & 7]
    ends: Digests = tails * _POWERS[0] ^ sizes.astype(np.uint64)
    return ends


def _long(document: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(document, digest_size=8).digest(), "little")


def digest(document: bytes) -> int:
    """Of one document."""
    if len(document) > LONG:
        return _long(document)
    return int(digests(document, np.array([0, len(document)], np.int64))[0])
