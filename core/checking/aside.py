"""Which lines of a file are no records: what stands before the table, and comments."""

from collections.abc import Iterator, Sequence

from core.plural import counted, verb
from core.reading.source import KEPT_ASIDES, Source

_SHOWN = 5  # runs of lines that are named


def left_out(source: Source) -> tuple[str, ...]:
    """A sentence with their count and lines, and one where more of their kind would be records."""
    found = [one for one in source.asides if one.kind in ("preamble", "comment")]
    if not found:
        return ()
    count = f"{counted(len(found), 'line')}{' or more' if len(found) >= KEPT_ASIDES else ''}"
    where = ", ".join(_runs([one.line for one in found]))
    told = f"{count} left out, as no {verb(len(found), 'record', 'records')}: {where}."
    if source.dialect.comment_char or not all(one.raw.startswith(b"#") for one in found):
        return (told,)
    return (
        told,
        "A line that begins with # further down is a record, unless # is the comment character.",
    )


def _runs(lines: Sequence[int]) -> Iterator[str]:
    """1 to 3, 7, …"""
    runs: list[tuple[int, int]] = []
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], line)
        else:
            runs.append((line, line))
    for first, last in runs[:_SHOWN]:
        yield f"line {first:,}" if first == last else f"lines {first:,} to {last:,}"
    if len(runs) > _SHOWN:
        yield "…"
