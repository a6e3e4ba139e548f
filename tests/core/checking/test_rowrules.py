"""Row rules: what they mean, what a missing cell does to them, and what is no rule."""

import pytest

from core.checking.checker import Checker
from core.errors import RecipeError
from core.recipes.recipe import Recipe
from tests.core.checking.tables import batch_of, problems_of, recipe_of

ROW = {
    "order_date": "2024-05-01",
    "ship_date": "2024-05-03",
    "qty": "3",
    "price": "2.50",
    "total": "7.50",
    "region": "North",
    "Ship to": "",
}


def recipe(*rules: object) -> Recipe:
    money = {"bson": "decimal128", "decimals": 2}
    return recipe_of(
        {"name": "order_date", "type": "date"},
        {"name": "ship_date", "type": "date"},
        {"name": "qty", "type": "integer", "sluice": {"bson": "int32"}},
        {"name": "price", "type": "number", "sluice": money},
        {"name": "total", "type": "number", "sluice": money},
        {"name": "region", "type": "string"},
        {"name": "Ship to", "type": "string"},
        sluice={"rules": list(rules)},
    )


HOLD = [
    "ship_date >= order_date",
    "order_date < ship_date <= '2024-12-31'",
    "date('2024-01-01') < order_date",
    "total == qty * price",
    "total / qty == price",
    "qty % 2 == 1 and qty + 1 > 3",
    "not region == 'South'",
    "region in ['North', 'South'] or qty > 100",
    "region not in ('East',)",
    "lower(region) == 'north' and length(region) == 5",
    "abs(-qty) == 3",
    "year(order_date) == 2024",
    "field('Ship to') == region",  # a missing cell: unknown, which breaks nothing
    "missing(field('Ship to'))",
    "qty * 2000000000 > 0",
]
FAIL = [
    "ship_date < order_date",
    "qty > 3",
    "total != qty * price",
    "region == 'north'",
    "not missing(field('Ship to'))",
    "field('Ship to') == region and qty > 3",
    "qty > 3 or region in ['South']",
    "False",
]


@pytest.mark.parametrize("rule", HOLD)
def test_rules_that_hold(rule: str) -> None:
    assert problems_of(recipe(rule), [ROW]) == []


@pytest.mark.parametrize("rule", FAIL)
def test_rules_that_are_broken(rule: str) -> None:
    assert [p[2:] for p in problems_of(recipe(rule), [ROW])] == [("row-constraint", rule)]


def test_a_broken_rule_says_which_values_break_it() -> None:
    checker = Checker(recipe({"rule": "ship_date >= order_date"}), tuple(ROW))
    batch = checker.check(batch_of([ROW | {"ship_date": "2024-04-01"}]))
    (problem,) = batch.refused[0].reasons
    assert problem.field is None
    assert "ship_date >= order_date" in problem.message
    assert "ship_date is 2024-04-01, order_date is 2024-05-01." in problem.message


def test_a_wrong_cell_is_reported_once_and_leaves_the_rule_unknown() -> None:
    rows = [ROW | {"ship_date": "soon"}]
    assert problems_of(recipe("ship_date >= order_date"), rows) == [
        (1, "ship_date", "type-error", "date")
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "__import__('os').system('true')",
        "qty.real > 1",
        "[x for x in qty]",
        "lambda: 1",
        "qty if qty else 1",
        "qty ** 99999",
        "open('f')",
        "f'{qty}' == '3'",
        "qty > nothing",
        "qty",
        "region > 3",
        "qty >",
        "",
        "qty is None",
        "(qty := 3) > 1",
        "length(region, qty) > 1",
        "qty > 1j",
        "order_date > 'yesterday'",
        "(" * 400 + "qty" + ")" * 400,
        "qty > 0" + " and qty > 0" * 200,
        "q" * 3000,
        "qty << 3 > 1",
        "~qty > 1",
    ],
)
def test_what_is_no_rule_is_refused_and_nothing_is_executed(rule: str) -> None:
    with pytest.raises(RecipeError):
        Checker(recipe(rule), tuple(ROW))


def test_values_that_do_not_go_together_are_told_in_plain_words() -> None:
    with pytest.raises(RecipeError, match="“qty > region” cannot be used: it puts together int32"):
        Checker(recipe("qty > region"), tuple(ROW))
