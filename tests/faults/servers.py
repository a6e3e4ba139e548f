"""A server to be killed, stopped, made to fail by order, or left without disk."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pymongo.errors import PyMongoError
from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
)

from core.local.server import spawn
from core.store import Store

LOADING = "faults"  # the name by which the server knows the load, that nothing else may fail
HASTY: Mapping[str, Any] = {
    "appname": LOADING,
    "heartbeatFrequencyMS": 500,
    "socketTimeoutMS": 1_500,
    "serverSelectionTimeoutMS": 1_000,
}
DISK = 128 << 20  # bytes of the disk that is filled
BRIM = 1 << 20  # bytes of its journal that are left to a server then


class Server:
    """One embedded server on a folder of its own, always at the same port."""

    def __init__(self, folder: Path, standalone: bool) -> None:
        self._folder = folder
        self._standalone = standalone
        self._running = spawn(folder, standalone=standalone, test_commands=True)
        self.uri = f"mongodb://127.0.0.1:{self._running.port}/?heartbeatFrequencyMS=500"

    def restart(self) -> None:
        """SIGKILL, and a new one in its place."""
        self.kill()
        port = self._running.port
        self._running = spawn(
            self._folder, port=port, standalone=self._standalone, test_commands=True
        )

    def freeze(self, seconds: float) -> None:
        self._running.process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self._running.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self._running.process.kill()
        self._running.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.kill()


class Met(CommandListener):
    """How many commands failed, or were answered with a failed write concern."""

    def __init__(self) -> None:
        self.count = 0

    def started(self, event: CommandStartedEvent) -> None:
        pass

    def succeeded(self, event: CommandSucceededEvent) -> None:
        self.count += "writeConcernError" in event.reply

    def failed(self, event: CommandFailedEvent) -> None:
        self.count += 1


class FailPoint:
    """Commands of the load that the server lets fail on order."""

    def __init__(self, store: Store) -> None:
        self._admin = store.client.admin

    def arm(self, commands: list[str], fault: Mapping[str, Any], times: int, skip: int) -> None:
        data = {"failCommands": commands, "appName": LOADING, **fault}
        mode = {"times": times, "skip": skip}
        self._admin.command("configureFailPoint", "failCommand", mode=mode, data=data)

    def off(self) -> None:
        self._admin.command("configureFailPoint", "failCommand", mode="off")


class Disk:
    """A small disk in memory that can be filled; making one needs the rights to mount."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, store: Store) -> None:
        """The disk, and then what room the server's journal still has: until a write fails."""
        self.free()
        with contextlib.suppress(PyMongoError):  # it may not have got over the last time yet
            while self._journal_left() > BRIM:
                _junk(store, BRIM // 16)
        with self._filler.open("ab", buffering=0) as file:
            for size in (1 << 20, 4 << 10, 1):
                with contextlib.suppress(OSError):  # no space left: that is what it is for
                    while file.write(b"\0" * size) == size:
                        pass
        with contextlib.suppress(PyMongoError):
            while self._filler.exists():
                _junk(store, 4 << 10)

    def _journal_left(self) -> int:
        """Bytes that fit into WiredTiger's last log file, which has its whole size at once."""
        last = max(self.folder.glob("db/WiredTigerLog.*"))
        written = last.read_bytes()
        return len(written) - len(written.rstrip(b"\0"))

    def free(self) -> None:
        self._filler.unlink(missing_ok=True)


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    """Raises PermissionError where this user, or this system, mounts no disk in memory."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "sluice-faults", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise PermissionError(f"there is no mount: {error}") from error
    if done.returncode:
        raise PermissionError(done.stderr.strip())
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        os.rmdir(folder)


def _junk(store: Store, size: int) -> None:
    junk = {"_id": 1, "junk": os.urandom(size)}
    store.client["junk"]["junk"].replace_one({"_id": 1}, junk, upsert=True)


def healthy(store: Store) -> bool:
    """Whether the server takes a journaled write."""
    probe = store.client["probe"].command
    try:
        probe("insert", "probe", documents=[{}], writeConcern={"w": 1, "j": True})
        probe("drop", "probe")
    except PyMongoError:
        return False
    return True
