"""Casts of text to whole numbers, doubles and decimals, never losing a digit.

Lexical forms are XML Schema's decimal and double (Table Schema, *number*): ASCII digits, an
optional sign, a point, an exponent; NaN, INF and -INF (in any case) for doubles. A number that the
kind cannot hold as written is wrong: too large, or with more digits than a double keeps.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.values.text import (
    Mask,
    data,
    has_byte,
    lengths,
    made_of,
    numpy_mask,
    offsets,
    option,
    patch,
    plain_numbers,
    where,
)

DIGITS = 34  # that a Decimal128 holds
SURE = 15  # digits that every double keeps

_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SPECIAL = {"nan": float("nan"), "inf": float("inf"), "+inf": float("inf"), "-inf": -float("inf")}
_INT32 = (-(2**31), 2**31 - 1)
_INT64 = (-(2**63), 2**63 - 1)
_LONGEST = 5_000  # characters of a number; Python refuses longer whole numbers


def cast_integer(
    values: pa.Array, format: str, options: Mapping[str, Any], bson: str
) -> tuple[pa.Array, Mask | None]:
    text, wrong = bare(values, options, "")
    if bson == "decimal128":
        return _joined(_decimals(text, 0, _INTEGER), wrong)
    kind, (low, high) = (pa.int32(), _INT32) if bson == "int32" else (pa.int64(), _INT64)

    def exact(cell: str) -> int | None:
        value = whole(cell)
        return value if value is not None and low <= value <= high else None

    quick = _quick(text, kind, b"xX")
    if quick is not None:
        return quick, wrong
    return _joined(_patched(text, 9 if bson == "int32" else 18, 0, kind, exact), wrong)


def whole(cell: str) -> int | None:
    """The whole number a cell says, of any size."""
    return int(cell) if len(cell) < _LONGEST and _INTEGER.fullmatch(cell) else None


def cast_number(
    values: pa.Array, format: str, options: Mapping[str, Any], bson: str
) -> tuple[pa.Array, Mask | None]:
    text, wrong = bare(values, options, option(options, "decimalChar", "."))
    if bson == "decimal128":
        return _joined(_decimals(text, options.get("decimals"), _NUMBER), wrong)
    return _joined(_patched(text, SURE, 1, pa.float64(), double), wrong)


def double(cell: str) -> float | None:
    """The double a cell says, None where it is no number or a double would lose digits of it."""
    if cell.lower() in _SPECIAL:
        return _SPECIAL[cell.lower()]
    if not is_number(cell):
        return None
    value = float(cell)
    digits = significant(cell)
    if value in (float("inf"), -float("inf")) or (value == 0 and digits):
        return None
    if len(digits) <= SURE or Decimal(repr(value)) == Decimal(cell):
        return value
    # a print of a double with more digits than it needs says that double all the same
    return value if significant(f"{value:.{len(digits) - 1}e}") == digits else None


def is_number(cell: str) -> bool:
    """Whether a cell says a number, of any size."""
    return len(cell) < _LONGEST and _NUMBER.fullmatch(cell) is not None


def significant(cell: str) -> str:
    """The digits that count: without sign, point, exponent, and zeros at either end."""
    mantissa = re.split("[eE]", cell)[0]
    return mantissa.lstrip("+-").replace(".", "").strip("0")


def _decimals(text: pa.Array, scale: int | None, form: re.Pattern[str]) -> tuple[pa.Array, Mask]:
    places = _longest_fraction(text) if scale is None else int(scale)
    kind = pa.decimal128(DIGITS, places)

    def exact(cell: str) -> Decimal | None:
        if len(cell) >= _LONGEST or not form.fullmatch(cell):
            return None
        try:
            value = Decimal(cell)
        except InvalidOperation:  # an exponent beyond all bounds
            return None
        return value if fits(value, places) else None

    # a double times a power of ten is exact, once rounded, while all digits are fewer than 15
    quick = places < SURE
    read = _scaled if quick else pc.cast
    longest = (SURE if quick else DIGITS) - places
    within = _fraction_within(text, places)
    return _patched(text, longest, int(form is _NUMBER), kind, exact, read, within)


def _patched(
    text: pa.Array,
    longest: int,
    dots: int,
    kind: pa.DataType,
    exact: Callable[[str], Any],
    read: Callable[[pa.Array, pa.DataType], pa.Array] = pc.cast,
    where: Mask | None = None,
) -> tuple[pa.Array, Mask]:
    """Plain numbers of at most `longest` digits at once, all other cells one by one.

    In short cells of digits, points and minuses Arrow itself tells numbers from `1.2.3` or `-`,
    in a third of the time that counting them takes.
    """
    everywhere = np.ones(len(text), bool) if where is None else where
    if len(text) and int(lengths(text).max()) <= longest:
        try:
            short = made_of(text, b"-0123456789" + b"." * dots) & everywhere
            return patch(text, short, kind, exact, read)
        except pa.ArrowInvalid:
            pass
    return patch(text, plain_numbers(text, longest, dots) & everywhere, kind, exact, read)


def _scaled(text: pa.Array, kind: pa.DataType) -> pa.Array:
    """Short plain numbers as decimals, by way of doubles: half the time of Arrow's own cast."""
    doubles = pc.fill_null(pc.cast(text, pa.float64()), 0.0).to_numpy()
    coefficients = np.empty((len(text), 2), np.int64)
    coefficients[:, 0] = np.rint(doubles * 10.0**kind.scale)
    coefficients[:, 1] = coefficients[:, 0] >> 63  # the sign goes on
    nulls = pc.is_valid(text).buffers()[1] if text.null_count else None
    return pa.Array.from_buffers(kind, len(text), [nulls, pa.py_buffer(coefficients)])


def fits(value: Decimal, places: int) -> bool:
    """Whether a decimal128(34, places) holds the value with all its digits."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return False
    if value == 0:
        return True
    if abs(exponent) > 10_000:
        return False
    coefficient = int("".join(map(str, digits)))
    limit: int = 10**DIGITS
    shift = exponent + places
    if shift < 0:
        coefficient, rest = divmod(coefficient, 10**-shift)
        return bool(rest == 0 and coefficient < limit)
    return bool(shift <= DIGITS and coefficient * 10**shift < limit)


def _fraction_within(text: pa.Array, places: int) -> Mask:
    """Cells with at most so many characters behind their point, which none or one has."""
    start = offsets(text)
    points = np.flatnonzero(data(text)[start[0] : start[-1]] == ord("."))
    ends = start[1:] - start[0]
    if len(points) == len(text):  # one in each, or else some row is not plain
        behind = ends - points - 1
        inside: Mask = (points >= start[:-1] - start[0]) & (behind >= 0)
        fits: Mask = inside & (behind <= places)
        return fits
    within: Mask = np.ones(len(text), bool)
    rows = np.searchsorted(ends, points, side="right")
    within[rows[ends[rows] - points - 1 > places]] = False
    return within


def _longest_fraction(text: pa.Array) -> int:
    longest = 0
    for cell in text.filter(pc.match_substring(text, ".")).to_pylist():
        if _NUMBER.fullmatch(cell):
            exponent = Decimal(cell).as_tuple().exponent
            longest = max(longest, -exponent if isinstance(exponent, int) else 0)
    return min(longest, DIGITS)


def _quick(text: pa.Array, kind: pa.DataType, forbidden: bytes) -> pa.Array | None:
    """Arrow's own cast where all cells are plain; it takes 0x1F for a number, Sluice does not."""
    try:
        cast = pc.cast(text, kind)
    except pa.ArrowInvalid:
        return None
    return None if has_byte(text, forbidden) else cast


def bare(
    values: pa.Array, options: Mapping[str, Any], decimal_char: str
) -> tuple[pa.Array, Mask | None]:
    """Numbers without units and group characters and with a point; the mask tells misgrouped cells.

    `decimal_char` is "" where a fraction makes no sense.
    """
    text = values
    if option(options, "bareNumber", True) is False:
        text = pc.replace_substring_regex(text, r"[^0-9]+$", "")
        text = pc.replace_substring_regex(text, r"^[^-+0-9]*([-+])[^-+0-9.,]*", r"\1")
        text = pc.replace_substring_regex(text, r"^[^-+0-9]*([0-9])", r"\1")
    wrong = None
    group = options.get("groupChar")
    if group:
        text, wrong = _ungrouped(text, group, decimal_char)
    if decimal_char and decimal_char != ".":
        # a point is no part of a number then
        dotted = numpy_mask(pc.match_substring(text, "."))
        wrong = dotted if wrong is None else wrong | dotted
        text = pc.replace_substring(text, decimal_char, ".")
    if wrong is not None and wrong.any():
        text = where(~wrong, text)
    return text, wrong


def _ungrouped(text: pa.Array, group: str, decimal_char: str) -> tuple[pa.Array, Mask]:
    grouped = numpy_mask(pc.match_substring(text, group))
    char, point = re.escape(group), re.escape(decimal_char or ".")
    form = rf"^[+-]?[0-9]{{1,3}}(?:{char}[0-9]{{2,3}})*{char}[0-9]{{3}}(?:{point}[0-9]*)?$"
    right = numpy_mask(pc.match_substring_regex(text, form))
    return pc.replace_substring(text, group, ""), grouped & ~right


def _joined(cast: tuple[pa.Array, Mask | None], wrong: Mask | None) -> tuple[pa.Array, Mask | None]:
    column, bad = cast
    if wrong is None:
        return column, bad
    return column, wrong if bad is None else bad | wrong


def why_not_integer(cell: str, options: Mapping[str, Any], bson: str) -> str:
    """What is wrong with a cell that says a whole number all the same, "" where it says none."""
    if whole(cell) is None:
        return ""
    wider = {"int32": "32 bits; choose int64", "int64": "64 bits; choose decimal128"}
    return f"does not fit into {wider.get(bson, f'{DIGITS} digits')}"


def why_not_number(cell: str, options: Mapping[str, Any], bson: str) -> str:
    """What is wrong with a cell that says a number all the same, "" where it says none."""
    if not is_number(cell):
        return ""
    if bson == "double":
        return "is too large or too exact for a double; choose decimal128"
    return f"does not fit into {DIGITS} digits, {options.get('decimals', 0)} of them decimals"


def expects_integer(format: str, options: Mapping[str, Any], bson: str) -> str:
    return f"1{options.get('groupChar') or ''}250"


def expects_number(format: str, options: Mapping[str, Any], bson: str) -> str:
    whole = f"1{options.get('groupChar') or ''}250"
    places = int(option(options, "decimals", 2)) if bson == "decimal128" else 2
    return whole + (option(options, "decimalChar", ".") + "0" * places if places else "")
