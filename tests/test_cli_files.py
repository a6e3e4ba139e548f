"""Several files, standard input and the modes of a load, from the command line."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from core.cli.command import Stop
from tests.commands import ROOT, said
from tests.test_cli import database
from tests.test_cli_options import people

__all__ = ["database", "people"]  # the fixtures


def test_a_file_of_another_shape_than_the_first_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,name\n1,x\n2,y\n")
    (tmp_path / "b.csv").write_text("id,name\n3,z\n4,w\n")
    (tmp_path / "c.csv").write_text("id;name;more\nx9;z;5\ny9;w;6\n")
    code, out, err = said("check", tmp_path, "--json")
    assert (code, len(json.loads(out))) == (0, 3)
    said_of_c = (
        "unlike a.csv: “more” is new. “id” is string here and integer there. "
        "--recipe reads all files alike; a file of another table is loaded by itself."
    )
    assert [line for line in err.splitlines() if "unlike" in line] == [f"c.csv: {said_of_c}"]
    assert [one["warnings"] for one in json.loads(out)] == [[], [], [said_of_c]]


def test_json_has_the_shape_of_the_command_and_an_entry_for_each_file(tmp_path: Path) -> None:
    """Whatever becomes of the files: a list but where one file is named; null is not known."""
    good, empty = tmp_path / "good.csv", tmp_path / "empty.csv"
    good.write_text("id,name\n1,x\n")
    empty.touch()
    one = json.loads(said("check", good, "--json")[1])
    code, out, _ = said("check", empty, "--json")
    failed = json.loads(out)
    assert (code, failed["file"], failed["state"]) == (2, "empty.csv", "failed")
    assert "empty.csv is empty" in failed["error"]
    assert (failed["records"], one["records"], one["error"]) == (None, 1, None)
    assert failed.keys() == one.keys()
    assert one["types"] == {"id": "int32", "name": "string"}
    both = json.loads(said("check", empty, good, "--json")[1])
    assert both[0] == failed
    assert both[1]["records"] == 1
    for words in ((empty, empty), (tmp_path / "e*.csv",)):
        assert json.loads(said("check", *words, "--json")[1]) == [failed]


def test_a_recipe_for_all_refuses_the_file_that_it_does_not_fit(
    server: str, database: str, tmp_path: Path
) -> None:
    """The others are loaded, whatever their order."""
    for name, text in (("a", "id,name\n1,x\n"), ("b", "id,more\n2,y\n"), ("c", "id,name\n3,z\n")):
        (tmp_path / f"{name}.csv").write_text(text)
    recipe = tmp_path / "all.recipe.json"
    said("infer", tmp_path / "a.csv", "-o", recipe)
    into = ("--into", f"{database}.x", "--uri", server)
    code, _, err = said("load", tmp_path / "*.csv", "--recipe", recipe, *into)
    assert code == 2
    assert (
        "b.csv: The file does not fit the recipe “a”: “name” is missing. “more” is new. "
        "Choose another recipe, change this one, or set its fieldsMatch."
    ) in err
    with MongoClient[dict[str, Any]](server) as client:
        assert sorted(client[database].x.distinct("id")) == [1, 3]


def test_standard_input_is_loaded_under_a_name(server: str, database: str, people: Path) -> None:
    words = ("load", "-", "--into", f"{database}.p", "--uri", server, "--json")
    done = subprocess.run(
        [sys.executable, "-m", "core.cli", *words],
        cwd=ROOT,
        input=people.read_bytes(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    report = json.loads(done.stdout)
    assert (report["accepted"], report["file"]) == (39, "stdin.csv")


def test_update_by_a_key_said_on_the_command_line(server: str, database: str, people: Path) -> None:
    words = ("load", people, "--into", f"{database}.people", "--uri", server, "--mode", "update")
    assert "--key" in said(*words)[2]
    assert said(*words, "--key", "")[0] == 2
    assert said(*words, "--key", "id")[0] == 0
    with people.open("a") as file:
        file.write("40,new,1\n")
    people.write_text(people.read_text().replace("1,name 1,", "1,changed,", 1), "utf-8")
    _, out, err = said(*words, "--key", "id", "--json")
    again = json.loads(out)
    assert "40 loaded (1 new, 1 changed, 38 as before)" in err
    assert (again["inserted"], again["changed"], again["unchanged"]) == (1, 1, 38)
    with MongoClient[dict[str, Any]](server) as client:
        assert client[database].people.count_documents({}) == 40
        assert client[database].people.find_one({"id": 1})["name"] == "changed"  # type: ignore[index]


def test_several_files_do_not_replace_each_other(
    server: str, database: str, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(f"id\n{name}\n")
    into = ("--into", f"{database}.x", "--uri", server, "--mode", "replace")
    code, _, err = said("load", tmp_path, *into)
    assert (code, err.count("each would replace what the one before has loaded")) == (2, 2)
    assert said("load", tmp_path / "a.csv", *into)[0] == 0


def test_a_name_that_no_file_can_have_is_told(tmp_path: Path) -> None:
    code, out, err = said("check", tmp_path / f"{'long' * 100}.csv")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "could not be read: File name too long" in err


def test_a_load_that_is_stopped_tells_what_it_has_written(
    server: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "long.csv"
    path.write_text("id,text\n" + "".join(f"{n},{'x' * 400}\n" for n in range(12_000)))
    with MongoClient[dict[str, Any]](server) as client:
        there = client[database].x

        class AskedAmidst(Stop):
            @property
            def asked(self) -> bool:
                return there.estimated_document_count() > 0

            @asked.setter
            def asked(self, _: bool) -> None: ...

        monkeypatch.setattr("core.cli.running.Stop", AskedAmidst)
        words = ("load", path, "--into", f"{database}.x", "--uri", server, "--json")
        code, out, _ = said(*words)
        report = json.loads(out)
        assert (code, report["state"]) == (3, "stopped")
        assert report["accepted"] == report["records"] == there.count_documents({}) > 0
