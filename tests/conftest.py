"""Fixtures every test may use: a home folder of its own and real embedded servers.

Each pytest-xdist worker has servers of its own, so tests may drop the ledger between them.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from core.local.server import spawn
from core.store import Store


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """SLUICE_HOME: settings, logs and the local database of this test alone."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SLUICE_HOME", str(folder))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.delenv("SLUICE_URI", raising=False)
    return folder


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URI of an embedded server of the replica-set form; failpoints are enabled."""
    yield from _serve(tmp_path_factory.mktemp("server"), standalone=False)


@pytest.fixture(scope="session")
def standalone_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URI of an embedded server of the standalone form; failpoints are enabled."""
    yield from _serve(tmp_path_factory.mktemp("standalone"), standalone=True)


@pytest.fixture
def store(server: str) -> Iterator[Store]:
    """A store on a database of its own; the database and the ledger are dropped afterwards."""
    with Store(server, f"t{uuid4().hex[:12]}") as opened:
        yield opened
        opened.client.drop_database(opened.database)
        opened.client.drop_database("sluice")


def _serve(folder: Path, standalone: bool) -> Iterator[str]:
    running = spawn(folder, standalone=standalone, test_commands=True)
    yield f"mongodb://127.0.0.1:{running.port}/?heartbeatFrequencyMS=500"
    running.process.terminate()
    try:
        running.process.wait(10)
    except subprocess.TimeoutExpired:
        running.process.kill()
        running.process.wait()
