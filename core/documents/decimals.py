"""Arrow's decimals as IEEE 754-2008 decimal128 in the binary encoding that BSON uses."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_BIAS = 6176
_SIGN = np.uint64(1 << 63)


def decimal128_bytes(column: pa.Array) -> npt.NDArray[np.uint8]:
    """Rows of 16 bytes; a null is 0. A coefficient has at most 34 digits, which take 113 bits."""
    scale = column.type.scale
    filled = pc.fill_null(column, pa.scalar(0, column.type)) if column.null_count else column
    start = filled.offset * 2
    words = np.frombuffer(filled.buffers()[1], "<u8")[start : start + 2 * len(filled)].reshape(
        -1, 2
    )
    low, high = words[:, 0].copy(), words[:, 1].copy()
    negative = (high & _SIGN) != 0
    low[negative] = ~low[negative] + np.uint64(1)
    high[negative] = ~high[negative] + (low[negative] == 0)
    high |= np.uint64((_BIAS - scale) << 49)
    high[negative] |= _SIGN
    return np.stack((low, high), axis=1).astype("<u8").view(np.uint8)
