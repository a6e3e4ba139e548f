"""The types a column may have, each with what speaks against it: inference's list of guesses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.reading.dialect import Dialect
from core.values.fields import field_type
from core.values.text import Mask, lengths, valid

NA = tuple(
    [
        "NA",
        "N/A",
        "n/a",
        "na",
        "#N/A",
        "null",
        "NULL",
        "Null",
        "None",
        "NaN",
        "nan",
        "nil",
        "-",
        "--",
        "—",
        "?",
        "\\N",
    ]
)
WORDS = (
    (("true",), ("false",)),
    (("yes",), ("no",)),
    (("y",), ("n",)),
    (("t",), ("f",)),
    (("on",), ("off",)),
    (("ja",), ("nein",)),
    (("oui",), ("non",)),
    (("sí", "si"), ("no",)),
)
DATES = {
    "ymd": ("default", "%Y/%m/%d", "%Y.%m.%d"),
    "dmy": ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%d.%m.%y"),
    "mdy": ("%m/%d/%Y", "%m.%d.%Y", "%m-%d-%Y", "%m/%d/%y", "%m.%d.%y"),
    "": ("%d %b %Y", "%d-%b-%Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y"),
}
HOURS = ("%H:%M:%S", "%H:%M", "%I:%M %p", "%I:%M:%S %p")
# names of columns whose digits are no quantity
IDENTIFIERS = (
    r"(?i)(^|[^a-z])(zip|zip.?code|post.?(al.?)?code|plz|phone|tel|telephone|mobile|fax|iban|bic|"
    r"ean|gtin|isbn|upc|account|acct|ssn|vat|card)([^a-z]|$)"
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A type, format and options that a column may have; `order` of dates that name it."""

    type: str
    format: str = "default"
    options: Mapping[str, Any] = field(default_factory=dict)
    bson: str = ""
    order: str = ""

    @property
    def marks(self) -> str:
        """The characters that set it apart from the same type without options."""
        return "".join(self.options.get(key, "") for key in ("decimalChar", "groupChar"))

    def weigh(self, values: pa.Array, sure: bool = False) -> tuple[int, Mask | None]:
        """How many cells fit and which; where it is less than about half, estimated from some,
        unless it is `sure` that most fit."""
        for some in () if sure else (64, 512):
            if len(values) > 2 * some:
                sample = values.take(pa.array(np.linspace(0, len(values) - 1, some, dtype=int)))
                share = float(self.fits(sample).mean())
                if share < (0.02 if some == 64 else 0.5):
                    return int(share * len(values)), None
        fits = self.fits(values)
        return int(fits.sum()), fits

    def fits(self, values: pa.Array) -> Mask:
        """The cells that are of this type; `values` holds no missing cell but null."""
        kind = field_type(self.type)
        _, bad = kind.cast(values, self.format, self.options, self.bson or kind.bson[0])
        good = valid(values)
        return good if bad is None else good & ~bad


def candidates(dialect: Dialect) -> tuple[Candidate, ...]:
    """All guesses, the more particular first: of equals the first one is taken."""
    return (
        *(_boolean(true, false) for true, false in WORDS),
        Candidate("integer"),
        *_numbers(dialect),
        *_dates(dialect),
        *_datetimes(dialect),
        Candidate("time"),
        Candidate("object"),
        Candidate("array"),
        *(Candidate("string", format) for format in ("email", "uri", "uuid")),  # to be proposed
    )


def _boolean(true: tuple[str, ...], false: tuple[str, ...]) -> Candidate:
    def spelt(words: tuple[str, ...]) -> list[str]:
        return [form for word in words for form in (word, word.capitalize(), word.upper())]

    options = {"trueValues": _once(spelt(true)), "falseValues": _once(spelt(false))}
    return Candidate("boolean", options=options)


def _once(words: list[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _numbers(dialect: Dialect) -> tuple[Candidate, ...]:
    point: dict[str, str] = {}
    comma = {"decimalChar": ","}
    forms = [point, comma] if dialect.decimal_char != "," else [comma, point]
    found = []
    for form in forms:
        mark = form.get("decimalChar", ".")
        groups = [dialect.group_char] if dialect.group_char else []
        groups += [char for char in ((".", " ", "'") if mark == "," else (",", " ", "'"))]
        found.append(Candidate("number", options=form))
        for group in dict.fromkeys(groups):
            if group and group != mark:
                found.append(Candidate("integer", options={"groupChar": group}))
                found.append(Candidate("number", options=form | {"groupChar": group}))
    return tuple(found)


def _orders(dialect: Dialect) -> tuple[str, ...]:
    excluded = {"dmy": "mdy", "mdy": "dmy"}.get(dialect.date_order or "")
    return tuple(order for order in DATES if order != excluded)


def _dates(dialect: Dialect) -> tuple[Candidate, ...]:
    return tuple(
        Candidate("date", pattern, order=order)
        for order in _orders(dialect)
        for pattern in DATES[order]
    )


def _datetimes(dialect: Dialect) -> tuple[Candidate, ...]:
    iso = Candidate("datetime", order="ymd")
    others = (
        Candidate("datetime", f"{'%Y-%m-%d' if day == 'default' else day} {hour}", order=order)
        for order in _orders(dialect)
        for day in DATES[order]
        for hour in HOURS
    )
    return (iso, *others)


# reason: the types it speaks of, bytes of which one must be there, and the form
_CODES = {
    "leading zeros": (("integer", "number"), "0", r"^[+-]?0[0-9]"),
    "more digits than a number keeps": (("integer",), "0123456789", r"^[+-]?[0-9]{16,}$"),
    "a plus sign, as in telephone numbers": (("integer",), "+", r"^\+[0-9][0-9 ]{6,}$"),
    "letters E that may be part of a code": (("integer", "number"), "eE", r"^[0-9]+[eE][0-9]+$"),
}
_LONGEST_TOKEN = max(len(token.encode()) for token in NA)


def identifiers(values: pa.Array, type: str, present: Mask) -> dict[str, int]:
    """How many numbers look like identifiers, by reason; `present` are the bytes in them."""
    counts: dict[str, int] = {}
    for reason, (types, needed, form) in _CODES.items():
        if type in types and any(present[ord(char)] for char in needed):
            count = pc.sum(pc.match_substring_regex(values, form)).as_py()
            counts |= {reason: count} if count else {}
    return counts


def without_tokens(raw: pa.Array) -> tuple[pa.Array, dict[str, int]]:
    """The cells that are neither empty nor NA-like, and how often each NA token came."""
    cells = raw.drop_null() if raw.null_count else raw
    size = lengths(cells)
    if len(size) and not size.min():
        cells, size = cells.filter(pa.array(size > 0)), size[size > 0]
    if not len(size) or size.min() > _LONGEST_TOKEN:
        return cells, {}
    tokens = pc.is_in(cells, value_set=_tokens())
    if not pc.any(tokens).as_py():
        return cells, {}
    found = cells.filter(tokens).value_counts().to_pylist()
    return cells.filter(pc.invert(tokens)), {item["values"]: item["counts"] for item in found}


@cache
def _tokens() -> pa.Array:
    return pa.array(NA)
