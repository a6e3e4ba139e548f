"""A CSV file's bytes → RawBatches whose places are those of the file, and the byte ledger."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.batch import Place, RawBatch
from core.detection import detect
from core.dialect import Dialect
from core.encoding import Codec, shown
from core.errors import FileError
from core.files import Bytes, Stamp, digest, expect, find_files, locate, stamp
from core.machine import Machine
from core.splitter import BLANK, COMMENT, INSIDE, RECORD, REFUSED, Block, Splitter

__all__ = ["Source", "Span", "Stamp", "detect", "digest", "find_files"]

BLOCK = 1 << 20
LIMIT = 32 << 20  # how far a quote may run before it counts as never closed
_KINDS = {
    RECORD: "record",
    REFUSED: "refused",
    BLANK: "blank",
    COMMENT: "comment",
}


@dataclass(frozen=True, slots=True)
class Span:
    """One piece of the byte ledger; `kind`: bom preamble comment header record refused blank
    footer."""

    kind: str
    start: int
    stop: int


class Source:
    """One file in one dialect. `names` are the columns in file order, each name once.

    Raises FileError where the file cannot be read or holds no header, FileChanged where it
    changes while it is read.
    """

    def __init__(self, path: Path | str, dialect: Dialect) -> None:
        self.path = locate(path)
        self.dialect = dialect
        self.stamp = stamp(self.path)
        self.size = self.stamp.size
        self.sha256: str | None = None
        self.warnings: tuple[str, ...] = ()
        self._head()

    def _head(self) -> None:
        stream = Bytes(self.path)
        raw = stream.read(BLOCK)
        stream.close()
        if not raw:
            raise FileError(f"{self.path} is empty.", "Choose a file with a header and rows.")
        self._codec = codec = Codec(self.dialect.encoding, self.dialect.line_terminator, raw)
        machine = Machine(self.dialect)
        body = raw[codec.mark :]
        stops = codec.stops(body, True)
        text, _ = codec.transcode(body, stops)
        line, at = 1, 0
        spans = [Span("bom", 0, codec.mark)] if codec.mark else []
        rows = self.dialect.header_rows if self.dialect.header else ()
        cells: list[list[str]] = []
        while rows and line <= rows[-1] and at < len(text):
            after = machine.line(text, at)[1]
            if line in rows:
                scan = machine.scan(text, at)
                after = scan.stop
                cells.append([shown(c or b"") for c in scan.cells])
            last = line + max(1, len(codec_lines(text[at:after])))
            begin = codec.mark + (int(stops[line - 2]) if line > 1 else 0)
            spans.append(
                Span(
                    "header" if line in rows else "preamble",
                    begin,
                    codec.mark + int(stops[last - 2]),
                )
            )
            line, at = last, after
        if not rows:
            scan = machine.scan(text, 0)
            cells = [[f"field{n}" for n in range(1, len(scan.cells) + 1)]]
        if not cells:
            raise FileError(f"{self.path} has no header.", "Name the header's line.")
        self._name([self.dialect.header_join.join(filter(None, c)) for c in _transpose(cells)])
        self._spans = spans
        self._start = Place(spans[-1].stop if spans else 0, line, 1)

    def _name(self, labels: list[str]) -> None:
        names: list[str] = []
        warnings = []
        for n, label in enumerate(labels, 1):
            name = label or f"field{n}"
            count = 1
            while name in names:
                count += 1
                name = f"{label or f'field{n}'}_{count}"
            if name != label:
                warnings.append(f"Column {n}, “{label}”, is called “{name}” here.")
            names.append(name)
        self.names = tuple(names)
        self.warnings += tuple(warnings)

    def batches(self, start: Place | None = None) -> Iterator[RawBatch]:
        """Every record once, in order; from `start`, the very batches that follow that place."""
        for block, place, data, fraction in self._blocks(start):
            kinds = block.kinds
            starts = np.concatenate(([0], block.stops[:-1])) + place.offset
            begins = np.flatnonzero(kinds != INSIDE)
            stops = np.append(starts[begins[1:]], place.offset + block.stop)
            is_row = kinds[begins] == RECORD
            is_record = is_row | (kinds[begins] == REFUSED)
            numbers = place.record + np.cumsum(is_record) - 1
            yield RawBatch(
                place=place,
                count=block.records,
                records=numbers[is_row],
                lines=place.line + begins[is_row],
                spans=np.stack([starts[begins][is_row], stops[is_row]], axis=1),
                columns=dict(zip(self.names, block.columns, strict=True)),
                refused=block.refused,
                blank=int((kinds == BLANK).sum()),
                data=data,
                origin=place.offset,
                fraction=fraction,
            )

    def spans(self) -> Iterator[Span]:
        """The byte ledger: every byte of the unpacked file in exactly one span, in order."""
        yield from self._spans
        for block, place, _, _ in self._blocks(None):
            starts = np.concatenate(([0], block.stops[:-1])) + place.offset
            begins = np.flatnonzero(block.kinds != INSIDE)
            stops = np.append(starts[begins[1:]], place.offset + block.stop)
            for kind, begin, stop in zip(
                block.kinds[begins].tolist(), starts[begins].tolist(), stops.tolist(), strict=True
            ):
                yield Span(_KINDS[kind], begin, stop)

    def _blocks(self, start: Place | None) -> Iterator[tuple[Block, Place, bytes, float]]:
        place = start or self._start
        splitter = Splitter(self.dialect, self.names, self._codec)
        expect(self.path, self.stamp)
        stream = Bytes(self.path)
        sha: Any = hashlib.sha256() if start is None and stream.plain else None
        try:
            if sha:
                sha.update(stream.read(place.offset))
            else:
                stream.skip(place.offset)
            held, ended, window = b"", False, BLOCK
            while True:
                while not ended and len(held) <= window:
                    part = stream.read(BLOCK)
                    if sha:
                        sha.update(part)
                    ended = not part
                    held += part
                if not held:
                    break
                final = ended and len(held) <= window
                block = splitter.split(held[:window], place, final)
                if block is None:
                    window *= 2
                    continue
                fraction = min(1.0, stream.taken / max(1, self.size))
                yield block, place, held[: block.stop], fraction
                held = held[block.stop :]
                place = Place(
                    place.offset + block.stop,
                    place.line + len(block.stops),
                    place.record + block.records,
                )
                window = BLOCK
        finally:
            stream.close()
        expect(self.path, self.stamp)
        if start is None:
            self.sha256 = sha.hexdigest() if sha else digest(self.path)


def codec_lines(text: bytes) -> list[bytes]:
    return text.splitlines()


def _transpose(rows: list[list[str]]) -> list[list[str]]:
    width = max(map(len, rows))
    return [[row[n] if n < len(row) else "" for row in rows] for n in range(width)]
