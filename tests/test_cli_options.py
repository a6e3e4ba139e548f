"""What options say, and what they may not: nonsense is told in the option's words, in one line."""

import argparse
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from core.cli import COMMANDS, _parser, main
from core.cli.quarantine import ACTIONS
from tests.commands import ROOT, said


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
def test_a_limit_is_a_number_from_1_up(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([*words])
    assert "is no number from 1 up" in capsys.readouterr().err


def test_a_recipe_whose_schema_is_none_is_told(people: Path, tmp_path: Path) -> None:
    recipe = tmp_path / "r.json"
    recipe.write_text('{"schema": 5}', "utf-8")
    code, _, err = said("check", people, "--recipe", recipe)
    assert code == 2
    assert "its schema is 5, no object" in err


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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(
    ("streams", "code"),
    [
        (">/dev/full", 3),
        ("2>/dev/full", 3),
        (">&-", 0),
        ("2>&-", 0),
        ("<&-", 0),
    ],
)
def test_streams_that_take_nothing_do_not_change_what_the_exit_code_says(
    people: Path, streams: str, code: int
) -> None:
    """Python itself would exit with 1, which says that rows are held."""
    words = [sys.executable, "-m", "core.cli", "check", str(people), "--json"]
    result = process_of(f"{shlex.join(words)} {streams}")
    assert (result.returncode, "Traceback" in result.stderr) == (code, False)


def test_a_bug_is_shown_whole_and_is_not_told_as_held_rows(
    people: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("the bug")

    monkeypatch.setattr("core.cli.files.each", broken)
    code, _, err = said("check", people)
    assert code == 3
    assert "Traceback" in err
    assert "ZeroDivisionError: the bug" in err


def process_of(line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", line], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
