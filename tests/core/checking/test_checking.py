"""The check of whole files: reports, edits, both halves, what is large or odd."""

import csv
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.batch import KEPT, LoadReport, Quality
from core.checking.checker import Checker, check_file, check_values, tally
from core.errors import CoreError, FileError, RecipeError
from core.reading.source import Source
from core.recipes.recipe import infer
from tests.core.checking import reference
from tests.core.checking.tables import (
    batch_of,
    checked,
    problems_of,
    recipe_of,
    values_of,
    written,
)

RECIPE = recipe_of(
    {"name": "id", "type": "integer", "constraints": {"required": True, "unique": True}},
    {"name": "amount", "type": "number", "constraints": {"minimum": 0}},
    {"name": "day", "type": "date"},
)
TEXT = "id,amount,day\n1,2.5,2024-01-01\n2,-1,2024-02-30\n\n1,,\nx,3\n4,\"1,5\",2024-01-02\n"  # fmt: skip


def test_a_report_counts_everything_once(tmp_path: Path) -> None:
    report, problems = checked(written(tmp_path / "f.csv", TEXT), RECIPE)
    assert (report.state, report.fraction, report.load) == ("done", 1.0, None)
    assert (report.records, report.accepted, report.quarantined, report.blank) == (5, 1, 4, 1)
    assert report.reasons == {
        "type-error": 2,
        "constraint-error": 1,
        "unique-error": 1,
        "missing-cell": 1,
    }
    assert report.cells[("amount", "constraint-error", "minimum")] == 1
    assert report.quality["amount"] == Quality(valid=1, problem=2, missing=1)
    assert report.quality["id"] == Quality(valid=3, problem=1, missing=0)
    assert len(report.sha256 or "") == 64
    assert [(p.record, p.line, p.field, p.code) for p in problems] == [
        (2, 3, "amount", "constraint-error"),
        (2, 3, "day", "type-error"),
        (3, 5, "id", "unique-error"),
        (4, 6, None, "missing-cell"),
        (5, 7, "amount", "type-error"),
    ]


def test_messages_name_problem_and_cure() -> None:
    recipe = recipe_of(
        {"name": "n", "type": "number"},
        {"name": "i", "type": "integer", "sluice": {"bson": "int32"}},
        {"name": "d", "type": "date", "format": "%d/%m/%Y"},
        {"name": "b", "type": "boolean"},
        {"name": "m", "type": "number", "sluice": {"bson": "decimal128", "decimals": 2}},
        {"name": "y", "type": "year"},
    )
    cells = {"n": "1.250,00", "i": "3000000000", "d": "2024-01-01", "b": "maybe", "m": "1.005"}
    problems = check_values(recipe, {**cells, "y": "2024Z"})
    assert [problem.message for problem in problems] == [
        "“1.250,00” is not a number; it should look like 1250.00.",
        "“3000000000” does not fit into 32 bits; choose int64.",
        "“2024-01-01” is not a date; it should look like 30/04/2025.",
        "“maybe” is not yes or no; it should look like true or false.",
        "“1.005” does not fit into 34 digits, 2 of them decimals.",
        "“2024Z” has a time zone, which a year loses as a number; read the column as text.",
    ]


def test_one_record_is_judged_as_in_a_file() -> None:
    assert check_values(RECIPE, {"id": "1", "amount": "2", "day": "2024-01-01"}) == ()
    assert [p.rule for p in check_values(RECIPE, {"amount": "x"})] == ["required", "number"]


def test_a_file_without_recipe_is_inferred(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "a,b\n" + "1,x\n" * 30)
    reports = list(check_file(path))
    assert reports[-1].accepted == 30


def test_header_only_is_no_error(tmp_path: Path) -> None:
    report, problems = checked(written(tmp_path / "f.csv", "id,amount,day\n"), RECIPE)
    assert (report.records, report.state, problems) == (0, "done", [])
    assert report.warnings


def test_only_the_first_problems_of_a_kind_travel_but_all_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "id,amount,day\n" + "x,1,\n" * (KEPT + 500))
    report, problems = checked(path, RECIPE)
    assert report.cells[("id", "type-error", "integer")] == KEPT + 500
    assert len(problems) == KEPT


def test_a_batch_is_counted_the_same_before_and_after_its_records_are_made(tmp_path: Path) -> None:
    """Also where a record has several problems, or was never split."""
    rows = "".join(
        f"{n % 7 or 'x'},{n % 3 - 1},2024-0{n % 9}-01{',' * (n % 5 == 0)}\n" for n in range(60)
    )
    path = written(tmp_path / "f.csv", "id,amount,day\n" + rows)
    (raw,) = Source(path, RECIPE.dialect).batches()
    batch = Checker(RECIPE, ("id", "amount", "day")).check(raw)
    before = LoadReport(None, "f", cells={("amount", "constraint-error", "minimum"): KEPT - 3})
    counted = tally(before, batch)
    assert counted == tally(before, replace(batch, refused=tuple(batch.refused)))
    assert len(batch.refused) == len(tuple(batch.refused)) == counted.records - batch.rows
    assert sum(p.rule == "minimum" for p in counted.problems) == 3


def test_closing_a_check_ends_it(tmp_path: Path) -> None:
    steps = check_file(written(tmp_path / "f.csv", TEXT), RECIPE, refused=tmp_path / "r.csv")
    next(steps)
    next(steps)
    steps.close()
    assert [path.name for path in tmp_path.iterdir()] == ["f.csv"], "no half of a half"


# ---- both halves --------------------------------------------------------------------------------
def test_both_halves_are_written_and_the_clean_one_checks_clean(tmp_path: Path) -> None:
    recipe = recipe_of(
        {"name": "id", "type": "integer"},
        {"name": "amount", "type": "number", "sluice": {"clean": ["decimalComma"]}},
        {"name": "note", "type": "string", "missingValues": ["", "NA"], "sluice": {"drop": True}},
    )
    text = 'id,amount,note\n1,"1.250,50",NA\nx,1,"two\nlines, ""quoted"""\n3,4,é\n'
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    report, _ = checked(written(tmp_path / "f.csv", text), recipe, accepted=good, refused=bad)
    with good.open(newline="", encoding="utf-8") as file:
        assert list(csv.reader(file)) == [["id", "amount", "note"], ["1", "1250.50", "NA"], ["3", "4", "é"]]  # fmt: skip
    with bad.open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["line"], row["record"], row["id"]) == ("3", "2", "x")
    assert row["note"] == 'two\nlines, "quoted"'
    assert row["reasons"] == "id: “x” is not a whole number; it should look like 1250."
    assert checked(good, recipe)[1] == []
    assert report.accepted == 2


def test_halves_that_cannot_be_written_are_an_error(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", TEXT)
    with pytest.raises(FileError, match="cannot be written"):
        list(check_file(path, RECIPE, refused=tmp_path / "no" / "r.csv"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is full")
@pytest.mark.parametrize(("full", "other"), [("refused", "accepted"), ("accepted", "refused")])
def test_a_half_that_finds_no_room_is_an_error_and_leaves_no_file(
    full: str, other: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "f.csv", "id,amount,day\n" + "1,2.5,2024-01-01\n2,x,\n" * 2_000)
    halves: dict[str, Any] = {full: "/dev/full", other: tmp_path / "o.csv"}
    with pytest.raises(FileError, match="/dev/full cannot be written"):
        list(check_file(path, RECIPE, **halves))
    assert [path.name for path in tmp_path.iterdir()] == ["f.csv"]
    assert Path("/dev/full").is_char_device()


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_refused_lines_stand_in_their_half_as_they_were_written(
    encoding: str, tmp_path: Path
) -> None:
    big = encoding == "utf-16"
    text = "id,amount,day\nMüller,1,\n"
    (tmp_path / "f.csv").write_bytes(
        b"\xfe\xff" + text.encode("utf-16-be") if big else text.encode(encoding)
    )
    recipe = replace(RECIPE, dialect=RECIPE.dialect.replace(encoding=encoding))
    checked(tmp_path / "f.csv", recipe, refused=tmp_path / "bad.csv")
    with (tmp_path / "bad.csv").open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    assert (row["id"], row["raw"]) == ("Müller", "Müller,1,")


# ---- edits --------------------------------------------------------------------------------------
def test_edits_are_laid_over_cells_and_mend_records(tmp_path: Path) -> None:
    edits = {2: {"amount": "1", "day": "2024-02-28"}, 3: {"id": "3"}, 5: {"amount": "zero"}}
    report, problems = checked(written(tmp_path / "f.csv", TEXT), RECIPE, edits=edits)
    assert report.accepted == 3
    assert [(p.record, p.field, p.value) for p in problems if p.field] == [(5, "amount", "zero")]


def test_a_record_that_was_never_split_can_be_given_whole(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", TEXT)
    part, _ = checked(path, RECIPE, edits={4: {"id": "9"}})
    whole, problems = checked(
        path, RECIPE, edits={4: {"id": "9", "amount": "1", "day": "2024-01-01"}}
    )
    assert (part.accepted, whole.accepted) == (1, 2)
    assert "missing-cell" not in {problem.code for problem in problems}
    assert whole.records == whole.accepted + whole.quarantined == 5


# ---- the same as one by one ---------------------------------------------------------------------
cells = st.tuples(
    st.sampled_from(["1", "2", "3", "x", "", "0x1", "+1"]),
    st.sampled_from(["1", "-2", "2.5", "1,5", "", "nan", "1e3"]),
    st.sampled_from(["2024-01-01", "2024-02-30", "", "x"]),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(cells, min_size=1, max_size=25))
def test_a_batch_is_judged_as_its_records_one_by_one(rows: list[tuple[str, str, str]]) -> None:
    expected: list[tuple[int, str]] = []
    seen: set[int] = set()
    for record, (key, amount, day) in enumerate(rows, 1):
        number = reference.integer(key, {}, "int64") if key else None
        if number is None:
            expected.append((record, "required"))
        elif number is reference.WRONG:
            expected.append((record, "integer"))
        elif number in seen:
            expected.append((record, "unique"))
        else:
            seen.add(number)
        value = reference.number(amount, {}, "double") if amount else None
        if value is reference.WRONG:
            expected.append((record, "number"))
        elif value is not None and value < 0:
            expected.append((record, "minimum"))
        if day and reference.day(day, "default") is reference.WRONG:
            expected.append((record, "date"))
    dicts = [dict(zip(("id", "amount", "day"), row, strict=True)) for row in rows]
    found = [(record, rule) for record, _, _, rule in problems_of(RECIPE, dicts)]
    assert sorted(found) == sorted(expected)
    bad = {record for record, _ in expected}
    kept = values_of(RECIPE, dicts)["id"]
    assert kept == [int(row[0]) for n, row in enumerate(rows, 1) if n not in bad]


def test_a_batch_without_rows_keeps_its_types() -> None:
    batch = Checker(RECIPE, ("id", "amount", "day")).check(
        batch_of([{"id": "1", "amount": "1", "day": ""}])
    )
    empty = Checker(RECIPE, ("id", "amount", "day")).check(_sliced(batch.raw))
    assert {n: c.type for n, c in empty.columns.items()} == {
        n: c.type for n, c in batch.columns.items()
    }
    assert tally(LoadReport(None, "f"), empty).records == 0


def _sliced(raw: Any) -> Any:
    return replace(
        raw,
        count=0,
        records=raw.records[:0],
        lines=raw.lines[:0],
        spans=raw.spans[:0],
        columns={name: pa.array([], pa.string()) for name in raw.columns},
    )


# ---- bounds -------------------------------------------------------------------------------------
def test_a_cell_of_ten_megabytes_is_judged_and_told_in_short(tmp_path: Path) -> None:
    fields: list[dict[str, Any]] = [
        {"name": "s", "type": "string", "constraints": {"maxLength": 100, "pattern": "[a-z]*"}},
        {"name": "n", "type": "number"},
        {"name": "o", "type": "object"},
        {"name": "d", "type": "date", "format": "%d/%m/%Y", "sluice": {"clean": ["trim"]}},
    ]
    huge = "9" * 10_000_000
    started = time.monotonic()
    report, problems = checked(
        written(tmp_path / "f.csv", f"s,n,o,d\n{huge},{huge},{huge},{huge}\na,1,{{}},01/02/2024\n"),
        recipe_of(*fields),
    )
    assert time.monotonic() - started < 30
    assert Counter(p.field for p in problems) == {"s": 2, "n": 1, "o": 1, "d": 1}
    assert all(len(p.value) <= 1_001 and len(p.message) < 400 for p in problems)
    assert report.accepted == 1


def test_two_thousand_columns_and_a_thousand_rules_finish(tmp_path: Path) -> None:
    names = [f"c{n}" for n in range(2_000)]
    rules = [f"c{n} <= c{n + 1} and c{n} != 7" for n in range(1_000)]
    fields: list[dict[str, Any]] = [{"name": name, "type": "integer"} for name in names]
    recipe = recipe_of(*fields, sluice={"rules": rules})
    rows = "\n".join([",".join(names), ",".join(map(str, range(2_000))), ",".join("x" * 2_000)])
    started = time.monotonic()
    report, problems = checked(written(tmp_path / "f.csv", rows + "\n"), recipe)
    assert time.monotonic() - started < 30
    assert [p.rule for p in problems if p.code == "row-constraint"] == [rules[7]]
    assert report.reasons == {"row-constraint": 1, "type-error": 1}


def test_a_wide_file_is_inferred(tmp_path: Path) -> None:
    rows = "\n".join([",".join(f"c{n}" for n in range(300)), *[",".join("5" * 300)] * 3])
    assert infer(written(tmp_path / "f.csv", rows + "\n")).schema.field("c299").type == "integer"


@pytest.mark.parametrize("name", ["$where", "a\0b"])
def test_a_name_that_no_document_can_have_is_refused(name: str) -> None:
    with pytest.raises(RecipeError, match="no name in a document"):
        Checker(recipe_of({"name": "x", "sluice": {"name": name}}), ("x",))


def test_two_columns_of_one_name_in_the_document_are_refused() -> None:
    with pytest.raises(RecipeError, match="would be called “a”"):
        Checker(recipe_of({"name": "a"}, {"name": "b", "sluice": {"name": "a"}}), ("a", "b"))


def test_every_error_of_a_recipe_is_one_a_person_can_act_on(tmp_path: Path) -> None:
    with pytest.raises(CoreError) as caught:
        list(check_file(written(tmp_path / "f.csv", "z\n1\n"), RECIPE))
    assert "does not fit the recipe" in str(caught.value)
