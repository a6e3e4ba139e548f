"""Inference: a schema from the whole file, streaming, with the evidence for each guess.

A column has a type where at least 95 % of its cells that are not missing fit it; a guess is
dropped as soon as the rest of the file can no longer lift it there. Constraints are proposals:
they stand beside the schema, not in it, until someone accepts them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.batch import RawBatch
from core.reading.dialect import Dialect
from core.recipes.candidates import IDENTIFIERS, Candidate, candidates, identifiers, without_tokens
from core.recipes.looks import Looks
from core.recipes.naming import suited
from core.recipes.proposals import Inferred, Proposal
from core.recipes.schema import Field, Schema
from core.values.hashing import Hasher
from core.values.text import Mask, bytes_present, lengths
from core.values.uniqueness import KeyTable

__all__ = ["Inference", "Inferred", "Proposal", "infer_schema"]
ENOUGH = 0.95
FEW = 50  # different values that an enum may have
REMEMBERED = 2_000_000  # values of a column that are compared with each other, 80 MB at most
GATHERED = 4_096  # records that are looked at together at most
HELD = 1 << 25  # bytes of the batches that wait
_INT32 = 2**31
KEY = r"(?i)(^|[^a-z])(id|key|code|sku|no|nr|number)$|Id$"


class Inference:
    """Takes the batches of a file in order; `result` can be asked for at any time."""

    def __init__(self, names: Sequence[str], dialect: Dialect) -> None:
        guesses = candidates(dialect)
        looks = Looks(guesses)
        self._columns = tuple(_Column(name, guesses, looks) for name in names)
        self._records = 0

    def add(self, batches: Sequence[RawBatch]) -> None:
        """Batches that follow one another, as if they were one."""
        self._records += sum(raw.count for raw in batches)
        for column in self._columns:
            cells = [raw.columns[column.name] for raw in batches]
            column.add(pa.concat_arrays(cells), batches[-1].fraction)

    def result(self) -> Inferred:
        told = {order for column in self._columns if (order := column.own_order())}
        order = told.pop() if len(told) == 1 else ""
        for column in self._columns:
            column.order = order
        fields = suited([column.field() for column in self._columns])
        proposals = tuple(p for column in self._columns for p in column.proposals())
        because = {column.name: column.because() for column in self._columns}
        return Inferred(Schema(fields), because, proposals, self._records, order)


def infer_schema(
    batches: Iterator[RawBatch], names: Sequence[str], dialect: Dialect
) -> Iterator[Inferred]:
    """What is known after each batch; the last is of the whole file, the first after a look.

    Batches of few rows, as wide files have them, are gathered until as many records wait as were
    looked at before: a look at a column costs about the same for ten cells and for a thousand.
    """
    inference = Inference(names, dialect)
    known = inference.result()
    waiting: list[RawBatch] = []
    for raw in batches:
        waiting += [raw] if raw.rows else []
        if _rows(waiting) >= min(max(known.records, 1), GATHERED) or _bytes(waiting) >= HELD:
            inference.add(waiting)
            known, waiting = inference.result(), []
        yield known
    if waiting:
        inference.add(waiting)
        yield inference.result()


def _rows(batches: Sequence[RawBatch]) -> int:
    return sum(raw.rows for raw in batches)


def _bytes(batches: Sequence[RawBatch]) -> int:
    return sum(len(raw.data) for raw in batches)


class _Column:
    def __init__(self, name: str, guesses: tuple[Candidate, ...], looks: Looks) -> None:
        self.name = name
        self._looks = looks
        self._candidates = guesses
        self._alive = dict.fromkeys(range(len(guesses)), 0)
        self._cells = self._blank = 0
        self._tokens: Counter[str] = Counter()
        self._identifiers: dict[str, Counter[str]] = {"integer": Counter(), "number": Counter()}
        self._values: Counter[str] | None = Counter()
        self._seen: KeyTable | None = KeyTable()
        self._hasher = Hasher()
        self._range: tuple[Any, Any] | None = None
        self._places: dict[str, set[int]] = {}  # decimals seen, by the marks of the guess
        self._widths: set[int] = set()
        self.order = ""  # of day and month, as all columns that tell it have it

    # ---- taking in ------------------------------------------------------------------------------
    def add(self, raw: pa.Array, fraction: float) -> None:
        values, tokens = without_tokens(pc.fill_null(raw, ""))
        self._tokens.update(tokens)
        cells = values.drop_null()
        self._cells += len(cells)
        self._blank += len(values) - len(cells) - sum(tokens.values())
        if not len(cells):
            return
        self._count_values(cells)
        self._find_repeats(cells, fraction)
        plain: dict[str, int] = {}
        present = bytes_present(cells)
        possible = self._looks.possible(cells) if self._alive else ()
        for guess in list(self._alive):
            fits = self._weigh(guess, cells, plain, present) if guess in possible else None
            # cells still to come could all fit
            share = self._alive[guess] / self._cells
            if share * fraction + (1 - fraction) < ENOUGH - 0.01:
                del self._alive[guess]
            elif fits is not None:
                self._look_at_numbers(self._candidates[guess], cells.filter(fits), present)

    def _weigh(
        self, guess: int, cells: pa.Array, plain: dict[str, int], present: Mask
    ) -> pa.Array | None:
        """Counts the cells that fit; gives them where they are numbers that are news."""
        candidate = self._candidates[guess]
        same = bool(candidate.marks) and not any(present[ord(mark)] for mark in candidate.marks)
        if same and candidate.type in plain:
            self._alive[guess] += plain[candidate.type]
            return None
        count, fits = candidate.weigh(cells)
        self._alive[guess] += count
        if not candidate.options:
            plain[candidate.type] = count
        if same or candidate.type not in ("integer", "number"):
            return None
        return pa.array(candidate.fits(cells) if fits is None else fits)

    def _look_at_numbers(self, candidate: Candidate, cells: pa.Array, present: Mask) -> None:
        if not len(cells):
            return
        if candidate.type == "integer" and not candidate.options:
            self._identifiers["integer"].update(identifiers(cells))
            self._widths |= set(np.unique(lengths(cells)).tolist()[:3])
            numbers = pc.cast(pc.replace_substring_regex(cells, r"^\+", ""), pa.int64())
            self._stretch(*(bound.as_py() for bound in pc.min_max(numbers).values()))
        if candidate.type == "number":
            found = identifiers(cells, ("leading zeros", "letters E that may be part of a code"))
            self._identifiers["number"].update(found)
            point = pc.find_substring(cells, candidate.options.get("decimalChar", "."))
            after = pc.subtract(pc.subtract(pc.binary_length(cells), point), 1)
            places = pc.if_else(pc.less(point, 0), 0, after)
            known = self._places.setdefault(candidate.marks, set())
            known |= set(pc.unique(places).to_pylist())
            known |= {-1} if any(present[ord(char)] for char in "eEnN") else set()

    def _stretch(self, low: Any, high: Any) -> None:
        if self._range:
            low, high = min(low, self._range[0]), max(high, self._range[1])
        self._range = (low, high)

    def _count_values(self, cells: pa.Array) -> None:
        if self._values is None:
            return
        for item in cells.value_counts():
            self._values[item["values"].as_py()] += item["counts"].as_py()
            if len(self._values) > FEW:
                self._values = None
                return

    def _find_repeats(self, cells: pa.Array, fraction: float) -> None:
        if self._seen is None or self._seen.count > REMEMBERED:
            return
        if self._values is not None and len(self._values) < self._cells:
            self._seen = None
            return
        expected = min(self._cells / max(fraction, 1e-6), REMEMBERED)
        lines = np.arange(1, len(cells) + 1, dtype=np.uint32) + np.uint32(self._cells)
        if self._seen.add(self._hasher.hashes([cells]), lines, expected).any():
            self._seen = None  # a value came twice

    # ---- giving out -----------------------------------------------------------------------------
    def _fitting(self, text: bool = False) -> Candidate | None:
        """The guess that most cells fit, 95 % of them at least; of types, or of formats of text."""
        fitting = [
            guess
            for guess, count in self._alive.items()
            if count >= ENOUGH * self._cells and (self._candidates[guess].type == "string") == text
        ]
        if not self._cells or not fitting:
            return None
        return self._candidates[max(fitting, key=lambda guess: (self._alive[guess], -guess))]

    def _best(self) -> Candidate | None:
        best = self._fitting()
        if best is None:
            return None
        if best.type in ("integer", "number") and self._why_identifier():
            return None
        if len(open_ := self._orders(best)) > 1:
            return next((one for one in open_ if one.order == self.order), None)
        return best

    def _why_identifier(self) -> str:
        for counts in self._identifiers.values():
            for reason, count in counts.items():
                return f"{count:,} cells have {reason}"
        if re.search(IDENTIFIERS, self.name):
            return "its name is that of an identifier"
        if self._seen is not None and len(self._widths) == 1 and min(self._widths) >= 10:
            return f"all cells have {min(self._widths)} digits and no two are equal"
        return ""

    def own_order(self) -> str:
        """dmy or mdy, where the column's own dates tell it."""
        orders = self._orders(best) if (best := self._fitting()) else []
        return orders[0].order if len(orders) == 1 else ""

    def _orders(self, best: Candidate) -> list[Candidate]:
        """The date candidates that fit as many cells in another order of day and month."""
        if best.order not in ("dmy", "mdy"):
            return []
        count = self._alive[self._candidates.index(best)]
        return [
            self._candidates[g]
            for g, other in self._alive.items()
            if other == count
            and self._candidates[g].order in ("dmy", "mdy")
            and len(self._candidates[g].format) == len(best.format)
        ]

    def field(self) -> Field:
        best = self._best()
        if best is None:
            return Field(self.name)
        options = dict(best.options)
        if best.type == "boolean" and self._values is not None:
            for key in ("trueValues", "falseValues"):
                seen = [word for word in options[key] if word in self._values]
                options[key] = seen or options[key][:1]
            if options == {"trueValues": ["true"], "falseValues": ["false"]}:
                options = {}
        bson = None
        if best.type == "integer":
            low, high = self._range or (0, 0)
            bson = "int32" if low >= -_INT32 and high < _INT32 else "int64"
        if best.type == "number" and (places := self._fixed_places(best)):
            bson, options = "decimal128", options | {"decimals": places}
        missing = ("", *self._tokens) if self._tokens else None
        return Field(self.name, best.type, best.format, {}, missing, options, bson=bson)

    def _fixed_places(self, best: Candidate) -> int:
        """The decimals that all numbers have; whole numbers between them do not matter."""
        places = self._places.get(best.marks, set()) - {0}
        if "decimalChar" not in best.options:  # batches without groups count as plain numbers
            places |= self._places.get("", set()) - {0}
        return places.pop() if len(places) == 1 and min(places) > 0 else 0

    def because(self) -> str:
        best = self._best()
        if best is None:
            if not self._cells:
                return "The column is empty."
            reason = self._why_identifier()
            return f"Stays text: {reason}." if reason else "No type fits 95 % of its cells."
        count = self._alive[self._candidates.index(best)]
        return f"{count:,} of {self._cells:,} cells fit."

    def proposals(self) -> list[Proposal]:
        return [*self._open_orders(), *self._formats(), *self._constraints()]

    def _open_orders(self) -> list[Proposal]:
        best = self._fitting()
        if best is None or self.order or len(self._orders(best)) < 2:
            return []
        because = "Day and month cannot be told apart: no cell has a number above 12."
        return [
            Proposal(self.name, "type", {"type": one.type, "format": one.format}, because, True)
            for one in self._orders(best)
        ]

    def _formats(self) -> list[Proposal]:
        found = self._fitting(text=True)
        if found is None or self._best() is not None:
            return []
        count = self._alive[self._candidates.index(found)]
        because = f"{count:,} of {self._cells:,} cells are one."
        return [Proposal(self.name, "format", found.format, because)]

    def _key(self) -> list[Proposal]:
        """A column of different values, none blank, whose name says that it is a key."""
        if self._seen is None or not re.search(KEY, self.name):
            return []
        because = f"None of {self._cells:,} cells is blank and no two are equal."
        return [Proposal(self.name, "primaryKey", True, because)]

    def _constraints(self) -> list[Proposal]:
        total = self._cells + self._blank + sum(self._tokens.values())
        found = []
        if self._cells and self._cells == total:
            found.append(Proposal(self.name, "required", True, f"0 of {total:,} cells are blank."))
            found += self._key()
        if self._seen is not None and self._cells > 1:
            some = self._seen.count < self._cells
            because = f"{'The first' if some else 'All'} {self._seen.count:,} values are different."
            found.append(Proposal(self.name, "unique", True, because))
        few = self._values
        if few and len(few) <= FEW and self._cells >= 10 * len(few) and self._best() is None:
            because = f"Only {len(few)} values in {self._cells:,} cells."
            found.append(Proposal(self.name, "enum", sorted(few), because))
        if self._range and (best := self._best()) and best.type == "integer":
            low, high = self._range
            found.append(Proposal(self.name, "minimum", low, f"The lowest value is {low:,}."))
            found.append(Proposal(self.name, "maximum", high, f"The highest value is {high:,}."))
        return found
