"""Every type: valid, invalid, missing and edge cells, and the examples of the Table Schema."""

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from core.errors import RecipeError
from core.values.fields import FIELD_TYPES, field_type
from tests.core.checking.casting import WRONG, cast, utc

# type, how, {cell: value}; a missing cell stays missing in every row
CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("string", {}, {"": "", "x": "x", "日本": "日本", " a ": " a ", "007": "007"}),
    ("string", {"format": "email"}, {"a@b.co": "a@b.co", "a@b": WRONG, "a b@c.de": WRONG}),
    ("string", {"format": "email"}, {"o'neill+x@mail.example.org": "o'neill+x@mail.example.org"}),
    (
        "string",
        {"format": "email"},
        {"a@b.co": "a@b.co", "e@бел.рф": "e@бел.рф", "a@b.c0": WRONG, "ä@b.рф1": WRONG},
    ),
    ("string", {"format": "uri"}, {"https://x.org/a?b#c": "https://x.org/a?b#c"}),
    (
        "string",
        {"format": "uri"},
        {"x.org": WRONG, "http://a b": WRONG, "mailto:a@b.co": "mailto:a@b.co"},
    ),
    (
        "string",
        {"format": "uuid"},
        {
            "123e4567-e89b-12d3-a456-426614174000": bytes.fromhex(
                "123e4567e89b12d3a456426614174000"
            ),
            "123E4567-E89B-12D3-A456-42661417400F": bytes.fromhex(
                "123e4567e89b12d3a45642661417400f"
            ),
            "123e4567e89b12d3a456426614174000": WRONG,
            "123e4567-e89b-12d3-a456-42661417400": WRONG,
        },
    ),
    (
        "string",
        {"format": "binary"},
        {"U2x1aWNl": b"Sluice", "": b"", "U2x1aWN": WRONG, "é": WRONG},
    ),
    ("string", {"format": "binary", "bson": "string"}, {"U2x1aWNl": "U2x1aWNl", "!": WRONG}),
    ("integer", {}, {"0": 0, "+5": 5, "-7": -7, "007": 7, "-0": 0, str(2**63 - 1): 2**63 - 1}),
    (
        "integer",
        {},
        {"1.0": WRONG, "1e3": WRONG, "0x1F": WRONG, "": WRONG, " 1": WRONG, "٣": WRONG},
    ),
    (
        "integer",
        {},
        {str(2**63): WRONG, "-": WRONG, "1_000": WRONG, "1,000": WRONG, "9" * 6000: WRONG},
    ),
    ("integer", {"bson": "int32"}, {"2147483647": 2147483647, "2147483648": WRONG}),
    ("integer", {"bson": "decimal128"}, {str(10**33): Decimal(10**33), str(10**34): WRONG}),
    (
        "integer",
        {"groupChar": ","},
        {"1,000": 1000, "12,34,567": 1234567, "1,0": WRONG, ",1": WRONG},
    ),
    (
        "integer",
        {"bareNumber": False},
        {"95%": 95, "€95": 95, "€ -95 net": -95, "Rs.95": 95, "x": WRONG},
    ),
    ("number", {}, {"1.5": 1.5, ".5": 0.5, "5.": 5.0, "1e3": 1000.0, "-0.0": 0.0, "+2": 2.0}),
    ("number", {}, {"INF": float("inf"), "-inf": float("-inf"), "Infinity": WRONG, "1e400": WRONG}),
    ("number", {}, {"1,5": WRONG, "1.2.3": WRONG, "-": WRONG, "1e": WRONG, "0x1p3": WRONG}),
    ("number", {}, {"0.1234567890123456789": WRONG, "0.30000000000000004": 0.30000000000000004}),
    ("number", {}, {"123456789012345680000": 123456789012345680000.0, "9007199254740993": WRONG}),
    (
        "number",
        {"decimalChar": ",", "groupChar": "."},
        {"1.250,50": 1250.5, "1250,5": 1250.5, "1.5": WRONG},
    ),
    ("number", {"decimalChar": ","}, {"1.5": WRONG, "1,5": 1.5, "1,2,3": WRONG}),
    (
        "number",
        {"bareNumber": False},
        {"€12.50": 12.5, "12.50 EUR": 12.5, "-$3": -3.0, "50%": 50.0},
    ),
    (
        "number",
        {"bson": "decimal128", "decimals": 2},
        {
            "12.5": Decimal("12.50"),
            "12.345": WRONG,
            "1e2": Decimal(100),
            "NaN": WRONG,
            "12.340": Decimal("12.34"),
        },
    ),
    (
        "number",
        {"bson": "decimal128", "decimals": 2},
        {"9" * 32 + ".99": Decimal("9" * 32 + ".99"), "1" + "0" * 32: WRONG},
    ),
    (
        "number",
        {"bson": "decimal128"},
        {"1.5": Decimal("1.5"), "0.125": Decimal("0.125"), "x": WRONG},
    ),
    (
        "boolean",
        {},
        {"true": True, "FALSE": False, "1": True, "0": False, "yes": WRONG, "tRUE": WRONG},
    ),
    (
        "boolean",
        {"trueValues": ["ja"], "falseValues": ["nein"]},
        {"ja": True, "nein": False, "true": WRONG},
    ),
    ("date", {}, {"2024-02-29": utc(2024, 2, 29), "2023-02-29": WRONG, "2020-02-30": WRONG}),
    ("date", {}, {"2020-2-3": WRONG, " 2020-02-03": WRONG, "20200203": WRONG, "0000-01-01": WRONG}),
    (
        "date",
        {},
        {
            "0001-01-01": utc(1, 1, 1),
            "9999-12-31": utc(9999, 12, 31),
            "1969-12-31": utc(1969, 12, 31),
        },
    ),
    (
        "date",
        {"format": "%d/%m/%Y"},
        {"03/04/2025": utc(2025, 4, 3), "3/4/2025": utc(2025, 4, 3), "31/04/2025": WRONG},
    ),
    (
        "date",
        {"format": "%d/%m/%Y %H:%M"},
        {
            "01/02/2024 00:00": utc(2024, 2, 1),
            "1/2/2024 00:00": utc(2024, 2, 1),
            "01/02/2024 13:45": WRONG,
            "1/2/2024 13:45": WRONG,
        },
    ),
    ("date", {"format": "%d %b %Y"}, {"03 Apr 2025": utc(2025, 4, 3), "03 Xyz 2025": WRONG}),
    (
        "date",
        {"format": "any"},
        {"2025-04-03": utc(2025, 4, 3), "April 3, 2025": utc(2025, 4, 3), "03/04/2025": WRONG},
    ),
    ("date", {"bson": "string"}, {"2025-04-03": "2025-04-03", "2025-04-31": WRONG}),
    (
        "datetime",
        {},
        {
            "2025-04-03T12:30:00": utc(2025, 4, 3, 12, 30),
            "2025-04-03T12:30:00Z": utc(2025, 4, 3, 12, 30),
        },
    ),
    (
        "datetime",
        {},
        {"2025-04-03T12:30:00+02:00": utc(2025, 4, 3, 10, 30), "2025-04-03 12:30:00": WRONG},
    ),
    (
        "datetime",
        {},
        {
            "2025-04-03T12:30:00.123": utc(2025, 4, 3, 12, 30, 0, 123000),
            "2025-04-03T12:30:00.1234": WRONG,
        },
    ),
    (
        "datetime",
        {},
        {
            "2025-04-03T12:30:00.123000": utc(2025, 4, 3, 12, 30, 0, 123000),
            "2025-04-03T24:00:00": WRONG,
        },
    ),
    (
        "datetime",
        {"format": "%d.%m.%Y %H:%M"},
        {"03.04.2025 12:30": utc(2025, 4, 3, 12, 30), "03.04.2025 25:30": WRONG},
    ),
    (
        "datetime",
        {"format": "%Y-%m-%d %H:%M:%S %z"},
        {"2025-04-03 12:30:00 +0200": utc(2025, 4, 3, 10, 30)},
    ),
    (
        "datetime",
        {"timezone": "Europe/Paris"},
        {
            "2025-07-01T12:00:00": utc(2025, 7, 1, 10),
            "2025-01-01T12:00:00": utc(2025, 1, 1, 11),
            "2025-03-30T02:30:00": WRONG,  # skipped
            "2025-10-26T02:30:00": WRONG,  # comes twice
            "2025-10-26T02:30:00+01:00": utc(2025, 10, 26, 1, 30),
        },
    ),
    (
        "datetime",
        {"format": "any"},
        {"2025-04-03 12:30": utc(2025, 4, 3, 12, 30), "3.4.2025 1:00": WRONG},
    ),
    ("time", {}, {"12:30:00": "12:30:00", "24:00:00": WRONG, "12:30": WRONG, "12:30:61": WRONG}),
    ("time", {"format": "%H:%M"}, {"12:30": "12:30", "12:60": WRONG}),
    ("year", {}, {"2024": 2024, "-0044": -44, "24": WRONG, "2024.0": WRONG, "12024": 12024}),
    ("year", {}, {"02024": WRONG, "2024Z": WRONG, "2024+02:00": WRONG}),
    ("yearmonth", {}, {"2024-05": "2024-05", "2024-13": WRONG, "2024-5": WRONG}),
    (
        "yearmonth",
        {},
        {"2024-05Z": "2024-05Z", "2024-05-14:00": "2024-05-14:00", "2024-05+2": WRONG},
    ),
    (
        "duration",
        {},
        {
            "P1Y2M3DT10H30M": "P1Y2M3DT10H30M",
            "PT36H": "PT36H",
            "P": WRONG,
            "1d": WRONG,
            "PT": WRONG,
        },
    ),
    ("duration", {}, {"PT0.5S": "PT0.5S", "-P1D": "-P1D", "P1S": WRONG}),
    ("list", {}, {"a,b": ["a", "b"], "a": ["a"], "": [""]}),
    ("list", {"delimiter": ";", "itemType": "integer"}, {"1;2": [1, 2], "1;x": WRONG, "7": [7]}),
    (
        "list",
        {"itemType": "date"},
        {"2024-01-01,2024-01-02": [utc(2024, 1, 1), utc(2024, 1, 2)], "x": WRONG},
    ),
    ("any", {}, {"x": "x", "1": "1"}),
]


@pytest.mark.parametrize(("type", "how", "cells"), CASES)
def test_cells_of_each_type(type: str, how: dict[str, Any], cells: dict[str, Any]) -> None:
    got = cast(type, [None, *cells, None], **how)
    assert got == [None, *cells.values(), None]
    # one by one it is the same as together
    assert [cast(type, [cell], **how)[0] for cell in cells] == list(cells.values())


@pytest.mark.parametrize("name", FIELD_TYPES)
def test_a_column_without_rows_and_one_without_cells_keep_the_type(name: str) -> None:
    kind = field_type(name)
    for format in kind.formats:
        for stored in kind.kinds(format):
            full = kind.cast(pa.array(["x"], pa.string()), format, {"decimals": 2}, stored)[0].type
            for cells in ([], [None, None]):
                column = kind.cast(pa.array(cells, pa.string()), format, {"decimals": 2}, stored)[0]
                assert column.type == full
                assert len(column) == len(cells) == column.null_count


def test_a_type_or_kind_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(RecipeError, match="no field type “money”"):
        field_type("money")
    with pytest.raises(RecipeError, match="cannot be stored as “int32”"):
        field_type("string").kind("default", "int32")
    with pytest.raises(RecipeError, match="no time zone “Mars/North”"):
        cast("datetime", ["2024-01-01T00:00:00"], timezone="Mars/North")
    with pytest.raises(RecipeError, match="items of type “colour”"):
        cast("list", ["a"], itemType="colour")
