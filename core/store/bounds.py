"""What is kept of why a record is held: told in full, and yet bounded, so that its document stays
far below 16 MB however wide it is. The record's own bytes are kept whole, whatever is cut here."""

from collections.abc import Iterable

from core.batch import Problem
from core.plural import counted, verb
from core.store.records import Reason

VALUE = 1_000  # characters of a value kept with its reason, before an …
ROOM = 2 << 20  # bytes that the reasons of one record may take, at most
MORE = "more-reasons"
_CELLS = ("type-error", "constraint-error")  # found again by each check of the cells


def reason_of(problem: Problem) -> Reason:
    return Reason(
        problem.code, problem.field, cut(problem.value), cut(problem.message), problem.rule
    )


def cut(text: str) -> str:
    return text if len(text) <= VALUE + 1 else text[:VALUE] + "…"


def bounded(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """As many as there is room for, and how many more there are; what no check of the cells finds
    again is not among those left out."""
    told = [reason for reason in reasons if reason.code != MORE]
    if _fits(told) == len(told):
        return tuple(told)
    told.sort(key=lambda reason: reason.code in _CELLS)
    first = _fits(told)
    left = len(told) - first
    said = (
        f"{counted(left, 'more thing')} {verb(left, 'is', 'are')} wrong with this row; "
        "what is left of them is told when the first are mended."
    )
    return (*told[:first], Reason(MORE, None, "", said))


def _fits(reasons: list[Reason]) -> int:
    room = ROOM
    for n, reason in enumerate(reasons):
        characters = len(reason.value) + len(reason.message) + len(reason.field or "")
        room -= 200 + 4 * characters
        if room < 0:
            return n
    return len(reasons)
