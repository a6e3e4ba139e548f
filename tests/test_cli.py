"""The command line as a script uses it: exit codes, JSON, one sentence for bad input."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pymongo import MongoClient

from resources.samples import make
from tests.commands import ROOT, Result, here, process
from tests.conftest import SECRET

SAMPLES = Path(make.__file__).parent
NO_OVERRIDE = "-dac_override,-dac_read_search"  # root reads any file unless these are taken away


def refused(result: Result, *words: str, code: int = 2) -> None:
    """One line on stderr that says what is wrong, and nothing on stdout."""
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    for word in words:
        assert word in lines[0]


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of its own, dropped from the servers that the test uses."""
    name = f"t{uuid4().hex[:12]}"
    servers = {"server", "standalone_server", "uri"} & set(request.fixturenames)
    addresses = [request.getfixturevalue(server) for server in servers]
    yield name
    for address in addresses:
        with MongoClient[dict[str, Any]](address) as client:
            client.drop_database(name)
            client.drop_database("sluice")


@pytest.fixture(params=["server", "standalone_server"])
def uri(request: pytest.FixtureRequest) -> Iterator[str]:
    address: str = request.getfixturevalue(request.param)
    yield address
    with MongoClient[dict[str, Any]](address) as client:
        client.drop_database("sluice")


@pytest.fixture
def not_mongodb() -> Iterator[int]:
    """A port where something answers that is not MongoDB."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            while True:
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                with peer:
                    peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(5)


# ---- the main job -------------------------------------------------------------------------------
def test_the_main_job_accounts_for_every_record(uri: str, database: str) -> None:
    words = ("load", SAMPLES / "orders.csv", "--into", f"{database}.orders", "--uri", uri, "--json")
    result = process(*words)
    assert result.returncode == 1, result.stderr
    report = json.loads(result.stdout)
    assert report["records"] == report["accepted"] + report["quarantined"] + report["skipped"]
    planted = json.loads((SAMPLES / "orders.defects.json").read_text("utf-8"))
    assert report["quarantined"] == len(planted)
    assert report["state"] == "done"
    with MongoClient[dict[str, Any]](uri) as client:
        documents = list(client[database].orders.find())
        held = list(client.sluice.quarantine.find())
        assert len(documents) == report["accepted"]
        assert sorted(h["line"] for h in held) == sorted(d["line"] for d in planted)
        raw = (SAMPLES / "orders.csv").read_bytes().split(b"\r\n")
        assert all(h["raw"] == raw[h["line"] - 1] for h in held)
        again = here(*words)
        assert again.returncode == 0, again.stderr
        assert json.loads(again.stdout)["state"] == "already-loaded"
        assert client[database].orders.count_documents({}) == len(documents)
        client.drop_database(database)


def test_serve_prints_an_address_that_the_next_command_and_any_client_can_use(
    home: Path, tmp_path: Path
) -> None:
    small = tmp_path / "people.csv"
    small.write_text("name,age\nAda,36\nMilo,x\n", "utf-8")
    command = [sys.executable, "-m", "core.cli", "serve"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stdout is not None
            address = serving.stdout.readline().strip()
            assert address.startswith("mongodb://")
            result = process("load", small, "--into", "town.people", "--json")
            assert result.returncode in (0, 1), result.stderr
            report = json.loads(result.stdout)
            with MongoClient[dict[str, Any]](address) as client:
                assert client.town.people.count_documents({}) == report["accepted"]
                assert client.sluice.quarantine.count_documents({}) == report["quarantined"]
        finally:
            serving.terminate()
            serving.wait(30)


def test_a_load_can_be_listed_reviewed_and_undone(server: str, database: str) -> None:
    words = ("--uri", server)
    path = SAMPLES / "products.csv"
    result = here("load", path, "--into", f"{database}.products", *words, "--json")
    load = json.loads(result.stdout)["load"]
    listed = json.loads(here("loads", *words, "--json").stdout)
    assert load in [entry["load"] for entry in listed]
    held = json.loads(here("quarantine", "list", "--load", load, *words, "--json").stdout)
    assert len(held) == json.loads(result.stdout)["quarantined"]
    plan = here("undo", load, "--dry-run", *words)
    assert plan.returncode == 0, plan.stderr
    undone = here("undo", load, *words)
    assert undone.returncode == 0, undone.stderr
    with MongoClient[dict[str, Any]](server) as client:
        assert client[database].products.count_documents({}) == 0


def test_check_writes_both_halves(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    result = here("check", SAMPLES / "orders.csv", "--accepted", good, "--refused", bad, "--json")
    assert result.returncode == 1, result.stderr
    report = json.loads(result.stdout)
    assert report["load"] is None
    assert len(good.read_text("utf-8").splitlines()) == report["accepted"] + 1
    again = here("check", good, "--json")
    assert json.loads(again.stdout)["records"] == report["accepted"]


# ---- bad input ----------------------------------------------------------------------------------
def test_a_missing_file_is_named(tmp_path: Path) -> None:
    refused(process("check", tmp_path / "nowhere.csv"), "nowhere.csv")


def test_a_folder_without_csv_files_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused(here("check", tmp_path / "empty"), "empty")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    path.touch()
    refused(here("check", path), "none.csv", "empty")


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    refused(here("check", path), "picture.csv")


def test_a_workbook_is_refused_with_the_cure(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
    refused(here("check", path), "book.xlsx", "workbook", "Save it as CSV")


def test_a_file_without_read_permission_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    path.chmod(0)
    wrap: tuple[str, ...] = ()
    if os.geteuid() == 0:
        assert shutil.which("setpriv"), "as root this needs setpriv (util-linux)"
        wrap = ("setpriv", f"--inh-caps={NO_OVERRIDE}", f"--bounding-set={NO_OVERRIDE}")
    refused(process("check", path, wrap=wrap), "secret.csv")


def test_a_header_alone_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "header.csv"
    path.write_text("a,b\n", "utf-8")
    result = here("check", path, "--json")
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["records"] == 0
    assert report["warnings"]


def test_no_server_at_that_address(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n", "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    uri = f"mongodb://127.0.0.1:{port}/?serverSelectionTimeoutMS=500"
    refused(here("load", path, "--into", "x.y", "--uri", uri), f"127.0.0.1:{port}")


def test_something_that_is_not_mongodb(tmp_path: Path, not_mongodb: int) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n", "utf-8")
    uri = f"mongodb://127.0.0.1:{not_mongodb}/?serverSelectionTimeoutMS=1500"
    refused(
        here("load", path, "--into", "x.y", "--uri", uri), f"127.0.0.1:{not_mongodb}", "MongoDB"
    )


def test_a_wrong_password_and_a_missing_right_are_told_apart(guarded: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n", "utf-8")
    wrong = f"mongodb://reader:wrong@{guarded}/?authSource=admin"
    result = here("load", path, "--into", "town.a", "--uri", wrong)
    refused(result, "password")
    assert "wrong" not in result.stderr.replace("wrong name or password", "")
    reader = f"mongodb://reader:{SECRET}@{guarded}/?authSource=admin"
    refused(here("load", path, "--into", "town.a", "--uri", reader), "role")


def test_wrong_usage_is_exit_2() -> None:
    result = process("load", "x.csv")
    assert result.returncode == 2
    assert "--into" in result.stderr


def test_a_half_is_never_written_over_the_file_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,name\n1,Ada\n", "utf-8")
    refused(here("check", path, "--accepted", path), "a.csv")
    refused(here("check", path, "--accepted", tmp_path / "b", "--refused", tmp_path / "b"), "b")
    assert path.read_text("utf-8") == "id,name\n1,Ada\n"


@pytest.mark.parametrize(
    "into", ["sluice.loads", "admin.x", "$x.y", "a b.c", "x.system.y", "a.$b", "a.b..c", "a.b$c"]
)
def test_no_load_goes_where_mongodb_or_sluice_keep_their_own(
    into: str, server: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id\n1\n", "utf-8")
    refused(here("load", path, "--into", into, "--uri", server), "“")
    assert "a.csv" not in here("loads", "--uri", server).stdout


def test_a_record_without_the_id_its_file_brings_is_held(
    server: str, database: str, tmp_path: Path
) -> None:
    path = tmp_path / "ids.csv"
    path.write_text("_id,name\n1,a\n2,b\n1,c\n,d\n3,e\n", "utf-8")
    result = here("load", path, "--into", f"{database}.x", "--uri", server, "--json")
    report = json.loads(result.stdout)
    assert (report["accepted"], report["quarantined"], report["state"]) == (3, 2, "done")


def test_odd_options_are_told_and_not_traced(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,name\n1,Ada\n", "utf-8")
    refused(here("check", path, "--delimiter", ""), "a.csv", "delimiter")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    refused(here("check", pipe), "pipe", "write - in place")


def test_an_undo_says_in_words_what_it_does(server: str, database: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,name\n1,Ada\n2,Milo\n", "utf-8")
    loaded = here("load", path, "--into", f"{database}.people", "--uri", server, "--json")
    load = json.loads(loaded.stdout)["load"]
    with MongoClient[dict[str, Any]](server) as client:
        client[database].people.update_one({"id": 1}, {"$set": {"name": "Eve"}})
        plan = here("undo", load, "--dry-run", "--uri", server)
        assert "removes 1 document; 1 edited since the load stays" in plan.stderr
        done = here("undo", load, "--uri", server)
        assert "1 removed" in done.stderr
        assert "1 edited since the load stay" in done.stderr
        assert [d["name"] for d in client[database].people.find()] == ["Eve"]
        again = here("undo", load, "--uri", server, "--json")
        assert (again.returncode, f"undo {load} --force" in again.stderr) == (0, True)
        assert json.loads(again.stdout)["stays"] == 1
        assert here("undo", load, "--force", "--uri", server).returncode == 0
        again = here("undo", load, "--uri", server)
        assert (again.returncode, "undone already" in again.stderr) == (0, True)
        assert client[database].people.count_documents({}) == 0
        client.drop_database(database)
