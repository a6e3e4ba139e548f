"""A column whose name no document can have is read under another one, and that is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import RecipeError
from core.recipes.drift import adapted, drift
from core.recipes.recipe import infer, replace_field
from tests.core.checking.tables import checked, recipe_of, written


@pytest.mark.parametrize(
    ("header", "keys"),
    [
        ("$set,a", ("set", "a")),
        ("$set,set", ("set_2", "set")),
        ("$set,$$set", ("set", "set_2")),
        ("$,a", ("_", "a")),
        ("$_id,a", ("_id_2", "a")),
        ("a$,b", ("a$", "b")),
    ],
)
def test_a_name_that_begins_with_a_dollar_loses_it_in_the_documents(
    tmp_path: Path, header: str, keys: tuple[str, ...]
) -> None:
    path = written(tmp_path / "f.csv", header + "\n1,x\n2,y\n")
    recipe = infer(path)
    names = tuple(header.split(","))
    assert recipe.schema.names == names
    assert tuple(field.key for field in recipe.schema.fields) == keys
    report, problems = checked(path, recipe)
    assert (report.accepted, problems) == (2, [])
    assert report.warnings == tuple(
        f"The column “{name}” is called “{key}” in the documents: no name there begins with $."
        for name, key in zip(names, keys, strict=True)
        if name != key
    )


def test_the_name_given_instead_can_be_changed(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "$set,a\n1,x\n2,y\n")
    report, _ = checked(path, replace_field(infer(path), "$set", target="kind"))
    assert (report.accepted, "is called “kind”" in report.warnings[0]) == (2, True)


def test_a_recipe_that_says_such_a_name_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "$set,a\n1,x\n2,y\n")
    for field in ({"name": "$set"}, {"name": "$set", "sluice": {"name": "$inc"}}):
        with pytest.raises(RecipeError, match="can be no name in a document"):
            checked(path, recipe_of(field, {"name": "a"}))


def test_a_column_that_a_recipe_does_not_know_is_read_under_a_possible_name(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "set,$set\n1,x\n2,y\n")
    recipe = recipe_of({"name": "set"})
    fitted = adapted(recipe, drift(recipe, ("set", "$set")))
    open_ = recipe.replace(schema=replace(recipe.schema, fields_match="subset"))
    for one in (fitted, open_):
        report, _ = checked(path, one)
        assert (report.accepted, "is called “set_2”" in report.warnings[0]) == (2, True)
