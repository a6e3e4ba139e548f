"""Cleaning: each step, that a fix touches only cells that do not parse, and previews."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.checking.checker import Checker
from core.checking.judging import Judge
from core.errors import RecipeError
from core.reading.source import Source
from core.recipes.schema import Field, Schema
from core.values.cleaning import CASES as CASES_OF_LETTERS
from core.values.cleaning import STEPS, Aim, Step, preview
from tests.core.checking.tables import batch_of, problems_of, recipe_of, values_of, written

CASES: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"step": "trim"}, {" a ": "a", "\u00a0b\t": "b", "c": "c"}),
    ({"step": "collapse"}, {"a  b\u00a0\tc": "a b c"}),
    ({"step": "normalise"}, {"e\u0301": "é", "ab": "ab"}),
    ({"step": "case", "to": "upper"}, {"élan": "ÉLAN"}),
    ({"step": "case", "to": "lower"}, {"ÉLAN": "élan"}),
    ({"step": "case", "to": "title"}, {"new york": "New York"}),
    ({"step": "case", "to": "capital"}, {"nEW york": "New york"}),
    ({"step": "replace", "old": ".", "new": ""}, {"a.b.c": "abc"}),
    (
        {"step": "replace", "values": {"Nort": "North", "S": "South"}},
        {"Nort": "North", "Nor": "Nor"},
    ),
    ({"step": "replacePattern", "pattern": "^0+", "new": ""}, {"007": "7", "70": "70"}),
    (
        {"step": "decimalComma"},
        {"1.250,00": "1250.00", "12,5": "12.5", "1,250.00": "1,250.00", "1250": "1250"},
    ),
    ({"step": "thousands"}, {"1,250.00": "1250.00", "12 500": "12500", "1,25": "1,25"}),
    (
        {"step": "currency"},
        {"€ 12.50": "12.50", "12.50 EUR": "12.50", "-$5": "-5", "CHF 3": "3", "x": "x"},
    ),
    ({"step": "parseDate", "format": "%d.%m.%Y"}, {"01.02.2024": "2024-02-01", "x": "x"}),
    ({"step": "constant", "value": "EU"}, {"a": "EU", "": "EU"}),
]


@pytest.mark.parametrize(("step", "cells"), CASES)
def test_each_step(step: dict[str, Any], cells: dict[str, str]) -> None:
    shown = preview([Step.from_descriptor(step)], pa.array(list(cells), pa.string()))
    changes = {old: new for old, new in cells.items() if old != new}
    assert dict(shown.pairs) == changes
    assert shown.count == len(changes)


def test_every_step_of_the_registry_is_tried_here() -> None:
    assert {case[0]["step"] for case in CASES} | {"fillDown"} == set(STEPS)
    assert {case[0].get("to") for case in CASES} >= set(CASES_OF_LETTERS)


@pytest.mark.parametrize(("step", "cells"), CASES)
def test_each_step_is_recorded_and_does_in_a_check_what_its_preview_shows(
    step: dict[str, Any], cells: dict[str, str]
) -> None:
    field = {"name": "f", "type": "string", "sluice": {"clean": [step]}}
    recipe = recipe_of(field, missingValues=[])
    assert recipe.to_descriptor()["schema"]["fields"][0]["sluice"]["clean"] == [step]
    if STEPS[step["step"]].fixes:
        return  # every text is text: what a fix does is shown beneath
    assert values_of(recipe, [{"f": cell} for cell in cells])["f"] == list(cells.values())


def test_filling_down_is_previewed_too() -> None:
    shown = preview([Step("fillDown")], pa.array(["a", "", None, "b", ""]))
    assert (shown.count, shown.pairs) == (3, (("", "a"), ("", "b")))


def test_steps_go_in_the_order_they_stand_in() -> None:
    first, second = {"step": "replace", "old": "a", "new": "b"}, {"step": "case", "to": "upper"}
    for steps, found in (([first, second], "B"), ([second, first], "A")):
        field = {"name": "f", "type": "string", "sluice": {"clean": steps}}
        assert values_of(recipe_of(field), [{"f": "a"}]) == {"f": [found]}


FIXES: list[dict[str, Any]] = [
    {"step": "decimalComma"},
    {"step": "thousands"},
    {"step": "thousands", "char": "."},
    {"step": "currency"},
    {"step": "parseDate", "format": "%m/%d/%Y"},
    {"step": "replace", "old": "1", "new": "2", "only": "problems"},
    {"step": "replacePattern", "pattern": "[^0-9]", "new": "", "only": "problems"},
    {"step": "constant", "value": "7", "only": "problems"},
    {"step": "trim", "only": "problems"},
]
KINDS: list[dict[str, Any]] = [
    {"type": "integer"},
    {"type": "number"},
    {"type": "number", "decimalChar": ",", "groupChar": "."},
    {"type": "date", "format": "%d/%m/%Y"},
    {"type": "boolean"},
]
ODD = st.one_of(
    st.from_regex(r"[€$ ]?[-+]?[0-9]{1,3}([., ][0-9]{3})?([.,][0-9]{1,2})?( EUR)?", fullmatch=True),
    st.from_regex(r"[0-3][0-9]/[01][0-9]/20[0-9]{2}", fullmatch=True),
    st.sampled_from(["", "true", "1", " 1", "x", "1e3", "2024-01-02"]),
)


def test_every_fix_is_tried_on_cells_that_parse() -> None:
    assert {kind.name for kind in STEPS.values() if kind.fixes} <= {fix["step"] for fix in FIXES}


@settings(max_examples=120, deadline=None)
@given(st.lists(ODD, min_size=1, max_size=8), st.sampled_from(FIXES), st.sampled_from(KINDS))
def test_a_fix_changes_only_cells_that_do_not_parse_and_only_into_ones_that_do(
    cells: list[str], fix: dict[str, Any], kind: dict[str, Any]
) -> None:
    plain = recipe_of({"name": "f", **kind})
    fixed = recipe_of({"name": "f", **kind, "sluice": {"clean": [fix]}})
    rows = [{"f": cell} for cell in cells]
    bad_before = {record for record, *_ in problems_of(plain, rows)}
    bad_after = {record for record, *_ in problems_of(fixed, rows)}
    after = Checker(fixed, ("f",)).texts(batch_of(rows))["f"].to_pylist()
    changed = {
        n for n, (old, new) in enumerate(zip(cells, after, strict=True), 1) if old != (new or "")
    }
    assert bad_after <= bad_before
    assert changed == bad_before - bad_after


def test_a_fix_never_touches_a_cell_that_parses() -> None:
    field = {"name": "n", "type": "number", "sluice": {"clean": ["decimalComma", "currency"]}}
    rows = [{"n": cell} for cell in ("1.250", "1.250,00", "€ 7.5", "1e3", "x,y")]
    assert values_of(recipe_of(field), rows) == {"n": [1.25, 1250.0, 7.5, 1000.0]}
    assert problems_of(recipe_of(field), rows) == [(5, "n", "type-error", "number")]


def test_any_step_becomes_a_fix_by_only_problems() -> None:
    step = {"step": "replace", "old": "1", "new": "2", "only": "problems"}
    field = {"name": "n", "type": "integer", "sluice": {"clean": [step]}}
    assert values_of(recipe_of(field), [{"n": "1"}]) == {"n": [1]}


def test_a_date_is_parsed_into_the_format_of_its_column() -> None:
    clean = [{"step": "parseDate", "format": "%Y-%m-%d"}]
    field = {"name": "d", "type": "date", "format": "%d/%m/%Y", "sluice": {"clean": clean}}
    rows = [{"d": "2024-02-01"}, {"d": "03/04/2024"}]
    checker = Checker(recipe_of(field), ("d",))
    assert checker.texts(batch_of(rows))["d"].to_pylist() == ["01/02/2024", "03/04/2024"]


def test_fill_down_goes_on_from_batch_to_batch() -> None:
    field = {"name": "a", "type": "string", "sluice": {"clean": ["fillDown"]}}
    checker = Checker(recipe_of(field), ("a",))
    first = checker.check(batch_of([{"a": ""}, {"a": "x"}, {"a": ""}]))
    second = checker.check(batch_of([{"a": ""}, {"a": "y"}]))
    assert first.columns["a"].to_pylist() == [None, "x", "x"]
    assert second.columns["a"].to_pylist() == ["x", "y"]


@pytest.mark.parametrize("duplicates", ["first", "last", "refuse"])
def test_fill_down_goes_on_over_the_blocks_of_a_file(duplicates: str, tmp_path: Path) -> None:
    """Also where the file is read twice, to know its keys beforehand."""
    count = 40_000
    rows = (f"{n},{'' if n % 20_000 else f'g{n}'},{'x' * 90}\n" for n in range(count))
    path = written(tmp_path / "f.csv", "id,group,filler\n" + "".join(rows))
    recipe = recipe_of(
        {"name": "id", "type": "integer"},
        {"name": "group", "type": "string", "sluice": {"clean": ["fillDown"]}},
        {"name": "filler", "type": "string"},
        primaryKey="id",
        sluice={"duplicates": duplicates},
    )
    source = Source(path, recipe.dialect)
    checker = Checker(recipe, source.names)
    list(checker.survey(source))
    groups = [checker.check(raw).columns["group"] for raw in source.batches()]
    assert len(groups) > 2
    assert pa.chunked_array(groups).to_pylist() == ["g0"] * 20_000 + ["g20000"] * 20_000


def test_the_reason_shows_the_cell_as_it_stands_in_the_file() -> None:
    field = {"name": "n", "type": "integer", "sluice": {"clean": ["trim"]}}
    batch = Checker(recipe_of(field), ("n",)).check(batch_of([{"n": " x "}, {"n": " 5 "}]))
    assert batch.refused[0].reasons[0].value == " x "
    assert batch.columns["n"].to_pylist() == [5]


def test_columns_split_joined_derived_renamed_and_dropped() -> None:
    recipe = recipe_of(
        {"name": "full", "type": "string"},
        {"name": "code", "type": "string"},
        {"name": "n", "type": "integer"},
        sluice={
            "clean": [
                {"step": "trim"},
                {"step": "rename", "field": "n", "to": "number"},
                {"step": "drop", "field": "full"},
            ],
            "derived": [
                {"step": "split", "field": "full", "separator": " ", "into": ["first", "last"]},
                {"step": "join", "fields": ["code", "n"], "separator": "/", "into": "both"},
                {"step": "constant", "into": "year", "value": 2024, "as": {"type": "integer"}},
                {"step": "id", "fields": ["n"]},
            ],
        },
    )
    rows = [
        {"full": " Ada King Lovelace ", "code": "a", "n": "1"},
        {"full": "Cher", "code": "", "n": "2"},
    ]
    assert values_of(recipe, rows) == {
        "code": ["a", None],
        "number": [1, 2],
        "first": ["Ada", "Cher"],
        "last": ["King Lovelace", None],
        "both": ["a/1", "2"],
        "year": [2024, 2024],
        "_id": [1, 2],
    }


def test_a_dropped_field_can_still_be_a_key_and_in_a_rule() -> None:
    recipe = recipe_of(
        {"name": "k", "type": "integer", "sluice": {"drop": True}},
        {"name": "v", "type": "string"},
        primaryKey="k",
        sluice={"rules": ["k < 5"]},
    )
    rows = [{"k": "1", "v": "a"}, {"k": "1", "v": "b"}, {"k": "7", "v": "c"}]
    assert values_of(recipe, rows) == {"v": ["a"]}
    assert [p[2] for p in problems_of(recipe, rows)] == ["primary-key", "row-constraint"]


def test_a_derived_id_must_be_there_and_be_unique() -> None:
    recipe = recipe_of(
        {"name": "a", "type": "string"},
        {"name": "b", "type": "integer"},
        sluice={"derived": [{"step": "id", "fields": ["a", "b"]}]},
    )
    rows = [{"a": "x", "b": "1"}, {"a": "x", "b": "1"}, {"a": "x", "b": "2"}, {"a": "", "b": "1"}]
    assert values_of(recipe, rows)["_id"] == ["x-1", "x-2"]
    assert problems_of(recipe, rows) == [
        (2, "_id", "unique-error", "unique"),
        (4, "_id", "constraint-error", "required"),
    ]


@pytest.mark.parametrize(
    "step",
    [
        {"step": "case", "to": "sideways"},
        {"step": "case"},
        {"step": "trim", "hard": True},
        {"step": "replace"},
        {"step": "parseDate", "format": "x"},
        {"step": "replace", "values": 3},
        {"no": "step"},
        7,
    ],
)
def test_a_step_that_cannot_work_is_refused(step: Any) -> None:
    with pytest.raises(RecipeError):
        preview([Step.from_descriptor(step)], pa.array(["a"]))


@pytest.mark.parametrize(
    "own",
    [
        {"clean": [{"step": "drop"}]},
        {"clean": [{"step": "drop", "field": "zz"}]},
        {"clean": [{"step": "rename", "field": "a"}]},
        {"derived": [{"step": "join", "fields": ["zz"], "into": "b"}]},
        {"derived": [{"step": "join", "fields": ["a"], "into": "a"}]},
        {"derived": [{"step": "fold", "fields": ["a"]}]},
        {"derived": [{"step": "id", "fields": []}]},
        {"derived": [{"step": "join", "fields": [], "into": "b"}]},
        {"derived": [{"step": "constant", "into": "", "value": 1}]},
        {"derived": [{"step": "split", "field": "a", "separator": "", "into": ["b"]}]},
        {"derived": [{"step": "split", "field": "a", "separator": " ", "into": []}]},
        {"derived": [{"step": "split", "field": "a", "separator": " ", "into": [5]}]},
    ],
)
def test_a_step_on_the_table_that_cannot_work_is_refused(own: dict[str, Any]) -> None:
    with pytest.raises(RecipeError):
        Checker(recipe_of({"name": "a", "type": "string"}, sluice=own), ("a",))


def test_a_preview_of_a_fix_counts_what_it_really_changes() -> None:
    values = pa.array(["1.250", "1.250,00", "x"])
    field = Field("n", "number")
    judge = Judge(Schema((field,)), field)
    shown = preview([Step("decimalComma")], values, Aim("number"), judge.wrong)
    assert (shown.count, shown.pairs) == (1, (("1.250,00", "1250.00"),))
