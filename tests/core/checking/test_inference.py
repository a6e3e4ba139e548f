"""Inference: a type where 95 % of the whole file fit it, and what stays text or asks."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import core.reading.detection
import core.recipes.distinct
from core.checking.checker import check_file
from core.reading.source import Source, detect
from core.recipes.counting import Column
from core.recipes.distinct import Distinct
from core.recipes.inference import Inferred
from core.recipes.proposals import retyped
from core.recipes.recipe import infer, learn
from core.recipes.schema import Field
from tests.core.checking.tables import checked, written


def learned(tmp_path: Path, cells: list[str], name: str = "f") -> tuple[Field, Inferred]:
    text = f"n,{name}\n" + "".join(f'{n},"{cell}"\n' for n, cell in enumerate(cells, 1))
    *_, (recipe, inferred) = learn(written(tmp_path / "f.csv", text), delimiter=",")
    return recipe.schema.fields[1], inferred


def times(count: int, *cells: str) -> list[str]:
    return [cells[n % len(cells)] for n in range(count)]


CASES: list[tuple[list[str], dict[str, Any]]] = [
    (times(40, "1", "-5", "12000"), {"type": "integer", "bson": "int32"}),
    (times(40, "1", "3000000000"), {"type": "integer", "bson": "int64"}),
    (times(40, "1.5", "2.25"), {"type": "number", "bson": None}),
    (times(40, "1.50", "2.25", "10.00"), {"type": "number", "bson": "decimal128", "options": {"decimals": 2}}),
    (times(40, "12.5", "3"), {"type": "number", "bson": "decimal128", "options": {"decimals": 1}}),
    (times(40, "1.5e3", "2.5E-7"), {"type": "number", "bson": None}),
    ([*times(99, "1.50", "2.25"), "none"], {"type": "number", "bson": "decimal128", "options": {"decimals": 2}}),
    (times(40, "1.250,50", "20,00"), {"type": "number", "options": {"decimalChar": ",", "groupChar": ".", "decimals": 2}}),
    (times(40, "1,250", "20,000,000"), {"type": "integer", "options": {"groupChar": ","}}),
    (times(40, "true", "false"), {"type": "boolean", "options": {}}),
    (times(40, "Yes", "No"), {"type": "boolean", "options": {"trueValues": ["Yes"], "falseValues": ["No"]}}),
    (times(40, "2024-01-31", "2024-02-01"), {"type": "date", "format": "default"}),
    (times(40, "31/01/2024", "01/02/2024"), {"type": "date", "format": "%d/%m/%Y"}),
    (times(40, "01/31/2024", "02/01/2024"), {"type": "date", "format": "%m/%d/%Y"}),
    (times(40, "31.01.24", "1.2.24"), {"type": "date", "format": "%d.%m.%y"}),
    (times(40, "3 Jan 2024"), {"type": "date", "format": "%d %b %Y"}),
    (times(40, "2024-01-31T10:00:00Z"), {"type": "datetime", "format": "default"}),
    (times(40, "2024-01-31 10:00"), {"type": "datetime", "format": "%Y-%m-%d %H:%M"}),
    (times(40, "31/01/2024 10:00:01"), {"type": "datetime", "format": "%d/%m/%Y %H:%M:%S"}),
    (times(40, "10:00:00", "23:59:59"), {"type": "time"}),
    (times(40, '{""a"": 1}', "{}"), {"type": "object"}),
    (times(40, "[1]", "[]"), {"type": "array"}),
    (times(40, "x", "y", "1"), {"type": "string"}),
    (times(40, ""), {"type": "string"}),
    # identifiers stay text
    (times(40, "007", "123"), {"type": "string"}),
    (times(40, "5E1", "7E2", "12"), {"type": "string"}),
    (times(40, "12345678901234567890", "123"), {"type": "string"}),
    ([str(4_000_000_000_000 + n * 37) for n in range(40)], {"type": "string"}),
    (times(40, "+4930123456", "+4930999999"), {"type": "string"}),
    (times(40, "0x1F", "0x2F"), {"type": "string"}),
    # NA-like cells mean missing where the rest has a type
    (times(40, "1", "2", "N/A", "-"), {"type": "integer", "missing_values": ("", "N/A", "-")}),
    (times(40, "DE", "NA", "FR"), {"type": "string", "missing_values": None}),
    ([*times(96, "NA"), *times(5, "1", "2")], {"type": "integer", "missing_values": ("", "NA")}),
    # too little to tell a type
    (["N/A", "-", "", "nan", "y"], {"type": "string", "missing_values": None}),
    (["N/A", "-", "", "nan", "5"], {"type": "string", "missing_values": None}),
    (times(40, "no"), {"type": "string"}),
    (times(40, "Y"), {"type": "string"}),
    (times(40, "true"), {"type": "boolean"}),
    (["", "", "5"], {"type": "integer"}),
    # 95 %
    ([*times(95, "1"), *times(5, "x")], {"type": "integer"}),
    ([*times(94, "1"), *times(6, "x")], {"type": "string"}),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), CASES)
def test_the_type_of_a_column(cells: list[str], expected: dict[str, Any], tmp_path: Path) -> None:
    field, _ = learned(tmp_path, cells)
    assert {key: getattr(field, key) for key in expected} == expected


@pytest.mark.parametrize("name", ["zip", "Phone", "IBAN", "post_code"])
def test_columns_named_like_identifiers_stay_text(name: str, tmp_path: Path) -> None:
    field, inferred = learned(tmp_path, times(40, "12345", "99999"), name)
    assert field.type == "string"
    assert "identifier" in inferred.because[name]


def test_dates_that_can_be_read_in_two_ways_ask(tmp_path: Path) -> None:
    field, inferred = learned(tmp_path, times(40, "01/02/2024", "03/04/2024"))
    assert field.type == "string"
    asked = [p for p in inferred.proposals if p.question]
    assert {p.value["format"] for p in asked} == {"%d/%m/%Y", "%m/%d/%Y"}


def test_a_date_beyond_all_that_detection_searches_tells_day_from_month(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And tells it of the columns that leave it open themselves."""
    monkeypatch.setattr(core.reading.detection, "SAMPLE", 1000)
    monkeypatch.setattr(core.reading.detection, "SETTLED", 2000)
    rows = "".join(f"{n},0{n % 9 + 1}/02/2024,04/05/2023\n" for n in range(1000))
    path = written(tmp_path / "f.csv", "n,day,due\n" + rows + "7,25/02/2024,01/01/2023\n")
    assert detect(path).questions == ("date_order",)
    *_, (recipe, inferred) = learn(path)
    assert [f.format for f in recipe.schema.fields[1:]] == ["%d/%m/%Y", "%d/%m/%Y"]
    assert recipe.dialect.date_order == "dmy"
    assert not [p for p in inferred.proposals if p.question]


def test_columns_that_disagree_on_day_and_month_leave_it_open_for_the_others(
    tmp_path: Path,
) -> None:
    rows = "".join("25/02/2024,02/25/2024,04/05/2023\n" for _ in range(30))
    *_, (recipe, inferred) = learn(written(tmp_path / "f.csv", "a,b,c\n" + rows))
    assert [f.type for f in recipe.schema.fields] == ["date", "date", "string"]
    assert {p.field for p in inferred.proposals if p.question} == {"c"}


def test_a_date_order_given_answers_the_question(tmp_path: Path) -> None:
    text = "d\n" + "01/02/2024\n" * 30
    recipe = infer(written(tmp_path / "f.csv", text), date_order="mdy")
    assert recipe.schema.field("d").format == "%m/%d/%Y"


def test_the_end_of_the_file_counts_as_much_as_its_beginning(tmp_path: Path) -> None:
    good = [str(n) for n in range(18_000)]
    bad = [f"x{n}" + "y" * 60 for n in range(2_000)]
    for cells in ([*good, *bad], [*bad, *good]):
        field, _ = learned(tmp_path, cells)
        assert field.type == "string"
    few = bad[:800]
    for cells in ([*good, *few], [*few, *good]):
        field, inferred = learned(tmp_path, cells)
        assert field.type == "integer"
        assert inferred.because["f"] == "18,000 of 18,800 cells fit."


def test_what_is_known_comes_early_and_the_last_word_is_the_whole_file(tmp_path: Path) -> None:
    text = "n,t\n" + "".join(f"{n},{'x' * 40}\n" for n in range(60_000))
    steps = list(learn(written(tmp_path / "f.csv", text)))
    assert len(steps) > 2
    assert steps[0][0].schema.names == ("n", "t")
    assert steps[1][0].schema.field("n").type == "integer"
    assert steps[-1][1].records == 60_000


def test_a_wide_file_is_looked_at_once_however_many_blocks_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look at a column costs about the same for ten cells and for a thousand."""
    looked: list[int] = []
    add = Column.add

    def counted(column: Column, raw: pa.Array, fraction: float) -> None:
        looked.append(len(raw))
        add(column, raw, fraction)

    monkeypatch.setattr(Column, "add", counted)
    names = [f"c{n}" for n in range(400)]
    rows = [",".join(str((row * column) % 9973) for column in range(400)) for row in range(1_500)]
    path = written(tmp_path / "f.csv", "\n".join([",".join(names), *rows]) + "\n")
    recipe = infer(path)
    assert len(list(Source(path, recipe.dialect).batches())) > 1
    assert looked == [1_500] * 400
    assert {field.type for field in recipe.schema.fields} == {"integer"}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.text(max_size=3), max_size=40), max_size=6), st.integers(0, 60))
def test_different_values_are_known_as_such_whether_kept_or_hashed(
    batches: list[list[str]], few: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(core.recipes.distinct, "FEW", few)
        distinct, seen = Distinct(), list[str]()
        for batch in batches:
            distinct.add(pa.array(batch, pa.string()), 1.0)
            seen += batch
            assert distinct.count == (len(seen) if len({*seen}) == len(seen) else None)


def test_constraints_are_proposed_with_evidence_and_not_set(tmp_path: Path) -> None:
    cells = [*times(40, "N", "S"), ""]
    field, inferred = learned(tmp_path, cells)
    assert field.constraints == {}
    proposed = {(p.field, p.key): p for p in inferred.proposals}
    assert proposed["f", "enum"].value == ["N", "S"]
    assert ("f", "required") not in proposed
    assert proposed["n", "required"].because == "0 of 41 cells are blank."
    assert proposed["n", "unique"].because == "All 41 values are different."
    assert (proposed["n", "minimum"].value, proposed["n", "maximum"].value) == (1, 41)


def test_keys_and_formats_are_proposed_too(tmp_path: Path) -> None:
    text = "order_id,mail,link\n"
    text += "".join(f"{n},u{n % 9}@b.co,https://x.org/{n % 7}\n" for n in range(40))
    *_, (recipe, inferred) = learn(written(tmp_path / "f.csv", text))
    proposed = {(p.field, p.key): p.value for p in inferred.proposals}
    assert proposed["order_id", "primaryKey"] is True
    assert (proposed["mail", "format"], proposed["link", "format"]) == ("email", "uri")
    assert ("mail", "primaryKey") not in proposed
    assert {field.format for field in recipe.schema.fields} == {"default"}


def test_the_file_an_inferred_recipe_was_made_from_passes_it(tmp_path: Path) -> None:
    text = "a;b;c\n" + "".join(f"{n};{n},50;{n % 28 + 1:02}.03.2024\n" for n in range(500))
    path = written(tmp_path / "f.csv", text)
    report, problems = checked(path, infer(path))
    assert problems == []
    assert report.accepted == 500


@pytest.mark.parametrize(
    ("cells", "type", "because"),
    [
        (times(100, "1", "2", "3", "4", "abc"), "integer", "80 of 100 cells are whole numbers; the others are like “abc”."),
        (times(90, "1.25", "2.50", "n/k"), "number", "60 of 90 cells are numbers; the others are like “n/k”."),
        (times(80, "2024-01-31", "2024-02-01", "2024-03-01", "soon"), "date", "60 of 80 cells are dates; the others are like “soon”."),
    ],
)  # fmt: skip
def test_a_column_that_mostly_has_a_type_asks_for_it_with_its_evidence(
    tmp_path: Path, cells: list[str], type: str, because: str
) -> None:
    field, inferred = learned(tmp_path, cells)
    (asked,) = inferred.mostly
    assert field.type == "string"
    assert inferred.because["f"] == f"Stays text: {because}"
    assert (asked.field, asked.value["type"], asked.because) == ("f", type, because)
    path = tmp_path / "f.csv"
    recipe = infer(path, delimiter=",")
    schema = retyped(recipe.schema, asked)
    *_, report = check_file(path, recipe.replace(schema=schema))
    assert report.accepted == int(because.split()[0])


@pytest.mark.parametrize(
    "cells",
    [
        times(100, "1", "x"),  # half of them
        times(100, "007", "12", "13", "x"),  # identifiers
        times(90, "01/02/2024", "03/04/2024", "soon"),  # day and month cannot be told apart
    ],
)
def test_other_text_asks_nothing(tmp_path: Path, cells: list[str]) -> None:
    _, inferred = learned(tmp_path, cells)
    assert inferred.mostly == ()


def test_the_columns_whose_whole_numbers_get_decimals_are_told(tmp_path: Path) -> None:
    assert learned(tmp_path, times(40, "5", "1.50"))[1].padded == {"f": 2}
    assert learned(tmp_path, times(40, "5.00", "1.50"))[1].padded == {}
