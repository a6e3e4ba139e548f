"""One server of the embedded database: why it does not start, and that it is ended."""

import signal
import subprocess
from pathlib import Path

import pytest

from core.errors import NoServer
from core.local import server


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"... being managed by another process: Device or resource busy", "another program uses"),
        (b"OSError: [Errno 98] Address already in use", "its port is taken"),
        (b"WT_PANIC: No space left on device", "the disk is full"),
        (b"Permission denied", "cannot be written"),
        (b"Traceback\nValueError: odd\n", "ValueError: odd"),
        (b"", "it said nothing"),
    ],
)
def test_a_server_that_cannot_start_says_why(written: bytes, said: str, tmp_path: Path) -> None:
    assert said in str(server.why(written, tmp_path / "server.log"))


def test_a_second_server_on_a_used_folder_is_refused(tmp_path: Path) -> None:
    running = server.spawn(tmp_path)
    with pytest.raises(NoServer, match=r"another program uses its folder"):
        server.spawn(tmp_path)
    running.process.terminate()
    running.process.wait(10)


@pytest.mark.parametrize("broken", [KeyboardInterrupt, NoServer("It says nothing.")])
def test_a_server_whose_start_is_broken_off_is_ended(
    broken: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def break_off(process: subprocess.Popen[bytes], log: Path) -> int:
        started.append(process)
        raise broken

    monkeypatch.setattr(server, "_wait_for_port", break_off)
    with pytest.raises((KeyboardInterrupt, NoServer)):
        server.spawn(tmp_path)
    assert started[0].returncode == -signal.SIGKILL
