"""Figures behind the charts, asked of a real server and compared with plain Python."""

import math
import statistics
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bson import Decimal128

from core import profile
from core.errors import RecipeError, StoreError, TooSlow
from core.store import Store
from core.store.limits import within

START = datetime(2024, 1, 31, 22, tzinfo=UTC)
TOWNS = ("North", "South", "East")


def order(n: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "_id": n,
        "amount": n * 1.25,
        "price": Decimal128(f"{n}.10"),
        "count": n % 7,
        "town": TOWNS[n % 3],
        "at": START + timedelta(hours=9 * n),
        "paid": n % 2 == 0,
        "tags": ["a", "b"],
        "$cost": n % 4,
        "a.b": n % 5,
    }
    if n % 10 == 0:
        del made["town"]
    if n % 25 == 0:
        made["town"] = None
    if n == 3:
        made["amount"] = "three"
    if n == 4:
        made["amount"] = math.nan
    return made


ORDERS = [order(n) for n in range(300)]


@pytest.fixture(scope="module")
def shop(server: str) -> Any:
    with Store(server, "charts") as store:
        store.client.charts.orders.insert_many(ORDERS)
        yield store
        store.client.drop_database("charts")


def rows(shop: Store, query: Any) -> list[dict[str, Any]]:
    return list(shop.client.charts.orders.find(query))


def test_fields_are_told_with_their_types_and_how_many_have_them(shop: Store) -> None:
    shapes = {shape.name: shape for shape in profile.fields(shop, "orders")}
    assert list(shapes)[:3] == ["_id", "amount", "price"]
    assert shapes["amount"].types == {"double": 99, "string": 1}
    assert shapes["amount"].type == "double"
    assert shapes["town"].share == pytest.approx(0.92)  # 20 40 … miss it, 0 25 50 75 are null
    assert {shapes[name].type for name in ("price", "at", "paid", "tags")} == {
        "decimal",
        "date",
        "bool",
        "array",
    }


def test_a_field_of_numbers_is_profiled_like_statistics_would(shop: Store) -> None:
    found = profile.field_profile(shop, "orders", "count")
    values = [one["count"] for one in ORDERS]
    assert (found.documents, found.missing, found.nulls, found.distinct) == (300, 0, 0, 7)
    assert (found.minimum, found.maximum) == (0, 6)
    assert found.mean == pytest.approx(statistics.fmean(values))
    assert found.deviation == pytest.approx(statistics.pstdev(values))
    assert {bar.value: bar.documents for bar in found.top} == Counter(values)


def test_decimals_and_mixed_types_are_profiled_too(shop: Store) -> None:
    price = profile.field_profile(shop, "orders", "price", {"_id": {"$lt": 10}})
    assert price.mean == pytest.approx(4.6)
    assert price.maximum == Decimal128("9.10")
    amount = profile.field_profile(shop, "orders", "amount", {"_id": {"$in": [1, 2, 3]}})
    assert amount.types == {"double": 2, "string": 1}
    assert (amount.minimum, amount.maximum) == (1.25, 2.5)
    assert amount.mean == pytest.approx(1.875)
    town = profile.field_profile(shop, "orders", "town")
    assert town.missing == sum("town" not in one for one in ORDERS)
    assert town.nulls == sum(one.get("town", "") is None for one in ORDERS)
    assert town.distinct == 3


def test_bars_count_and_each_picks_its_documents(shop: Store) -> None:
    chart = profile.bars(shop, "orders", "town")
    bars = chart.series[0].bars
    expected = Counter(one.get("town") for one in ORDERS)
    assert {bar.value: bar.y for bar in bars} == expected
    assert [bar.y for bar in bars] == sorted(expected.values(), reverse=True)
    assert {bar.label for bar in bars} == {*TOWNS, "(missing)"}
    for bar in bars:
        assert len(rows(shop, bar.query)) == bar.documents == bar.y
    assert chart.others == 0


def test_bars_take_a_sum_a_split_and_a_limit(shop: Store) -> None:
    query = {"_id": {"$gte": 100}}
    picked = [one for one in ORDERS if one["_id"] >= 100]
    chart = profile.bars(
        shop, "orders", "count", y="amount", how="sum", by="paid", limit=3, query=query
    )
    sums: Counter[tuple[int, bool]] = Counter()
    for one in picked:
        sums[one["count"], one["paid"]] += one["amount"]
    totals: Counter[int] = Counter()
    for (count, _), total in sums.items():
        totals[count] += total
    kept = {value for value, _ in totals.most_common(3)}
    assert {series.name for series in chart.series} == {"true", "false"}
    for series in chart.series:
        assert {bar.value for bar in series.bars} == kept
        for bar in series.bars:
            assert bar.y == pytest.approx(sums[bar.value, series.name == "true"])
            assert len(rows(shop, bar.query)) == bar.documents
    assert chart.others == sum(one["count"] not in kept for one in picked)


def test_means_leave_out_what_is_no_number(shop: Store) -> None:
    chart = profile.bars(
        shop, "orders", "paid", y="amount", how="mean", query={"_id": {"$in": [1, 3, 5]}}
    )
    assert [bar.y for bar in chart.series[0].bars] == [pytest.approx((1.25 + 6.25) / 2)]
    with pytest.raises(RecipeError, match="cannot show “median”"):
        profile.bars(shop, "orders", "paid", y="amount", how="median")


@pytest.mark.parametrize("field", ["$cost", "a.b"])
def test_a_name_that_looks_like_an_operator_or_a_path_is_a_name(shop: Store, field: str) -> None:
    expected = Counter(one[field] for one in ORDERS)
    bars = profile.bars(shop, "orders", field).series[0].bars
    assert {bar.value: bar.y for bar in bars} == expected
    assert all(len(rows(shop, bar.query)) == bar.documents for bar in bars)
    found = profile.histogram(shop, "orders", field, bins=5)
    assert sum(found.counts) == 300
    assert profile.field_profile(shop, "orders", field).distinct == len(expected)


@pytest.mark.parametrize("unit", ["year", "quarter", "month", "week", "day"])
def test_spans_of_time_hold_exactly_the_documents_between_their_ends(
    shop: Store, unit: str
) -> None:
    chart = profile.series(shop, "orders", "at", unit=unit)
    bars = chart.series[0].bars
    assert sum(bar.documents for bar in bars) == 300
    assert [bar.value for bar in bars] == sorted(bar.value for bar in bars)
    for bar in bars[:5]:
        assert len(rows(shop, bar.query)) == bar.documents
    labels = {
        "year": "2024",
        "quarter": "2024 Q1",
        "month": "2024-01",
        "week": "2024-W05",
        "day": "2024-01-31",
    }
    assert bars[0].label == labels[unit]


def test_series_choose_a_unit_split_and_sum(shop: Store) -> None:
    chart = profile.series(shop, "orders", "at", y="count", how="sum", by="town", limit=2)
    assert chart.unit == "week"  # 112 days
    totals: Counter[str] = Counter()
    for one in ORDERS:
        totals[str(one.get("town") or "(missing)")] += one["count"]
    assert [series.name for series in chart.series] == [name for name, _ in totals.most_common(2)]
    for series in chart.series:
        assert sum(bar.y for bar in series.bars) == totals[series.name]
    with pytest.raises(RecipeError, match="no unit of time “century”"):
        profile.series(shop, "orders", "at", unit="century")


def test_a_histogram_has_round_edges_and_every_number_once(shop: Store) -> None:
    found = profile.histogram(shop, "orders", "amount", bins=10)
    numbers = [n for one in ORDERS if isinstance(n := one["amount"], float) and n == n]
    assert found.kind == "number"
    assert sum(found.counts) == len(numbers) == 298
    assert found.others == 2  # a text and a not-a-number
    widths = {round(b - a, 9) for a, b in zip(found.edges, found.edges[1:], strict=False)}
    assert widths == {50.0}
    assert found.edges[0] <= min(numbers)
    assert found.edges[-1] >= max(numbers)
    for count, query in zip(found.counts, found.queries, strict=True):
        assert len(rows(shop, query)) == count


def test_histograms_of_decimals_dates_one_value_and_nothing(shop: Store) -> None:
    price = profile.histogram(shop, "orders", "price", bins=20)
    assert sum(price.counts) == 300
    at = profile.histogram(shop, "orders", "at", bins=12)
    assert (at.kind, len(at.counts), sum(at.counts)) == ("date", 12, 300)
    assert at.edges[0] == START
    assert at.edges[-1] >= ORDERS[-1]["at"]
    for count, query in zip(at.counts, at.queries, strict=True):
        assert len(rows(shop, query)) == count
    one = profile.histogram(shop, "orders", "count", query={"count": 3})
    assert sum(one.counts) == max(one.counts) > 0
    none = profile.histogram(shop, "orders", "town")
    assert (none.kind, none.counts, none.others) == ("", (), 300)


@pytest.mark.parametrize("field", ["price", "count", "town", "at", "paid", "tags", "$cost", "none"])
def test_a_sample_of_all_documents_tells_what_the_server_does(shop: Store, field: str) -> None:
    told = profile.field_profile(shop, "orders", field, {"count": {"$gt": 1}})
    documents = rows(shop, {"count": {"$gt": 1}})
    found = profile.sampled_profile(documents, field, {"count": {"$gt": 1}})
    extremes = ("minimum", "maximum") if field in ("price", "count", "at", "$cost") else ()
    for name in ("documents", "missing", "nulls", "distinct", *extremes):
        assert getattr(found, name) == getattr(told, name), name
    assert found.types == told.types
    assert found.mean == pytest.approx(told.mean)
    assert found.deviation == pytest.approx(told.deviation)
    if told.distinct <= 20:
        assert {(b.label, b.documents) for b in found.top} == {
            (b.label, b.documents) for b in told.top
        }
    for bar in found.top[:3]:
        assert len(rows(shop, bar.query)) == bar.documents


def test_what_takes_too_long_is_given_up_in_words(shop: Store) -> None:
    fault = {"failCommands": ["find"], "blockConnection": True, "blockTimeMS": 3_000}
    shop.client.admin.command("configureFailPoint", "failCommand", mode="alwaysOn", data=fault)
    try:
        with pytest.raises(TooSlow, match=r"within 0 s\. Ask for less"), within(0.3):
            shop.browse.documents("charts", "orders", {"count": 1})
    finally:
        shop.client.admin.command("configureFailPoint", "failCommand", mode="off")
    with pytest.raises(StoreError, match="refused"), within(20):
        shop.browse.documents("charts", "orders", {"$nonsense": 1})
