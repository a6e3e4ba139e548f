"""Which guesses a column's looks leave possible, so that few have to be tried on its cells.

The look of a cell has 9 for each digit and one `a` for each run of letters: 30 Apr 2025 looks like
`99 a 9999`. A column of thousands of cells has few looks, and what one rules out is known for good.
"""

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from core.recipes.candidates import Candidate
from core.values.moments import DATE

ALL, SOME = 128, 64  # cells: so many are all looked at, of more only some
LONG = 200  # characters of a cell that are looked at
KNOWN = 100_000  # looks that are remembered
_END = "\0"  # between cells; one inside a cell makes two looks of it
_DIGITS = str.maketrans("012345678", "9" * 9)
_LETTERS = re.compile(r"[^\W\d_]+")
_PARTS = {"Y": "9999", "y": "99", **dict.fromkeys("bBp", "a"), **dict.fromkeys("mdHIMS", "99?")}
_FORMS = {
    "time": r"99?:99",
    "object": r"\s*\{",
    "array": r"\s*\[",
    "email": r"[^@]+@[^@]+\.",
    "uri": r"a[a9+.-]*:",
    "uuid": r"[a9]+(?:-[a9]+){4}$",
}


class Looks:
    """The looks known of the cells of a file, each with the guesses it leaves possible."""

    def __init__(self, guesses: Sequence[Candidate]) -> None:
        self._known: dict[str, frozenset[int]] = {}
        self._words: dict[str, set[int]] = {}
        self._forms: list[tuple[int, re.Pattern[str]]] = []
        for guess, candidate in enumerate(guesses):
            if candidate.type == "boolean":
                for word in candidate.options["trueValues"] + candidate.options["falseValues"]:
                    self._words.setdefault(word, set()).add(guess)
            else:
                self._forms.append((guess, re.compile(_form(candidate))))
        self._any = re.compile("|".join({form.pattern for _, form in self._forms}))

    def possible(self, cells: pa.Array) -> set[int]:
        """The guesses that one of the cells, or of some of them where they are many, could fit."""
        if len(cells) > ALL:
            cells = cells.take(pa.array(np.linspace(0, len(cells) - 1, SOME, dtype=int)))
        texts = {text[:LONG] for text in cells.to_pylist()}
        found: set[int] = set()
        for word in texts & self._words.keys():
            found |= self._words[word]
        for look in set(_LETTERS.sub("a", _END.join(texts).translate(_DIGITS)).split(_END)):
            found |= self._of(look)
        return found

    def _of(self, look: str) -> frozenset[int]:
        if (known := self._known.get(look)) is None:
            if len(self._known) > KNOWN:
                self._known.clear()
            forms = self._forms if self._any.match(look) else ()
            known = frozenset(guess for guess, form in forms if form.match(look))
            self._known[look] = known
        return known


def _form(candidate: Candidate) -> str:
    """What the look of a cell begins with at least, where the cell fits."""
    if candidate.type in ("date", "datetime"):
        if candidate.format == "default":
            return _of_pattern(DATE) + ("$" if candidate.type == "date" else "a")
        return _of_pattern(candidate.format) + "$"
    if candidate.type == "integer":
        return rf"[+-]?9[9{_escaped(candidate)}]*$"
    if candidate.type == "number":
        some = rf"[9.{_escaped(candidate)}]*"
        return rf"[+-]?{some}9{some}(?:a[+-]?9+)?$"
    return _FORMS[candidate.format if candidate.type == "string" else candidate.type]


def _escaped(candidate: Candidate) -> str:
    return re.escape(candidate.marks)


def _of_pattern(pattern: str) -> str:
    parts = re.split(r"%(.)", pattern)
    plain = [re.escape(_LETTERS.sub("a", part)).replace(r"\ ", r"\s") for part in parts[::2]]
    return "".join(a + _PARTS.get(b, "") for a, b in zip(plain, [*parts[1::2], ""], strict=True))
