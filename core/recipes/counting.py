"""What inference counts in a column: how many cells fit each guess, and what else they show."""

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.recipes.candidates import Candidate, identifiers, without_tokens
from core.recipes.distinct import Distinct
from core.recipes.looks import Looks
from core.values.text import Mask, bytes_present, lengths

ENOUGH = 0.95  # share of the cells that have a type for the column to have it
MOSTLY = 0.6  # share of them for a person to be asked whether it has
ASKED = ("integer", "number", "date", "datetime", "time")  # types that are asked about
FEW = 50  # different values that an enum may have
SHOWN = 3  # cells that do not fit, remembered of each guess


class Column:
    """Takes the cells of a column in order.

    `alive` counts the cells that fit each guess; a guess is dropped as soon as the rest of the file
    can no longer lift it to ENOUGH, or to MOSTLY where its type is asked about. `odd` are the first
    cells that do not fit, `estimated` the guesses whose count is not exact. `values` counts each
    value, None where they are many; `range` is that of whole numbers, `widths` are their lengths;
    `places` are the decimals seen, by the marks of the guess.
    """

    def __init__(self, name: str, guesses: tuple[Candidate, ...], looks: Looks) -> None:
        self.name, self.guesses = name, guesses
        self.alive = dict.fromkeys(range(len(guesses)), 0)
        self.cells = self.blank = 0
        self.tokens: Counter[str] = Counter()
        self.identifiers: dict[str, Counter[str]] = {"integer": Counter(), "number": Counter()}
        self.values: Counter[str] | None = Counter()
        self.distinct = Distinct()
        self.range: tuple[Any, Any] | None = None
        self.places: dict[str, set[int]] = {}
        self.widths: set[int] = set()
        self.odd: dict[int, dict[str, None]] = {}
        self.estimated: set[int] = set()
        self._looks = looks

    def add(self, raw: pa.Array, fraction: float) -> None:
        """`fraction` is the part of the file that is read with these cells."""
        cells, tokens = without_tokens(raw)
        self.tokens.update(tokens)
        self.cells += len(cells)
        self.blank += len(raw) - len(cells) - sum(tokens.values())
        if not len(cells):
            return
        self.distinct.add(cells, fraction)
        self._count_values(cells)
        plain: dict[str, int] = {}
        present = bytes_present(cells)
        possible = self._looks.possible(cells) if self.alive else set()
        for guess in list(self.alive):
            fits = self._weigh(guess, cells, plain, present) if guess in possible else None
            if self._hopeless(guess, fraction):
                del self.alive[guess]
            elif fits is not None:
                numbers = cells if fits.all() else cells.filter(pa.array(fits))
                self._look_at_numbers(self.guesses[guess], numbers, present)

    def _hopeless(self, guess: int, fraction: float) -> bool:
        """Even if all cells still to come should fit; nobody waits long for text to become mostly
        numbers."""
        share = self.alive[guess] / self.cells
        reach = share * fraction + (1 - fraction)
        asked = self.guesses[guess].type in ASKED and share > MOSTLY / 2
        return reach < (MOSTLY if asked else ENOUGH) - 0.01

    def _weigh(
        self, guess: int, cells: pa.Array, plain: dict[str, int], present: Mask
    ) -> Mask | None:
        """Counts the cells that fit; tells which where they are numbers that are news."""
        candidate = self.guesses[guess]
        marks = candidate.marks
        same = bool(marks) and not any(present[ord(mark)] for mark in marks)
        if same and candidate.type in plain:
            self.alive[guess] += plain[candidate.type]
            return None
        before = self.cells - len(cells)
        count, fits = candidate.weigh(cells, sure=self.alive[guess] > before * 0.9)
        self.alive[guess] += count
        if fits is None:
            self.estimated.add(guess)
        elif count < len(cells):
            self._remember(guess, cells, fits)
        if not candidate.options:
            plain[candidate.type] = count
        if same or candidate.type not in ("integer", "number"):
            return None
        return candidate.fits(cells) if fits is None else fits

    def _remember(self, guess: int, cells: pa.Array, fits: Mask) -> None:
        odd = self.odd.setdefault(guess, {})
        if len(odd) < SHOWN:
            rows = np.flatnonzero(~fits)[:FEW]
            for cell in cells.take(pa.array(rows)).to_pylist():
                odd |= {cell: None} if len(odd) < SHOWN else {}

    def _look_at_numbers(self, candidate: Candidate, cells: pa.Array, present: Mask) -> None:
        if not len(cells):
            return
        if candidate.type == "integer" and not candidate.options:
            self.identifiers["integer"].update(identifiers(cells, "integer", present))
            self.widths |= set(np.unique(lengths(cells)).tolist()[:3])
            bare = pc.utf8_ltrim(cells, "+") if present[ord("+")] else cells
            low, high = pc.min_max(pc.cast(bare, pa.int64())).values()
            self._stretch(low.as_py(), high.as_py())
        if candidate.type == "number":
            self.identifiers["number"].update(identifiers(cells, "number", present))
            point = pc.find_substring(cells, candidate.options.get("decimalChar", ".")).to_numpy()
            places = np.where(point < 0, 0, lengths(cells) - point - 1)
            known = self.places.setdefault(candidate.marks, set())
            known |= set(np.unique(places).tolist())
            known |= (
                {-1}
                if _any_of("eEnN", present) and _any_of("eEnN", bytes_present(cells))
                else set()
            )

    def _stretch(self, low: int, high: int) -> None:
        if self.range:
            low, high = min(low, self.range[0]), max(high, self.range[1])
        self.range = (low, high)

    def _count_values(self, cells: pa.Array) -> None:
        if self.values is None:
            return
        if (self.distinct.count or 0) > FEW:
            self.values = None
            return
        found = cells.value_counts()
        if len(found) <= FEW:
            for item in found.to_pylist():
                self.values[item["values"]] += item["counts"]
        if max(len(found), len(self.values)) > FEW:
            self.values = None


def _any_of(chars: str, present: Mask) -> bool:
    return any(present[ord(char)] for char in chars)
