"""The command line where rows are held."""

import json
from pathlib import Path
from typing import Any

from pymongo import MongoClient

from tests.commands import said
from tests.test_cli import database
from tests.test_cli_options import people

__all__ = ["database", "people"]  # the fixtures


def test_a_second_discard_says_why_there_is_nothing_to_do(
    server: str, database: str, people: Path
) -> None:
    with people.open("a") as file:
        file.write("40,short\n")
    words = ("--uri", server)
    load = ("load", people, "--into", f"{database}.people", *words)
    discard = ("quarantine", "discard", "--note", "not ours", *words)
    assert said(*load)[0] == 1
    assert said(*discard)[2] == "1 discarded.\n"
    assert said(*discard)[2] == "0 discarded: no record is held (1 discarded before).\n"
    code, _, err = said(*load)
    assert code == 0
    assert "which held 1 row; --again loads it as new" in err


def test_quarantine_says_why_there_is_nothing_to_do(
    server: str, database: str, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("id,n\n1,x\n", "utf-8")
    fields = [{"name": "id", "type": "integer"}, {"name": "n", "type": "integer"}]
    recipe = {"name": "bad", "schema": {"fields": fields}}
    (tmp_path / "bad.recipe.json").write_text(json.dumps(recipe), "utf-8")
    where = ("--uri", server)
    assert said("load", bad, "--into", f"{database}.bad", *where)[0] == 1
    dry = said("load", bad, "--into", f"{database}.other", "--dry-run", *where)[2]
    assert "would insert 0, change 0, leave 0, skip 0, refuse 1 (type-error 1)" in dry
    none = said("quarantine", "list", "--reason", "nope", *where)[2]
    assert none == "No held record fits; reasons are type-error; fields are n.\n"
    code, _, err = said("undo", "", *where)
    assert (code, err) == (2, "sluice: There is no load “” on this server. See: sluice loads.\n")
    assert "1 discarded" in said("quarantine", "discard", "--note", "test", *where)[2]
    for action in (("discard", "--note", "x"), ("resubmit",), ("list",)):
        assert "1 discarded before" in said("quarantine", *action, *where)[2], action


def test_held_rows_are_edited_and_said_to_be_whole(
    server: str, database: str, tmp_path: Path
) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("id,n,note\n1,x,a\n2,3,b,more\n3,4,c,more\n4\n5,6,d\n", "utf-8")
    fields = [{"name": "id", "type": "integer"}, {"name": "n", "type": "integer"}, {"name": "note"}]
    recipe = {"name": "odd", "schema": {"fields": fields}}
    (tmp_path / "odd.recipe.json").write_text(json.dumps(recipe), "utf-8")
    where = ("--uri", server)
    code, out, _ = said("load", path, "--into", f"{database}.odd", "--json", *where)
    load = ("--load", json.loads(out)["load"])
    assert code == 1
    first = json.loads(said("quarantine", "list", "--json", *load, *where)[1])[0]["id"]
    assert first in said("quarantine", "list", *load, *where)[1]
    edit = ("quarantine", "edit")
    code, _, err = said(*edit, first, "--set", "n=y", *where)
    assert "line 2: " in err
    assert err.endswith("1 edited, 0 of them ready to be resubmitted.\n")
    assert "1 edited, 1 of them ready" in said(*edit, first, "--set", "n=7", *where)[2]
    assert "2 edited, 2 of them ready" in said(*edit, "--leave-out-surplus", *load, *where)[2]
    code, out, _ = said(*edit, "--leave-missing-empty", "--json", *load, *where)
    assert (code, json.loads(out)) == (0, {"edited": 1, "ready": 1, "busy": 0})
    assert said("quarantine", "resubmit", *load, *where)[0] == 0
    with MongoClient[dict[str, Any]](server) as client:
        found = list(client[database].odd.find({}, {"_id": 0}).sort("id", 1))
    assert found[3] == {"id": 4}
    assert [one["n"] for one in found if "n" in one] == [7, 3, 4, 6]
    for words, told in (
        ((), "It is not said what to change"),
        (("--set", "n=1"), "needs the records"),
        ((first, "--leave-out-surplus"), "no longer held"),
    ):
        code, _, err = said(*edit, *words, *where)
        assert code == 2
        assert told in err


def test_a_renamed_export_settles_the_rows_it_came_from(
    server: str, database: str, tmp_path: Path
) -> None:
    path, out = tmp_path / "odd.csv", tmp_path / "out.csv"
    path.write_text("id,n,note\n1,x,a\n2,3,b,more\n3\n5,6,d\n", "utf-8")
    fields = [{"name": "id", "type": "integer"}, {"name": "n", "type": "integer"}, {"name": "note"}]
    recipe = {"name": "odd", "schema": {"fields": fields}}
    (tmp_path / "odd.recipe.json").write_text(json.dumps(recipe), "utf-8")
    where = ("--uri", server)
    into = ("--into", f"{database}.odd", *where)
    assert said("load", path, *into)[0] == 1
    assert said("quarantine", "export", "-o", out, *where)[0] == 0
    back = tmp_path / "back" / "from Anna.csv"
    back.parent.mkdir()
    back.write_text(out.read_text("utf-8-sig").replace("1,x,a", "1,9,a", 1), "utf-8")
    code, _, err = said("load", back, "--dry-run", *into)
    assert (code, "would insert 1," in err) == (1, True)
    code, told, err = said("load", back, "--json", *into)
    assert "1 corrected row loaded, 2 unchanged and held as before.\n" in err
    report = json.loads(told)
    counts = [report[key] for key in ("state", "records", "accepted", "quarantined", "skipped")]
    assert (code, counts) == (1, ["returned", 3, 1, 2, 0])
    code, _, err = said("load", back, "--into", f"{database}.other", *where)
    assert (code, f"Say --into {database}.odd, or --again" in err) == (2, True)
    assert said("load", back, "--again", "--into", f"{database}.other", *where)[0] == 0
    with MongoClient[dict[str, Any]](server) as client:
        found = list(client[database].odd.find({}, {"_id": 0}).sort("id", 1))
        new = client[database].other.find_one({}, {"_id": 0})
    assert found == [{"id": 1, "n": 9, "note": "a"}, {"id": 5, "n": 6, "note": "d"}]
    assert new == {"id": 1, "n": 9, "note": "a"}
