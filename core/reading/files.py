"""Which file is meant, whether it can be read, and whether it is still the same one."""

import glob
import hashlib
import shutil
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from core.batch import Stamp
from core.errors import FileChanged, FileError

SUFFIXES = (".csv", ".tsv", ".tab", ".txt", ".psv", ".dat")
PACKED = (".gz", ".bz2", ".xz", ".zst", ".zip")
_CHUNK = 1 << 20
_spooled: list[Path] = []


def locate(path: Path | str) -> Path:
    """The path to read from; standard input (`-`) is first kept in a temporary file, so that it
    can be checked and then loaded. Raises FileError where there is no readable file."""
    if str(path) == "-":
        return _spool()
    path = Path(path)
    try:
        if path.is_dir():
            raise FileError(f"{path} is a folder.", "Choose a file in it.")
        if path.exists() and not path.is_file():
            raise FileError(
                f"{path} is no plain file: it could be read only once.",
                "Pipe it into the command and write - in place of its name.",
            )
        with path.open("rb"):
            return path
    except OSError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> FileError:
    if isinstance(error, FileNotFoundError):
        return FileError(f"{path} does not exist.", "Check the name and the folder.")
    if isinstance(error, PermissionError):
        return FileError(
            f"{path} may not be read: permission denied.", "Ask for the right to read it."
        )
    return FileError(
        f"{path} could not be read: {error.strerror or error}.",
        "Check that its drive is connected, then try again.",
    )


def stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError as error:
        raise unreadable(path, error) from error
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino)


def expect(path: Path, before: Stamp) -> None:
    """Raises FileChanged where the file is no longer what it was."""
    try:
        now = stamp(path)
    except FileError as error:
        raise FileChanged(
            f"{path} vanished while it was being read.", "Bring it back, then start again."
        ) from error
    if now == before:
        return
    what = (
        f"grew from {before.size:,} to {now.size:,} bytes"
        if now.size > before.size and now.inode == before.inode
        else "changed"
    )
    raise FileChanged(
        f"{path} {what} while it was being read.", "Start again when nothing writes to it."
    )


def expect_checked(path: Path, before: Stamp, sha256: str) -> None:
    """Raises FileChanged where the file is not the one that was checked; one that was only
    touched, or put back byte for byte, is the same."""
    now = stamp(path)
    if now == before or (now.size == before.size and digest(path) == sha256):
        return
    raise FileChanged(
        f"{path} has changed since it was checked ({before.size:,} bytes then, {now.size:,} now).",
        "Check it again before it is loaded.",
    )


def digest(path: Path | str) -> str:
    """The SHA-256 of the file's bytes on disk, in hex."""
    found = locate(path)
    try:
        with found.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise unreadable(found, error) from error


def _spool() -> Path:
    if not _spooled:
        import atexit

        folder = Path(tempfile.mkdtemp(prefix="sluice-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        with (folder / "stdin.csv").open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file, _CHUNK)
        _spooled.append(folder / "stdin.csv")
    return _spooled[0]


def find_files(paths: Iterable[Path | str]) -> tuple[Path, ...]:
    """The files meant by paths, folders (their CSV-like files, by name) and globs.

    Raises FileError for a path that does not exist and for a folder or glob without CSV files.
    """
    found: list[Path] = []
    for given in paths:
        path = Path(given)
        if str(given) != "-" and not path.exists() and glob.has_magic(str(given)):
            matches = [Path(p) for p in sorted(glob.glob(str(given), recursive=True))]
            found += _some([p for p in matches if p.is_file()], f"No file matches {given}.")
        elif path.is_dir():
            inside = [p for p in sorted(path.iterdir()) if p.is_file() and _looks_like_csv(p)]
            found += _some(inside, f"The folder {path} holds no CSV file.")
        elif str(given) != "-" and not path.exists():
            raise unreadable(path, FileNotFoundError())
        else:
            found.append(path)
    return tuple(dict.fromkeys(found))


def _some(files: list[Path], problem: str) -> list[Path]:
    if not files:
        raise FileError(problem, "Check the name and the folder.")
    return files


def _looks_like_csv(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    inner = path.with_suffix("") if path.suffix.lower() in PACKED else path
    return inner.suffix.lower() in SUFFIXES or (inner != path and not inner.suffix)
