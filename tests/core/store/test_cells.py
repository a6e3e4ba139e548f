"""What is typed over a value is kept as typed, or refused with the cause: never rounded unsaid."""

from datetime import UTC, datetime
from typing import Any

import pytest
from bson import Decimal128, Int64

from core.store.cells import retyped

DAY = datetime(2025, 1, 1, tzinfo=UTC)
MONEY = Decimal128("1.00")


@pytest.mark.parametrize(
    ("old", "text", "new"),
    [
        (True, " False", False),
        (7, "-12", -12),
        (Int64(7), "12", Int64(12)),
        (1.5, "0.1", 0.1),
        (1.5, "1e3", 1000.0),
        (1.5, "0.12345678901234568", 0.12345678901234568),
        (MONEY, "12.50", Decimal128("12.50")),
        (MONEY, "1." + "3" * 33, Decimal128("1." + "3" * 33)),
        (DAY, "2025-05-19", datetime(2025, 5, 19, tzinfo=UTC)),
        (DAY, "2025-05-19T12:00:00.125000+02:00", datetime(2025, 5, 19, 10, 0, 0, 125000, UTC)),
        ("a", " b ", " b "),
    ],
)
def test_a_cell_keeps_its_type(old: Any, text: str, new: Any) -> None:
    found = retyped(old, text)
    assert (type(found), found) == (type(new), new)


@pytest.mark.parametrize(
    ("old", "text", "told"),
    [
        (True, "yes", "true or false"),
        (7, "1.5", "a whole number"),
        (7, "9223372036854775808", "beyond 64 bits"),
        (1.5, "0.12345678901234567890123", "about 16 digits: type 0.12345678901234568 if"),
        (1.5, "9007199254740993", "type 9007199254740992.0 if"),
        (1.5, "1e-400", "type 0.0 if"),
        (1.5, "1e400", "too large"),
        (1.5, "nan", "finite"),
        (1.5, "x", "a number like"),
        (MONEY, "1.23456789012345678901234567890123456789", "34 digits: type fewer"),
        (MONEY, "1e7000", "34 digits"),
        (MONEY, "x", "a number like"),
        (DAY, "2025-01-01T00:00:00.123456", "keeps milliseconds"),
        (DAY, "2025-01-01T00:00:00.1230001", "keeps milliseconds"),
        (DAY, "0001-01-01T00:00:00+14:00", "the years 1 to 9999"),
        (DAY, "31/12/2025", "a date like"),
        (b"x", "y", "not edited here"),
    ],
)
def test_what_the_type_cannot_hold_is_refused_with_the_cause(
    old: Any, text: str, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        retyped(old, text)
