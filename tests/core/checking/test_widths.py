"""Records with cells too many or too few: refused, or made to fit as the recipe says."""

from pathlib import Path

import pytest

from core.batch import LoadReport, Problem
from core.checking.checker import Checker, check_file
from core.errors import RecipeError
from core.fixes import suggestions
from core.reading.source import Source
from core.recipes.recipe import LEAVE_EMPTY, LEAVE_OUT, LEAVE_OUT_BLANK, Recipe, infer
from core.store import Store
from tests.core.loads import documents, load

TEXT = "id,name,town\n1,Ann,Rome\n2,Bob,Oslo,,\n3,Cid,Bonn,extra\n4,Dan\n"
TEXT += "".join(f"{n},Eve,Nice\n" for n in range(5, 21))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(TEXT)
    return path


def last(path: Path, recipe: Recipe, **told: object) -> LoadReport:
    *_, report = check_file(path, recipe, **told)  # type: ignore[arg-type]
    return report


def problems(path: Path, recipe: Recipe, code: str) -> list[Problem]:
    found = [problem for report in check_file(path, recipe) for problem in report.problems]
    return [problem for problem in found if problem.code == code]


def test_no_edit_lets_a_record_through_with_its_surplus_lost(path: Path) -> None:
    edits = {record: {"id": "9", "name": "x", "town": "y"} for record in (2, 3, 4)}
    report = last(path, infer(path), edits=edits)
    assert (report.accepted, report.reasons) == (18, {"extra-cell": 2})


@pytest.mark.parametrize(
    ("said", "reasons"),
    [
        ({"extra_cells": LEAVE_OUT_BLANK}, {"extra-cell": 1, "missing-cell": 1}),
        ({"extra_cells": LEAVE_OUT}, {"missing-cell": 1}),
        ({"missing_cells": LEAVE_EMPTY}, {"extra-cell": 2}),
        ({"extra_cells": LEAVE_OUT, "missing_cells": LEAVE_EMPTY}, {}),
    ],
)
def test_the_recipe_says_which_records_are_made_to_fit(
    path: Path, said: dict[str, str], reasons: dict[str, int]
) -> None:
    recipe = Recipe.from_descriptor(infer(path).replace(**said).to_descriptor())
    report = last(path, recipe)
    assert report.reasons == reasons
    fitted = 3 - sum(reasons.values())
    words = "1 record" if fitted == 1 else f"{fitted} records"
    assert report.warnings == (
        f"{words} with too many or too few cells made to fit the columns, as the recipe says.",
    )


def test_a_record_made_to_fit_keeps_its_place_and_is_judged_by_its_cells(path: Path) -> None:
    recipe = infer(path).replace(extra_cells=LEAVE_OUT, missing_cells=LEAVE_EMPTY)
    schema = recipe.schema.replace_field("town", constraints={"required": True})
    recipe = recipe.replace(schema=schema)
    checker = Checker(recipe, ("id", "name", "town"))
    (raw,) = Source(path, recipe.dialect).batches()
    batch = checker.check(raw)
    assert batch.records.tolist() == [1, 2, 3, *range(5, 21)]
    assert batch.lines.tolist() == [2, 3, 4, *range(6, 22)]
    assert batch.columns["town"].to_pylist() == ["Rome", "Oslo", "Bonn", *["Nice"] * 16]
    (refused,) = batch.refused
    assert (refused.line, refused.raw, refused.reasons[0].rule) == (5, b"4,Dan", "required")


def test_what_a_fix_of_rows_promises_is_what_the_check_finds_with_its_recipe(path: Path) -> None:
    recipe = infer(path)
    before = last(path, recipe).quarantined
    found = {
        code: suggestions(recipe, problems(path, recipe, code))
        for code in ("extra-cell", "missing-cell")
    }
    assert [(fix.label, fix.count, fix.of) for some in found.values() for fix in some] == [
        ("Leave out empty cells beyond the last column", 1, 2),
        ("Leave out what is beyond the last column", 2, 2),
        ("Leave the missing columns empty", 1, 1),
    ]
    for fix in (*found["extra-cell"], *found["missing-cell"]):
        assert before - last(path, fix.recipe).quarantined == fix.count
    assert found["extra-cell"][1].examples == (("…,,", "…"), ("…,extra", "…"))
    assert found["missing-cell"][0].examples == (("4,Dan", "4,Dan,"),)


def test_a_cell_that_holds_the_delimiter_is_not_taken_for_empty_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,2\n3,4,","\n' + "5,6\n" * 9)
    recipe = infer(path)
    (fix,) = suggestions(recipe, problems(path, recipe, "extra-cell"))
    assert fix.recipe.extra_cells == LEAVE_OUT
    assert last(path, recipe.replace(extra_cells=LEAVE_OUT_BLANK)).quarantined == 1


def test_a_load_stores_what_the_check_accepted(path: Path, store: Store) -> None:
    recipe = infer(path).replace(
        extra_cells=LEAVE_OUT, missing_cells=LEAVE_EMPTY, collection="people"
    )
    report = load(path, recipe, store)
    assert (report.accepted, report.quarantined) == (20, 0)
    assert [one.get("town") for one in documents(store, "people")[:4]] == [
        "Rome",
        "Oslo",
        "Bonn",
        None,
    ]


def test_an_unknown_choice_is_refused_when_the_recipe_is_read(path: Path) -> None:
    descriptor = infer(path).to_descriptor()
    descriptor["sluice"]["extraCells"] = "forget"
    with pytest.raises(RecipeError, match="extraCells cannot be 'forget'"):
        Recipe.from_descriptor(descriptor)
