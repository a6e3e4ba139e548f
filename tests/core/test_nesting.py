"""Dotted names become documents inside documents where that is asked for."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import RecipeError
from core.loading.loader import load_file
from core.loading.modes import check_target
from core.recipes.recipe import Recipe, infer
from core.store import Store

TABLE = "id,a.b,c,a.d.e,a.d.f\n1,x,5,2024-01-31,\n2,,6,,\n3,y,7,,2.5\n"


def loaded(store: Store, path: Path, nested: bool) -> list[dict[str, object]]:
    recipe = infer(path).replace(collection="c", nested=nested)
    *_, report = load_file(path, Recipe.from_descriptor(recipe.to_descriptor()), store)
    assert report.accepted == 3
    return list(store.client[store.database].c.find({}, {"_id": 0}).sort("id", 1))


def test_dotted_names_are_plain_until_nesting_is_asked_for(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(TABLE)
    first, second, _ = loaded(store, path, nested=False)
    assert first["a.b"] == "x"
    assert second == {"id": 2, "c": 6}


def test_dotted_names_become_documents_with_their_types(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(TABLE)
    first, second, third = loaded(store, path, nested=True)
    assert list(first) == ["id", "a", "c"]
    assert list(first["a"]) == ["b", "d"]  # type: ignore[call-overload]
    assert first["a"]["d"]["e"].date() == date(2024, 1, 31)  # type: ignore[index]
    assert second == {"id": 2, "c": 6}  # a document without fields is none
    assert set(third["a"]["d"]) == {"f"}  # type: ignore[index]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("a,a.b", "“a” and “a.b”"),
        ("a.b,a", "“a.b” and “a”"),
        ("a.b.c,a.b", "“a.b.c” and “a.b”"),
        ("x,a..b", "“a..b” cannot become"),
        ("x,_id.b", "“_id.b” cannot become"),
    ],
)
def test_names_that_want_the_same_place_are_told_before_loading(
    tmp_path: Path, header: str, told: str
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"{header}\n1,2\n")
    recipe = infer(path, header=True).replace(collection="c")
    check_target(recipe)
    with pytest.raises(RecipeError, match=told):
        check_target(recipe.replace(nested=True))
