"""What a chart asks of a collection, what can be asked of it, and the question to begin with."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from gui.browse.values import common_kind

UNITS = ("year", "quarter", "month", "week", "day")
FIGURES = ("sum", "mean", "min", "max")
NUMBERS = ("integer", "number")
DATES = ("date", "datetime")
MOST = 7  # categories drawn before the rest is called “other”
_WORDS = {
    "count": QT_TRANSLATE_NOOP("charts", "number of documents"),
    "sum": QT_TRANSLATE_NOOP("charts", "sum of {0}"),
    "mean": QT_TRANSLATE_NOOP("charts", "average of {0}"),
    "min": QT_TRANSLATE_NOOP("charts", "least {0}"),
    "max": QT_TRANSLATE_NOOP("charts", "greatest {0}"),
    "year": QT_TRANSLATE_NOOP("charts", "year of {0}"),
    "quarter": QT_TRANSLATE_NOOP("charts", "quarter of {0}"),
    "month": QT_TRANSLATE_NOOP("charts", "month of {0}"),
    "week": QT_TRANSLATE_NOOP("charts", "week of {0}"),
    "day": QT_TRANSLATE_NOOP("charts", "day of {0}"),
    "range": QT_TRANSLATE_NOOP("charts", "ranges of {0}"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """A field as a sample of the collection shows it."""

    name: str
    kind: str
    distinct: int
    filled: float  # share of the sample that has it


@dataclass(frozen=True, slots=True)
class Question:
    """`unit` cuts a date; `figure` is count or one of FIGURES over `y`."""

    kind: str = "bar"
    x: str = ""
    unit: str = ""
    figure: str = "count"
    y: str = ""
    by: str = ""
    query: Mapping[str, Any] = field(default_factory=dict)

    def to_descriptor(self) -> dict[str, Any]:
        return asdict(self)


def known_fields(documents: Sequence[Mapping[str, Any]]) -> tuple[Known, ...]:
    """What a sample tells of each field, nested ones left out."""
    names: dict[str, None] = {}
    for document in documents:
        names.update(dict.fromkeys(document))
    result = []
    for name in names:
        if name in ("_id", "_load"):
            continue
        values = [d[name] for d in documents if d.get(name) is not None]
        kind = common_kind(values)
        if kind in ("object", "objectId") or not values:
            continue
        distinct = len({str(v) for v in values})
        result.append(Known(name, kind, distinct, len(values) / len(documents)))
    return tuple(result)


def first_question(fields: Sequence[Known], sample: int) -> Question:
    """A chart worth a look without asking: a sum by month, counts of a category, a histogram."""
    dates = [f for f in fields if f.kind in DATES and f.filled > 0.5]
    numbers = [f for f in fields if f.kind in NUMBERS and not looks_like_key(f, sample)]
    measures = sorted(numbers, key=lambda f: (f.kind != "number", -f.distinct))
    groups = sorted(
        (f for f in fields if f.kind in ("string", "boolean") and is_category(f, sample)),
        key=lambda f: (f.kind == "boolean", not 2 < f.distinct <= MOST, f.distinct),
    )
    if dates:
        by = groups[0].name if groups and groups[0].distinct <= MOST else ""
        if measures:
            return Question("bar", dates[0].name, "month", "sum", measures[0].name, by)
        return Question("bar", dates[0].name, "month", by=by)
    if groups:
        return Question("rows" if groups[0].distinct > MOST else "bar", groups[0].name)
    if measures:
        return Question("histogram", measures[0].name)
    texts = [f for f in fields if f.kind in ("string", "boolean")] or list(fields)
    return Question("rows", texts[0].name) if texts else Question()


def is_category(known: Known, sample: int) -> bool:
    return 1 < known.distinct <= max(2, min(30, sample // 4))


def looks_like_key(known: Known, sample: int) -> bool:
    """A whole number that hardly repeats is a name, not a measure."""
    words = known.name.lower()
    named = words in ("id", "key", "no") or words.endswith(("_id", "id", "_no", "_key", "number"))
    return known.kind == "integer" and (named or known.distinct >= 0.98 * sample > 50)


def kinds_for(question: Question, fields: Mapping[str, Known]) -> tuple[str, ...]:
    """Which of CHARTS can show this X."""
    known = fields.get(question.x)
    if known is None:
        return ("bar",)
    if known.kind in DATES:
        return ("bar", "line", "rows")
    if known.kind in NUMBERS:
        return ("histogram", "bar", "line", "rows", "scatter")
    return ("bar", "rows", "line")


def words(text: str, name: str = "") -> str:
    found = QCoreApplication.translate("charts", str(_WORDS.get(text, "{0}")))
    return found.format(name)


def x_words(question: Question) -> str:
    if question.kind == "histogram":
        return words("range", question.x)
    return words(question.unit, question.x) if question.unit else question.x


def y_words(question: Question) -> str:
    return words(question.figure, question.y)


def title(question: Question) -> str:
    """“Sum of amount by month of date and region”."""
    if question.kind == "scatter":
        text = QCoreApplication.translate("charts", "{0} against {1}").format(
            question.y, question.x
        )
    else:
        text = QCoreApplication.translate("charts", "{0} by {1}")
        text = text.format(y_words(question), question.unit or question.x)
        if question.by:
            more = QCoreApplication.translate("charts", "{0} and {1}")
            text = more.format(text, question.by)
    return text[:1].upper() + text[1:]
