"""Foreign keys: what is asked of the lookup, how often, and what is refused."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from bson import Decimal128

import core.checking.references
from core.checking.checker import Checker
from core.errors import RecipeError
from tests.core.checking.tables import batch_of, checked, problems_of, recipe_of, written


class Collection:
    """Stands at the far end of a lookup and counts how often it is asked."""

    def __init__(self, *keys: tuple[Any, ...]) -> None:
        self.keys = list(keys)
        self.asked: list[list[tuple[Any, ...]]] = []

    def __call__(
        self, name: str, fields: tuple[str, ...], keys: Sequence[tuple[Any, ...]]
    ) -> list[bool]:
        assert (name, fields) in (("customers", ("id",)), ("prices", ("sku", "year")))
        self.asked.append(list(keys))
        return [key in self.keys for key in keys]


def key(fields: Any, resource: str, target: Any) -> dict[str, Any]:
    return {"fields": fields, "reference": {"resource": resource, "fields": target}}


CUSTOMER = recipe_of({"name": "c", "type": "integer"}, foreignKeys=[key("c", "customers", "id")])


def test_a_value_that_is_not_there_is_refused_and_an_empty_cell_refers_to_nothing() -> None:
    rows = [{"c": cell} for cell in ("1", "2", "", "1", "3")]
    batch = Checker(CUSTOMER, ("c",), lookup=Collection((1,), (2,))).check(batch_of(rows))
    (refused,) = batch.refused
    assert (refused.record, refused.reasons[0].code, refused.reasons[0].value) == (
        5,
        "foreign-key",
        "3",
    )
    assert refused.reasons[0].message == "“3” is not among id of customers."


def test_the_collection_is_asked_once_a_batch_and_only_for_keys_not_known() -> None:
    there = Collection((1,), (2,))
    checker = Checker(CUSTOMER, ("c",), lookup=there)
    checker.check(batch_of([{"c": cell} for cell in "1122"]))
    checker.check(batch_of([{"c": cell} for cell in "2211"]))
    checker.check(batch_of([{"c": cell} for cell in "213"]))
    assert there.asked == [[(1,), (2,)], [(3,)]]


def test_no_more_keys_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core.checking.references, "CACHED", 3)
    there = Collection(*((n,) for n in range(10)))
    checker = Checker(CUSTOMER, ("c",), lookup=there)
    for cells in ("01", "23", "01"):
        assert not checker.check(batch_of([{"c": cell} for cell in cells])).refused
    assert len(there.asked) == 3  # the first ones had to go


def test_an_empty_reference_is_refused_where_the_field_is_required() -> None:
    field = {"name": "c", "type": "integer", "constraints": {"required": True}}
    recipe = recipe_of(field, foreignKeys=[key("c", "customers", "id")])
    rows = [{"c": "1"}, {"c": ""}]
    assert problems_of(recipe, rows, lookup=Collection((1,))) == [
        (2, "c", "constraint-error", "required")
    ]


def test_a_key_of_several_fields_goes_as_values_of_documents() -> None:
    recipe = recipe_of(
        {"name": "s", "type": "string"},
        {"name": "y", "type": "number", "sluice": {"bson": "decimal128", "decimals": 1}},
        foreignKeys=[key(["s", "y"], "prices", ["sku", "year"])],
    )
    there = Collection(("a", Decimal128("1.5")))
    rows = [{"s": "a", "y": "1.5"}, {"s": "a", "y": "2"}, {"s": "", "y": "2"}]
    assert problems_of(recipe, rows, lookup=there) == [(2, None, "foreign-key", "foreignKeys")]
    assert there.asked == [[("a", Decimal128("1.5")), ("a", Decimal128("2.0"))]]


def test_without_a_database_the_report_says_what_was_not_compared(tmp_path: Path) -> None:
    report, problems = checked(written(tmp_path / "f.csv", "c\n1\n"), CUSTOMER)
    assert problems == []
    assert any("customers" in warning for warning in report.warnings)


def test_a_key_of_the_file_itself_may_stand_further_down(tmp_path: Path) -> None:
    recipe = recipe_of(
        {"name": "id", "type": "integer"},
        {"name": "boss", "type": "integer"},
        foreignKeys=[key("boss", "", "id")],
    )
    path = written(tmp_path / "f.csv", "id,boss\n1,2\n2,\n3,9\n")
    _, problems = checked(path, recipe)
    assert [(p.record, p.field, p.code, p.value) for p in problems] == [
        (3, "boss", "foreign-key", "9")
    ]


@pytest.mark.parametrize(
    "foreign",
    [
        {"fields": "c"},
        {"fields": "c", "reference": {"resource": "x", "fields": ["a", "b"]}},
        {"fields": "zz", "reference": {"resource": "x", "fields": "a"}},
        {"fields": "c", "reference": {"resource": "", "fields": "zz"}},
        {"reference": {}},
    ],
)
def test_a_foreign_key_that_makes_no_sense_is_refused(foreign: Any) -> None:
    with pytest.raises(RecipeError):
        Checker(recipe_of({"name": "c", "type": "string"}, foreignKeys=[foreign]), ("c",))
