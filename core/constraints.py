"""Rules of the Table Schema as masks over a whole column: True where a cell breaks the rule.

`required` and `unique` look beyond the cell and are judged in checking. A rule is made once from
its declared bound (`prepare`, which raises RecipeError for one that makes no sense) and applied to
many batches.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import RecipeError
from core.fields import field_type
from core.text import Mask, lengths, numpy_mask, shown

Judge = Callable[[pa.Array, pa.Array], Mask | None]  # typed, text → broken, None where nothing is


@dataclass(frozen=True, slots=True)
class Rule:
    """One constraint of one field, ready to judge; `message` says what a cell is, after it."""

    name: str
    judge: Judge
    message: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What a bound is read with: the field's own way of reading a cell."""

    type: str
    format: str
    options: Mapping[str, Any]
    bson: str

    def cast(self, values: pa.Array) -> pa.Array:
        typed, bad = field_type(self.type).cast(values, self.format, self.options, self.bson)
        if bad is not None and bad.any():
            raise RecipeError(f"{values.filter(pa.array(bad))[0].as_py()!r} is no {self.type}.")
        return typed

    def bound(self, value: Any) -> pa.Scalar:
        return self.cast(pa.array([_text(value)], pa.string()))[0]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def _comparison(name: str, compare: Callable[..., pa.Array], words: str) -> Callable[..., Rule]:
    def prepare(value: Any, ground: Ground) -> Rule:
        bound = ground.bound(value)

        def judge(typed: pa.Array, text: pa.Array) -> Mask | None:
            return _any(compare(typed, bound))

        return Rule(name, judge, f"is {words} {_text(value)}")

    return prepare


def _any(broken: pa.Array) -> Mask | None:
    return numpy_mask(broken) if pc.any(broken).as_py() else None


def _length(name: str, compare: Callable[..., pa.Array], words: str) -> Callable[..., Rule]:
    def prepare(value: Any, ground: Ground) -> Rule:
        size = _whole(name, value)

        def judge(typed: pa.Array, text: pa.Array) -> Mask | None:
            if name == "maxLength" and ground.type == "string" and _shorter(text, size):
                return None  # a character takes a byte at least
            return _any(compare(_sizes(typed, text, ground), size))

        unit = "characters" if ground.type == "string" else "items"
        return Rule(name, judge, f"has {words} {size} {unit}")

    return prepare


def _shorter(text: pa.Array, size: int) -> bool:
    return len(text) == 0 or int(lengths(text).max()) <= size


def _sizes(typed: pa.Array, text: pa.Array, ground: Ground) -> pa.Array:
    if ground.type == "string":
        return pc.utf8_length(text)
    if ground.type == "list":
        return pc.list_value_length(typed)
    import bson

    return pa.array(
        [None if cell is None else len(bson.decode(cell)) for cell in typed.to_pylist()],
        pa.int64(),
    )


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not str(value).isdecimal():
        raise RecipeError(f"“{value}” is no {name}.", "Give a whole number from 0.")
    return int(value)


def _pattern(value: Any, ground: Ground) -> Rule:
    pattern = whole_match(value)

    def judge(typed: pa.Array, text: pa.Array) -> Mask | None:
        good = pc.match_substring_regex(text, pattern)
        return None if pc.all(good).as_py() else ~np.asarray(pc.fill_null(good, True))

    return Rule("pattern", judge, f"does not have the form {value}")


def whole_match(pattern: Any) -> str:
    """An XML Schema pattern for RE2, which must match the whole cell; raises RecipeError."""
    whole = rf"\A(?:{pattern})\z"
    try:
        pc.match_substring_regex(pa.array([""]), whole)
        pc.match_substring_regex(pa.array([""]), str(pattern))  # a stray bracket may close ours
    except pa.ArrowInvalid as error:
        raise RecipeError(
            f"The pattern {shown(str(pattern))} cannot be used: {_cause(error)}.",
            "Patterns are RE2's: without back-references and look-around.",
        ) from None
    return whole


def _cause(error: Exception) -> str:
    found = re.search(r"regular expression: (.*)", str(error))
    return (found[1] if found else str(error)).strip(" .")


def _enum(value: Any, ground: Ground) -> Rule:
    if not isinstance(value, list | tuple) or not value:
        raise RecipeError("An enum without values cannot be used.", "List the values it allows.")
    words = [_text(item) for item in value]
    allowed = ground.cast(pa.array(words, pa.string()))

    def judge(typed: pa.Array, text: pa.Array) -> Mask | None:
        good = pc.is_in(typed, value_set=allowed)
        if typed.null_count:
            good = pc.or_(good, pc.is_null(typed))
        return None if pc.all(good).as_py() else ~numpy_mask(good)

    listed = ", ".join(words[:6]) + (", …" if len(words) > 6 else "")
    return Rule("enum", judge, f"is none of {listed}")


PREPARE: dict[str, Callable[[Any, Ground], Rule]] = {
    "minimum": _comparison("minimum", pc.less, "below the minimum"),
    "maximum": _comparison("maximum", pc.greater, "above the maximum"),
    "exclusiveMinimum": _comparison("exclusiveMinimum", pc.less_equal, "not above"),
    "exclusiveMaximum": _comparison("exclusiveMaximum", pc.greater_equal, "not below"),
    "minLength": _length("minLength", pc.less, "fewer than"),
    "maxLength": _length("maxLength", pc.greater, "more than"),
    "pattern": _pattern,
    "enum": _enum,
}


def prepare(constraints: Mapping[str, Any], ground: Ground) -> tuple[Rule, ...]:
    """The rules of a field that judge single cells; raises RecipeError."""
    allowed = field_type(ground.type).constraints
    for name in constraints:
        if name not in allowed:
            raise RecipeError(
                f"The constraint “{name}” does not apply to {ground.type} fields.",
                f"Choose from {', '.join(sorted(allowed))}.",
            )
    return tuple(
        PREPARE[name](value, ground) for name, value in constraints.items() if name in PREPARE
    )
