"""The two halves of a checked file as CSV: what was accepted, clean UTF-8; what was refused, with
its line and reasons."""

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TextIO

import pyarrow as pa

from core.batch import Batch, Refused
from core.errors import FileError


def apart(source: Path, *halves: Path | str | None) -> None:
    """Raises FileError where a half would be written over the file itself, or over the other."""
    taken = [source.resolve()]
    for half in halves:
        if half is None:
            continue
        place = Path(half).resolve()
        if any(_same(place, other) for other in taken):
            raise FileError(
                f"{half} is the file that is read, or holds the other half.",
                "Name another file to write to.",
            )
        taken.append(place)


def _same(one: Path, other: Path) -> bool:
    return one == other or (one.exists() and other.exists() and one.samefile(other))


class Halves:
    """Writes both files as a check goes on; either may be left out. Raises FileError."""

    def __init__(
        self, names: Sequence[str], accepted: Path | str | None, refused: Path | str | None
    ) -> None:
        self._names = tuple(names)
        self._accepted, self._refused = _open(accepted), None
        try:
            self._refused = _open(refused)
        except FileError:
            self.close()
            raise
        if self._accepted:
            csv.writer(self._accepted, lineterminator="\n").writerow(self._names)
        if self._refused:
            header = ("line", "record", "reasons", *self._names, "raw")
            csv.writer(self._refused, lineterminator="\n").writerow(header)

    def add(self, batch: Batch, texts: Callable[[], Mapping[str, pa.Array]]) -> None:
        """`texts` gives the cleaned columns of the accepted rows, missing cells null."""
        if self._accepted and batch.rows:
            clean = texts()
            columns = [clean.get(name, batch.raw.columns.get(name)) for name in self._names]
            cells = [
                ["" if cell is None else cell for cell in column.to_pylist()] for column in columns
            ]
            csv.writer(self._accepted, lineterminator="\n").writerows(zip(*cells, strict=True))
        if self._refused:
            rows = (self._row(one) for one in batch.refused)
            csv.writer(self._refused, lineterminator="\n").writerows(rows)

    def _row(self, refused: Refused) -> list[object]:
        reasons = " ".join(
            f"{problem.field}: {problem.message}" if problem.field else problem.message
            for problem in refused.reasons
        )
        cells = [refused.values.get(name, "") for name in self._names]
        raw = refused.raw.decode("utf-8", "backslashreplace")
        return [refused.line, refused.record, reasons, *cells, raw]

    def close(self) -> None:
        for file in (self._accepted, self._refused):
            if file:
                file.close()


def _open(path: Path | str | None) -> TextIO | None:
    if path is None:
        return None
    try:
        return open(path, "w", encoding="utf-8", newline="")
    except OSError as error:
        raise FileError(
            f"{path} cannot be written: {error.strerror}.", "Choose another place."
        ) from error
