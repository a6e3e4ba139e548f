"""Descriptors: the standard's own read unchanged, and everything comes back as it went."""

import json
from pathlib import Path

import pytest

from core.errors import RecipeError
from core.reading.dialect import Dialect
from core.recipes.drift import adapted, closest, drift
from core.recipes.recipe import Recipe, find_beside, replace_field, resource_name
from tests.core.checking.tables import checked, problems_of, recipe_of, values_of, written


def whole() -> Recipe:
    return recipe_of(
        {
            "name": "a",
            "type": "number",
            "title": "Amount",
            "constraints": {"minimum": "1", "enum": ["1", "2.50"]},
            "missingValues": ["", "-"],
            "x-other": {"kept": True},
            "sluice": {
                "name": "amount",
                "bson": "decimal128",
                "decimals": 2,
                "clean": [{"step": "trim"}, {"step": "replace", "old": "O", "new": "0"}],
            },
        },
        {"name": "b", "type": "string", "sluice": {"drop": True}},
        primaryKey=["a"],
        sluice={
            "collection": "shop.orders",
            "mode": "update",
            "duplicates": "last",
            "clean": [{"step": "trim", "fields": ["a"]}],
            "derived": [{"step": "constant", "into": "c", "value": "x"}],
            "rules": [{"rule": "a > 1", "message": "too small"}],
            "write": {"w": "majority"},
        },
    ).replace(dialect=Dialect(encoding="cp1252", delimiter=";", decimal_char=","))


def test_a_recipe_saved_and_loaded_is_the_same(tmp_path: Path) -> None:
    whole().save(tmp_path / "r.json")
    assert Recipe.load(tmp_path / "r.json") == whole()
    descriptor = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert descriptor["encoding"] == "cp1252"
    assert descriptor["dialect"]["delimiter"] == ";"
    assert set(descriptor) == {"name", "path", "encoding", "dialect", "schema", "sluice"}


def test_a_bare_schema_and_a_package_of_one_resource_are_recipes_too(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "a", "type": "integer"}]}
    for descriptor in (schema, {"resources": [{"name": "x", "path": "x.csv", "schema": schema}]}):
        path = written(tmp_path / "s.json", json.dumps(descriptor))
        assert Recipe.load(path).schema.field("a").type == "integer"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "3",
        '{"schema": {"fields": 3}}',
        '{"schema": {"fields": [{"type": "string"}]}}',
        '{"schema": {"fields": [{"name": "a", "constraints": ["required"]}]}}',
        '{"schema": {"fields": [{"name": "a", "missingValues": "NA"}]}}',
        '{"schema": {"fields": [{"name": "a"}], "missingValues": [{"label": "none"}]}}',
        '{"schema": {"fields": [{"name": "a"}], "primaryKey": 5}}',
        '{"schema": {"fields": [{"name": "a"}], "primaryKey": [5]}}',
        '{"schema": {"fields": [{"name": "a"}], "uniqueKeys": "a"}}',
        '{"schema": {"fields": [{"name": "a"}], "foreignKeys": {"fields": "a"}}}',
        '{"schema": {"fields": [{"name": "a"}], "primaryKey": "b"}}',
        '{"schema": {"fields": [{"name": "a"}], "fieldsMatch": "maybe"}}',
        '{"schema": {"fields": []}, "sluice": {"version": 99}}',
        '{"schema": {"fields": []}, "sluice": {"duplicates": "all"}}',
        '{"schema": {"fields": []}, "sluice": {"rules": [3]}}',
        '{"schema": {"fields": []}, "sluice": {"clean": [3]}}',
        '{"schema": {"fields": []}, "sluice": "x"}',
        '{"schema": {"fields": []}, "sluice": {"version": "1"}}',
        '{"schema": {"fields": []}, "sluice": {"colection": "x"}}',
        '{"schema": {"fields": []}, "sluice": {"nested": "yes"}}',
        '{"schema": {"fields": []}, "dialect": "x"}',
        '{"schema": {"fields": []}, "dialect": {"delimeter": ";"}}',
        '{"schema": {"fields": []}, "dialect": {"sluice": {"decimal": ","}}}',
        '{"schema": {"fields": [{"name": "a"}], "primarykey": "a"}}',
        '{"schema": {"fields": [{"name": "a", "typ": "integer"}]}}',
        '{"schema": {"fields": [{"name": "a", "sluice": [1]}]}}',
        '{"schema": {"fields": [{"name": "a", "sluice": {"name": 7}}]}}',
        '{"schema": {"fields": [{"name": "a", "sluice": {"drop": "yes"}}]}}',
    ],
)
def test_what_is_no_recipe_is_refused_in_one_sentence_with_the_file(
    text: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "bad.json", text)
    with pytest.raises(RecipeError) as caught:
        Recipe.load(path)
    assert "bad.json" in str(caught.value)
    assert len(str(caught.value)) < 400


def test_words_that_are_not_the_standards_may_stand_beside_them(tmp_path: Path) -> None:
    field = {"name": "a", "type": "any", "unit": "kg", "x-note": "mine"}
    schema = {"fields": [field], "owner": "us"}
    path = written(tmp_path / "r.json", json.dumps({"schema": schema, "contributors": ["we"]}))
    made = Recipe.load(path).to_descriptor()
    assert (made["schema"], made["contributors"]) == (schema, ["we"])


def test_a_recipe_that_is_not_there_or_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="cannot be read"):
        Recipe.load(tmp_path / "none.json")
    with pytest.raises(RecipeError, match="cannot be written"):
        whole().save(tmp_path / "no" / "folder" / "r.json")


def test_the_recipe_beside_a_file(tmp_path: Path) -> None:
    assert find_beside(tmp_path / "orders.csv") is None
    recipe = tmp_path / "orders.recipe.json"
    whole().save(recipe)
    assert find_beside(tmp_path / "orders.csv") == recipe
    assert find_beside(tmp_path / "orders.csv.gz") == recipe
    assert find_beside(tmp_path / "customers.csv") is None
    assert resource_name("/x/My Orders (2).csv") == "my-orders-2"


def test_replace_field_names_a_field_that_is_not_there() -> None:
    assert replace_field(whole(), "b", type="integer").schema.field("b").type == "integer"
    with pytest.raises(RecipeError, match="no field “z”"):
        replace_field(whole(), "z", type="integer")


# ---- drift --------------------------------------------------------------------------------------
SHOP = recipe_of(
    {"name": "order_id", "type": "integer"},
    {"name": "e-mail", "type": "string"},
    {"name": "region", "type": "string", "constraints": {"enum": ["N", "S"]}},
    primaryKey="order_id",
)


def test_missing_new_and_renamed_columns_are_told_apart() -> None:
    found = drift(SHOP, ("Order ID", "email", "colour"))
    assert found.renamed == (("order_id", "Order ID"), ("e-mail", "email"))
    assert (found.missing, found.new) == (("region",), ("colour",))
    assert not drift(SHOP, ("e-mail", "order_id", "region"))
    assert drift(SHOP, ("e-mail", "order_id", "region")).reordered


def test_a_file_that_does_not_fit_is_refused_with_what_is_different() -> None:
    with pytest.raises(RecipeError) as caught:
        problems_of(SHOP, [{"Order ID": "1", "e-mail": "x", "region": "N"}])
    assert "“Order ID” seems to be “order_id” renamed" in str(caught.value)


def test_a_recipe_is_adapted_to_a_file_that_drifted() -> None:
    names = ("Order ID", "e-mail", "colour")
    recipe = adapted(SHOP, drift(SHOP, names))
    rows = [dict(zip(names, ("1", "a", "red"), strict=True))]
    assert values_of(recipe, rows) == {"order_id": [1], "e-mail": ["a"], "colour": ["red"]}
    assert recipe.schema.primary_key == ("Order ID",)


def test_columns_are_found_by_name_in_any_order() -> None:
    rows = [{"region": "N", "order_id": "1", "e-mail": "a"}]
    assert values_of(SHOP, rows) == {"order_id": [1], "e-mail": ["a"], "region": ["N"]}


@pytest.mark.parametrize(
    ("match", "names", "fits"),
    [
        ("exact", "ab", True),
        ("exact", "abc", False),
        ("equal", "ba", True),
        ("equal", "a", False),
        ("subset", "abc", True),
        ("subset", "a", False),
        ("superset", "a", True),
        ("superset", "abc", False),
        ("partial", "ac", True),
        ("partial", "c", False),
    ],
)
def test_fields_match(match: str, names: str, fits: bool) -> None:
    recipe = recipe_of({"name": "a"}, {"name": "b"}, fieldsMatch=match)
    row = dict.fromkeys(names, "x")
    if not fits:
        with pytest.raises(RecipeError):
            values_of(recipe, [row])
        return
    # a column the schema leaves open is kept as text, a field without column is missing
    assert values_of(recipe, [row]) == {n: ["x" if n in names else None] for n in {*"ab", *names}}


def test_retyped_columns_and_values_outside_a_list_are_told_from_a_check(tmp_path: Path) -> None:
    rows = "".join(f"{n if n % 3 else 'x'},a@b.co,{'W' if n < 4 else 'N'}\n" for n in range(30))
    path = written(tmp_path / "f.csv", "order_id,e-mail,region\n" + rows)
    report, _ = checked(path, SHOP)
    found = drift(SHOP, SHOP.schema.names, report)
    assert [name for name, _ in found.retyped] == ["order_id"]
    assert found.outside == (("region", 4),)
    assert len(found.sentences) == 2


def test_the_closest_recipe_is_chosen_by_header() -> None:
    other = recipe_of({"name": "sku"}, {"name": "price"})
    assert closest([other, SHOP], ("order_id", "email", "region")) is SHOP
    assert closest([other, SHOP], ("x", "y", "z")) is None
    assert closest([], ("x",)) is None
