"""Rules of the Table Schema as masks over a whole column: True where a cell breaks the rule.

`required` and `unique` look beyond the cell and are judged elsewhere. A rule is made once from its
declared bound (`prepare`, which raises RecipeError for one that makes no sense) and applied to many
batches.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import RecipeError
from core.values.fields import field_type
from core.values.jsonschema import JsonSchema
from core.values.nested import item_count, read_json
from core.values.numbers import DIGITS, bare, is_number
from core.values.ordering import SPELLED, ordered
from core.values.patterns import whole_match
from core.values.text import Mask, each, lengths, numpy_mask, option

Broken = Callable[[pa.Array, pa.Array], Mask | None]  # typed, text → broken, None where none is


@dataclass(frozen=True, slots=True)
class Rule:
    """One constraint of one field, ready to judge; `message` completes “… {message}.”"""

    name: str
    judge: Broken
    message: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What a bound is read with: the field's own way of reading a cell."""

    type: str
    format: str
    options: Mapping[str, Any]
    bson: str

    def values(self, declared: Sequence[Any]) -> pa.Array:
        """What a rule declares, comparable with the column; raises RecipeError for what is none of
        the type.

        A text is read as cells are, or else in the type's default form. What JSON says without
        quotes has that form: 1.5 is one and a half also where cells have a decimal comma.
        """
        words = [self.words(value) for value in declared]
        texts = pa.array(words, pa.string())
        kept = {key: self.options[key] for key in _NOT_OF_FORM if key in self.options}
        own, default = self._read(texts), replace(self, format="default", options=kept)._read(texts)
        found = []
        for n, (mine, other) in enumerate(zip(own.to_pylist(), default.to_pylist(), strict=True)):
            as_cell = mine is not None and not isinstance(declared[n], int | float)
            found.append(mine if as_cell else other)
            if found[-1] is None:
                raise RecipeError(f"“{words[n]}” is no {self.type}.", "Mend the constraint.")
        return pa.array(found, own.type)

    def words(self, value: Any) -> str:
        """What a rule declares, as a cell would say it."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, list | tuple) and self.type == "list":
            return str(option(self.options, "delimiter", ",")).join(map(self.words, value))
        return json.dumps(value) if isinstance(value, dict | list) else str(value)

    def _read(self, texts: pa.Array) -> pa.Array:
        # bounds may lie beyond what a column can hold
        kind = "int64" if self.bson == "int32" else self.bson
        return self.comparable(
            field_type(self.type).cast(texts, self.format, self.options, kind)[0], texts
        )

    def comparable(self, typed: pa.Array, text: pa.Array) -> pa.Array:
        """The column with the order and equality of its type."""
        if pa.types.is_decimal(typed.type):
            return pc.cast(typed, WIDE)  # a batch may have other decimals than a list
        if pa.types.is_string(typed.type) and self.type in SPELLED:
            known = pc.if_else(pc.is_valid(typed), text, None)
            return ordered(known, self.type, self.format, self.options)
        return typed


_TEXTS = ("string", "any")
_NOT_OF_FORM = ("decimals", "timezone", "itemType", "delimiter")
WIDE = pa.decimal256(2 * DIGITS, DIGITS)


def _broken(mask: pa.Array) -> Mask | None:
    return numpy_mask(mask) if pc.any(mask).as_py() else None


Compare = Callable[[Any, Any], pa.Array]


def _comparison(
    name: str, compare: Compare, rounding: str, words: str
) -> Callable[[Any, Ground], Rule]:
    def prepare(value: Any, ground: Ground) -> Rule:
        if ground.bson == "decimal128":
            judge = _decimal_judge(_number(value, ground), compare, rounding)
        else:
            bound = ground.values([value])[0]

            def judge(typed: pa.Array, text: pa.Array) -> Mask | None:
                return _broken(compare(ground.comparable(typed, text), bound))

        return Rule(name, judge, f"is {words} {ground.words(value)}")

    return prepare


def _number(value: Any, ground: Ground) -> Decimal:
    """A numeric bound, which may be larger and have more decimals than the column."""
    words = ground.words(value)
    texts = pa.array([words], pa.string())
    text, wrong = bare(texts, ground.options, option(ground.options, "decimalChar", "."))
    own = None if wrong is not None and wrong.any() else text[0].as_py()
    for read in (own, words) if isinstance(value, str) else (words,):
        if read is not None and is_number(read):
            return Decimal(read)
    raise RecipeError(f"“{words}” is no {ground.type}.", "Mend the constraint.")


def _decimal_judge(bound: Decimal, compare: Compare, rounding: str) -> Broken:
    """Compares with the bound rounded, to the column's decimals, to the side where it says the
    same."""

    def judge(typed: pa.Array, text: pa.Array) -> Mask | None:
        unit = Decimal(1).scaleb(-typed.type.scale)
        near = bound.quantize(unit, rounding, Context(prec=76))
        limit = Decimal((0, (9,) * typed.type.precision, -typed.type.scale))
        near = max(min(near, limit), -limit)
        return _broken(compare(typed, pa.scalar(near, typed.type)))

    return judge


def _length(name: str, compare: Compare, words: str) -> Callable[[Any, Ground], Rule]:
    def prepare(value: Any, ground: Ground) -> Rule:
        if isinstance(value, bool) or not str(value).isdecimal():
            raise RecipeError(f"“{value}” is no {name}.", "Give a whole number from 0.")
        size = int(value)

        def judge(typed: pa.Array, text: pa.Array) -> Mask | None:
            if name == "maxLength" and ground.type in _TEXTS and _shorter(text, size):
                return None  # a character takes a byte at least
            return _broken(compare(_sizes(typed, text, ground), size))

        unit = "characters" if ground.type in _TEXTS else "items"
        return Rule(name, judge, f"has {words} {size} {unit}")

    return prepare


def _shorter(text: pa.Array, size: int) -> bool:
    return len(text) == 0 or int(lengths(text).max()) <= size


def _sizes(typed: pa.Array, text: pa.Array, ground: Ground) -> pa.Array:
    if ground.type in _TEXTS:
        return pc.utf8_length(text)
    if ground.type == "list":
        return pc.list_value_length(typed)
    cells = [None if cell is None else item_count(cell) for cell in typed.to_pylist()]
    return pa.array(cells, pa.int64())


def _pattern(value: Any, ground: Ground) -> Rule:
    pattern = whole_match(value)

    def judge(typed: pa.Array, text: pa.Array) -> Mask | None:
        good = pc.match_substring_regex(text, pattern)
        return None if pc.all(good).as_py() else ~np.asarray(pc.fill_null(good, True))

    return Rule("pattern", judge, f"does not have the form {value}")


def _one_of(name: str) -> Callable[[Any, Ground], Rule]:
    def prepare(value: Any, ground: Ground) -> Rule:
        if not isinstance(value, list | tuple) or not value:
            raise RecipeError(f"{name} without values cannot be used.", "List what it allows.")
        # categories may carry labels; a missing cell is allowed without being listed
        listed = [
            one["value"] if isinstance(one, Mapping) and "value" in one else one
            for one in value
            if one is not None
        ]
        words = [ground.words(one) for one in listed]
        shortly = ", ".join(words[:6]) + (", …" if len(words) > 6 else "")
        return Rule(name, _membership(ground.values(listed), ground), f"is none of {shortly}")

    return prepare


def _membership(allowed: pa.Array, ground: Ground) -> Broken:
    listed = allowed.to_pylist() if pa.types.is_list(allowed.type) else []

    def judge(typed: pa.Array, text: pa.Array) -> Mask | None:
        known = ground.comparable(typed, text)
        if listed:
            good = pa.array([cell is None or cell in listed for cell in known.to_pylist()])
        else:
            wider = allowed.type if pa.types.is_integer(known.type) else known.type
            good = pc.is_in(pc.cast(known, wider) if wider != known.type else known, allowed)
        if known.null_count:
            good = pc.or_(good, pc.is_null(known))
        return None if pc.all(good).as_py() else ~numpy_mask(good)

    return judge


def _json_schema(value: Any, ground: Ground) -> Rule:
    schema = JsonSchema(value)

    def judge(typed: pa.Array, text: pa.Array) -> Mask | None:
        fits = each(
            pc.if_else(pc.is_valid(typed), text, None),
            lambda cell: cell is None or schema.fits(read_json(cell)),
        )
        return None if all(fits) else ~np.array(fits, bool)

    return Rule("jsonSchema", judge, "does not fit the column's JSON schema")


PREPARE: dict[str, Callable[[Any, Ground], Rule]] = {
    "minimum": _comparison("minimum", pc.less, ROUND_CEILING, "below the minimum"),
    "maximum": _comparison("maximum", pc.greater, ROUND_FLOOR, "above the maximum"),
    "exclusiveMinimum": _comparison("exclusiveMinimum", pc.less_equal, ROUND_FLOOR, "not above"),
    "exclusiveMaximum": _comparison(
        "exclusiveMaximum", pc.greater_equal, ROUND_CEILING, "not below"
    ),
    "minLength": _length("minLength", pc.less, "fewer than"),
    "maxLength": _length("maxLength", pc.greater, "more than"),
    "pattern": _pattern,
    "enum": _one_of("enum"),
    "jsonSchema": _json_schema,
}


def prepare(constraints: Mapping[str, Any], ground: Ground) -> tuple[Rule, ...]:
    """The rules of a field that judge single cells; raises RecipeError."""
    if not isinstance(constraints, Mapping):
        raise RecipeError(f"Constraints cannot be {constraints!r}.", 'Write {"required": true}.')
    allowed = field_type(ground.type).constraints
    for name, value in constraints.items():
        if name not in allowed:
            raise RecipeError(
                f"The constraint “{name}” does not apply to {ground.type} fields.",
                f"Choose from {', '.join(sorted(allowed))}.",
            )
        if name in ("required", "unique") and not isinstance(value, bool):
            raise RecipeError(f"“{name}” cannot be {value!r}.", "Make it true or false.")
    rules = [PREPARE[name](value, ground) for name, value in constraints.items() if name in PREPARE]
    if categories := ground.options.get("categories"):
        rules.append(_one_of("categories")(categories, ground))
    return tuple(rules)
