"""The words a recipe may hold: what is Sluice's own is known in full; of the standard's, which
allows others beside them, one that is nearly right is taken for a slip of the pen."""

from collections.abc import Mapping
from typing import Any

from rapidfuzz import fuzz, process

from core.errors import RecipeError

OWN = "sluice"
_NEAR = 85  # of 100
_ABOUT = ("name", "title", "description", "$schema", "profile")
_STANDARD: Mapping[str, tuple[str, ...]] = {
    "resource": (
        *_ABOUT,
        *("path", "encoding", "dialect", "schema", "format", "mediatype", "data", "type"),
        *("homepage", "sources", "licenses", "bytes", "hash", "compression", "scheme", "profile"),
    ),
    "dialect": (
        *_ABOUT,
        *("header", "headerRows", "headerJoin", "commentRows", "commentChar", "delimiter"),
        *("lineTerminator", "quoteChar", "doubleQuote", "escapeChar", "nullSequence"),
        *("skipInitialSpace", "property", "itemType", "itemKeys", "sheetNumber", "sheetName"),
        *("table", "caseSensitiveHeader", "csvddfVersion"),
    ),
    "schema": (
        *_ABOUT,
        *("fields", "fieldsMatch", "missingValues", "primaryKey", "uniqueKeys", "foreignKeys"),
    ),
    "field": (
        *_ABOUT,
        *("type", "format", "example", "examples", "constraints", "missingValues", "rdfType"),
        *("trueValues", "falseValues", "decimalChar", "groupChar", "bareNumber", "delimiter"),
        *("itemType", "categories", "categoriesOrdered", "bareInteger", "types", "titles"),
    ),
}
# what is looked at more closely where it is used is an object here
_SLUICE: Mapping[str, Mapping[str, type]] = {
    "resource": {
        **dict.fromkeys(("collection", "mode", "duplicates", "extraCells", "missingCells"), str),
        **{"version": int, "nested": bool, "write": object},
        **dict.fromkeys(("clean", "derived", "rules"), list),
    },
    "schema": {},
    "dialect": {"footerRows": int, "decimalChar": str, "groupChar": str, "dateOrder": str},
    "field": {
        **{"name": str, "drop": bool, "bson": str, "clean": list},
        **dict.fromkeys(("decimals", "timezone", "null"), object),
    },
}
_NAMES = {str: "a text", bool: "true or false", int: "a whole number", list: "a list"}


def check_words(of: str, descriptor: Mapping[str, Any], called: str = "") -> dict[str, Any]:
    """What is Sluice's own in a resource, dialect, schema or field, nulls left out; raises
    RecipeError for a word that is misspelt or has a value of the wrong type."""
    where = f"{of} “{called}”" if called else of
    known = (*_STANDARD[of], OWN)
    for word in set(descriptor) - set(known):
        if near := process.extractOne(
            word, known, scorer=fuzz.ratio, processor=str.lower, score_cutoff=_NEAR
        ):
            raise RecipeError(
                f"“{word}” is no word for a {where}.", f"Write “{near[0]}”, or call it otherwise."
            )
    own = descriptor.get(OWN)
    if own is not None and not isinstance(own, Mapping):
        raise RecipeError(f"The “{OWN}” part of a {where} is {own!r}.", "Make it an object: {…}.")
    words = _SLUICE[of]
    found = {word: value for word, value in (own or {}).items() if value is not None}
    for word, value in found.items():
        if word not in words:
            raise RecipeError(
                f"“{word}” is no word in the “{OWN}” part of a {where}.",
                f"Choose from {', '.join(words)}.",
            )
        if not isinstance(value, words[word]):
            raise RecipeError(
                f"“{word}” is {value!r} in the “{OWN}” part of a {where}.",
                f"Make it {_NAMES[words[word]]}.",
            )
    return found
