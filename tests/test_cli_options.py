"""What options say, and what they may not: nonsense is told in the option's words, in one line."""

import argparse
import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from core.cli import COMMANDS, _parser, main
from core.cli.quarantine import ACTIONS
from tests.test_cli import ROOT, database

__all__ = ["database"]  # the fixture


def said(*words: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command run here: a process costs more than the check."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*map(str, words)])
    return code, out.getvalue(), err.getvalue()


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    rows = "".join(f"{n},name {n},{n % 7}\n" for n in range(1, 40))
    path.write_text(f"id,name,n\n{rows}", "utf-8")
    return path


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--decimal", "x", "“x” is no decimal character"),
        ("--decimal", "", "is no decimal character"),
        ("--group", ",,", "“,,” does not set thousands apart"),
        ("--group", ".", "are the same"),
        ("--quote", "ab", "The quote 'ab' is not one character"),
        ("--escape", "xy", "The escape 'xy' is not one character"),
        ("--encoding", "", "no known encoding"),
        ("--encoding", "utf-16", "is not written in utf-16-le"),
        ("--date-order", "ydm", "no order of dates"),
        ("--line-end", "x", "Say lf, crlf or cr"),
        ("--header", "x", "no number of lines"),
        ("--header", "99", "should be on line 99"),
        ("--footer", "-1", "no number of lines"),
        ("--key", "nope", "There is no field “nope”"),
    ],
)
def test_nonsense_in_an_option_is_told_in_one_line(
    people: Path, option: str, value: str, told: str
) -> None:
    code, out, err = said("check", people, option, value)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert told in err


@pytest.mark.parametrize("words", [("loads", "--limit", "-1"), ("quarantine", "list", "--limit=0")])
def test_a_limit_is_a_number_from_1_up(words: tuple[str, ...]) -> None:
    err = io.StringIO()
    with contextlib.redirect_stderr(err), pytest.raises(SystemExit, match="2"):
        main([*words])
    assert "is no number from 1 up" in err.getvalue()


def test_a_recipe_whose_schema_is_none_is_told(people: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "r.json"
    recipe.write_text('{"schema": 5}', "utf-8")
    code, _, err = said("check", people, "--recipe", recipe)
    assert code == 2
    assert "its schema is 5, no object" in err


def test_the_dialect_told_is_obeyed(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"## note\nReport\nid;sum\n1;2,5\n## mid\n2;3,5\nEnd\n")
    words = ("--delimiter", ";", "--header", "3", "--comment", "##", "--footer", "1")
    code, out, _ = said("check", path, "--json", *words, "--decimal", ",", "--line-end", "lf")
    report = json.loads(out)
    assert report["dialect"] == {
        "delimiter": ";",
        "lineTerminator": "\n",
        "headerRows": [3],
        "commentChar": "##",
        "sluice": {"footerRows": 1, "decimalChar": ","},
    }
    assert (report["records"], report["accepted"], code) == (2, 2, 0)
    assert said("check", path, "--header", "none", "--delimiter", ";")[0] == 1


def test_what_was_detected_is_said_with_its_evidence_and_doubt(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    rows = "".join(f"{n},name {n},0{n % 9 + 1}/02/2024\n" for n in range(30))
    path.write_text(f'id,name,day\n{rows}31,"joe,01/02/2024\n{rows}', "utf-8")
    _, out, err = said("check", path, "--json")
    found = json.loads(out)["detected"]
    assert (found["confidence"], found["questions"]) == (0.5, ["quote_char", "date_order"])
    assert {"encoding", "delimiter", "quote_char"} <= {e["key"] for e in found["evidence"]}
    assert "read as , · utf-8 · 1234.50, 50% sure." in err
    assert "on line 32, cell 2, and no cell is quoted well; --quote decides." in err
    assert "column “day” stays text" in err
    _, out, err = said("check", path, "--json", "--quote", "", "--date-order", "dmy")
    assert json.loads(out)["detected"]["questions"] == []
    assert "stays text" not in err


@pytest.mark.parametrize(("mark", "called"), [("|", "pipe"), (";;;", "';;;'")])
def test_a_delimiter_that_the_file_does_not_hold_is_refused_where_another_fits(
    people: Path, mark: str, called: str
) -> None:
    code, out, err = said("check", people, "--delimiter", mark)
    assert (code, out) == (2, "")
    assert f"No {called} stands in the sample of people.csv, so each row would be one cell" in err
    assert "100% of the rows have 3 cells with comma. Leave --delimiter out" in err


def test_a_delimiter_that_a_list_of_lines_does_not_hold_is_obeyed_and_said(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("name\n" + "".join(f"Name{n}\n" for n in range(30)))
    code, _, err = said("check", path, "--delimiter", "|")
    assert code == 0
    assert "no pipe stands in the sample: one column." in err


MOSTLY = "".join(f"{n},{n if n % 4 else 'about ' + str(n)}\n" for n in range(1, 101))


def test_a_column_that_is_mostly_numbers_is_said_and_read_so_when_told(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("id,qty\n" + MOSTLY)
    code, out, err = said("check", path, "--json")
    because = "75 of 100 cells are whole numbers; the others are like “about 4”, “about 8”"
    assert code == 0
    assert f"column “qty” stays text: {because}, “about 12”. --type qty=integer reads it so." in err
    assert json.loads(out)["detected"]["mostly"]["qty"].startswith(because)
    code, out, err = said("check", path, "--json", "--type", "qty=integer")
    assert (code, json.loads(out)["reasons"]) == (1, {"type-error": 25})
    assert "stays text" not in err
    _, out, _ = said("infer", path, "--type", "qty=number")
    assert json.loads(out)["schema"]["fields"][1]["type"] == "number"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("qty", "names no type"),
        ("n=digits", "no field type “digits”"),
        ("x=date", "no field “x”"),
    ],
)
def test_a_type_that_makes_no_sense_is_told(people: Path, value: str, told: str) -> None:
    code, _, err = said("check", people, "--type", value)
    assert code == 2
    assert told in err


def test_decimals_that_whole_numbers_get_are_said(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("id,price\n" + "1,5\n2,1.50\n3,2.25\n" * 9)
    _, _, err = said("check", path)
    assert "column “price” has 2 decimals, whole numbers too: 5 becomes 5.00." in err
    path.write_text("id,price\n" + "1,5.00\n2,1.50\n3,2.25\n" * 9)
    assert "decimals" not in said("check", path)[2]


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


def test_update_by_a_key_said_on_the_command_line(server: str, database: str, people: Path) -> None:
    words = ("load", people, "--into", f"{database}.people", "--uri", server, "--mode", "update")
    assert "--key" in said(*words)[2]
    assert said(*words, "--key", "id")[0] == 0
    with people.open("a") as file:
        file.write("40,new,1\n")
    people.write_text(people.read_text().replace("1,name 1,", "1,changed,", 1), "utf-8")
    again = json.loads(said(*words, "--key", "id", "--json")[1])
    assert (again["inserted"], again["changed"], again["unchanged"]) == (1, 1, 38)
    with MongoClient[dict[str, Any]](server) as client:
        assert client[database].people.count_documents({}) == 40
        assert client[database].people.find_one({"id": 1})["name"] == "changed"  # type: ignore[index]


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


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "required: COMMAND. See: sluice --help"),
        (("check",), "required: FILE. See: sluice check --help"),
        (("load", "a.csv", "--into", "a.b", "--limit", "-1"), "“-1” is no number from 1 up"),
        (("load", "a.csv", "--into", "a.b", "--mode", "up"), "invalid choice: 'up'"),
        (("load", "a.csv", "--into", "a.b", "--resume", "--again"), "not allowed with"),
        (("quarantine", "discard", "--note", " "), "a word is expected"),
        (("serve", "--port", "70000"), "“70000” is no port"),
    ],
)
def test_wrong_usage_is_one_line_that_names_the_help(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    out, err = capsys.readouterr()
    assert (ended.value.code, out, err.count("\n")) == (2, "", 1)
    assert told in err
    assert "--help" in err


def test_every_option_is_explained_with_its_values(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line of an option in a help says something beside its name."""
    for words in (*([name] for name in COMMANDS), *(["quarantine", act] for act in ACTIONS)):
        with pytest.raises(SystemExit):
            main([*words, "--help"])
        told = " ".join(capsys.readouterr().out.split())
        for option in _options(words):
            assert option.help, (words, option.option_strings)
            assert option.metavar is None or str(option.metavar) in told


def _options(words: list[str]) -> list[argparse.Action]:
    found: argparse.ArgumentParser = _parser()
    for word in words:
        inner = next(a for a in found._actions if isinstance(a, argparse._SubParsersAction))
        found = inner.choices[word]
    return [a for a in found._actions if not isinstance(a, argparse._SubParsersAction)]


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


def test_a_stray_quote_beside_quoted_cells_is_told_as_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "quote.csv"
    rows = "".join(f"{n},name {n},note\n" for n in range(3, 60))
    path.write_text(f'id,name,note\n1,"ok","fine"\n2,"bad, never closed\n{rows}', "utf-8")
    code, out, _ = said("check", path, "--json")
    (told,) = [e for e in json.loads(out)["detected"]["evidence"] if e["key"] == "quote_char"]
    assert (code, told["value"]) == (1, '"')
    assert told["because"] == (
        "one cell begins with a quote that does not close it, on line 3, cell 2; "
        "cells of 1 other row are quoted well"
    )


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
