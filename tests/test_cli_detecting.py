"""What a file without a recipe is taken for, as the command line tells it."""

import json
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from tests.commands import said
from tests.test_cli import database

__all__ = ["database"]  # the fixture
from tests.test_cli_options import people

__all__ = ["people"]  # the fixtures


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


def test_words_taken_as_missing_are_said_with_their_count(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text("id,qty,name\n1,N/A,-\n2,7,NA\n3,8,x\n4,-,y\n5,N/A,z\n6,9,w\n7,1,v\n")
    _, out, err = said("check", path, "--json")
    assert "column “qty”: taken as missing cells: “N/A” 2, “-” 1.\n" in err
    assert json.loads(out)["detected"]["missing"] == {"qty": {"N/A": 2, "-": 1}}


def test_decimals_that_whole_numbers_get_are_said(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("id,price\n" + "1,5\n2,1.50\n3,2.25\n" * 9)
    _, _, err = said("check", path)
    assert "column “price” has 2 decimals, whole numbers too: 5 becomes 5.00." in err
    path.write_text("id,price\n" + "1,5.00\n2,1.50\n3,2.25\n" * 9)
    assert "decimals" not in said("check", path)[2]


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


def test_lines_that_are_no_records_are_said_with_count_and_place(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    rows = "".join(f"{n},name {n}\n" for n in range(30))
    path.write_text(f"# made by hand\n# twice\nid,name\n{rows}# end,of it\n")
    _, out, err = said("check", path, "--json")
    told = "2 lines left out, as no records: lines 1 to 2."
    later = "A line that begins with # further down is a record, unless # is the comment character."
    assert json.loads(out)["notes"] == [told, later]
    assert f"notes.csv: {told}\nnotes.csv: {later}\n" in err
    _, out, _ = said("check", path, "--comment", "#", "--json")
    report = json.loads(out)
    assert report["notes"] == ["3 lines left out, as no records: lines 1 to 2, line 34."]
    assert report["records"] == 30


def test_lines_left_out_are_said_of_a_load_too(server: str, database: str, tmp_path: Path) -> None:
    path = tmp_path / "titled.csv"
    path.write_text("A title\n\nid,name\n1,a\n2,b\n")
    for words in ((), ("--dry-run",)):
        into = ("--into", f"{database}.t{len(words)}", "--uri", server)
        assert (
            "2 lines left out, as no records: lines 1 to 2." in said("load", path, *into, *words)[2]
        )


def test_how_money_is_kept_is_said_by_column(tmp_path: Path) -> None:
    path = tmp_path / "money.csv"
    path.write_text("id,price,ratio\n1,1.50,0.5\n2,2.25,0.125\n3,3.10,0.25\n")
    _, out, err = said("check", path, "--json")
    assert "money.csv: “price”: stored as Decimal128, each digit kept.\n" in err
    assert 'money.csv: “ratio”: stored as double, about 16 digits kept; "bson": "deci' in err
    kinds = {"id": "int32", "price": "decimal128", "ratio": "double"}
    assert json.loads(out)["types"] == kinds
    recipe = {"schema": {"fields": [{"name": name, "type": "number"} for name in kinds]}}
    (tmp_path / "money.recipe.json").write_text(json.dumps(recipe))
    assert "“id”, “price”, “ratio”: stored as double" in said("check", path)[2]


def test_a_column_of_a_name_that_sluice_keeps_is_said_with_the_way_out(
    server: str, database: str, tmp_path: Path
) -> None:
    path, recipe = tmp_path / "own.csv", tmp_path / "own.recipe.json"
    path.write_text("id,_load\n1,a\n")
    way = '"sluice": {"name": "another"} in its field'
    assert way in said("check", path)[2]
    load = ("load", path, "--into", f"{database}.own", "--uri", server)
    code, _, err = said(*load)
    assert (code, way in err) == (2, True)
    said("infer", path, "-o", recipe)
    made = json.loads(recipe.read_text())
    made["schema"]["fields"][1]["sluice"] = {"name": "another"}
    recipe.write_text(json.dumps(made))
    code, _, err = said(*load)
    assert (code, "kept by" in err) == (0, False)
    with MongoClient[dict[str, Any]](server) as client:
        assert client[database].own.find_one({}, {"_id": 0}) == {"id": 1, "another": "a"}


def test_a_file_with_a_byte_order_mark_and_no_more_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "mark.csv"
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe"):
        path.write_bytes(mark)
        assert "mark.csv is empty but for a byte order mark." in said("check", path)[2]


def test_a_time_without_a_zone_among_others_with_one_is_said(tmp_path: Path) -> None:
    path = tmp_path / "times.csv"
    times = ["2024-01-01T10:00:00Z", "2024-01-01T11:00:00.250-0200", "2024-01-01T12:00:00", ""]
    path.write_text("id,at\n" + "".join(f"{n},{time}\n" for n, time in enumerate(times)))
    told = "“at” has 1 time without a zone beside 2 with one: it is read as UTC"
    assert told in said("check", path)[2]
    for same in (times[:2], [times[2]] * 3):
        path.write_text("id,at\n" + "".join(f"{n},{time}\n" for n, time in enumerate(same)))
        assert "zone" not in said("check", path)[2]
