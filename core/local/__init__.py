"""The embedded database: started once for all windows and commands of a user, gone with the last.

It is for trying out and small work, and beta. The first start makes a user with a generated
password (kept in a file that only its owner may read) before anything but that start can log in.
"""

import atexit
import contextlib
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from core.errors import Busy, NoServer
from core.local import server, state
from core.local.server import available
from core.settings import data_folder

__all__ = ["available", "running", "serve", "start", "stop", "used"]

USER = "sluice"
SPACE = 64 << 20  # bytes: the journal alone takes 20 MB before the first document
_keepers: list[subprocess.Popen[bytes]] = []  # those that this process started
_leaving = False


def start(standalone: bool = False, port: int = 0) -> str:
    """Start the server or join the one that runs; its full URI, with the password.

    A server that runs is joined in whatever topology it has, unless `standalone` asks for that one.
    Raises NoServer, and Busy where it runs in another topology or on another port than asked.
    """
    global _leaving
    folder = state.folder()
    with state.locked(folder):
        state.join(folder)
        try:
            found = _running(folder) or _launch(folder, standalone, port)
            _agrees(found, standalone, port)
            password = _password(folder)
        except BaseException:
            state.leave(folder)
            raise
    if not _leaving:
        _leaving = True
        atexit.register(_leave)
    return _uri(found.port, password)


def used() -> bool:
    """Whether there is data in it: it was started on this computer before."""
    return (data_folder() / "local" / "db" / "WiredTiger").exists()


def running() -> str | None:
    """Where it runs, without password; None where it does not."""
    found = state.read(state.folder())
    alive = found is not None and (found.server.alive or found.keeper.alive)
    return f"{server.HOST}:{found.port}" if found is not None and alive else None


def stop() -> None:
    """Use it no more; waits for its end where this was the last user."""
    folder = state.folder()
    state.leave(folder)
    state.hurry(folder)
    found = state.read(folder)
    deadline = time.monotonic() + server.START_SECONDS
    while found is not None and found.keeper.alive and not state.users(folder):
        if time.monotonic() > deadline:
            raise NoServer("The embedded database did not stop.", "End its process by hand.")
        time.sleep(0.05)
    for keeper in _keepers:
        keeper.poll()


def serve(standalone: bool = False, port: int = 0) -> None:
    """Run it in the foreground until SIGINT or SIGTERM; its full URI goes to stdout."""
    ended = threading.Event()
    with _handling(ended):
        uri = start(standalone, port)
        try:
            sys.stdout.write(uri + "\n")
            sys.stdout.flush()
            while not ended.wait(0.2):
                if running() is None:
                    raise NoServer(
                        "The embedded database stopped by itself.",
                        f"Look into {state.folder() / 'server.log'}.",
                    )
        finally:
            stop()


@contextlib.contextmanager
def _handling(ended: threading.Event) -> Iterator[None]:
    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    former = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _leave() -> None:
    state.leave(state.folder())


def _running(folder: Path) -> state.State | None:
    """The server that runs, with a keeper; waits for one that is being started again."""
    found = state.read(folder)
    if found is None:
        return None
    if found.host != state.this_host():
        raise Busy(
            f"The embedded database in {folder} was started on the computer {found.host}.",
            f"Close Sluice there; if it is not open there, delete {folder / 'state.json'}.",
        )
    while found is not None and not found.server.alive and found.keeper.alive:
        time.sleep(0.05)
        found = state.read(folder)
    if found is None or not found.server.alive:
        return None
    return found if found.keeper.alive else _launch_keeper(folder, found.standalone, found.port)


def _password(folder: Path) -> str:
    try:
        return (folder / "password").read_text("ascii")
    except OSError as error:
        raise NoServer(
            f"The password of the embedded database in {folder} cannot be read: {error.strerror}.",
            "Close the windows and commands that use it; the next start makes a new one.",
        ) from error


def _agrees(found: state.State, standalone: bool, port: int) -> None:
    if standalone and not found.standalone:
        raise Busy(
            "The embedded database runs already, as a replica set and not standalone.",
            "Close the windows and commands that use it, or join it as it is.",
        )
    if port not in (0, found.port):
        raise Busy(
            f"The embedded database runs already, on port {found.port}.",
            "Close the windows and commands that use it, or leave the port out.",
        )


def _launch(folder: Path, standalone: bool, port: int) -> state.State:
    if not available():
        raise server.not_installed()
    if shutil.disk_usage(folder).free < SPACE:
        raise NoServer(
            f"The disk that holds {folder} is nearly full.",
            f"Free at least {SPACE >> 20} MB there.",
        )
    if not (folder / "password").exists() or not (folder / "db" / "WiredTiger").exists():
        _make_user(folder)
    return _launch_keeper(folder, standalone, port)


def _make_user(folder: Path) -> None:
    """Start without authentication on loopback, make the one user, and end that server again.

    The password file takes its name last: what dies half-way is done anew.
    """
    from core.store.users import make_only_user  # the driver is loaded only where it is needed

    password = secrets.token_urlsafe(32)
    draft = folder / "password.new"
    try:
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(password)
    except OSError as error:
        raise state.cannot_write(folder, error) from error
    opened = server.spawn(folder)
    try:
        make_only_user(f"mongodb://{server.HOST}:{opened.port}/", USER, password)
    finally:
        server.end(opened.process, 20)
    draft.replace(folder / "password")


def _launch_keeper(folder: Path, standalone: bool, port: int) -> state.State:
    topology = "standalone" if standalone else "replica-set"
    command = [sys.executable, "-m", "core.local.keeper", str(folder), topology, str(port)]
    packages = str(Path(__file__).parents[2])
    with (folder / "keeper.log").open("wb") as log:
        keeper = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": packages},
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    _keepers.append(keeper)
    while True:
        ended = keeper.poll() is not None
        found = state.read(folder)
        if found is not None and found.keeper.pid == keeper.pid:
            return found
        if ended:
            raise _keeper_error(folder / "keeper.log")
        time.sleep(0.02)


def _keeper_error(log: Path) -> NoServer:
    last = log.read_text("utf-8", "replace").strip().rpartition("\n")[2]
    try:
        words = json.loads(last)
        return NoServer(words["problem"], words["cure"])
    except (ValueError, KeyError, TypeError):
        return NoServer("The embedded database cannot be kept running.", f"Look into {log}.")


def _uri(port: int, password: str) -> str:
    return f"mongodb://{USER}:{password}@{server.HOST}:{port}/?authSource=admin"
