"""Field types of the Table Schema (Data Package v2): text → typed arrows, and their BSON kinds.

A cast takes a text column whose missing cells are null and gives the typed column, null where a
cell is missing or wrong, and a mask of the wrong cells (None where there is none). What each type
yields, and how `bson` (the `bson` of a Field, "" = the first of the list) is to be read beside it:

type       arrow                                bson kinds (first = default)
string     string                               string
  email uri string                              string
  uuid     binary (16 bytes each)               uuid (subtype 4), string (then arrow string)
  binary   binary (decoded base64)              binary, string (then arrow string)
integer    int64 | int32 | decimal128(34, 0)    int64, int32, decimal128
number     float64 | decimal128(34, s)          double, decimal128
boolean    bool_                                bool
date       timestamp("ms", tz="UTC")            date, string (then arrow string)
datetime   timestamp("ms", tz="UTC")            date, string (then arrow string)
time duration yearmonth any   string            string
year       int32                                int32
list       list_(item's arrow type)             array (items as their own type says)
object     binary (one BSON document each)      object
array      binary (one BSON array each)         array
geopoint   binary (a GeoJSON Point document)    object
geojson    binary (one BSON document each)      object

Kinds `object` and `array` on a binary column mean that the bytes go into the document as they are.
`decimal128` with option `decimals` has that scale; without it the scale is that of the batch's
longest fraction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from core.errors import RecipeError
from core.values import moments, nested, numbers, strings
from core.values.text import Mask

Cast = tuple[pa.Array, Mask | None]

_LENGTH = frozenset({"minLength", "maxLength"})
_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_ALWAYS = frozenset({"required", "unique", "enum"})
_PATTERN = frozenset({"pattern"})
_JSON = frozenset({"jsonSchema"})


@dataclass(frozen=True, slots=True)
class FieldType:
    """`expects` completes “… is not …; it should look like …” and `noun` says what it is not."""

    name: str
    noun: str
    cast: Callable[[pa.Array, str, Mapping[str, Any], str], Cast]  # text, format, options, bson
    expects: Callable[[str, Mapping[str, Any], str], str]
    bson: tuple[str, ...] = ("string",)
    formats: tuple[str, ...] = ("default",)
    patterns: bool = False  # whether a strptime pattern is a format too
    constraints: frozenset[str] = _ALWAYS | _PATTERN
    options: frozenset[str] = field(default_factory=frozenset)
    ordered: bool = False  # whether minimum and maximum compare
    why: Callable[[str, Mapping[str, Any], str], str] | None = None  # text, options, bson → cause

    def check(self, format: str, options: Mapping[str, Any]) -> None:
        """Raises RecipeError for a format or option that makes no sense."""
        if format not in self.formats:
            if not self.patterns:
                raise RecipeError(
                    f"A field of the type {self.name} has no format “{format}”.",
                    f"Choose one of {', '.join(self.formats)}.",
                )
            moments.check_pattern(format)
        check_options(options)
        group = options.get("groupChar")
        if group and "decimalChar" in self.options and group == options.get("decimalChar", "."):
            raise RecipeError("decimalChar and groupChar are the same.", "Change one of them.")

    def kind(self, format: str, bson: str | None) -> str:
        """The BSON kind of a field; raises RecipeError for one that this type does not know."""
        kinds = self.kinds(format)
        if bson is not None and bson not in kinds:
            raise RecipeError(
                f"A field of the type {self.name} cannot be stored as “{bson}”.",
                f"Choose one of {', '.join(kinds)}.",
            )
        return bson or kinds[0]

    def kinds(self, format: str) -> tuple[str, ...]:
        if self.name == "string" and format in ("uuid", "binary"):
            return (format, "string")
        return self.bson


FIELD_TYPES: dict[str, FieldType] = {
    kind.name: kind
    for kind in (
        FieldType(
            "string",
            "text",
            strings.cast_string,
            strings.expects_string,
            formats=("default", "email", "uri", "binary", "uuid"),
            constraints=_ALWAYS | _PATTERN | _LENGTH,
        ),
        FieldType(
            "integer",
            "a whole number",
            numbers.cast_integer,
            numbers.expects_integer,
            ("int64", "int32", "decimal128"),
            constraints=_ALWAYS | _PATTERN | _BOUNDS,
            options=frozenset({"bareNumber", "groupChar"}),
            ordered=True,
            why=numbers.why_not_integer,
        ),
        FieldType(
            "number",
            "a number",
            numbers.cast_number,
            numbers.expects_number,
            ("double", "decimal128"),
            constraints=_ALWAYS | _PATTERN | _BOUNDS,
            options=frozenset({"bareNumber", "groupChar", "decimalChar"}),
            ordered=True,
            why=numbers.why_not_number,
        ),
        FieldType(
            "boolean",
            "yes or no",
            strings.cast_boolean,
            strings.expects_boolean,
            ("bool",),
            options=frozenset({"trueValues", "falseValues"}),
        ),
        FieldType(
            "date",
            "a date",
            moments.cast_date,
            moments.expects_date,
            ("date", "string"),
            ("default", "any"),
            True,
            _ALWAYS | _PATTERN | _BOUNDS,
            ordered=True,
        ),
        FieldType(
            "datetime",
            "a date and time",
            moments.cast_datetime,
            moments.expects_datetime,
            ("date", "string"),
            ("default", "any"),
            True,
            _ALWAYS | _PATTERN | _BOUNDS,
            ordered=True,
        ),
        FieldType(
            "time",
            "a time of day",
            moments.cast_time,
            moments.expects_time,
            formats=("default", "any"),
            patterns=True,
            constraints=_ALWAYS | _PATTERN | _BOUNDS,
            ordered=True,
        ),
        FieldType(
            "year",
            "a year",
            moments.cast_year,
            moments.expects_year,
            ("int32",),
            constraints=_ALWAYS | _PATTERN | _BOUNDS,
            ordered=True,
            why=moments.why_no_year,
        ),
        FieldType(
            "yearmonth",
            "a year and month",
            moments.cast_yearmonth,
            moments.expects_yearmonth,
            constraints=_ALWAYS | _PATTERN | _BOUNDS,
            ordered=True,
        ),
        FieldType(
            "duration",
            "a duration",
            moments.cast_duration,
            moments.expects_duration,
            constraints=_ALWAYS | _PATTERN | _BOUNDS,
            ordered=True,
        ),
        FieldType(
            "list",
            "a list",
            nested.cast_list,
            nested.expects_list,
            ("array",),
            constraints=_ALWAYS | _PATTERN | _LENGTH,
            options=frozenset({"delimiter", "itemType"}),
        ),
        FieldType(
            "object",
            "a JSON object",
            nested.cast_object,
            nested.expects_object,
            ("object",),
            constraints=_ALWAYS | _PATTERN | _LENGTH | _JSON,
        ),
        FieldType(
            "array",
            "a JSON array",
            nested.cast_array,
            nested.expects_array,
            ("array",),
            constraints=_ALWAYS | _PATTERN | _LENGTH | _JSON,
        ),
        FieldType(
            "geopoint",
            "a point",
            nested.cast_geopoint,
            nested.expects_geopoint,
            ("object",),
            ("default", "array", "object"),
        ),
        FieldType(
            "geojson",
            "GeoJSON",
            nested.cast_geojson,
            nested.expects_geojson,
            ("object",),
            ("default", "topojson"),
            constraints=_ALWAYS | _PATTERN | _LENGTH | _JSON,
        ),
        FieldType(
            "any",
            "text",
            strings.cast_any,
            strings.expects_any,
            constraints=_ALWAYS | _PATTERN | _LENGTH,  # all that a cell of CSV has is text
        ),
    )
}


def check_options(options: Mapping[str, Any]) -> None:
    """Raises RecipeError for an option of the wrong kind."""
    for name, right, wanted in _OPTIONS:
        if options.get(name) is not None and not right(options[name]):
            raise RecipeError(f"“{name}” cannot be {options[name]!r}.", f"Give {wanted}.")
    moments.find_zone(options.get("timezone") or "UTC")
    nested.item_type(options.get("itemType") or "string")


def _is_char(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 1 and value not in "0123456789+-eE"


def _are_words(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(map(_is_word, value))


def _is_word(value: Any) -> bool:
    return isinstance(value, str)


_OPTIONS: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    ("decimalChar", _is_char, "one character that is no digit"),
    ("groupChar", _is_char, "one character that is no digit"),
    ("bareNumber", lambda value: isinstance(value, bool), "true or false"),
    ("trueValues", _are_words, "a list of texts"),
    ("falseValues", _are_words, "a list of texts"),
    ("delimiter", lambda value: _is_word(value) and bool(value), "a text"),
    ("timezone", _is_word, "a name like Europe/Paris"),
    ("itemType", _is_word, "the name of a type"),
    ("categories", lambda value: isinstance(value, list | tuple), "a list"),
    ("categoriesOrdered", lambda value: isinstance(value, bool), "true or false"),
    ("decimals", lambda value: type(value) is int and 0 <= value <= 34, "a number from 0 to 34"),
)


def field_type(name: str) -> FieldType:
    """Raises RecipeError for a type the Table Schema does not have."""
    try:
        return FIELD_TYPES[name]
    except KeyError:
        raise RecipeError(
            f"There is no field type “{name}”.", f"Choose one of {', '.join(FIELD_TYPES)}."
        ) from None
