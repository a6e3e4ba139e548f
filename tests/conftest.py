"""Fixtures every test may use: a home folder of its own and real embedded servers.

Each pytest-xdist worker has servers of its own, so tests may drop the ledger between them.
`--standalone` runs all that needs a server on the standalone form, `--writer plain` has every load
write through pymongo's public interface; what takes `either_store` runs over both by itself.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient

import core.store.target
from core.local.server import Running, end, spawn
from core.store import Store
from core.store.write import WRITERS

SECRET = "s3cret-w0rd"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--standalone", action="store_true", help="the server's form: no replica set")
    parser.addoption("--writer", choices=tuple(WRITERS), help="for recipes that name none")


@pytest.fixture(autouse=True)
def writer_asked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if writer := request.config.getoption("--writer"):
        monkeypatch.setattr(core.store.target, "WRITER", writer)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """SLUICE_HOME: settings, logs and the local database of this test alone."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SLUICE_HOME", str(folder))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.delenv("SLUICE_URI", raising=False)
    return folder


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> str:
    """The URI of an embedded server, of the replica-set form unless `--standalone` was said."""
    standalone = request.config.getoption("--standalone")
    found: str = request.getfixturevalue("standalone_server" if standalone else "replica_server")
    return found


@pytest.fixture(scope="session")
def replica_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URI of an embedded server of the replica-set form; failpoints are enabled."""
    yield from _serve(tmp_path_factory.mktemp("server"), standalone=False)


@pytest.fixture(scope="session")
def standalone_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URI of an embedded server of the standalone form; failpoints are enabled."""
    yield from _serve(tmp_path_factory.mktemp("standalone"), standalone=True)


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """HOST:PORT of a server that asks for a login: with the password SECRET, `root` may do all,
    and `reader` read the database shop."""
    folder = tmp_path_factory.mktemp("guarded")
    running = spawn(folder)
    with MongoClient[dict[str, Any]](f"mongodb://127.0.0.1:{running.port}") as client:
        client.admin.command("createUser", "root", pwd=SECRET, roles=["root"])
        reader = [{"role": "read", "db": "shop"}]
        client.admin.command("createUser", "reader", pwd=SECRET, roles=reader)
    end(running.process, 10)  # a user is not in its journal at once
    running = spawn(folder, auth=True)
    yield f"127.0.0.1:{running.port}"
    killed(running)


@pytest.fixture
def store(server: str) -> Iterator[Store]:
    """A store on a database of its own; the database and the ledger are dropped afterwards."""
    yield from opened(server)


@pytest.fixture(params=["replica set, whole batches", "standalone, plain"])
def either_store(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """The same on both forms of the server, each with another writer."""
    form, writer = request.param.split(", ")
    if not request.config.getoption("--writer"):
        monkeypatch.setattr(core.store.target, "WRITER", writer.split()[0])
    whole = form == "replica set"
    yield from opened(request.getfixturevalue("server" if whole else "standalone_server"))


def opened(uri: str) -> Iterator[Store]:
    """A store on a database of its own; what a test leaves behind is dropped."""
    with Store(uri, f"t{uuid4().hex[:12]}") as store:
        yield store
        store.client.drop_database(store.database)
        store.client.drop_database("sluice")


def killed(running: Running) -> None:
    """Asked to stop, it takes seconds."""
    running.process.kill()
    running.process.wait()


def _serve(folder: Path, standalone: bool) -> Iterator[str]:
    running = spawn(folder, standalone=standalone, test_commands=True)
    yield f"mongodb://127.0.0.1:{running.port}/?heartbeatFrequencyMS=500"
    killed(running)
