"""How a table's numbers and dates are written: decimal and group character, order of the date."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core.reading.dialect import Evidence

_SPACE = "[ \u00a0\u202f\u2009'’]"
_NUMBER = re.compile(rf"[+-]?(?:\d|[.,]|{_SPACE}(?=\d{{3}}))*\d")
_PARTS = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:[T ].*)?")


@dataclass(frozen=True, slots=True)
class Conventions:
    changes: dict[str, str | None]
    evidence: tuple[Evidence, ...]
    questions: tuple[str, ...]


def conventions_of(cells: Iterable[str]) -> Conventions:
    counted = Counter(cell.strip() for cell in cells if cell and cell.strip()[-1:].isdigit())
    numbers, dates = [], []
    for cell in counted:
        match = _PARTS.fullmatch(cell)
        if match:
            dates.append(match)
        elif _NUMBER.fullmatch(cell):
            numbers.append(cell)
    changes, evidence, questions = _numbers(numbers)
    order, order_evidence, order_questions = date_order((m[1], m[3], m[2], m[4]) for m in dates)
    if order:
        changes["date_order"] = order
    return Conventions(changes, (*evidence, *order_evidence), (*questions, *order_questions))


def _numbers(
    numbers: list[str],
) -> tuple[dict[str, str | None], list[Evidence], list[str]]:
    votes: Counter[str] = Counter()
    groups: Counter[str] = Counter()
    open_ = ""
    for text in numbers:
        points, commas = text.count("."), text.count(",")
        spaces = re.findall(rf"\d({_SPACE})\d{{3}}(?!\d)", text)
        groups.update(spaces[:1])
        if points and commas:
            decimal = max(".,", key=text.rfind)
            votes[decimal] += 1
            groups["," if decimal == "." else "."] += 1
        elif points + commas > 1:
            groups["." if points else ","] += 1
            votes["," if points else "."] += 1
        elif points + commas == 1:
            mark = "." if points else ","
            whole, part = text.split(mark)
            if len(part) != 3 or whole.lstrip("+-") in ("", "0") or len(whole.lstrip("+-")) > 3:
                votes[mark] += 1
            else:
                open_ = mark
    return _judged(votes, groups, open_)


def _judged(
    votes: Counter[str], groups: Counter[str], open_: str
) -> tuple[dict[str, str | None], list[Evidence], list[str]]:
    changes: dict[str, str | None] = {}
    evidence, questions = [], []
    if votes:
        (decimal, count), others = votes.most_common(1)[0], sum(votes.values())
        changes["decimal_char"] = decimal
        named = "comma" if decimal == "," else "point"
        because = f"{count:,} of {others:,} telling numbers have a decimal {named}"
        evidence.append(Evidence("decimal_char", decimal, 0.99 * count / others, because))
        if open_ and open_ != decimal:
            groups[open_] += 1
        groups.pop(decimal, None)
    elif open_:
        because = f"numbers like 1{open_}234 may mean a thousand or a fraction"
        evidence.append(Evidence("decimal_char", ".", 0.4, because))
        questions.append("decimal_char")
    if groups:
        group = groups.most_common(1)[0][0]
        changes["group_char"] = group
        because = f"{groups[group]:,} numbers have their thousands set apart"
        evidence.append(Evidence("group_char", group, 0.95, because))
    return changes, evidence, questions


def date_order(
    dates: Iterable[tuple[str, str, str, str]],
) -> tuple[str | None, tuple[Evidence, ...], tuple[str, ...]]:
    """From (first, second, separator, third) of each date."""
    orders: Counter[str] = Counter()
    dotted = 0
    for first, second, mark, _ in dates:
        dotted += mark == "." and len(first) <= 2
        if len(first) == 4:
            orders["ymd"] += 1
        elif int(first) > 12 >= int(second):
            orders["dmy"] += 1
        elif int(second) > 12 >= int(first):
            orders["mdy"] += 1
        else:
            orders["open"] += 1
    open_ = orders.pop("open", 0)
    if orders:
        order, count = orders.most_common(1)[0]
        share = count / sum(orders.values())
        if share > 0.9:
            because = f"{count:,} dates can only be read so"
            return order, (Evidence("date_order", order, 0.99 * share, because),), ()
        because = " and ".join(f"{n:,} dates can only be {o}" for o, n in orders.most_common())
        because += ": each column is judged by itself"
        return None, (Evidence("date_order", None, 0.8, because),), ()
    if not open_:
        return None, (), ()
    if dotted == open_:
        return (
            "dmy",
            (Evidence("date_order", "dmy", 0.85, "dates with points begin with the day"),),
            (),
        )
    because = "every date could be day/month or month/day"
    return None, (Evidence("date_order", None, 0.2, because),), ("date_order",)
