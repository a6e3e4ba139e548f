"""The jsonSchema constraint: JSON Schema (draft 2020-12) for the values of a cell, without remote
references. Patterns are RE2's, so that no schema can hang a check; a keyword that is not known here
is refused rather than overlooked.
"""

from collections.abc import Callable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import RecipeError

_DEPTH = 50  # of references into themselves
_NOTES = (
    "$schema $id $comment $defs definitions title description default examples format deprecated"
)
_SILENT = frozenset([*_NOTES.split(), "readOnly", "writeOnly"])
_TYPES: dict[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "number": lambda value: _is_number(value),
    "integer": lambda value: _is_number(value) and value == int(value),
}
Check = Callable[[Any, Any, "JsonSchema", int], bool]  # value, keyword's value, whole, depth


class JsonSchema:
    """A schema that values can be held against; raises RecipeError for one that cannot be used."""

    def __init__(self, schema: Any) -> None:
        self._root = schema
        self._review(schema)

    def fits(self, value: Any, schema: Any = None, depth: int = 0) -> bool:
        schema = self._root if schema is None else schema
        if isinstance(schema, bool):
            return schema
        if depth > _DEPTH:
            return False
        return all(
            _KEYWORDS[key](value, wanted, self, depth + 1)
            for key, wanted in schema.items()
            if key in _KEYWORDS
        ) and _fits_properties(value, schema, self, depth + 1)

    def resolve(self, reference: str) -> Any:
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise RecipeError(
                f"The JSON schema refers to {reference}, which is elsewhere.", "Put it in $defs."
            )
        found = self._root
        for part in reference.removeprefix("#").strip("/").split("/") if reference != "#" else ():
            key = part.replace("~1", "/").replace("~0", "~")
            if not isinstance(found, Mapping) or key not in found:
                raise RecipeError(f"The JSON schema has no {reference}.", "Mend the recipe.")
            found = found[key]
        return found

    def _review(self, schema: Any) -> None:
        if isinstance(schema, bool):
            return
        if not isinstance(schema, Mapping):
            raise RecipeError(f"{schema!r} is no JSON schema.", "Mend the recipe.")
        for key, wanted in schema.items():
            if key not in _KEYWORDS and key not in _SILENT and key not in _TOGETHER:
                raise RecipeError(f"The JSON schema's “{key}” is not known.", "Leave it out.")
            if key == "pattern":
                _search(wanted, "")
            if key == "$ref":
                self.resolve(wanted)
            if key in ("properties", "patternProperties", "$defs", "definitions"):
                for inner in wanted.values():
                    self._review(inner)
            elif key in ("items", "additionalProperties", "not", "contains"):
                self._review(wanted)
            elif key in ("allOf", "anyOf", "oneOf"):
                for inner in wanted:
                    self._review(inner)
        for pattern in schema.get("patternProperties", {}):
            _search(pattern, "")


def _search(pattern: Any, text: str) -> bool:
    try:
        return bool(pc.match_substring_regex(pa.array([text]), pattern)[0].as_py())
    except (pa.ArrowException, TypeError) as error:
        raise RecipeError(
            f"The pattern {pattern} cannot be used: {error}.",
            "Patterns are RE2's: without back-references and look-around.",
        ) from error


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    return bool(a == b)


def _fits_properties(value: Any, schema: Mapping[str, Any], whole: JsonSchema, depth: int) -> bool:
    """`properties`, `patternProperties` and what is left over."""
    if not isinstance(value, dict) or not _TOGETHER & schema.keys():
        return True
    named = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    for key, inner in value.items():
        rules = [named[key]] if key in named else []
        rules += [rule for pattern, rule in patterns.items() if _search(pattern, key)]
        for rule in rules or [schema.get("additionalProperties", True)]:
            if not whole.fits(inner, rule, depth):
                return False
    return True


def _size(kind: type[Any], wanted: Callable[[int, int], bool]) -> Check:
    return lambda value, bound, whole, depth: (
        not isinstance(value, kind) or wanted(len(value), bound)
    )


def _bound(wanted: Callable[[Any, Any], bool]) -> Check:
    return lambda value, bound, whole, depth: not _is_number(value) or wanted(value, bound)


def _type(value: Any, names: Any, whole: JsonSchema, depth: int) -> bool:
    names = [names] if isinstance(names, str) else names
    return any(_TYPES[name](value) for name in names if name in _TYPES)


def _unique(value: Any, wanted: Any, whole: JsonSchema, depth: int) -> bool:
    if not wanted or not isinstance(value, list):
        return True
    return not any(_same(a, b) for i, a in enumerate(value) for b in value[:i])


def _multiple(value: Any, of: Any, whole: JsonSchema, depth: int) -> bool:
    return not _is_number(value) or abs(value / of - round(value / of)) < 1e-9


_TOGETHER = frozenset({"properties", "patternProperties", "additionalProperties"})
_KEYWORDS: dict[str, Check] = {
    "$ref": lambda v, ref, whole, depth: whole.fits(v, whole.resolve(ref), depth),
    "type": _type,
    "enum": lambda v, values, whole, depth: any(_same(v, one) for one in values),
    "const": lambda v, one, whole, depth: _same(v, one),
    "allOf": lambda v, rules, whole, depth: all(whole.fits(v, r, depth) for r in rules),
    "anyOf": lambda v, rules, whole, depth: any(whole.fits(v, r, depth) for r in rules),
    "oneOf": lambda v, rules, whole, depth: sum(whole.fits(v, r, depth) for r in rules) == 1,
    "not": lambda v, rule, whole, depth: not whole.fits(v, rule, depth),
    "required": lambda v, names, whole, depth: not isinstance(v, dict) or set(names) <= v.keys(),
    "minProperties": _size(dict, lambda size, bound: size >= bound),
    "maxProperties": _size(dict, lambda size, bound: size <= bound),
    "items": lambda v, rule, whole, depth: (
        not isinstance(v, list) or all(whole.fits(item, rule, depth) for item in v)
    ),
    "contains": lambda v, rule, whole, depth: (
        not isinstance(v, list) or any(whole.fits(item, rule, depth) for item in v)
    ),
    "minItems": _size(list, lambda size, bound: size >= bound),
    "maxItems": _size(list, lambda size, bound: size <= bound),
    "uniqueItems": _unique,
    "minLength": _size(str, lambda size, bound: size >= bound),
    "maxLength": _size(str, lambda size, bound: size <= bound),
    "pattern": lambda v, p, whole, depth: not isinstance(v, str) or _search(p, v),
    "minimum": _bound(lambda value, bound: value >= bound),
    "maximum": _bound(lambda value, bound: value <= bound),
    "exclusiveMinimum": _bound(lambda value, bound: value > bound),
    "exclusiveMaximum": _bound(lambda value, bound: value < bound),
    "multipleOf": _multiple,
}
