"""Which fix applies to which kind of problem: changes of a recipe, tried on the problems.

A fix is never guessed: its recipe is checked against the values that broke the rule, by the code
that will check the file, and it counts only the cells that are good afterwards.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process, utils

from core.batch import Problem
from core.checking.checker import Checker, one_column
from core.checking.widths import WORDS
from core.reading.records import EXTRA, MISSING
from core.recipes.recipe import LEAVE_EMPTY, LEAVE_OUT, LEAVE_OUT_BLANK, Recipe
from core.recipes.schema import Field, Schema
from core.values.cleaning import Step
from core.values.fields import field_type
from core.values.text import strings

MENDABLE = ("type-error", "constraint-error")  # what one cell alone can break
SCREENED = 250  # values, of thousands, on which a change is tried first
EXAMPLE = 40  # characters of a row
NEAR = 72  # of 100: how alike a value and an allowed one must be
EMPTY_WORDS = ("n/a", "na", "null", "none", "nil", "-", "--", "?", "unknown", "tbd", "missing")
DAYS = (
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m/%d/%Y",
    "%Y/%m/%d",
    "%Y-%m-%d",
    "%d %b %Y",
    "%b %d, %Y",
)
TRUE, FALSE = ("yes", "y", "1", "on", "ja", "oui", "si"), ("no", "n", "0", "off", "nein", "non")


@dataclass(frozen=True, slots=True)
class Fix:
    """One change of a recipe that mends problems of one kind.

    `name` is short enough for a chip (“decimal comma”), `label` says what will be done (“Use comma
    decimals”). `recipe` is the recipe with it. Of the problems tried `count` become good, `of` were
    tried; `after` maps the values as they stand to what they become (“” = a missing cell).
    """

    name: str
    label: str
    recipe: Recipe
    count: int
    of: int
    after: Mapping[str, str]
    gives_up: bool = False  # the type or a rule, rather than mending the cells

    @property
    def examples(self) -> tuple[tuple[str, str], ...]:
        """A few values, before and after."""
        return tuple(self.after.items())[:3]


Candidate = tuple[str, str, Mapping[str, Any]]  # name, label, what changes in the field


def suggest(recipe: Recipe, problems: Sequence[Problem]) -> Fix | None:
    """The best fix for problems of one kind: the one that mends most; None where nothing helps."""
    fixes = suggestions(recipe, problems)
    return fixes[0] if fixes else None


def suggestions(recipe: Recipe, problems: Sequence[Problem]) -> tuple[Fix, ...]:
    """All that mend some of these problems of one kind, those that mend most first; what gives up
    the type or the value stands after what keeps it."""
    if problems and problems[0].code in (EXTRA, MISSING):
        return tuple(_of_rows(recipe, problems))
    if not problems or problems[0].field is None or problems[0].code not in MENDABLE:
        return ()
    field = recipe.schema.field(problems[0].field)
    values = [problem.value for problem in problems]
    counts = Counter(values)
    kept = [_tried(recipe, field, one, counts) for one in _gentle(recipe, field, values)]
    rough = [_tried(recipe, field, one, counts) for one in _rough(field, problems[0])]
    gentle = sorted((fix for fix in kept if fix is not None), key=lambda fix: -fix.count)
    return (*gentle, *(replace(fix, gives_up=True) for fix in rough if fix is not None))


# -- what could help ---------------------------------------------------------------------------
def _gentle(recipe: Recipe, field: Field, values: Sequence[str]) -> Iterator[Candidate]:
    """Repairs that keep type, rules and values."""
    for name, label, steps in (*_steps(field, values), *_mapped(field, values)):
        yield name, label, {"clean": (*field.clean, *steps)}
    words = sorted({value for value in values if value.strip().lower() in EMPTY_WORDS})
    if words and not field.constraints.get("required"):
        missing = (*recipe.schema.missing_of(field), *words)
        listed = ", ".join(f"“{word}”" for word in words[:3])
        yield "stands for empty", f"Read {listed} as empty", {"missing_values": missing}


def _steps(field: Field, values: Sequence[str]) -> Iterator[tuple[str, str, tuple[Step, ...]]]:
    yield "spaces around it", "Trim spaces", (Step("trim"),)
    if field.type in ("number", "integer"):
        yield "decimal comma", "Use comma decimals", (Step("decimalComma"),)
        yield "thousands", "Leave out the thousands separators", (Step("thousands"),)
        yield "unit or currency", "Leave out units", (Step("currency"),)
    if field.type in ("date", "datetime"):
        for pattern in DAYS:
            words = f"Read dates like {_day(pattern)}"
            yield "another date order", words, (Step("parseDate", {"format": pattern}),)


def _mapped(field: Field, values: Sequence[str]) -> Iterator[tuple[str, str, tuple[Step, ...]]]:
    """Value mappings: near an allowed value, or another word for yes or no."""
    near: dict[str, str] = {}
    if "enum" in field.constraints:
        near = nearest(values, [str(value) for value in field.constraints["enum"]])
        name = "not in the list"
    elif field.type == "boolean":
        name = "other words for yes or no"
        for value in values:
            word = value.strip().lower()
            if word in TRUE or word in FALSE:
                near[value] = "true" if word in TRUE else "false"
    if near:
        listed = ", ".join(f"{old} → {new}" for old, new in list(near.items())[:2])
        label = f"Read {listed}" + (" …" if len(near) > 2 else "")
        yield name, label, (Step("replace", {"values": near}),)


def nearest(values: Sequence[str], allowed: Sequence[str]) -> dict[str, str]:
    """Each value with the one allowed value it most resembles, where it resembles one enough."""
    found: dict[str, str] = {}
    for value in dict.fromkeys(values):
        best = process.extractOne(
            value, allowed, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=NEAR
        )
        if best is not None:
            found[value] = best[0]
    return found


def _rough(field: Field, problem: Problem) -> Iterator[Candidate]:
    """Repairs that give up the type, the rule, or the cell."""
    if problem.code == "type-error" and field.type != "string":
        rules = {
            rule: value
            for rule, value in field.constraints.items()
            if rule in field_type("string").constraints and rule != "enum"
        }
        changes: dict[str, Any] = {
            "type": "string",
            "format": "default",
            "bson": None,
            "options": {},
            "constraints": rules,
            "clean": (),
        }
        yield "not text", "Read the column as text", changes
    if problem.rule in field.constraints and problem.rule != "unique":
        rules = {rule: v for rule, v in field.constraints.items() if rule != problem.rule}
        words = {"required": "Allow empty cells", "enum": "Allow any value"}.get(
            problem.rule, f"Give up the {problem.rule}"
        )
        yield "against a rule", words, {"constraints": rules}


def _day(pattern: str) -> str:
    parts = {"%d": "31", "%m": "12", "%Y": "2025", "%b": "Dec"}
    for sign, text in parts.items():
        pattern = pattern.replace(sign, text)
    return pattern


# -- rows of the wrong width -------------------------------------------------------------------
def _of_rows(recipe: Recipe, problems: Sequence[Problem]) -> Iterator[Fix]:
    """What makes them fit: the recipe leaves out what is too much, or empty what is not there.

    Cells that hold something are left out by a fix of its own, after those that hold nothing.
    """
    values, mark = [problem.value for problem in problems], recipe.dialect.delimiter
    if problems[0].code == MISSING:
        width, name = len(recipe.schema.names), "too few cells"
        after = {_end(v): _end(v) + mark * max(1, width - _cells(v, mark)) for v in values}
        changed = replace(recipe, missing_cells=LEAVE_EMPTY)
        yield Fix(name, WORDS[LEAVE_EMPTY], changed, len(values), len(values), after)
        return
    blank = [value for value in values if not value.replace(mark, "").strip()]
    every = values if len(blank) < len(values) else []
    for name, choice, some in (
        ("empty cells too many", LEAVE_OUT_BLANK, blank),
        ("too many cells", LEAVE_OUT, every),
    ):
        if some:
            after = {"…" + mark + _start(value): "…" for value in some}
            changed = replace(recipe, extra_cells=choice)
            yield Fix(name, WORDS[choice], changed, len(some), len(values), after)


def _cells(value: str, mark: str) -> int:
    """How many cells are written in it; in quotes a delimiter is none."""
    quoted = value.split('"')
    return sum(part.count(mark) for part in quoted[::2]) + 1


def _start(value: str) -> str:
    return value if len(value) <= EXAMPLE else value[:EXAMPLE] + "…"


def _end(value: str) -> str:
    return value if len(value) <= EXAMPLE else "…" + value[-EXAMPLE:]


# -- what helps --------------------------------------------------------------------------------
def _tried(recipe: Recipe, field: Field, candidate: Candidate, counts: Counter[str]) -> Fix | None:
    """None where it mends nothing. Judged as a column: refused records, which nobody reads here,
    are not made. What mends none of SCREENED values from all over the file is not tried on the
    others, and only what mends some is put into a recipe, which may have 2,000 fields.
    """
    name, label, changes = candidate
    lonely = Schema(
        (_lonely(replace(field, **changes)),), missing_values=recipe.schema.missing_values
    )
    alone = replace(recipe, schema=lonely, clean=(), derived=(), rules=())
    checker, values = Checker(alone, (field.name,)), tuple(counts)
    few = values[:: max(1, len(values) // SCREENED)]
    after = _mended(checker, field.name, few)
    if after and len(few) < len(values):
        after = _mended(checker, field.name, values)
    if not after:
        return None
    changed = replace(recipe, schema=recipe.schema.replace_field(field.name, **changes))
    count = sum(counts[value] for value in after)
    return Fix(name, label, changed, count, counts.total(), after)


def _mended(checker: Checker, name: str, values: Sequence[str]) -> dict[str, str]:
    """The values that are good afterwards, with what they become."""
    judged = checker.column(one_column(name, values), name)
    good = np.ones(len(values), bool)
    for finding in judged.findings:
        good[finding.rows] = False
    texts = zip(values, strings(judged.text), good.tolist(), strict=True)
    return {value: text for value, text, fine in texts if fine}


def _lonely(field: Field) -> Field:
    """Without the rule that needs the whole file."""
    rules = {rule: value for rule, value in field.constraints.items() if rule != "unique"}
    return replace(field, constraints=rules)
