"""Who uses the embedded database, and where it runs: files in the user's data folder.

    local/lock       held (by the kernel, so never left behind) while anything below changes
    local/state.json where the server runs: pid, port, topology, and the keeper's pid
    local/users/     one empty file for each process that uses it, named pid-started
    local/hurry      there while someone waits for its end
    local/password   the generated password, 0600
    local/db         the database's own files

A process is known by its pid and the time it started, so a pid that was given again is no user.
"""

import contextlib
import errno
import json
import os
import platform
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from core.drafts import drafted
from core.errors import Busy, NoServer
from core.settings import data_folder

_MARK = re.compile(r"(\d+)-(\d+\.\d+)")
LOCK_SECONDS = 75.0  # longer than a start may take


@dataclass(frozen=True, slots=True)
class Process:
    """A process by pid and start time (seconds since 1970, as psutil tells it)."""

    pid: int
    started: float

    @property
    def alive(self) -> bool:
        try:
            found = psutil.Process(self.pid)
            return (
                abs(found.create_time() - self.started) < 2
                and found.status() != psutil.STATUS_ZOMBIE
            )
        except psutil.Error:
            return False


@dataclass(frozen=True, slots=True)
class State:
    """A server that was started: its process, its keeper's, and how to reach it."""

    server: Process
    keeper: Process
    port: int
    standalone: bool
    host: str


def process(pid: int | None = None) -> Process:
    """The process with that pid (this one by default) as it is now."""
    found = psutil.Process(pid)
    return Process(found.pid, found.create_time())


def folder() -> Path:
    """The folder of the embedded database, made readable for its owner alone; raises NoServer."""
    path = data_folder() / "local"
    try:
        (path / "users").mkdir(parents=True, exist_ok=True)
        if sys.platform != "win32":
            path.chmod(0o700)
    except OSError as error:
        raise cannot_write(path, error) from error
    return path


def cannot_write(path: Path, error: OSError) -> NoServer:
    if error.errno == errno.ENOSPC:
        return NoServer(f"The disk that holds {path} is full.", "Free some space there.")
    return NoServer(
        f"The embedded database cannot use {path}: {error.strerror}.",
        "Allow writing there, or set SLUICE_HOME to a folder that can be written.",
    )


@contextlib.contextmanager
def locked(path: Path, seconds: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold the folder's lock; raises Busy where another process keeps it longer than `seconds`."""
    try:
        handle = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        deadline = time.monotonic() + seconds
        while not _try_lock(handle):
            if time.monotonic() > deadline:
                raise Busy(
                    f"Another window or command has been starting the embedded database in {path}"
                    f" for {seconds:.0f} seconds.",
                    "Wait for it or end it, then try again.",
                )
            time.sleep(0.02)
        yield
    finally:
        os.close(handle)  # which lets the lock go


def _try_lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True


def read(path: Path) -> State | None:
    """What was last written, whether or not those processes still live."""
    try:
        found = json.loads((path / "state.json").read_text("utf-8"))
        return State(
            Process(**found["server"]),
            Process(**found["keeper"]),
            int(found["port"]),
            bool(found["standalone"]),
            str(found["host"]),
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return None  # cut short by a full disk; the server it spoke of answers its folder's lock


def write(path: Path, state: State) -> None:
    with drafted(path / "state.json") as draft:
        draft.write_text(json.dumps(asdict(state)), "utf-8")


def forget(path: Path) -> None:
    (path / "state.json").unlink(missing_ok=True)
    (path / "hurry").unlink(missing_ok=True)


def hurry(path: Path) -> None:
    """Someone waits for the end: let it come as soon as nobody uses it."""
    with contextlib.suppress(OSError):
        (path / "hurry").touch()


def is_hurried(path: Path) -> bool:
    return (path / "hurry").exists()


def join(path: Path) -> None:
    """Count this process among the users."""
    try:
        _mark(path, process()).touch()
        (path / "hurry").unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path, error) from error


def leave(path: Path) -> None:
    with contextlib.suppress(OSError):  # the folder may be gone; then nobody is counted
        _mark(path, process()).unlink(missing_ok=True)


def users(path: Path) -> tuple[Process, ...]:
    """The processes that use it now; marks of dead ones are removed."""
    found = []
    for mark in sorted((path / "users").iterdir()):
        named = _MARK.fullmatch(mark.name)
        if named is None:
            continue  # not ours: what network file systems and desktops leave in folders
        user = Process(int(named[1]), float(named[2]))
        if user.alive:
            found.append(user)
        else:
            mark.unlink(missing_ok=True)
    return tuple(found)


def _mark(path: Path, user: Process) -> Path:
    return path / "users" / f"{user.pid}-{user.started:.2f}"


def this_host() -> str:
    return platform.node()
