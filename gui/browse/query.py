"""Filters ↔ a MongoDB query: each filter a pill, together the text that can be edited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

VERBS = {  # word → operator; "" is equality
    "is": "",
    "is not": "$ne",
    "over": "$gt",
    "at least": "$gte",
    "under": "$lt",
    "at most": "$lte",
    "contains": "$regex",
    "is one of": "$in",
    "is there": "$exists",
}
_WORDS = {operator: word for word, operator in VERBS.items()}


@dataclass(frozen=True, slots=True)
class Filter:
    """`field` `verb` `value`; a verb is a key of VERBS."""

    field: str
    verb: str
    value: Any

    @property
    def words(self) -> tuple[str, str]:
        """(verb, value) as the pill says them."""
        if self.verb == "is there":
            return ("is there", "") if self.value else ("is missing", "")
        if self.verb == "is" and self.value is None:
            return ("is", "empty")
        if self.verb == "is one of" and isinstance(self.value, Sequence):
            return (self.verb, ", ".join(str(v) for v in self.value))
        if self.verb == "contains":
            return (self.verb, unescape(str(self.value)))
        return (self.verb, plain(self.value))


def plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if hasattr(value, "strftime"):
        midnight = not (value.hour or value.minute or value.second)
        return str(value.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M:%S"))
    return str(value)


def unescape(pattern: str) -> str:
    """What `contains` was asked for, out of its escaped pattern."""
    out, at = [], 0
    while at < len(pattern):
        if pattern[at] == "\\" and at + 1 < len(pattern):
            at += 1
        out.append(pattern[at])
        at += 1
    return "".join(out)


def to_query(filters: Sequence[Filter]) -> dict[str, Any]:
    """Filters of one field share its sub-document; two equalities of one field need `$and`."""
    result: dict[str, Any] = {}
    extra: list[dict[str, Any]] = []
    for one in filters:
        operator = VERBS[one.verb]
        part = _part(operator, one.value)
        if one.field not in result:
            result[one.field] = part
        elif _mergeable(result[one.field], part):
            result[one.field] = {**result[one.field], **part}
        else:
            extra.append({one.field: part})
    if extra:
        result["$and"] = extra
    return result


def _part(operator: str, value: Any) -> Any:
    if operator == "$regex":
        return {"$regex": value, "$options": "i"}
    return {operator: value} if operator else value


def _mergeable(old: Any, new: Any) -> bool:
    return isinstance(old, dict) and isinstance(new, dict) and not set(old) & set(new)


def to_filters(query: Mapping[str, Any]) -> tuple[Filter, ...] | None:
    """The pills of a query, or None where it says more than pills can (it stays text alone)."""
    found: list[Filter] = []
    for name, part in query.items():
        if name == "$and" and isinstance(part, list):
            for each in part:
                inner = to_filters(each) if isinstance(each, dict) else None
                if inner is None:
                    return None
                found.extend(inner)
        elif name.startswith("$"):
            return None
        elif isinstance(part, dict) and any(str(key).startswith("$") for key in part):
            for operator, value in part.items():
                if operator == "$options" and "$regex" in part:
                    continue
                if operator not in _WORDS:
                    return None
                found.append(Filter(name, _WORDS[operator], value))
        else:
            found.append(Filter(name, "is", part))
    return tuple(found)
