"""What is said of a column by what was counted in it: its type, why, and what else may hold."""

import re

from core.plural import counted
from core.recipes.candidates import IDENTIFIERS, Candidate
from core.recipes.counting import ASKED, ENOUGH, FEW, MOSTLY, Column
from core.recipes.proposals import Proposal
from core.recipes.schema import Field
from core.values.text import shown

KEY = r"(?i)(^|[^a-z])(id|key|code|sku|no|nr|number)$|Id$"
NOUNS = {
    "integer": "whole numbers",
    "number": "numbers",
    "date": "dates",
    "datetime": "dates with a time",
    "time": "times",
}
THIN = 5  # cells that tell a type beside as many that may mean a missing one
_INT32 = 2**31


class Verdict:
    """`order` of day and month (dmy, mdy) is what the other columns tell, "" for nothing."""

    def __init__(self, column: Column, order: str = "") -> None:
        self._column, self._order = column, order
        self._fitting = _fitting(column)
        self._open = _open_orders(column, self._fitting)
        self._best = self._decided()

    @property
    def name(self) -> str:
        return self._column.name

    @property
    def own_order(self) -> str:
        """dmy or mdy, where the column's own dates tell it."""
        return self._open[0].order if len(self._open) == 1 else ""

    def _decided(self) -> Candidate | None:
        best = self._fitting
        if best is None:
            return None
        if self._why_thin(best) or (best.type in ("integer", "number") and self._why_identifier()):
            return None
        if len(self._open) > 1:
            return next((one for one in self._open if one.order == self._order), None)
        return best

    def _why_thin(self, best: Candidate) -> str:
        """Too little to tell a type: what reads as missing might be values, a lone word a name."""
        column = self._column
        words = column.tokens
        if column.cells < THIN and words.total() >= column.cells:
            few = counted(column.cells, "cell")
            return f"{few} beside {words.total():,} like “{next(iter(words))}” tell no type"
        if best.type == "boolean" and column.values:
            yes, no = (column.values.keys() & set(words) for words in best.options.values())
            word = min(yes | no)
            if not (yes and no) and word.lower() not in ("true", "false"):
                return f"“{word}” comes without its opposite"
        return ""

    def _why_identifier(self) -> str:
        column = self._column
        for counts in column.identifiers.values():
            for reason, count in counts.items():
                return f"{counted(count, 'cell')} with {reason}"
        if re.search(IDENTIFIERS, column.name):
            return "its name is that of an identifier"
        widths = column.widths
        if column.distinct.count and len(widths) == 1 and min(widths) >= 10:
            return f"all cells have {min(widths)} digits and no two are equal"
        return ""

    def _count(self, candidate: Candidate) -> int:
        return self._column.alive[self._column.guesses.index(candidate)]

    # ---- the field ------------------------------------------------------------------------------
    def field(self) -> Field:
        return Field(self.name) if self._best is None else self._field_of(self._best)

    def _field_of(self, best: Candidate) -> Field:
        column = self._column
        options = dict(best.options)
        if best.type == "boolean" and column.values is not None:
            for key in ("trueValues", "falseValues"):
                seen = [word for word in options[key] if word in column.values]
                options[key] = seen or options[key][:1]
            if options == {"trueValues": ["true"], "falseValues": ["false"]}:
                options = {}
        bson = None
        if best.type == "integer":
            low, high = column.range or (0, 0)
            bson = "int32" if low >= -_INT32 and high < _INT32 else "int64"
        if best.type == "number" and (places := self._fixed_places(best)):
            bson, options = "decimal128", options | {"decimals": places}
        missing = ("", *column.tokens) if column.tokens else None
        return Field(column.name, best.type, best.format, {}, missing, options, bson=bson)

    def _fixed_places(self, best: Candidate) -> int:
        """The decimals that all numbers have; whole numbers between them do not matter."""
        seen = self._column.places
        places = seen.get(best.marks, set()) - {0}
        if "decimalChar" not in best.options:  # batches without groups count as plain numbers
            places |= seen.get("", set()) - {0}
        return places.pop() if len(places) == 1 and min(places) > 0 else 0

    def because(self) -> str:
        cells = self._column.cells
        if self._best is None:
            if not cells:
                return "The column is empty."
            reason = (self._fitting and self._why_thin(self._fitting)) or self._why_identifier()
            if not reason and (near := self._mostly()):
                return f"Stays text: {near[0].because}"
            return f"Stays text: {reason}." if reason else "No type fits 95 % of its cells."
        return f"{self._count(self._best):,} of {counted(cells, 'cell')} fit."

    @property
    def missing(self) -> dict[str, int]:
        """The words that are taken as missing cells, and how often each came."""
        return {} if self._best is None else dict(self._column.tokens)

    @property
    def padded(self) -> int:
        """The decimals that whole numbers get: a column of Decimal128 has the same for all."""
        if self._best is None or self._best.type != "number":
            return 0
        places = self._fixed_places(self._best)
        return places if 0 in self._column.places.get(self._best.marks, {0}) else 0

    # ---- the proposals --------------------------------------------------------------------------
    def proposals(self) -> list[Proposal]:
        return [*self._orders(), *self._formats(), *self._mostly(), *self._constraints()]

    def _mostly(self) -> list[Proposal]:
        """Whether text is to be read as the type that most of its cells have."""
        if self._fitting is not None or self._why_identifier():
            return []
        near = _fitting(self._column, least=MOSTLY)
        if near is None or near.type not in ASKED or len(_open_orders(self._column, near)) > 1:
            return []
        column, guess = self._column, self._column.guesses.index(near)
        about = "About " if guess in column.estimated else ""
        number = f"{about}{self._count(near):,} of {counted(column.cells, 'cell')}"
        odd = ", ".join(f"“{shown(cell)}”" for cell in column.odd.get(guess, ()))
        others = f"; the others are like {odd}" if odd else ""
        field = self._field_of(near)
        value = {
            "type": field.type,
            "format": field.format,
            "options": field.options,
            "bson": field.bson,
            "missing_values": field.missing_values,
        }
        because = f"{number} are {NOUNS[near.type]}{others}."
        return [Proposal(self.name, "mostly", value, because, True)]

    def _orders(self) -> list[Proposal]:
        if self._order or len(self._open) < 2:
            return []
        because = "Day and month cannot be told apart: no cell has a number above 12."
        return [
            Proposal(self.name, "type", {"type": one.type, "format": one.format}, because, True)
            for one in self._open
        ]

    def _formats(self) -> list[Proposal]:
        if self._best is not None or (found := _fitting(self._column, text=True)) is None:
            return []
        because = f"{self._count(found):,} of {self._column.cells:,} cells are one."
        return [Proposal(self.name, "format", found.format, because)]

    def _constraints(self) -> list[Proposal]:
        column = self._column
        cells, different = column.cells, column.distinct.count
        total = cells + column.blank + sum(column.tokens.values())
        found = []
        if cells and cells == total:
            found.append(Proposal(self.name, "required", True, f"0 of {total:,} cells are blank."))
            if different and re.search(KEY, self.name):
                because = f"None of {cells:,} cells is blank and no two are equal."
                found.append(Proposal(self.name, "primaryKey", True, because))
        if different and cells > 1:
            because = (
                f"{'The first' if different < cells else 'All'} {different:,} values are different."
            )
            found.append(Proposal(self.name, "unique", True, because))
        few = column.values
        if few and len(few) <= FEW and cells >= 10 * len(few) and self._best is None:
            because = f"Only {counted(len(few), 'value')} in {counted(cells, 'cell')}."
            found.append(Proposal(self.name, "enum", sorted(few), because))
        if column.range and self._best and self._best.type == "integer":
            low, high = column.range
            found.append(Proposal(self.name, "minimum", low, f"The lowest value is {low:,}."))
            found.append(Proposal(self.name, "maximum", high, f"The highest value is {high:,}."))
        return found


def _fitting(column: Column, text: bool = False, least: float = ENOUGH) -> Candidate | None:
    """The guess that most cells fit, ENOUGH of them if not `least`; of types, or of formats of
    text."""
    if not column.cells:
        return None
    fitting = [
        guess
        for guess, count in column.alive.items()
        if count >= least * column.cells and (column.guesses[guess].type == "string") == text
    ]
    if not fitting:
        return None
    return column.guesses[max(fitting, key=lambda guess: (column.alive[guess], -guess))]


def _open_orders(column: Column, best: Candidate | None) -> list[Candidate]:
    """The date candidates that fit as many cells in any order of day and month."""
    if best is None or best.order not in ("dmy", "mdy"):
        return []
    count = column.alive[column.guesses.index(best)]
    return [
        column.guesses[guess]
        for guess, other in column.alive.items()
        if other == count
        and column.guesses[guess].order in ("dmy", "mdy")
        and len(column.guesses[guess].format) == len(best.format)
    ]
