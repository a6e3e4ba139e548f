"""A 64-bit fingerprint of each document of a batch, so that undo sees what was edited since.

A polynomial over the document's 8-byte words modulo 2**64, computed for all documents at once; it
tells edits apart, it does not withstand an adversary.
"""

import numpy as np
import numpy.typing as npt

from core.batch import Integers

Digests = npt.NDArray[np.uint64]
_BASE = 0x9E3779B97F4A7C15  # odd: each power is invertible modulo 2**64
_MASK = (1 << 64) - 1


def digests(data: bytes | memoryview, offsets: Integers) -> Digests:
    """Fingerprints of the documents data[offsets[i]:offsets[i + 1]]."""
    sizes = np.diff(offsets)
    words = (sizes + 7) >> 3
    if not len(sizes):
        return np.empty(0, np.uint64)
    padded = np.zeros(int(offsets[-1] - offsets[0]) + 8, np.uint8)
    padded[:-8] = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]]
    anywhere = np.lib.stride_tricks.as_strided(
        padded[:8].view("<u8"), shape=(len(padded) - 7,), strides=(1,)
    )
    firsts = np.concatenate(([0], np.cumsum(words)))
    within = np.arange(firsts[-1]) - np.repeat(firsts[:-1], words)
    places = np.repeat(offsets[:-1] - offsets[0], words) + (within << 3)
    values = anywhere[places].astype(np.uint64)
    _trim(values, firsts, sizes)
    values ^= values >> np.uint64(29)
    values *= _powers(int(words.max()))[within]
    sums = np.add.reduceat(values, firsts[:-1])
    mixed: Digests = (sums ^ (sums >> np.uint64(32))) * np.uint64(_BASE)
    return mixed


def _trim(values: Digests, firsts: Integers, sizes: Integers) -> None:
    """The last word of a document keeps only the document's own bytes."""
    spare = (-sizes & 7).astype(np.uint64) << np.uint64(3)
    values[firsts[1:] - 1] &= np.uint64(_MASK) >> spare


def _powers(count: int) -> Digests:
    powers: Digests = np.multiply.accumulate(np.full(count, _BASE, np.uint64))
    return powers


def digest(document: bytes) -> int:
    """Of one document."""
    return int(digests(document, np.array([0, len(document)], np.int64))[0])
