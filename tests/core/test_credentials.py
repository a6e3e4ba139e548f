"""A password given to Sluice is found in nothing that it writes, says or starts."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from pymongo import MongoClient

from core.local.server import end, spawn
from tests.core.loads import write_csv

SECRET = "s3cret-w0rd"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """HOST:PORT of a server that asks for a login."""
    folder = tmp_path_factory.mktemp("guarded")
    running = spawn(folder)
    with MongoClient[dict[str, Any]](f"mongodb://127.0.0.1:{running.port}") as client:
        client.admin.command("createUser", "root", pwd=SECRET, roles=["root"])
    end(running.process, 10)
    running = spawn(folder, auth=True)
    yield f"127.0.0.1:{running.port}"
    end(running.process, 10)


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
    wrong: str, guarded: str, tmp_path: Path, home: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", [(1, "a", 1)])
    uri = {
        "password": f"mongodb://root:{SECRET}x@{guarded}/?authSource=admin",
        "server": f"mongodb://root:{SECRET}@127.0.0.1:9/?serverSelectionTimeoutMS=300",
        "address": f"mongodb://root:{SECRET}@h@st/",
    }[wrong]
    sluice(uri, "load", str(path), "--into", "shop.goods", "--json", code=2)
    for file in home.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes(), file
