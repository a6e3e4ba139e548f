"""A recipe's `write`: how a server acknowledges what it is sent, by which writer, and what a blank
cell does to a document that is there.

{"w": …, "j": …, "wtimeout": ms} are MongoDB's own words (its manual, Write Concern); majority and
journaled unless said otherwise. `writer` is one of core.store.write.WRITERS.
"""

from collections.abc import Callable, Mapping
from typing import Any

from core.errors import RecipeError

_CHOICES = {"writer": ("whole", "plain"), "blank": ("keep", "unset")}


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


# A load counts what the server has acknowledged, so `w` 0 is none.
_CONCERN: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "w": (lambda v: v > 0 if _is_count(v) else isinstance(v, str) and bool(v), '"majority" or 1'),
    "j": (lambda v: isinstance(v, bool), "true or false"),
    "wtimeout": (lambda v: _is_count(v) and v >= 0, "milliseconds, like 5000"),
}


def checked(write: Any) -> Mapping[str, Any]:
    """Those words as they are; raises RecipeError for others and for values that make no sense."""
    if not isinstance(write, Mapping):
        raise RecipeError(f"write is {write!r}, no object.", 'Write {"w": "majority"}.')
    for word, value in write.items():
        if word not in (*_CONCERN, *_CHOICES):
            raise RecipeError(
                f"“{word}” is no word of a recipe's write.",
                f"There are {', '.join((*_CONCERN, *_CHOICES))}.",
            )
        if word in _CHOICES and value not in _CHOICES[word]:
            raise RecipeError(
                f"{word} cannot be {value!r}.", f"Choose one of {', '.join(_CHOICES[word])}."
            )
        if word in _CONCERN and not _CONCERN[word][0](value):
            raise RecipeError(f"{word} cannot be {value!r}.", f"Write {_CONCERN[word][1]}.")
    return dict(write)


def concern(write: Mapping[str, Any]) -> dict[str, Any]:
    """w, j and wtimeout (None: for ever) of it; raises RecipeError."""
    said = {"w": "majority", "j": True, "wtimeout": None, **checked(write)}
    return {word: said[word] for word in _CONCERN}
