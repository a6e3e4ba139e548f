"""Records given as text by a person or a program, as a batch like those of a file."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from core.batch import Place, RawBatch


def one_record(values: Mapping[str, str]) -> RawBatch:
    """A record given as text, as a batch."""
    return columns_of({name: [text] for name, text in values.items()}, 1)


def one_column(name: str, values: Sequence[str]) -> RawBatch:
    """A column given as text, as a batch; records and lines count from 1."""
    return columns_of({name: values}, len(values))


def columns_of(columns: Mapping[str, Sequence[str]], count: int) -> RawBatch:
    """Columns of `count` cells as a batch; an empty cell is a null."""
    numbers = np.arange(1, count + 1, dtype=np.int64)
    return RawBatch(
        place=Place(0, 1, 1),
        count=count,
        records=numbers,
        lines=numbers,
        spans=np.zeros((count, 2), np.int64),
        columns={
            name: pa.array([text or None for text in cells], pa.string())
            for name, cells in columns.items()
        },
        refused=(),
        blank=0,
        data=b"",
        origin=0,
        fraction=1.0,
    )
