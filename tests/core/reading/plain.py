"""The reader without its fast path: each record by the exact machine alone, one after the other."""

from dataclasses import dataclass

from core.reading.dialect import Dialect
from core.reading.records import BLANK, COMMENT, RECORD, REFUSED, Records

NAMES = {RECORD: "record", REFUSED: "refused", BLANK: "blank", COMMENT: "comment"}


@dataclass(frozen=True)
class Plain:
    """One span of UTF-8 text without header; `cells` are those of a good record."""

    kind: str
    start: int
    stop: int
    cells: tuple[str | None, ...] = ()
    code: str = ""


def read_plainly(text: bytes, dialect: Dialect, width: int) -> list[Plain]:
    records = Records(dialect, width)
    found, at = [], 0
    while at < len(text):
        what = records.at(text, at, True)
        assert what is not None
        assert what.stop > at
        cells = tuple(None if c is None else c.decode() for c in what.cells)
        kept = cells if what.kind == RECORD else ()
        found.append(Plain(NAMES[what.kind], at, what.stop, kept, what.code))
        at = what.stop
    return found
