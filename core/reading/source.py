"""A CSV file's bytes → RawBatches whose places are those of the file, and the byte ledger."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.batch import Integers, Place, RawBatch, Stamp
from core.errors import FileError
from core.reading.contradictions import Tally
from core.reading.detection import detect
from core.reading.dialect import Dialect
from core.reading.encoding import Codec
from core.reading.files import digest, expect, find_files, locate, stamp
from core.reading.footer import Footless
from core.reading.head import Head, Span, read_head
from core.reading.misfits import refuse_misfit
from core.reading.records import BLANK, COMMENT, RECORD, REFUSED
from core.reading.splitter import Splitter
from core.reading.unpacking import Bytes
from core.reading.window import Block

__all__ = ["Aside", "Source", "Span", "Stamp", "detect", "digest", "find_files"]

BLOCK = 3 << 19  # bytes: what a batch costs whatever its size is then spread over 10,000 rows
LIMIT = 32 << 20  # how far a quote may run before it counts as never closed
LONGEST = 256 << 20  # no line is longer in any file that is a table
KEPT_ASIDES = 1_000
_KINDS = {RECORD: "record", REFUSED: "refused", BLANK: "blank", COMMENT: "comment"}


@dataclass(frozen=True, slots=True)
class Aside:
    """A line that is no record, kept raw: preamble, comment or footer."""

    kind: str
    line: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class _Step:
    """One block, and where it begins."""

    block: Block
    place: Place
    fraction: float

    def spans(self) -> tuple[Integers, Integers]:
        """The first and the last byte of each span."""
        begins, stops = self.block.begins, self.block.stops
        if len(begins) < len(stops):
            stops = stops[np.append(begins[1:], len(stops)) - 1]
        stops = stops + self.place.offset
        return np.concatenate(([self.place.offset], stops[:-1])), stops

    def batch(self, names: tuple[str, ...], codec: Codec) -> RawBatch:
        block, place = self.block, self.place
        begins, kinds = block.begins, block.kinds
        firsts, stops = self.spans()
        numbers = np.arange(place.record, place.record + block.records)
        if kinds.any():  # not records alone
            rows = kinds == RECORD
            numbers = numbers.compress(rows.compress(rows | (kinds == REFUSED)))
            begins, firsts, stops = (one.compress(rows) for one in (begins, firsts, stops))
        return RawBatch(
            place=place,
            count=block.records,
            records=numbers,
            lines=place.line + begins,
            spans=np.stack([firsts, stops], axis=1),
            columns=dict(zip(names, block.columns, strict=True)),
            refused=block.refused,
            blank=int(np.count_nonzero(kinds == BLANK)),
            data=block.data,
            origin=place.offset,
            fraction=self.fraction,
            line_ends=codec.line_ends,
        )

    def ledger(self) -> Iterator[Span]:
        firsts, stops = self.spans()
        lines = self.block.begins + self.place.line
        for kind, first, stop, line in zip(
            self.block.kinds.tolist(), firsts.tolist(), stops.tolist(), lines.tolist(), strict=True
        ):
            yield Span(_KINDS[kind], first, stop, line)

    def after(self) -> Place:
        """The place after the block."""
        place, block = self.place, self.block
        return Place(
            place.offset + len(block.data),
            place.line + len(block.stops),
            place.record + block.records,
        )


class Source:
    """One file in one dialect; `names` are the columns in file order, each name once.

    `sha256` (of the bytes on disk) and the footers among `asides` (the first KEPT_ASIDES) are
    known once `batches` from the beginning was exhausted; `warnings` then tell also what the whole
    file says against the dialect. Raises FileError where the file cannot
    be read or lacks the header that the dialect names, FileChanged where it changes meanwhile.
    """

    def __init__(self, path: Path | str, dialect: Dialect) -> None:
        self.path = locate(path)
        self.dialect = dialect
        self.stamp = stamp(self.path)
        self.size = self.stamp.size
        self.sha256: str | None = None
        self._footer = b""
        self._codec, self._head, self.asides = self._open()
        self.names = self._head.names
        self.warnings = self._head.warnings

    def _open(self) -> tuple[Codec, Head, tuple[Aside, ...]]:
        with closing(Bytes(self.path)) as stream:
            raw, want = b"", BLOCK
            while True:
                raw += stream.read(want - len(raw))
                if not raw:
                    raise FileError(f"{self.path} is empty.", "Choose a file with a header.")
                ended = len(raw) < want
                codec = Codec(self.dialect.encoding, self.dialect.line_terminator, raw)
                refuse_misfit(raw, codec, self.path)
                head = read_head(self.path, raw, self.dialect, codec, ended or want >= LIMIT)
                if head is not None:
                    asides = tuple(
                        Aside(span.kind, span.line, raw[span.start : span.stop])
                        for span in head.spans
                        if span.kind in ("preamble", "comment")
                    )
                    return codec, head, asides
                want *= 2

    @property
    def encoding(self) -> str:
        """The one that the file is in, the order of its bytes told."""
        return self._codec.name

    def batches(self, start: Place | None = None) -> Iterator[RawBatch]:
        """Every record once, in order; from `start`, the very batches that follow that place."""
        tally = Tally()
        for step in self._steps(start):
            tally.add(step.block.records, step.block.refused)
            yield step.batch(self.names, self._codec)
        if start is None:
            self.warnings = self._head.warnings + tally.warnings(self.dialect, len(self.names))

    def spans(self) -> Iterator[Span]:
        """The byte ledger: every byte of the unpacked file in exactly one span, in order."""
        yield from self._head.spans
        place = self._head.start
        for step in self._steps(None):
            yield from step.ledger()
            place = step.after()
        if self._footer:
            yield Span("footer", place.offset, place.offset + len(self._footer), place.line)

    def _steps(self, start: Place | None) -> Iterator[_Step]:
        expect(self.path, self.stamp)
        _keep_memory()
        place = start or self._head.start
        asides = list(self.asides) if start is None else []
        with closing(Bytes(self.path, hashed=start is None)) as disk:
            disk.skip(place.offset)
            stream = Footless(disk, self._codec, self.dialect.footer_rows)
            for step in self._cut(stream, disk, place):
                asides += self._comments(step) if len(asides) < KEPT_ASIDES else []
                place = step.after()
                yield step
            expect(self.path, self.stamp)
            self._footer = stream.footer
            if start is None:
                self.sha256 = disk.sha256()
                asides += [Aside("footer", place.line, stream.footer)] if stream.footer else []
                self.asides = tuple(asides[:KEPT_ASIDES])

    def _cut(self, stream: Footless, disk: Bytes, place: Place) -> Iterator[_Step]:
        """Windows of BLOCK bytes, cut where their last whole record ends; a window whose first
        record is not whole grows until it is, and then holds that record alone."""
        splitter = Splitter(self.dialect, self.names, self._codec)
        held, window, ended = b"", BLOCK, False
        while True:
            if len(held) < window and not ended:
                held += stream.read(window - len(held))
                ended = len(held) < window
                if ended:  # before a record is told that is whole no longer, or not yet
                    expect(self.path, self.stamp)
            if not held:
                return
            view = held if len(held) <= window else held[:window]
            whole = ended and len(held) < window
            block = splitter.split(view, place, whole, whole or window >= LIMIT, window > BLOCK)
            if block is None:
                window *= 2
                self._doubt(window, place)
                continue
            fraction = 1.0 if whole else min(1.0, disk.taken / max(1, self.size))
            step = _Step(block, place, fraction)
            yield step
            held, place, window = held[len(block.data) :], step.after(), BLOCK

    def _doubt(self, window: int, place: Place) -> None:
        if window > LONGEST:
            raise FileError(
                f"Line {place.line:,} of {self.path} is longer than {LONGEST >> 20} MB, "
                "so this is no table.",
                "Check that it is a CSV file, and how its lines end.",
            )

    def _comments(self, step: _Step) -> list[Aside]:
        found = np.flatnonzero(step.block.kinds == COMMENT)[:KEPT_ASIDES]
        if not len(found):
            return []
        firsts, stops = (places[found].tolist() for places in step.spans())
        lines = (step.place.line + step.block.begins[found]).tolist()
        data, origin = step.block.data, step.place.offset
        return [
            Aside("comment", line, data[first - origin : stop - origin])
            for line, first, stop in zip(lines, firsts, stops, strict=True)
        ]


def _keep_memory() -> None:
    """Else glibc gives the memory of each block back, and the next one pays for its pages again;
    having freed a piece of this size it keeps as much (mallopt(3), M_MMAP_THRESHOLD)."""
    np.empty(24 << 20, np.uint8)
