"""Patterns of the Table Schema, which are XML Schema's, as RE2 reads them.

RE2 would take the class subtraction `[a-z-[aeiou]]` for a class and a bracket after it, and `\\C`
for any byte: the one is written out, the other is refused.
"""

import re
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import RecipeError
from core.values.text import Mask, shown

_SURROGATES = range(0xD800, 0xE000)


def whole_match(pattern: Any) -> str:
    """An XML Schema pattern for RE2, which must match the whole cell; raises RecipeError."""
    try:
        plain = without_subtraction(str(pattern))
        pc.match_substring_regex(pa.array([""]), plain)  # a stray bracket may close ours
        whole = rf"\A(?:{plain})\z"
        pc.match_substring_regex(pa.array([""]), whole)
    except pa.ArrowInvalid as error:
        raise RecipeError(
            f"The pattern {shown(str(pattern))} cannot be used: {_cause(error)}.",
            "Patterns are RE2's: without back-references and look-around.",
        ) from None
    return whole


def _cause(error: Exception) -> str:
    found = re.search(r"regular expression: (.*)", str(error))
    return (found[1] if found else str(error)).strip(" .")


def without_subtraction(pattern: str) -> str:
    """The same pattern with the characters of each subtraction listed; raises ArrowInvalid."""
    found, at = [], 0
    while at < len(pattern):
        if pattern[at] == "[":
            part, at = _class(pattern, at)
        else:
            part = pattern[at : at + 2] if pattern[at] == "\\" else pattern[at]
            at += len(part)
        if part == "\\C":
            raise pa.ArrowInvalid("\\C is not known here")
        found.append(part)
    return "".join(found)


def _class(pattern: str, start: int) -> tuple[str, int]:
    """The class that begins at a bracket, and where it ends."""
    first = at = start + (2 if pattern.startswith("[^", start) else 1)
    dash = False  # before this character, as the sign of a subtraction
    while at < len(pattern):
        char = pattern[at]
        if char == "]" and at > first:
            return pattern[start : at + 1], at + 1
        if pattern.startswith("[:", at):  # RE2's own [:alpha:]
            at = max(at, pattern.find(":]", at))
        elif char == "[" and dash:
            less, end = _class(pattern, at)
            if pattern.startswith("]", end):
                return _difference(pattern[start : at - 1] + "]", less), end + 1
        dash = char == "-" and at > first
        at += 2 if char == "\\" else 1
    return pattern[start:], len(pattern)  # never closed, as RE2 will say


def _difference(base: str, less: str) -> str:
    """A class of the characters that one class holds and another does not."""
    codes = np.flatnonzero(_held(base) & ~_held(less))
    if not len(codes):
        return r"[^\x00-\x{10ffff}]"  # nothing
    runs = np.split(codes, np.flatnonzero(np.diff(codes) > 1) + 1)
    return "[" + "".join(rf"\x{{{run[0]:x}}}-\x{{{run[-1]:x}}}" for run in runs) + "]"


def _held(one: str) -> Mask:
    """Which code points a class holds, as RE2 says."""
    held: Mask = np.asarray(pc.match_substring_regex(_characters(), rf"\A{one}\z"))
    return held


@cache
def _characters() -> pa.Array:
    """Every character at the place of its code point; none at those of surrogates."""
    return pa.array(
        ["" if code in _SURROGATES else chr(code) for code in range(0x110000)], pa.string()
    )
