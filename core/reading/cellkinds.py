"""What kind of thing a cell's text looks like, for telling a table's shape and conventions."""

import re
from functools import lru_cache

_SPACES = "\u00a0\u202f\u2009"
NUMBER = re.compile(
    rf"[+-]?[$€£¥]?(?:\d+|\d{{1,3}}(?:[ ,.'’{_SPACES}]\d{{3}})+)(?:[.,]\d+)?(?:[eE][+-]?\d+)?[%€$]?"
)
DATE = re.compile(
    r"\d{4}([-/.]?)\d{1,2}\1\d{1,2}\.?|\d{1,2}([-/.])\d{1,2}\2(?:\d{4}|\d{2})\.?"
    r"|\d{1,2}[- ][A-Za-z]{3}[- ]\d{2,4}"
)
TIME = re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?")
_STAMP = re.compile(rf"(?:{DATE.pattern})[T ]{TIME.pattern}")
_WEB = re.compile(r"[^@\s]+@[^@\s]+\.\w+|https?://\S+|www\.\S+")
_MISSING = {"", "NA", "N/A", "NaN", "nan", "NULL", "null", "\\N", "-", "None", "n/a", "."}
_TEXT = re.compile(r"[\w(\[#№«“„+-][\w .'’&/()\[\]@%+#°ºª№«»“”„!?*:€$-]*")
_LIST = re.compile(r"[;|\t~^\x01-\x08\x1c-\x1f]")


@lru_cache(8192)
def kind(cell: str) -> str:
    """number, date, time, web, empty, or text."""
    cell = cell.strip()
    if cell in _MISSING:
        return "empty"
    if not cell[-1].isdigit() and not cell[0].isdigit() and cell[0] not in "+-$€£¥.":
        return "web" if _WEB.fullmatch(cell) else "text"
    if NUMBER.fullmatch(cell):
        return "number"
    if DATE.fullmatch(cell) or _STAMP.fullmatch(cell):
        return "date"
    if TIME.fullmatch(cell):
        return "time"
    return "web" if _WEB.fullmatch(cell) else "text"


def plausible(cell: str, quoted: bool = False) -> float:
    """How much a cell looks like one cell, and not like a piece of one or like several."""
    if not cell:
        return 0.6
    if kind(cell) != "text":
        return 1.0
    bare = cell.strip(" ")
    if not quoted and bare and (bare[0] in "\"'" or bare[-1] in "\"'"):
        return 0.1
    if _LIST.search(cell):
        return 0.1
    if _TEXT.fullmatch(cell.strip()):
        return 0.9
    return 0.5
