"""The order of dates, times, months and durations that are kept as text."""

import re
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from core.values.moments import DURATION, cast_date, cast_datetime, clock
from core.values.text import each

SPELLED = ("date", "datetime", "time", "yearmonth", "duration")  # ordered, though kept as text
_MONTH = re.compile(r"^(-?[0-9]{4,9})-([0-9]{2})")
_DAYS = {"Y": 31_556_952.0, "M": 2_629_746.0, "W": 604_800.0, "D": 86_400.0}
_SECONDS = {"H": 3600.0, "M": 60.0, "S": 1.0}


def ordered(text: pa.Array, type: str, format: str, options: Mapping[str, Any]) -> pa.Array:
    """Dates, times, months and durations that are kept as text, as numbers in their order."""
    if type in ("date", "datetime"):
        cast = cast_date if type == "date" else cast_datetime
        return cast(text, format, options, "date")[0]
    read = {"time": lambda cell: _microseconds(cell, format), "yearmonth": _months}.get(type, _span)
    return pa.array(each(text, lambda cell: None if cell is None else read(cell)), pa.float64())


def _microseconds(cell: str, format: str) -> float | None:
    found = clock(cell, format)
    if found is None:
        return None
    seconds = (found.hour * 60 + found.minute) * 60 + found.second
    return seconds * 1_000_000 + found.microsecond


def _months(cell: str) -> float:
    """Whatever its zone: XML Schema leaves open which of two such months comes first."""
    year, month = _MONTH.findall(cell)[0]
    return int(year) * 12 + int(month)


def _span(cell: str) -> float | None:
    """Seconds of a duration, a month taken as a twelfth of 365.2425 days."""
    if not DURATION.fullmatch(cell):
        return None
    days, _, clock_part = cell.lstrip("-P").partition("T")
    total = sum(
        float(amount) * unit
        for part, units in ((days, _DAYS), (clock_part, _SECONDS))
        for amount, name in re.findall(r"([0-9.]+)([YMWDHS])", part)
        for unit in (units[name],)
    )
    return -total if cell.startswith("-") else total
