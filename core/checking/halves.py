"""The two halves of a checked file as CSV: what was accepted, clean UTF-8; what was refused, with
its line and reasons."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pyarrow as pa

from core.batch import Batch, Refused
from core.drafts import drafted
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
        self,
        names: Sequence[str],
        encoding: str,
        accepted: "_Half | None",
        refused: "_Half | None",
    ) -> None:
        self._names, self._encoding = tuple(names), encoding
        self._accepted, self._refused = accepted, refused
        if accepted:
            accepted.write([self._names])
        if refused:
            refused.write([("line", "record", "reasons", *self._names, "raw")])

    def add(self, batch: Batch, texts: Callable[[], Mapping[str, pa.Array]]) -> None:
        """`texts` gives the cleaned columns of the accepted rows, missing cells null."""
        if self._accepted and batch.rows:
            clean = texts()
            columns = [clean.get(name, batch.raw.columns.get(name)) for name in self._names]
            cells = [
                ["" if cell is None else cell for cell in column.to_pylist()] for column in columns
            ]
            self._accepted.write(zip(*cells, strict=True))
        if self._refused:
            self._refused.write(self._row(one) for one in batch.refused)

    def _row(self, refused: Refused) -> list[object]:
        reasons = " ".join(
            f"{problem.field}: {problem.message}" if problem.field else problem.message
            for problem in refused.reasons
        )
        cells = [refused.values.get(name, "") for name in self._names]
        raw = refused.raw.decode(self._encoding, "backslashreplace")
        return [refused.line, refused.record, reasons, *cells, raw]


@contextmanager
def halves(
    names: Sequence[str], encoding: str, accepted: Path | str | None, refused: Path | str | None
) -> Iterator[Halves]:
    """Both files, there when this ends well and else neither; `encoding` is that of the file that
    is checked. Raises FileError."""
    with _half(accepted) as one, _half(refused) as other:
        yield Halves(names, encoding, one, other)
        for half in (one, other):  # before either takes its place
            if half:
                half.flush()


class _Half:
    def __init__(self, path: Path, stream: TextIO) -> None:
        self._path, self._stream = path, stream
        self._writer = csv.writer(stream, lineterminator="\n")

    def write(self, rows: Iterable[Iterable[object]]) -> None:
        with _saying(self._path):
            self._writer.writerows(rows)

    def flush(self) -> None:
        with _saying(self._path):
            self._stream.flush()


@contextmanager
def _half(path: Path | str | None) -> Iterator[_Half | None]:
    if path is None:
        yield None
        return
    with (
        _saying(path),
        drafted(Path(path)) as draft,
        draft.open("w", encoding="utf-8", newline="") as stream,
    ):
        yield _Half(Path(path), stream)


@contextmanager
def _saying(path: Path | str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileError(
            f"{path} cannot be written: {error.strerror}.", "Choose another place."
        ) from error
