"""The bytes of a file, whatever holds them: plain, .gz, .bz2, .xz, .zst or .zip.

What a file is, is told by its first bytes and not by its name.
"""

import bz2
import gzip
import hashlib
import lzma
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow as pa

from core.errors import FileError
from core.reading.files import digest, unreadable

_CHUNK = 1 << 20


def packing(path: Path) -> str:
    """gz, bz2, xz, zst, zip, or "" for a plain file; raises FileError for what holds no CSV."""
    try:
        with path.open("rb") as file:
            head = file.read(512)
    except OSError as error:
        raise unreadable(path, error) from error
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    for magic, name, cure in _FOREIGN:
        if head.startswith(magic):
            raise FileError(f"{path} is {name}, not a CSV file.", cure)
    return ""


_MAGIC = (
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
)
_EXPORT = "Save it as CSV there, then load that file."
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook", _EXPORT),
    (b"PAR1", "a Parquet file", "Export it as CSV."),
    (b"SQLite format 3\0", "an SQLite database", "Export its table as CSV."),
    (b"%PDF-", "a PDF document", "Ask for the data as CSV."),
    (b"\x89PNG", "an image", "Choose a CSV file."),
    (b"\xff\xd8\xff", "an image", "Choose a CSV file."),
    (b"GIF8", "an image", "Choose a CSV file."),
    (b"\x7fELF", "a program", "Choose a CSV file."),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it first."),
    (b"Rar!", "a RAR archive", "Unpack it first."),
)


class Bytes:
    """The file's unpacked bytes, read forward; `taken` counts the bytes on disk read so far.

    `hashed` where the whole file will be read and its SHA-256 asked for. Every failure of the drive
    or of the packing is a FileError.
    """

    def __init__(self, path: Path, hashed: bool = False) -> None:
        self._path = path
        kind = packing(path)
        try:
            self._disk = path.open("rb", buffering=0)
        except OSError as error:
            raise unreadable(path, error) from error
        try:
            self._stream = _UNPACKERS[kind](path, cast(BinaryIO, self._disk))
        except BaseException:
            self._disk.close()
            raise
        self._sha = hashlib.sha256() if hashed and self.plain else None

    @property
    def plain(self) -> bool:
        return self._stream is self._disk

    @property
    def taken(self) -> int:
        return self._disk.tell()

    def read(self, count: int) -> bytes:
        """Up to `count` bytes, fewer only at the end of the file."""
        with self._failures():
            parts = []
            while count > 0:
                part = self._stream.read(min(count, _CHUNK))
                if not part:
                    break
                if self._sha is not None:
                    self._sha.update(part)
                parts.append(part)
                count -= len(part)
            return parts[0] if len(parts) == 1 else b"".join(parts)

    def skip(self, count: int) -> None:
        if self.plain and self._sha is None:
            self._disk.seek(count, os.SEEK_CUR)
            return
        while count > 0 and (part := self.read(min(count, _CHUNK))):
            count -= len(part)

    def sha256(self) -> str:
        """Of the file's bytes on disk, once all were read."""
        return self._sha.hexdigest() if self._sha else digest(self._path)

    def close(self) -> None:
        self._stream.close()
        self._disk.close()

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, pa.ArrowException) as e:
            raise _damaged(self._path) from e
        except gzip.BadGzipFile as error:
            raise _damaged(self._path) from error
        except OSError as error:
            if not self.plain and error.errno is None:  # bz2 and Arrow say damage this way
                raise _damaged(self._path) from error
            raise unreadable(self._path, error) from error


def _damaged(path: Path) -> FileError:
    return FileError(
        f"{path} is damaged or cut short: it cannot be unpacked to its end.",
        "Fetch the file again.",
    )


def _zst(path: Path, disk: BinaryIO) -> Any:
    return pa.CompressedInputStream(pa.PythonFile(disk, mode="r"), "zstd")


def _zip(path: Path, disk: BinaryIO) -> Any:
    try:
        archive = zipfile.ZipFile(disk)
    except zipfile.BadZipFile as error:
        raise _damaged(path) from error
    names = [info.filename for info in archive.infolist() if not info.is_dir()]
    if "[Content_Types].xml" in names or "mimetype" in names:
        raise FileError(f"{path} is a workbook or document, not a CSV file.", _EXPORT)
    names = [n for n in names if not n.startswith("__MACOSX/")]
    if len(names) != 1:
        raise FileError(
            f"{path} holds {len(names)} files; it can be read where it holds one.",
            "Unpack it and choose the CSV files.",
        )
    if archive.getinfo(names[0]).flag_bits & 1:
        raise FileError(f"{path} is locked with a password.", "Unpack it first.")
    try:
        return archive.open(names[0])
    except NotImplementedError as error:
        raise FileError(f"{path} is packed in a way not known here.", "Unpack it first.") from error


_UNPACKERS: dict[str, Callable[[Path, BinaryIO], Any]] = {
    "": lambda path, disk: disk,
    "gz": lambda path, disk: gzip.GzipFile(fileobj=disk, mode="rb"),
    "bz2": lambda path, disk: bz2.BZ2File(disk),
    "xz": lambda path, disk: lzma.LZMAFile(disk),  # noqa: SIM115 - Bytes closes it
    "zst": _zst,
    "zip": _zip,
}
