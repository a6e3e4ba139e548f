"""Whether the values of a column are all different, as far as they are remembered."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.values.hashing import Hasher
from core.values.uniqueness import KeyTable

REMEMBERED = 2_000_000  # values that are compared with each other, 80 MB at most
FEW = 4_096  # values that are kept as they are: hashing them pays only for more
SMALL = 1 << 18  # bytes of them


class Distinct:
    """`count` values were all different; None as soon as one came twice."""

    def __init__(self) -> None:
        self.count: int | None = 0
        self._few: pa.Array | None = pa.array([], pa.string())
        self._table: KeyTable | None = None
        self._hasher = Hasher()

    def add(self, cells: pa.Array, fraction: float) -> None:
        """`fraction` is the part of the file that is read with these cells."""
        if self.count is None or self.count > REMEMBERED:
            return
        before = self.count
        self.count += len(cells)
        if self._few is not None:
            cells, before = pa.concat_arrays([self._few, cells]), 0
            self._few = None
            if pc.count_distinct(cells).as_py() < len(cells):
                self.count = None
                return
            if len(cells) <= FEW and cells.nbytes <= SMALL:
                self._few = cells
                return
        self._table = self._table or KeyTable()
        lines = np.arange(before + 1, self.count + 1, dtype=np.uint32)
        expected = min(self.count / max(fraction, 1e-6), REMEMBERED)
        if self._table.add(self._hasher.hashes([cells]), lines, expected).any():
            self.count = self._table = None
