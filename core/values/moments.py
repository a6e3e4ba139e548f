"""Casts of text to dates, times, years and durations.

The default forms are ISO 8601's, strictly: 2024-05-01, 2024-05-01T12:30:00 with an optional
fraction and zone. Other formats are strptime patterns with Python's meaning. A date becomes
midnight UTC; a datetime without zone is read in the option `timezone` (UTC); an hour that a zone
skips or repeats, and digits below the millisecond, are wrong rather than rounded.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import RecipeError
from core.values.fixedwidth import layout, milliseconds
from core.values.text import Mask, option, patch, valid, where

STAMP = pa.timestamp("ms", tz="UTC")
DATE = "%Y-%m-%d"
DATETIME = "%Y-%m-%dT%H:%M:%S"
_CLOCK = re.compile("%[HIMSfp]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_DATETIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,]([0-9]+))?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_ISO_TIME = re.compile(r"([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
# XML Schema's gYear and gYearMonth, which may have a zone: a number could not keep it, a text does
_YEAR = r"^-?([1-9][0-9]{4,8}|[0-9]{4})$"
_ZONE = r"(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)"
_YEARMONTH = rf"^-?([1-9][0-9]{{4,8}}|[0-9]{{4}})-(0[1-9]|1[0-2]){_ZONE}?$"
DURATION = re.compile(
    r"-?P(?=[0-9T])(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+W)?(?:[0-9]+D)?"
    r"(?:T(?=[0-9])(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
)
# what `any` tries: only forms that cannot be read in two ways
ANY_DATE = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y")
ANY_TIME = ("%H:%M:%S", "%H:%M", "%I:%M %p", "%I:%M:%S %p", "%H:%M:%S.%f")
ANY_DATETIME = (
    *(f"{day}{sep}{hour}" for day in ANY_DATE for sep in (" ", "T") for hour in ANY_TIME),
    *ANY_DATE,
)


def cast_date(
    values: pa.Array, format: str, options: Mapping[str, Any], bson: str
) -> tuple[pa.Array, Mask | None]:
    pattern = DATE if format == "default" else format
    if pattern == DATE:
        quick = _quick_dates(values)
        if quick is not None:
            return (values if bson == "string" else quick), None

    def exact(cell: str) -> int | None:
        moment = _any(cell, ANY_DATE) if format == "any" else _date(cell, pattern, format)
        if moment is None or moment.time() != time():  # a time of day is no part of a date
            return None
        return _milliseconds(moment.replace(tzinfo=None))

    closely = format == "any" or _CLOCK.search(pattern)
    stamps, bad = _stamps(values, None if closely else pattern, exact)
    return (where(~bad, values) if bson == "string" else stamps), bad


def _quick_dates(values: pa.Array) -> pa.Array | None:
    try:
        days = pc.cast(values, pa.date32())
    except pa.ArrowInvalid:
        return None
    low, high = pc.min_max(days.view(pa.int32())).values()
    if low.is_valid and (low.as_py() < -719162 or high.as_py() > 2932896):
        return None  # the years that Python and BSON readers know are 1 to 9999
    return pc.cast(days, pa.timestamp("ms")).view(STAMP)


def _date(cell: str, pattern: str, format: str) -> datetime | None:
    if format == "default" and not _ISO_DATE.fullmatch(cell):
        return None
    return strptime(cell, pattern)


def cast_datetime(
    values: pa.Array, format: str, options: Mapping[str, Any], bson: str
) -> tuple[pa.Array, Mask | None]:
    zone = find_zone(option(options, "timezone", "UTC"))
    read: Callable[[str], datetime | None] = _iso if format == "default" else _reader(format)

    def exact(cell: str) -> int | None:
        moment = read(cell)
        return None if moment is None else _instant(moment, zone)

    pattern = {"default": DATETIME, "any": None}.get(format, format)
    # what has no zone of its own can be read by numpy where the zone never changes its clocks
    fixed = pattern if zone is UTC else None
    stamps, bad = _stamps(values, fixed, exact)
    return (where(~bad, values) if bson == "string" else stamps), bad


def _reader(format: str) -> Callable[[str], datetime | None]:
    if format == "any":
        return lambda cell: _iso(cell) or _any(cell, ANY_DATETIME)
    return lambda cell: strptime(cell, format)


def _stamps(
    values: pa.Array, pattern: str | None, exact: Callable[[str], int | None]
) -> tuple[pa.Array, Mask]:
    """Cells of the pattern's fixed width by numpy, the others one by one."""
    shape = layout(pattern) if pattern else None
    if shape is None:
        plain, fast = np.zeros(len(values), bool), None
    else:
        stamps, plain = milliseconds(values, shape)
        fast = pa.array(stamps, pa.int64(), mask=~plain)
    slow, bad = patch(where(~plain, values), np.zeros(len(values), bool), pa.int64(), exact)
    column = slow if fast is None else pc.coalesce(fast, slow)
    return column.view(STAMP), bad & valid(values)


def strptime(cell: str, pattern: str) -> datetime | None:
    """Python's strptime, for ASCII only and without the white space it overlooks."""
    if not cell.isascii() or cell != cell.strip() or "  " in cell:
        return None
    try:
        return datetime.strptime(cell, pattern)
    except (ValueError, OverflowError):
        return None


def check_pattern(pattern: str) -> None:
    """Raises RecipeError for what is no strptime pattern."""
    try:
        if "%" not in pattern:
            raise ValueError("it has no directive like %d")
        datetime.strptime(datetime(2025, 4, 30, tzinfo=UTC).strftime(pattern), pattern)
    except (ValueError, re.error) as error:
        raise RecipeError(
            f"The date pattern {pattern} cannot be used: {error}.", "Write one like %d/%m/%Y."
        ) from error


def _any(cell: str, patterns: tuple[str, ...]) -> datetime | None:
    return next((found for p in patterns if (found := strptime(cell, p)) is not None), None)


def _iso(cell: str) -> datetime | None:
    parts = _ISO_DATETIME.fullmatch(cell)
    if not parts:
        return None
    day, clock, fraction, zone = parts.groups()
    if fraction and fraction[3:].strip("0"):
        return None
    moment = strptime(f"{day}T{clock}", DATETIME)
    offset = _offset(zone) if zone else None
    if moment is None or (zone and offset is None):
        return None
    moment += timedelta(milliseconds=int((fraction or "0")[:3].ljust(3, "0")))
    return moment.replace(tzinfo=offset)


def _offset(zone: str) -> tzinfo | None:
    if zone == "Z":
        return UTC
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 23 or minutes > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if zone[0] == "-" else offset)


def _instant(moment: datetime, zone: tzinfo) -> int | None:
    """Milliseconds since 1970, None for an hour that the zone skips or repeats, or finer digits."""
    if moment.microsecond % 1000:
        return None
    if moment.tzinfo is None:
        both = [moment.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)]
        if both[0] != both[1]:
            return None
        moment = moment.replace(tzinfo=zone)
    return _milliseconds(moment)


def _milliseconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def find_zone(name: str) -> tzinfo:
    """A zone by IANA name or offset (+02:00); raises RecipeError."""
    if name in ("UTC", "Z"):
        return UTC
    if re.fullmatch(r"[+-][0-9]{2}:?[0-9]{2}", name) and (offset := _offset(name)):
        return offset
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RecipeError(
            f"There is no time zone “{name}”.", "Use a name like Europe/Paris, or UTC."
        ) from None


def _as_text(values: pa.Array, exact: Callable[[str], Any]) -> tuple[pa.Array, Mask | None]:
    _, bad = patch(
        values, np.zeros(len(values), bool), pa.bool_(), lambda cell: True if exact(cell) else None
    )
    return (where(~bad, values), bad) if bad.any() else (values, None)


def cast_time(
    values: pa.Array, format: str, options: Mapping[str, Any], bson: str
) -> tuple[pa.Array, Mask | None]:
    return _as_text(values, lambda cell: clock(cell, format) is not None)


def clock(cell: str, format: str) -> time | None:
    """The time of day a cell says."""
    if format == "any":
        found = _any(cell, ANY_TIME)
    elif format == "default":
        parts = _ISO_TIME.fullmatch(cell)
        found = strptime(parts[1], "%H:%M:%S") if parts else None
        if found and parts and parts[2]:
            found += timedelta(microseconds=int(parts[2][1:].ljust(6, "0")[:6]))
    else:
        found = strptime(cell, format)
    return None if found is None else found.time()


def _matching(values: pa.Array, pattern: str) -> tuple[pa.Array, Mask | None]:
    good = pc.match_substring_regex(values, pattern)
    bad = valid(values) & ~np.asarray(pc.fill_null(good, True))
    return (where(~bad, values), bad) if bad.any() else (values, None)


def cast_year(
    values: pa.Array, format: str, options: Mapping[str, Any], bson: str
) -> tuple[pa.Array, Mask | None]:
    text, bad = _matching(values, _YEAR)
    return pc.cast(text, pa.int32()), bad


def why_no_year(value: str, options: Mapping[str, Any], bson: str) -> str:
    """What is the matter with a year that the Table Schema knows."""
    year = re.fullmatch(rf"(.*[0-9]{{4}}){_ZONE}", value)
    if year and re.match(_YEAR, year[1]):
        return "has a time zone, which a year loses as a number; read the column as text"
    return ""


def cast_yearmonth(
    values: pa.Array, format: str, options: Mapping[str, Any], bson: str
) -> tuple[pa.Array, Mask | None]:
    return _matching(values, _YEARMONTH)


def cast_duration(
    values: pa.Array, format: str, options: Mapping[str, Any], bson: str
) -> tuple[pa.Array, Mask | None]:
    return _as_text(values, lambda cell: DURATION.fullmatch(cell) is not None)


def _sample(format: str, default: str, moment: datetime) -> str:
    if format in ("default", "any"):
        return default
    return moment.strftime(format)


def expects_date(format: str, options: Mapping[str, Any], bson: str) -> str:
    return _sample(format, "2025-04-30", datetime(2025, 4, 30))


def expects_datetime(format: str, options: Mapping[str, Any], bson: str) -> str:
    return _sample(format, "2025-04-30T14:05:00", datetime(2025, 4, 30, 14, 5))


def expects_time(format: str, options: Mapping[str, Any], bson: str) -> str:
    return _sample(format, "14:05:00", datetime(2025, 4, 30, 14, 5))


def expects_year(format: str, options: Mapping[str, Any], bson: str) -> str:
    return "2025"


def expects_yearmonth(format: str, options: Mapping[str, Any], bson: str) -> str:
    return "2025-04"


def expects_duration(format: str, options: Mapping[str, Any], bson: str) -> str:
    return "P1Y2M or PT36H"
