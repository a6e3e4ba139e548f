"""The check finds exactly what was planted in the samples, whatever the seed."""

import json
import random
from pathlib import Path

import pytest

from core.batch import LoadReport, Problem
from core.checking.checker import check_file
from core.recipes.recipe import Recipe
from resources.samples import make

SAMPLES = Path(make.__file__).parent
NAMES = ("customers", "products", "orders")


def checked(path: Path, recipe: Recipe) -> tuple[LoadReport, list[Problem]]:
    problems: list[Problem] = []
    report = LoadReport(None, path.name)
    for report in check_file(path, recipe):
        problems += report.problems
    return report, problems


def found(problems: list[Problem]) -> list[tuple[int, int, str | None, str]]:
    return sorted(((p.record, p.line, p.field, p.code) for p in problems), key=str)


@pytest.mark.parametrize("name", NAMES)
def test_the_clean_sample_has_no_problem(name: str) -> None:
    recipe = Recipe.load(SAMPLES / f"{name}.recipe.json")
    report, problems = checked(SAMPLES / f"{name}_clean.csv", recipe)
    assert problems == []
    assert report.records == report.accepted > 500
    assert report.quarantined == report.skipped == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_dirty_sample_has_exactly_the_planted_defects(name: str) -> None:
    recipe = Recipe.load(SAMPLES / f"{name}.recipe.json")
    report, problems = checked(SAMPLES / f"{name}.csv", recipe)
    planted = json.loads((SAMPLES / f"{name}.defects.json").read_text("utf-8"))
    expected = [(d["record"], d["line"], d["field"], d["code"]) for d in planted]
    assert found(problems) == sorted(expected, key=str)
    assert report.quarantined == len(planted)
    assert report.records == report.accepted + report.quarantined


@pytest.mark.parametrize("name", NAMES)
def test_a_set_planted_anew_is_found_as_exactly(name: str, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    defects = make.write(tmp_path, seed=seed, scale=0.5)[name]
    recipe = Recipe.load(SAMPLES / f"{name}.recipe.json")
    assert checked(tmp_path / f"{name}_clean.csv", recipe)[1] == [], f"seed {seed}"
    problems = checked(tmp_path / f"{name}.csv", recipe)[1]
    expected = [(d.record, d.line, d.field, d.code) for d in defects]
    assert found(problems) == sorted(expected, key=str), f"seed {seed}"


def test_the_committed_samples_are_what_the_script_writes(tmp_path: Path) -> None:
    make.write(tmp_path)
    make.write_recipes(tmp_path)
    for path in sorted(tmp_path.iterdir()):
        assert (SAMPLES / path.name).read_bytes() == path.read_bytes(), path.name
