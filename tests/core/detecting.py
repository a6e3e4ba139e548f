"""Whether detection reads a generated file rightly: the very cells that were written."""

from pathlib import Path

from core.reading.source import Source, detect
from tests.core.csv_writers import Written


def wrong(written: Written, path: Path) -> tuple[str, float]:
    """What detection got wrong ("" where nothing), and how sure it was."""
    path.write_bytes(written.raw)
    found = detect(path)
    dialect, truth = found.dialect, written.dialect
    source = Source(path, dialect)
    batches = list(source.batches())
    rows = [
        row
        for batch in batches
        for row in zip(*(column.to_pylist() for column in batch.columns.values()), strict=True)
    ]
    width = len(written.rows[0])
    labels = written.labels or tuple(f"field{n}" for n in range(1, width + 1))
    reasons = []
    if source.names != labels:
        reasons.append(f"names {source.names} for {labels}")
    elif [_plain(row) for row in rows] != [_plain(row) for row in written.rows]:
        pairs = zip(rows, written.rows, strict=False)
        first = next((pair for pair in pairs if _plain(pair[0]) != _plain(pair[1])), None)
        reasons.append(f"rows {len(rows)} for {len(written.rows)}, first {first}")
    if written.decimals and dialect.decimal_char != truth.decimal_char:
        reasons.append(f"decimal {dialect.decimal_char} for {truth.decimal_char}")
    if written.groups and dialect.group_char != truth.group_char:
        reasons.append(f"group {dialect.group_char!r} for {truth.group_char!r}")
    if written.dates and dialect.date_order != truth.date_order:
        reasons.append(f"dates {dialect.date_order} for {truth.date_order}")
    return "; ".join(reasons), found.confidence


def _plain(row: tuple[str | None, ...]) -> tuple[str, ...]:
    return tuple(cell or "" for cell in row)
