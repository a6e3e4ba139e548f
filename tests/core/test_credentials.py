"""A password given to Sluice is found in nothing that it writes, says or starts."""

import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

import psutil
import pytest
from pymongo import MongoClient

import core.reading.source
import core.store.patience
import gui.messages
from core import secrets
from core.cli import main
from core.connecting import remember
from core.errors import CoreError
from core.loading.loader import load_file
from core.local.server import end, spawn
from core.settings import Settings, log_folder
from core.store import Store
from gui.app import log, start_log
from gui.session import Session
from tests.commands import ROOT, here
from tests.conftest import SECRET, killed
from tests.core.loads import recipe as made
from tests.core.loads import write_csv
from tests.core.ring import Ring


def sluice(uri: str, *words: str, code: int) -> str:
    """What the command says, its address in the environment; nothing it starts is told either."""
    process = subprocess.Popen(
        [sys.executable, "-m", "core.cli", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env={**os.environ, "SLUICE_URI": uri},
    )
    try:
        while True:
            for one in _family(process.pid):
                assert SECRET not in one
            try:
                said = process.communicate(timeout=0.1)[0]
                break
            except subprocess.TimeoutExpired:
                continue
    finally:
        process.kill()
    assert process.returncode == code, said.replace(SECRET, "<SECRET>")
    assert SECRET not in said
    return said


def _family(pid: int) -> list[str]:
    """The arguments of a process and of all that it started."""
    try:
        first = psutil.Process(pid)
        return [" ".join(one.cmdline()) for one in (first, *first.children(recursive=True))]
    except psutil.Error:
        return []  # it has just ended


def test_a_load_and_its_report_tell_no_password(guarded: str, tmp_path: Path, home: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [(n, f"n{n}", n) for n in range(40)] + [(40, "b", "x")])
    uri = f"mongodb://root:{SECRET}@{guarded}/?authSource=admin"
    recipe = tmp_path / "a.recipe.json"
    sluice(uri, "infer", str(path), "-o", str(recipe), code=0)
    said = sluice(uri, "load", str(path), "--into", "shop.goods", "--json", code=1)
    assert '"quarantined": 1' in said, "the refused records are looked through as well"
    with MongoClient[dict[str, Any]](uri) as client:
        for name in client["sluice"].list_collection_names():
            assert SECRET not in repr(list(client["sluice"][name].find()))
        load = str(client["sluice"]["loads"].find_one({})["_id"])  # type: ignore[index]
    sluice(uri, "loads", "--json", code=0)
    sluice(uri, "report", load, "-o", str(tmp_path / "report.html"), code=0)
    written = [one for folder in (tmp_path, home) for one in folder.rglob("*") if one.is_file()]
    assert len(written) >= 3, written
    for file in written:
        assert SECRET.encode() not in file.read_bytes(), file


@pytest.mark.parametrize("wrong", ["password", "server", "address"])
def test_a_load_that_cannot_begin_tells_no_password(
    wrong: str, guarded: str, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1)])
    uri = {
        "password": f"mongodb://root:{SECRET}x@{guarded}/?authSource=admin",
        "server": f"mongodb://root:{SECRET}@127.0.0.1:9/?serverSelectionTimeoutMS=300",
        "address": f"mongodb://root:{SECRET}@h@st/",
    }[wrong]
    monkeypatch.setenv("SLUICE_URI", uri)
    result = here("load", path, "--into", "shop.goods", "--json")
    assert result.returncode == 2, result.stderr.replace(SECRET, "<SECRET>")
    assert SECRET not in result.stdout + result.stderr
    for file in home.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file


def test_a_server_lost_amid_a_load_is_named_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core.reading.source, "BLOCK", 256)
    monkeypatch.setattr(core.store.patience, "SECONDS", 1.0)
    running = spawn(tmp_path / "lost")
    uri = f"mongodb://127.0.0.1:{running.port}"
    with MongoClient[dict[str, Any]](uri) as client:
        client.admin.command("createUser", "root", pwd=SECRET, roles=["root"])
    end(running.process, 10)
    running = spawn(tmp_path / "lost", auth=True)
    path = write_csv(tmp_path / "a.csv", [(n, f"n{n}", n) for n in range(200)])
    uri = f"mongodb://root:{SECRET}@127.0.0.1:{running.port}/?authSource=admin"
    messages: set[str] = set()
    with Store(uri, "shop", serverSelectionTimeoutMS=300) as store:
        work = load_file(path, made(), store)
        next(report for report in work if report.accepted)
        killed(running)
        with pytest.raises(CoreError) as caught:
            messages.update(report.message for report in work)
    told = "".join(traceback.format_exception(caught.value))
    assert "has not answered" in str(caught.value)
    assert any("Waiting for MongoDB" in message for message in messages)
    assert SECRET not in told
    assert SECRET not in repr(messages)


def test_a_load_finds_the_password_in_the_keyring_and_leaves_it_there(
    guarded: str, tmp_path: Path, home: Path, capfd: pytest.CaptureFixture[str], ring: Ring
) -> None:
    uri = f"mongodb://root:{SECRET}@{guarded}/?authSource=admin"
    assert remember(Settings(), uri)
    secrets._session.clear()  # as in the next start
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1), (2, "b", "x")])
    assert main(["load", str(path), "--into", "shop.kept", "--json"]) == 0
    assert SECRET not in "".join(capfd.readouterr())
    assert [*ring.kept.values()] == [uri]
    with MongoClient[dict[str, Any]](uri) as client:
        assert client["shop"]["kept"].count_documents({}) == 2
        for name in client["sluice"].list_collection_names():
            assert SECRET not in repr(list(client["sluice"][name].find()))
    for file in home.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file


def test_the_log_of_the_window_tells_no_password(guarded: str, home: Path, qtbot: Any) -> None:
    """What goes wrong with a connection, and a bug while there is one, whole with its traceback."""
    start_log()
    session = Session(Settings())
    try:
        for uri in (
            f"mongodb://root:{SECRET}x@{guarded}/?authSource=admin",
            f"mongodb://root:{SECRET}@h@st/",
        ):
            with qtbot.waitSignal(session.connect_failed, timeout=30_000):
                session.connect_to(uri)
        right = f"mongodb://root:{SECRET}@{guarded}/?authSource=admin"
        with qtbot.waitSignal(session.store_changed, timeout=30_000):
            session.connect_to(right)
        try:
            raise RuntimeError(session.store.address if session.store else "")
        except RuntimeError as bug:
            gui.messages.words(bug)
        written = (log_folder() / "sluice.log").read_text()
    finally:
        session.close()
        for handler in log.handlers[:]:
            log.removeHandler(handler)
            handler.close()
    assert "A bug" in written
    assert guarded in written
    assert SECRET not in written
