"""The vectorised casts equal plain per-cell Python on every input, clean, dirty, and mixed."""

import math
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.values.fields import field_type
from tests.core.checking import reference
from tests.core.checking.reference import WRONG

FAST = settings(max_examples=60, deadline=None)

digits = st.text("0123456789", min_size=1, max_size=20)
near_numbers = st.one_of(
    digits,
    st.from_regex(r"[+-]?[0-9]{1,19}", fullmatch=True),
    st.from_regex(r"[+-]?[0-9]{0,9}[.,]?[0-9]{0,9}([eE][+-]?[0-9]{1,3})?", fullmatch=True),
    st.from_regex(r"[+-]?[0-9]{1,3}([., ][0-9]{2,3}){0,3}([.,][0-9]{1,3})?", fullmatch=True),
    st.floats().map(repr),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: f"{value:.17g}"),
    st.integers(-(2**66), 2**66).map(str),
    st.sampled_from(
        [
            "0x1F",
            "0X1f",
            "+5",
            "-",
            "+",
            ".",
            "",
            "inf",
            "-INF",
            "nan",
            "NaN",
            "Infinity",
            "1e400",
            "1e-400",
            "1_000",
            "٣",
            "１",
            " 1",
            "1 ",
            "1\n",
            "--1",
            "1-",
            "1.",
            ".5",
            "-.5",
            "0.1.2",
            "-0",
            "1e5",
            "9223372036854775808",
            "-9223372036854775809",
            "2147483648",
            "nan(1)",
        ]
    ),
    st.text(max_size=6),
)
near_dates = st.one_of(
    st.dates().map(str),
    st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]", fullmatch=True),
    st.from_regex(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}", fullmatch=True),
    st.dates().map(lambda day: f"{day:%d/%m/%Y}"),
    st.sampled_from(
        [
            "2020-02-30",
            "2020-2-3",
            " 2020-01-01",
            "2020-01-01 ",
            "20200101",
            "0000-01-01",
            "１",
            "2024-02-29",
            "2023-02-29",
            "1900-02-29",
            "2000-02-29",
            "9999-12-31",
            "0001-01-01",
            "２０２０-01-01",
            "2020-01-0１",
            "29/02/2023",
            "1/2/2023",
            " 1/02/2023",
            "31/11/2024",
        ]
    ),
    st.text(max_size=10),
)
near_moments = st.one_of(
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.datetimes().map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S}"),
    st.from_regex(
        r"20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]([.,][0-9]{1,7})?"
        r"(Z|[+-][0-9]{2}:?[0-9]{2})?",
        fullmatch=True,
    ),
    st.sampled_from(["2020-01-01 10:00:00", "2020-01-01T10:00", "2020-01-01T24:00:00", "x"]),
)


def mixed(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[list[str | None]]:
    return st.lists(st.one_of(st.none(), strategy), max_size=12)


def assert_equal(
    cells: list[str | None],
    type: str,
    expected: Callable[[str], Any],
    format: str = "default",
    options: dict[str, Any] | None = None,
    bson: str | None = None,
) -> None:
    kind = field_type(type)
    # a slice, so that offsets into the buffers are not zero
    text = pa.array(["9", *cells], pa.string())[1:]
    typed, bad = kind.cast(text, format, options or {}, kind.kind(format, bson))
    wrong = [False] * len(cells) if bad is None else bad.tolist()
    for cell, value, is_wrong in zip(cells, typed.to_pylist(), wrong, strict=True):
        wanted = None if cell is None else expected(cell)
        assert is_wrong == (wanted is WRONG), cell
        if is_wrong or cell is None:
            assert value is None, cell
        elif isinstance(wanted, float) and math.isnan(wanted):
            assert math.isnan(value)
        else:
            assert value == wanted, cell
            assert isinstance(wanted, bool) == isinstance(value, bool)


@FAST
@given(mixed(near_numbers), st.sampled_from(["int32", "int64", "decimal128"]))
def test_whole_numbers(cells: list[str | None], bson: str) -> None:
    assert_equal(cells, "integer", lambda cell: reference.integer(cell, {}, bson), bson=bson)


@FAST
@given(mixed(near_numbers), st.sampled_from([",", " ", "'"]))
def test_whole_numbers_in_groups(cells: list[str | None], group: str) -> None:
    options = {"groupChar": group}
    assert_equal(
        cells, "integer", lambda cell: reference.integer(cell, options, "int64"), options=options
    )


@FAST
@given(mixed(near_numbers))
def test_doubles(cells: list[str | None]) -> None:
    assert_equal(cells, "number", lambda cell: reference.number(cell, {}, "double"))


@FAST
@given(mixed(near_numbers), st.integers(0, 6))
def test_decimals(cells: list[str | None], places: int) -> None:
    options = {"decimals": places}
    assert_equal(
        cells,
        "number",
        lambda cell: reference.number(cell, options, "decimal128"),
        options=options,
        bson="decimal128",
    )


@FAST
@given(mixed(near_numbers), st.sampled_from([{}, {"groupChar": "."}, {"groupChar": " "}]))
def test_numbers_with_a_decimal_comma(cells: list[str | None], more: dict[str, str]) -> None:
    options = {"decimalChar": ",", **more}
    assert_equal(
        cells, "number", lambda cell: reference.number(cell, options, "double"), options=options
    )


@FAST
@given(
    mixed(near_dates), st.sampled_from(["default", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%Y%m%d"])
)
def test_dates(cells: list[str | None], pattern: str) -> None:
    assert_equal(cells, "date", lambda cell: reference.day(cell, pattern), pattern)


@FAST
@given(mixed(near_moments))
def test_dates_and_times(cells: list[str | None]) -> None:
    assert_equal(cells, "datetime", reference.moment)


@FAST
@given(mixed(st.one_of(st.sampled_from(["true", "FALSE", "1", "0", "tRue", "yes"]), st.text())))
def test_booleans(cells: list[str | None]) -> None:
    assert_equal(cells, "boolean", lambda cell: reference.boolean(cell, {}, "bool"))


@pytest.mark.parametrize("dirt", [0, 1, 7, 500])
def test_a_long_column_is_read_as_its_cells_one_by_one(dirt: int) -> None:
    cells: list[str | None] = [f"{n * 37 % 9000}.{n % 100:02}" for n in range(1000)]
    for n in range(dirt):
        cells[n * 2] = ("1,5", "n/a", "1e3", "+7", "", "-", "0x10")[n % 7]
    assert_equal(cells, "number", lambda cell: reference.number(cell, {}, "double"))
    whole: list[str | None] = [(cell or "").split(".")[0] for cell in cells]
    assert_equal(whole, "integer", lambda cell: reference.integer(cell, {}, "int64"))
