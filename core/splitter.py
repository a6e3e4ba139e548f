"""A window of the file → its records, exact places, and columns of text."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from core.batch import Integers, Place, Problem, Refused
from core.dialect import Dialect
from core.encoding import Codec, shown
from core.machine import UNTERMINATED, Cell, Machine

RECORD, REFUSED, BLANK, COMMENT, INSIDE = range(5)


@dataclass(frozen=True, slots=True)
class Block:
    """`kinds` says of each line what begins there; `stops` are its ends in the original bytes."""

    stop: int
    kinds: Integers
    stops: Integers
    columns: list[pa.Array]
    refused: tuple[Refused, ...]
    records: int


class Splitter:
    def __init__(self, dialect: Dialect, names: tuple[str, ...], codec: Codec) -> None:
        self.machine = Machine(dialect)
        self.names = names
        self.codec = codec
        self.comment = dialect.comment_char.encode() if dialect.comment_char else None

    def split(self, raw: bytes, place: Place, final: bool) -> Block | None:
        stops = self.codec.stops(raw, final)
        if not len(stops):
            return None
        raw = raw[: int(stops[-1])]
        text, bad = self.codec.transcode(raw, stops)
        ends = Codec("utf-8", self.codec.terminator).stops(text, True) if text is not raw else stops
        starts = np.concatenate(([0], ends))
        kinds = np.zeros(len(ends), np.int64)
        rows: list[list[Cell]] = []
        refused: list[Refused] = []
        records, at, line = 0, 0, 0
        while at < len(text):
            after = self.machine.line(text, at)[1]
            content = text[at:after]
            if self.comment and content.startswith(self.comment):
                kinds[line] = COMMENT
            elif not content.strip():
                kinds[line] = BLANK
            else:
                scan = self.machine.scan(text, at)
                after = scan.stop
                problem = self._problem(scan.fault, scan.cells)
                if scan.fault == UNTERMINATED:
                    if scan.stop == len(text) and not final:
                        break
                    after = self.machine.line(text, scan.opened)[1]
                last = int(np.searchsorted(ends, after))
                if any(line <= n <= last for n in bad):
                    problem = ("encoding-error", "the bytes are not text in this encoding")
                kinds[line : last + 1] = INSIDE
                kinds[line] = REFUSED if problem else RECORD
                records += 1
                if problem:
                    code, message = problem
                    number, real = place.record + records - 1, place.line + line
                    span = (int(starts[line]) if text is raw else self._raw(stops, line),)
                    stop = int(stops[last])
                    values = {
                        n: shown(c or b"") for n, c in zip(self.names, scan.cells, strict=False)
                    }
                    reason = Problem(number, real, None, code, "", message, code)
                    refused.append(
                        Refused(
                            number,
                            real,
                            (place.offset + span[0], place.offset + stop),
                            raw[span[0] : stop].rstrip(b"\r\n"),
                            (reason,),
                            values,
                        )
                    )
                else:
                    rows.append(scan.cells)
            line = int(np.searchsorted(ends, after)) + 1
            at = after
        if line == 0:
            return None
        columns = [
            pa.array([r[i].decode() if r[i] is not None else None for r in rows], pa.string())  # type: ignore[union-attr]
            for i in range(len(self.names))
        ]
        return Block(
            int(stops[line - 1]), kinds[:line], stops[:line], columns, tuple(refused), records
        )

    def _raw(self, stops: Integers, line: int) -> int:
        return int(stops[line - 1]) if line else 0

    def _problem(self, fault: str, cells: list[Cell]) -> tuple[str, str] | None:
        expected, found = len(self.names), len(cells)
        if fault == UNTERMINATED:
            return fault, "a quote opens a field here and never closes"
        if fault:
            return fault, "text follows a closing quote"
        if all(c is None for c in cells) and found > 1:
            return "blank-row", "the row is empty"
        if found < expected:
            return "missing-cell", f"{found} cells where the header has {expected}"
        if found > expected:
            return "extra-cell", f"{found} cells where the header has {expected}"
        return None
