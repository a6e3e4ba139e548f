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
_ROWS, _WORDS = 4096, 32  # that are multiplied at once: 1 MB, which a processor's cache holds


def digests(data: bytes | memoryview, offsets: Integers) -> Digests:
    """Fingerprints of the documents data[offsets[i]:offsets[i + 1]]."""
    sizes = np.diff(offsets)
    if not len(sizes):
        return np.empty(0, np.uint64)
    starts = offsets[:-1] - offsets[0]
    whole = np.minimum(sizes, LONG) >> 3
    padded = _padded(np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]])
    words = np.lib.stride_tricks.as_strided(  # those that begin at any byte, as numbers
        padded[:8].view("<u8"), (len(padded) - 8 * _WORDS, _WORDS), (1, 8)
    )
    sums = _ends(words[:, 0], starts, sizes, whole)
    for first in range(0, len(sizes), _ROWS):
        some = slice(first, first + _ROWS)
        _add(sums[some], words, starts[some], whole[some])
    found: Digests = (sums ^ (sums >> np.uint64(32))) * _BASE
    for row in np.flatnonzero(sizes > LONG):
        start = int(starts[row])
        found[row] = _long(padded[start : start + int(sizes[row])].tobytes())
    return found


def _padded(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The bytes, and behind them so many that words can be read at the end, too."""
    padded = np.zeros(len(data) + 8 * _WORDS + 1, np.uint8)
    padded[: len(data)] = data
    return padded


def _ends(words: Digests, starts: Integers, sizes: Integers, whole: Integers) -> Digests:
    """The bytes of each document after its last whole word, and its length."""
    tails = words[starts + (whole << 3)] & _MASKS[sizes & 7]
    ends: Digests = tails * _POWERS[0] ^ sizes.astype(np.uint64)
    return ends


def _add(sums: Digests, words: Digests, starts: Integers, whole: Integers) -> None:
    """To each sum the polynomial of its document's whole words."""
    least, most = int(whole.min()), int(whole.max())
    width = min(_WORDS, max(1, most))
    for n in range(0, most, width):
        powers = _POWERS[n + 1 : n + 1 + width]
        if n + width <= least:
            sums += np.einsum("ij,j->i", words[starts + 8 * n, :width], powers)
            continue
        rows = np.flatnonzero(whole > n)
        counted = np.tri(width + 1, len(powers), -1, dtype=np.uint64) * powers
        factors = counted[np.minimum(whole[rows] - n, width)]
        some = words[starts[rows] + 8 * n, : len(powers)]
        sums[rows] += np.einsum("ij,ij->i", some, factors)


def _long(document: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(document, digest_size=8).digest(), "little")


def digest(document: bytes) -> int:
    """Of one document."""
    if len(document) > LONG:
        return _long(document)
    return int(digests(document, np.array([0, len(document)], np.int64))[0])
