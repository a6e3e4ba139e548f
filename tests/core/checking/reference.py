"""Plain Python, one cell at a time: what each type takes. Written without the code it judges."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from typing import Any

WRONG = object()


def integer(text: str, options: Mapping[str, Any], bson: str) -> Any:
    text = _ungrouped(text, options.get("groupChar"), "")
    if text is WRONG or not re.fullmatch(r"[+-]?[0-9]+", text) or len(text) > 1000:
        return WRONG
    bits = {"int32": 31, "int64": 63}.get(bson)
    value = int(text)
    if bits is None:
        return Decimal(value) if abs(value) < 10**34 else WRONG
    return value if -(2**bits) <= value < 2**bits else WRONG


def number(text: str, options: Mapping[str, Any], bson: str) -> Any:
    point = options.get("decimalChar", ".")
    text = _ungrouped(text, options.get("groupChar"), point)
    if text is WRONG:
        return WRONG
    if point != ".":
        if "." in text:
            return WRONG
        text = text.replace(point, ".")
    if bson == "double" and text.lower() in ("nan", "inf", "-inf", "+inf"):
        return float(text)
    if not re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", text):
        return WRONG
    return _double(text) if bson == "double" else _decimal(text, options["decimals"])


def _double(text: str) -> Any:
    value, exact = float(text), Decimal(text)
    digits = len(exact.normalize(Context(prec=2000)).as_tuple().digits)
    if value in (float("inf"), float("-inf")) or (value == 0) != (exact == 0):
        return WRONG
    if exact == 0 or digits <= 15:
        return value
    # the double says the same to as many digits as the text has
    back = Decimal(value).normalize(Context(prec=digits))
    shortest = Decimal(repr(value))
    return value if exact in (back, shortest) else WRONG


def _decimal(text: str, places: int) -> Any:
    try:
        value = Decimal(text)
        shown = value.quantize(Decimal(1).scaleb(-places), context=Context(prec=34))
    except InvalidOperation:
        return Decimal(0) if re.fullmatch(r"[+-]?0*\.?0*([eE].*)?", text) else WRONG
    return shown if shown == value else WRONG


def _ungrouped(text: str, group: str | None, point: str) -> Any:
    if not group or group not in text:
        return text
    char, tail = re.escape(group), rf"({re.escape(point)}[0-9]*)?" if point else ""
    if not re.fullmatch(rf"[+-]?[0-9]{{1,3}}({char}[0-9]{{2,3}})*{char}[0-9]{{3}}{tail}", text):
        return WRONG
    return text.replace(group, "")


def boolean(text: str, options: Mapping[str, Any], bson: str) -> Any:
    if text in options.get("trueValues", ["true", "True", "TRUE", "1"]):
        return True
    return False if text in options.get("falseValues", ["false", "False", "FALSE", "0"]) else WRONG


def day(text: str, pattern: str) -> Any:
    try:
        if pattern == "default":
            if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
                return WRONG
            found = date.fromisoformat(text)
        else:
            if not text.isascii() or re.search(r"^\s|\s$|\s\s|[^\S ]", text):
                return WRONG
            found = datetime.strptime(text, pattern).date()
    except (ValueError, OverflowError):
        return WRONG
    return datetime(found.year, found.month, found.day, tzinfo=UTC)


def moment(text: str) -> Any:
    parts = re.fullmatch(
        r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})([.,][0-9]+)?"
        r"(Z|[+-][0-9]{2}:?[0-9]{2})?",
        text,
    )
    if not parts:
        return WRONG
    start = day(parts[1], "default")
    hour, minute, second = (int(parts[n]) for n in (2, 3, 4))
    fraction = (parts[5] or ".0")[1:]
    if start is WRONG or hour > 23 or minute > 59 or second > 59 or fraction[3:].strip("0"):
        return WRONG
    offset = timedelta()
    if parts[6] and parts[6] != "Z":
        hours, minutes = int(parts[6][1:3]), int(parts[6][-2:])
        if hours > 23 or minutes > 59:
            return WRONG
        offset = timedelta(hours=hours, minutes=minutes) * (-1 if parts[6][0] == "-" else 1)
    clock = timedelta(hours=hour, minutes=minute, seconds=second)
    clock += timedelta(milliseconds=int(fraction[:3].ljust(3, "0")))
    try:
        return start + clock - offset
    except OverflowError:
        return WRONG
