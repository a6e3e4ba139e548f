"""The values that a column of cells has under a type."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from core.values.fields import field_type

WRONG = "⊥"


def cast(type: str, cells: list[str | None], **how: Any) -> list[Any]:
    """The values of a column, WRONG where a cell is."""
    kind = field_type(type)
    format = how.pop("format", "default")
    stored = kind.kind(format, how.pop("bson", None))
    typed, bad = kind.cast(pa.array(cells, pa.string()), format, how, stored)
    wrong = [False] * len(cells) if bad is None else bad.tolist()
    return [WRONG if w else value for w, value in zip(wrong, typed.to_pylist(), strict=True)]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]
