"""The frozen values that travel between modules, threads and the window.

Records count from 1 after the header, physical lines from 1 at the first line of the file, byte
offsets from 0 in the decompressed file. Arrays are pyarrow or numpy, never copied row by row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.arrow import without_pandas

without_pandas()

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record begins; a reader can start there."""

    offset: int
    line: int
    record: int


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule that one record broke.

    `code` is a Frictionless error type (`type-error`, `constraint-error`, `missing-cell`, …) or one
    of ours in that style; `rule` names the rule (`minimum`, `integer`, …); `message` is what a
    person reads, without the place: “1.250,00” is not a number; it should look like 1250.00.
    """

    record: int
    line: int
    field: str | None
    code: str
    value: str
    message: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that will not be loaded, whole: raw bytes, place and every reason.

    `values` are its cells as text by field name, as far as the record could be split; `surplus`
    those beyond the last column.
    """

    record: int
    line: int
    span: tuple[int, int]
    raw: bytes
    reasons: tuple[Problem, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    surplus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawBatch:
    """The records of one block of the file, split into text and not yet checked.

    `count` records beginning at record `place.record`; those that could be split are the rows of
    `columns`, the others stand in `refused`. `records`, `lines` (n,) and `spans` (n, 2: first byte
    and the byte after the record's line end) speak of the rows. A column is a `pa.StringArray` of
    valid UTF-8; null is an empty cell without quotes, "" one with quotes. `data` are the block's
    original bytes beginning at byte `origin` of the decompressed file.
    """

    place: Place
    count: int
    records: Integers
    lines: Integers
    spans: Integers
    columns: Mapping[str, pa.Array]
    refused: Sequence[Refused]
    blank: int
    data: bytes | memoryview
    origin: int
    fraction: float  # of the file's bytes on disk read so far, 0 to 1
    line_ends: tuple[bytes, ...] = (b"\r\n", b"\n", b"\r")  # as the file's encoding writes them

    @property
    def rows(self) -> int:
        return len(self.records)

    def raw(self, row: int) -> bytes:
        """The original bytes of a row, without its line end."""
        return self.raws(np.array([row]))[0]

    def raws(self, rows: Integers) -> list[bytes]:
        """The original bytes of some rows, without their line ends."""
        places = (self.spans[rows] - self.origin).tolist()
        return [_bare(bytes(self.data[start:stop]), self.line_ends) for start, stop in places]


def _bare(record: bytes, line_ends: tuple[bytes, ...]) -> bytes:
    unit = len(line_ends[-1])  # a line end stands on whole characters
    for end in line_ends:
        if record.endswith(end) and (len(record) - len(end)) % unit == 0:
            return record[: len(record) - len(end)]
    return record


@dataclass(frozen=True, slots=True)
class Quality:
    """How many cells of a field are valid, wrong, or missing and allowed to be."""

    valid: int = 0
    problem: int = 0
    missing: int = 0

    def __add__(self, other: "Quality") -> "Quality":
        return Quality(
            self.valid + other.valid, self.problem + other.problem, self.missing + other.missing
        )


@dataclass(frozen=True, slots=True)
class Batch:
    """A checked RawBatch: typed columns of the accepted rows, and the refused records in order.

    `columns` are keyed by the name in the document (a dot in it makes no nesting by itself) and
    typed as `fields` says; null is a missing cell. `records` and `lines` map each row to its record
    and line. `quality` speaks of all rows of the raw batch, by raw field name.
    """

    raw: RawBatch
    records: Integers
    lines: Integers
    columns: Mapping[str, pa.Array]
    refused: Sequence[Refused]
    quality: Mapping[str, Quality]

    @property
    def rows(self) -> int:
        return len(self.records)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells one state of a file from another without reading it."""

    size: int
    modified: int  # ns
    inode: int


@dataclass(frozen=True, slots=True)
class LoadReport:
    """A check or load so far: every count is of the whole run, none is derived from another.

    `reasons` counts records by code (a record counts once under each code it broke);
    `cells` counts problems by (field or None, code, rule). `problems` and `places` hold only what
    is new since the report before: the first KEPT problems of each kind, and where each batch
    begins. `notes` are sentences on what the counts do not tell and needs no care. `load` is None
    for a check. `state`: running, done, stopped, failed, already-loaded; a check ends as done.
    """

    load: str | None
    file: str
    state: str = "running"
    stamp: Stamp | None = None  # of the file that was checked
    sha256: str | None = None
    encoding: str = ""
    dialect: Mapping[str, Any] = field(default_factory=dict)
    records: int = 0
    accepted: int = 0
    quarantined: int = 0
    skipped: int = 0
    resumed: int = 0  # of the records, those that an earlier run brought
    blank: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    cells: Mapping[tuple[str | None, str, str], int] = field(default_factory=dict)
    quality: Mapping[str, Quality] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    places: tuple[Place, ...] = ()
    inserted: int = 0
    changed: int = 0
    unchanged: int = 0
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    message: str = ""  # what is being waited for, or why it failed
    fraction: float = 0.0
    seconds: float = 0.0


KEPT = 5_000  # problems of each kind that travel in reports; the counts stay exact
