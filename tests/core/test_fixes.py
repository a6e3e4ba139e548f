"""Fixes on offer: which apply, how many cells they mend, and what they make of them."""

from pathlib import Path

import pytest

from core.batch import Problem
from core.checking.checker import check_file
from core.fixes import nearest, suggest, suggestions
from core.recipes.recipe import Recipe, infer
from core.recipes.schema import Field, Schema
from core.values.cleaning import Step


def recipe_of(path: Path, **field: object) -> Recipe:
    recipe = infer(path)
    schema = Schema((Field("id", "integer"), Field("x", **field)))  # type: ignore[arg-type]
    return recipe.replace(schema=schema)


def write(path: Path, values: list[str], delimiter: str = ";") -> Path:
    rows = [f"{i}{delimiter}{value}" for i, value in enumerate(values, 1)]
    path.write_text("\n".join([f"id{delimiter}x", *rows]) + "\n", "utf-8")
    return path


def problems_of(path: Path, recipe: Recipe) -> list[Problem]:
    found: list[Problem] = []
    for report in check_file(path, recipe):
        found += report.problems
    return found


def refused(path: Path, recipe: Recipe) -> int:
    *_, last = check_file(path, recipe)
    return last.quarantined


def test_a_decimal_comma_is_offered_with_the_exact_number_of_cells(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ["1.50", "2,50", "1.250,00", "3.75", "none at all"])
    recipe = recipe_of(path, type="number")
    fix = suggest(recipe, problems_of(path, recipe))
    assert fix is not None
    assert (fix.name, fix.count, fix.of) == ("decimal comma", 2, 3)
    assert dict(fix.after) == {"2,50": "2.50", "1.250,00": "1250.00"}


def test_what_a_fix_promises_is_what_the_check_finds_with_its_recipe(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ["1.5", "2,5", "7,25", "8.0", "x"])
    recipe = recipe_of(path, type="number")
    fix = suggest(recipe, problems_of(path, recipe))
    assert fix is not None
    assert refused(path, recipe) - refused(path, fix.recipe) == fix.count == 2


def test_a_near_value_is_mapped_to_the_allowed_one(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ["North", "Nort", "nroth", "Soth", "elsewhere"])
    recipe = recipe_of(path, constraints={"enum": ["North", "South"]})
    fix = suggest(recipe, problems_of(path, recipe))
    assert fix is not None
    assert fix.recipe.schema.field("x").clean == (
        Step("replace", {"values": {"Nort": "North", "nroth": "North", "Soth": "South"}}),
    )
    assert (fix.count, fix.of) == (3, 4)
    assert refused(path, fix.recipe) == 1


def test_another_date_order_is_offered_only_for_what_it_reads(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ["2025-03-01", "31/03/2025", "28/02/2025", "30/02/2025"])
    recipe = recipe_of(path, type="date")
    fix = suggest(recipe, problems_of(path, recipe))
    assert fix is not None
    assert fix.label == "Read dates like 31/12/2025"
    assert fix.count == 2
    assert refused(path, fix.recipe) == 1


@pytest.mark.parametrize(
    ("kind", "bad", "name"),
    [
        ("number", "€ 12.50", "unit or currency"),
        ("number", "1,250.00", "thousands"),
        ("integer", " 7 ", "spaces around it"),
        ("boolean", "yes", "other words for yes or no"),
        ("integer", "n/a", "stands for empty"),
    ],
)
def test_each_common_cause_has_its_fix(tmp_path: Path, kind: str, bad: str, name: str) -> None:
    path = write(tmp_path / "a.csv", [bad, bad])
    recipe = recipe_of(path, type=kind)
    fix = suggest(recipe, problems_of(path, recipe))
    assert fix is not None
    assert (fix.name, fix.count) == (name, 2)
    assert refused(path, fix.recipe) == 0


def test_giving_up_the_type_is_offered_last_and_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ["1", "2,5", "abc"])
    recipe = recipe_of(path, type="number")
    fixes = suggestions(recipe, problems_of(path, recipe))
    assert [fix.gives_up for fix in fixes] == [False, True]
    assert fixes[-1].label == "Read the column as text"
    assert refused(path, fixes[-1].recipe) == 0


def test_a_repeated_key_has_no_fix_of_one_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id;x\n1;a\n1;b\n2;c\n", "utf-8")
    recipe = recipe_of(path, type="string")
    schema = recipe.schema.replace_field("id", constraints={"unique": True})
    found = problems_of(path, recipe.replace(schema=schema))
    assert [problem.code for problem in found] == ["unique-error"]
    assert suggest(recipe, found) is None


def test_nearest_leaves_alone_what_resembles_nothing() -> None:
    assert nearest(["Nort", "zzz"], ["North", "South"]) == {"Nort": "North"}
