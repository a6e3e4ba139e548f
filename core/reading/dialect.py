"""How a file writes its table: encoding, delimiter, quotes, header, numbers and dates.

The words are those of Table Dialect (Data Package v2); what that standard lacks (footer rows,
decimal and group character, order of dates) stands under `sluice` in the descriptor. The encoding
belongs to the resource there, not to the dialect.
"""

import codecs
import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from core.errors import RecipeError

LINE_ENDS = (None, "\n", "\r\n", "\r")
DATE_ORDERS = {"dmy": "d/m/y", "mdy": "m/d/y", "ymd": "y/m/d"}
DECIMALS = (".", ",")
GROUPS = " .,'’_\u00a0\u202f\u2009"
_WORDS = {
    "delimiter": "delimiter",
    "quote_char": "quoteChar",
    "double_quote": "doubleQuote",
    "escape_char": "escapeChar",
    "line_terminator": "lineTerminator",
    "header": "header",
    "header_rows": "headerRows",
    "header_join": "headerJoin",
    "comment_char": "commentChar",
    "comment_rows": "commentRows",
    "skip_initial_space": "skipInitialSpace",
}
_OURS = {
    "footer_rows": "footerRows",
    "decimal_char": "decimalChar",
    "group_char": "groupChar",
    "date_order": "dateOrder",
}
_DELIMITER_NAMES = {"\t": "tab", " ": "space", "|": "|"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """`header_rows` and `comment_rows` are physical lines from 1; what stands before the first
    header row is preamble. `line_terminator` None takes LF, CRLF and CR alike, even mixed.

    Raises RecipeError for a combination no reader could obey.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote_char: str | None = '"'
    double_quote: bool = True
    escape_char: str | None = None
    line_terminator: str | None = None
    header: bool = True
    header_rows: tuple[int, ...] = (1,)
    header_join: str = " "
    comment_char: str | None = None
    comment_rows: tuple[int, ...] = ()
    footer_rows: int = 0
    skip_initial_space: bool = False
    decimal_char: str = "."
    group_char: str | None = None
    date_order: str | None = None

    def __post_init__(self) -> None:
        for problem, cure in _contradictions(self):
            raise RecipeError(problem, cure)

    def replace(self, **changes: Any) -> Self:
        """The same dialect with changes; an unknown name raises RecipeError."""
        known = {field.name for field in dataclasses.fields(self)}
        for name in changes.keys() - known:
            raise RecipeError(f"A dialect has no “{name}”.", f"It has: {', '.join(sorted(known))}.")
        return dataclasses.replace(self, **changes)

    def summary(self) -> str:
        """What an analyst needs to see at a glance: `; · cp1252 · 1234,50 · d/m/y`."""
        parts = [_DELIMITER_NAMES.get(self.delimiter, self.delimiter), self.encoding]
        parts.append(f"1{self.group_char or ''}234{self.decimal_char}50")
        if self.date_order:
            parts.append(DATE_ORDERS[self.date_order])
        return " · ".join(parts)

    def to_descriptor(self) -> dict[str, Any]:
        """The Table Dialect; only what differs from our defaults, and always the delimiter."""
        default = Dialect()
        descriptor: dict[str, Any] = {"delimiter": self.delimiter}
        for name, word in _WORDS.items():
            value = getattr(self, name)
            if value != getattr(default, name):
                descriptor[word] = list(value) if isinstance(value, tuple) else value
        ours = {
            word: getattr(self, name)
            for name, word in _OURS.items()
            if getattr(self, name) != getattr(default, name)
        }
        return descriptor | ({"sluice": ours} if ours else {})

    @classmethod
    def from_descriptor(cls, descriptor: Mapping[str, Any], encoding: str = "utf-8") -> Self:
        """Raises RecipeError where a value has the wrong type; words we do not know are ignored."""
        values: dict[str, Any] = {"encoding": encoding}
        for name, word in _WORDS.items():
            if word in descriptor:
                values[name] = _checked(cls, name, word, descriptor[word])
        ours = descriptor.get("sluice", {})
        if not isinstance(ours, Mapping):
            raise RecipeError("The dialect's “sluice” part is no object.", "Mend the recipe.")
        for name, word in _OURS.items():
            if word in ours:
                values[name] = _checked(cls, name, word, ours[word])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why one property of the dialect is what it is; `confidence` runs from 0 to 1."""

    key: str
    value: Any
    confidence: float
    because: str


@dataclass(frozen=True, slots=True)
class Detection:
    """`confidence` is that of the weakest property the records depend on; `questions` names the
    properties only a person can tell (`date_order`)."""

    dialect: Dialect
    evidence: tuple[Evidence, ...]
    confidence: float
    questions: tuple[str, ...] = ()


def _checked(cls: type[Dialect], name: str, word: str, value: Any) -> Any:
    default = {field.name: field.default for field in dataclasses.fields(cls)}[name]
    if isinstance(default, tuple):
        if isinstance(value, list) and all(type(n) is int for n in value):
            return tuple(value)
    elif value is None and name in _OPTIONAL:
        return None
    elif type(value) is (str if default is None else type(default)):
        return value
    raise RecipeError(
        f"The dialect's “{word}” is {value!r}, which is of the wrong type.", "Mend the recipe."
    )


_OPTIONAL = {
    "quote_char",
    "escape_char",
    "line_terminator",
    "comment_char",
    "group_char",
    "date_order",
}


def _is_text(encoding: str) -> bool:
    """Known, and an encoding of characters in files (Python calls rot13 and idna codecs too)."""
    try:
        return codecs.lookup(encoding).name not in _NO_TEXT and bool("a".encode(encoding))
    except (LookupError, ValueError, TypeError):
        return False


_NO_TEXT = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"}


def _contradictions(d: Dialect) -> list[tuple[str, str]]:
    found = []
    if not _is_text(d.encoding):
        found.append((f"“{d.encoding or ''}” is no known encoding.", "Try utf-8 or cp1252."))
    if not d.delimiter or any(c in d.delimiter for c in "\r\n"):
        return [*found, ("The delimiter is empty or holds a line end.", "Try “,” or “;”.")]
    for name, value in (("quote", d.quote_char), ("escape", d.escape_char)):
        if value is not None and (len(value) != 1 or value in "\r\n"):
            found.append((f"The {name} {value!r} is not one character.", "Give one, or none."))
    if d.quote_char is not None and d.quote_char in (d.delimiter[:1], d.escape_char):
        found.append(
            (f"“{d.quote_char}” cannot be the quote and the delimiter or escape.", "Change one.")
        )
    if d.escape_char is not None and d.escape_char in d.delimiter:
        found.append((f"“{d.escape_char}” cannot be escape and delimiter.", "Change one."))
    if d.line_terminator not in LINE_ENDS:
        found.append((f"Lines cannot end in {d.line_terminator!r}.", "Use LF, CRLF or CR."))
    if d.comment_char == "" or (d.comment_char and d.comment_char[0] in "\r\n"):
        found.append(("The comment character is empty.", "Give one, or none."))
    rows = d.header_rows + d.comment_rows
    if any(n < 1 for n in rows) or list(d.header_rows) != sorted(set(d.header_rows)):
        found.append(("Header rows are lines from 1, in order.", "Mend the line numbers."))
    if d.header and not d.header_rows:
        found.append(("A header needs at least one header row.", "Name its line."))
    if d.footer_rows < 0:
        found.append(("The number of footer rows is negative.", "Give 0 or more."))
    if d.date_order not in (None, *DATE_ORDERS):
        found.append((f"“{d.date_order}” is no order of dates.", "Use dmy, mdy or ymd."))
    return found + _of_numbers(d)


def _of_numbers(d: Dialect) -> list[tuple[str, str]]:
    if d.decimal_char not in DECIMALS:
        return [(f"“{d.decimal_char or ''}” is no decimal character.", "Give “.” or “,”.")]
    if d.group_char is not None and (len(d.group_char) != 1 or d.group_char not in GROUPS):
        cure = "Give a point, comma, space or apostrophe, or none."
        return [(f"“{d.group_char}” does not set thousands apart.", cure)]
    if d.decimal_char == d.group_char:
        return [("The decimal and the group character are the same.", "Change one.")]
    return []
