"""The embedded database as users meet it: real processes in a home folder of their own."""

import errno
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pymongo
import pytest
from pymongo.errors import OperationFailure

from core import local
from core.errors import Busy, NoServer
from core.local import server, state

USER = """
import sys
from core import local
print(local.start(), flush=True)
sys.stdin.read()
"""
Another = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def used_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the first start leaves it."""
    home = tmp_path_factory.mktemp("used")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLUICE_HOME", str(home))
        local.start()
        local.stop()
    return home


@pytest.fixture
def fresh(home: Path) -> Iterator[Path]:
    """The folder of a database that was never started; what runs there is killed afterwards."""
    path = state.folder()
    yield path
    state.leave(path)
    read = state.read(path)
    for process in (read.keeper, read.server) if read else ():
        if process.alive:
            psutil.Process(process.pid).kill()
    for keeper in local._keepers:
        keeper.wait(10)


@pytest.fixture
def folder(used_before: Path, home: Path, fresh: Path) -> Path:
    """The folder of a database that was started before and is empty."""
    shutil.copytree(used_before, home, dirs_exist_ok=True)
    return fresh


@pytest.fixture
def another(folder: Path) -> Iterator[Another]:
    """Starts other processes that use the database until their stdin is closed."""
    begun = []

    def begin() -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", USER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.getcwd()},
        )
        begun.append(process)
        return process

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


def uri_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def connected(uri: str) -> "pymongo.MongoClient[dict[str, Any]]":
    return pymongo.MongoClient(uri)


def documents(uri: str) -> int:
    with connected(uri) as client:
        return client.shop.orders.count_documents({})


def insert(uri: str, *documents: dict[str, int]) -> None:
    with connected(uri) as client:
        orders = client.shop.get_collection(
            "orders", write_concern=pymongo.WriteConcern("majority", j=True)
        )
        orders.insert_many(documents)


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def found(folder: Path) -> state.State:
    read = state.read(folder)
    assert read is not None
    return read


def test_one_server_serves_every_process_and_ends_with_the_last(
    folder: Path, another: Another
) -> None:
    uri = local.start()
    others = [another(), another()]  # at the same moment
    assert {uri_of(one) for one in others} == {uri}
    insert(uri, {"a": 1})
    running = found(folder)

    local.stop()
    assert documents(uri) == 1, "the others still use it"
    others[0].kill()  # a process that is killed cannot say goodbye
    others[1].communicate("")
    until(lambda: not running.server.alive and not running.keeper.alive)
    assert local.running() is None

    assert documents(local.start()) == 1, "what was stored is there in the next start"
    local.stop()


def test_the_password_guards_it_and_is_in_no_argument_and_no_log(fresh: Path) -> None:
    folder = fresh
    uri = local.start()
    password = (folder / "password").read_text()
    assert password in uri
    assert len(password) > 30
    assert stat.S_IMODE((folder / "password").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    with connected(f"mongodb://{local.running()}/") as stranger:
        with pytest.raises(OperationFailure, match="requires authentication"):
            stranger.shop.orders.find_one()
        with pytest.raises(OperationFailure):
            stranger.admin.command("createUser", "eve", pwd="x", roles=["root"])
    running = found(folder)
    for process in (running.server, running.keeper):
        assert password not in " ".join(psutil.Process(process.pid).cmdline())
    for log in [*folder.glob("*.log"), folder / "state.json"]:
        assert password not in log.read_text()
    listening = psutil.Process(running.server.pid).net_connections("tcp")
    assert {one.laddr.ip for one in listening} == {"127.0.0.1"}


def test_a_server_that_is_killed_comes_back_on_its_port_with_its_data(folder: Path) -> None:
    uri = local.start()
    insert(uri, {"a": 1}, {"a": 2})
    killed = found(folder).server
    psutil.Process(killed.pid).kill()
    until(lambda: found(folder).server != killed and found(folder).server.alive)
    assert documents(uri) == 2


def test_a_killed_keeper_is_replaced_and_its_server_adopted(folder: Path) -> None:
    uri = local.start()
    first = found(folder)
    psutil.Process(first.keeper.pid).kill()
    until(lambda: not first.keeper.alive)
    assert local.start() == uri
    second = found(folder)
    assert second.server == first.server
    assert second.keeper != first.keeper
    assert second.keeper.alive
    local.stop()
    assert not second.server.alive, "the new keeper ends the server it took over"


def test_a_crash_of_everything_leaves_nothing_that_stops_the_next_start(folder: Path) -> None:
    insert(local.start(), {"a": 1})
    crashed = found(folder)
    for process in (crashed.keeper, crashed.server):
        psutil.Process(process.pid).kill()
    (folder / "users" / "4194000-1.00").touch()  # another user that died in the crash
    (folder / "users" / ".nfs-0001").touch()
    until(lambda: not crashed.server.alive and not crashed.keeper.alive)
    assert documents(local.start()) == 1
    assert len(state.users(folder)) == 1


def test_a_lost_password_is_replaced_and_the_data_kept(folder: Path) -> None:
    insert(local.start(), {"a": 1})
    local.stop()
    lost = (folder / "password").read_text()
    (folder / "password").unlink()
    uri = local.start()
    assert lost not in uri
    assert documents(uri) == 1
    former = connected(uri.replace((folder / "password").read_text(), lost))
    with former, pytest.raises(OperationFailure) as answer:
        former.shop.orders.find_one()
    assert answer.value.code == 18


def test_the_topology_that_runs_is_joined_but_not_changed(folder: Path) -> None:
    uri = local.start(standalone=True)
    with connected(uri) as client:
        assert "setName" not in client.admin.command("hello")
    assert local.start() == uri
    local.stop()
    with connected(local.start()) as client:
        assert "setName" in client.admin.command("hello")
    with pytest.raises(Busy, match="replica set and not standalone"):
        local.start(standalone=True)
    with pytest.raises(Busy, match="runs already, on port"):
        local.start(port=1)
    assert state.users(folder) == (), "who was refused is no user"


def test_serve_prints_the_whole_uri_shares_it_and_ends_alone_on_sigterm(folder: Path) -> None:
    command = [sys.executable, "-c", "from core.local import serve; serve()"]
    serving = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": os.getcwd()}
    )
    uri = uri_of(serving)
    insert(uri, {"a": 1})
    assert local.start() == uri
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(20) == 0
    assert documents(uri) == 1, "this process still uses it"
    running = found(folder)
    local.stop()
    assert not running.server.alive
    serving.communicate()


def test_a_password_that_vanished_while_it_runs_is_said(folder: Path) -> None:
    local.start()
    (folder / "password").unlink()
    with pytest.raises(NoServer, match=r"password .* cannot be read: No such file"):
        local.start()


def test_a_full_disk_is_named_as_such() -> None:
    error = state.cannot_write(Path("/data"), OSError(errno.ENOSPC, "No space left on device"))
    assert str(error) == "The disk that holds /data is full. Free some space there."


def test_without_the_package_the_error_names_the_cure(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "PACKAGE", "secantus_is_not_here")
    with pytest.raises(NoServer, match=r"not installed.*pip install \.\[local\]"):
        local.start()


def test_a_folder_that_cannot_be_made_is_an_error_with_a_cure(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write_text("a file where the folder should be")
    with pytest.raises(NoServer, match=r"cannot use .*Not a directory.*SLUICE_HOME"):
        local.start()


def test_a_folder_used_on_another_computer_is_left_alone(folder: Path) -> None:
    local.start()
    written = json.loads((folder / "state.json").read_text())
    (folder / "state.json").write_text(json.dumps({**written, "host": "elsewhere"}))
    with pytest.raises(Busy, match=r"on the computer elsewhere.*delete .*state\.json"):
        local.start()
    (folder / "state.json").write_text(json.dumps(written))
    state.join(folder)


def test_a_lock_that_is_held_too_long_is_named(folder: Path) -> None:
    with (
        state.locked(folder),
        pytest.raises(Busy, match="has been starting the embedded database"),
        state.locked(folder, seconds=0.1),
    ):
        pass
    with state.locked(folder, seconds=0.1):
        pass
