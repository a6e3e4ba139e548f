"""Cleaning steps: data that names one vectorised change of a text column.

A step is a *fix* where it repairs cells of a type (`decimalComma`, `parseDate`, …) or carries
`only: "problems"`: it then changes only cells that do not parse, and only into ones that do, so a
cell that parses already is never touched. The others change every cell they speak of.
"""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import RecipeError
from core.values.moments import DATE, DATETIME, check_pattern, strptime
from core.values.text import Mask, each, option


@dataclass(frozen=True, slots=True)
class Step:
    """A cleaning step by name, with its parameters, as it stands in a recipe."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def to_descriptor(self) -> dict[str, Any]:
        return {"step": self.name, **self.params}

    @classmethod
    def from_descriptor(cls, descriptor: Any) -> "Step":
        """Raises RecipeError for what is no step."""
        if isinstance(descriptor, str):
            descriptor = {"step": descriptor}
        if not isinstance(descriptor, Mapping) or not isinstance(descriptor.get("step"), str):
            raise RecipeError(f"{descriptor!r} is no cleaning step.", 'Write {"step": "trim"}.')
        return cls(descriptor["step"], {k: v for k, v in descriptor.items() if k != "step"})


@dataclass(frozen=True, slots=True)
class Aim:
    """What a fix has to write: the type, format and options of the column."""

    type: str = "string"
    format: str = "default"
    options: Mapping[str, Any] = field(default_factory=dict)


Change = Callable[[pa.Array, Mapping[str, Any], Aim], pa.Array]


@dataclass(frozen=True, slots=True)
class StepKind:
    """`label` is what a menu says, `needs` the parameters a step cannot do without, by type;
    `takes` those it may have."""

    name: str
    label: str
    change: Change
    needs: Mapping[str, type] = field(default_factory=dict)
    takes: Mapping[str, type] = field(default_factory=dict)
    fixes: bool = False


def _trim(values: pa.Array, params: Mapping[str, Any], aim: Aim) -> pa.Array:
    return pc.utf8_trim_whitespace(values)


def _collapse(values: pa.Array, params: Mapping[str, Any], aim: Aim) -> pa.Array:
    return pc.replace_substring_regex(values, r"[\s\pZ]+", " ")


def _normalise(values: pa.Array, params: Mapping[str, Any], aim: Aim) -> pa.Array:
    if pc.all(pc.string_is_ascii(values)).as_py() is not False:
        return values  # ASCII is its own NFC
    return _by_cell(values, lambda cell: unicodedata.normalize("NFC", cell))


def _by_cell(values: pa.Array, change: Callable[[str], str | None]) -> pa.Array:
    return pa.array(each(values, lambda cell: None if cell is None else change(cell)), pa.string())


CASES: dict[str, Callable[[pa.Array], pa.Array]] = {
    "lower": pc.utf8_lower,
    "upper": pc.utf8_upper,
    "title": pc.utf8_title,
    "capital": pc.utf8_capitalize,
}


def _case(values: pa.Array, params: Mapping[str, Any], aim: Aim) -> pa.Array:
    return CASES[params["to"]](values)


def _replace(values: pa.Array, params: Mapping[str, Any], aim: Aim) -> pa.Array:
    """Part of a cell (`old`, `new`), or whole cells by `values`."""
    if "old" in params:
        values = pc.replace_substring(values, params["old"], params["new"])
    mapped = params.get("values") or {}
    if not mapped:
        return values
    place = pc.index_in(values, value_set=pa.array(list(mapped), pa.string()))
    new = pa.array([str(value) for value in mapped.values()], pa.string())
    return pc.coalesce(new.take(place), values)


def _replace_pattern(values: pa.Array, params: Mapping[str, Any], aim: Aim) -> pa.Array:
    return pc.replace_substring_regex(values, params["pattern"], params["new"])


def _decimal_comma(values: pa.Array, params: Mapping[str, Any], aim: Aim) -> pa.Array:
    """1.250,00 and 1 250,00 as 1250.00; what has no comma is no decimal comma and stays."""
    form = r"^\s*([+-]?[0-9]{1,3}(?:[. '\x{a0}\x{202f}][0-9]{3})+|[+-]?[0-9]+),([0-9]+)\s*$"
    commas = pc.match_substring_regex(values, form)
    plain = pc.replace_substring_regex(values, r"[. '\x{a0}\x{202f}\s]", "")
    mark = option(aim.options, "decimalChar", ".")
    return pc.if_else(commas, pc.replace_substring(plain, ",", mark), values)


def _strip_thousands(values: pa.Array, params: Mapping[str, Any], aim: Aim) -> pa.Array:
    """1,250.00 as 1250.00: the character `char`, else whatever the decimal character is not."""
    mark = option(aim.options, "decimalChar", ".")
    chars = params.get("char") or (" '.\u00a0\u202f" if mark == "," else " ',\u00a0\u202f")
    group = "[" + "".join(f"\\x{{{ord(char):x}}}" for char in chars) + "]"
    form = rf"^([+-]?[0-9]{{1,3}}(?:{group}[0-9]{{3}})+)(\x{{{ord(mark):x}}}[0-9]*)?$"
    grouped = pc.match_substring_regex(values, form)
    return pc.if_else(grouped, pc.replace_substring_regex(values, group, ""), values)


def _strip_currency(values: pa.Array, params: Mapping[str, Any], aim: Aim) -> pa.Array:
    """€ 12.50, 12.50 EUR and 12.50 Kč as 12.50, also behind a sign."""
    unit = r"(?:\p{Sc}|[A-Z]{3}|Kč|kr\.?|Ft|zł|R\$|US\$|Rs\.?)"
    text = pc.replace_substring_regex(values, rf"^\s*([+-]?)\s*{unit}\s*([+-]?[0-9.,])", r"\1\2")
    return pc.replace_substring_regex(text, rf"([0-9.,])\s*{unit}\s*$", r"\1")


def _parse_date(values: pa.Array, params: Mapping[str, Any], aim: Aim) -> pa.Array:
    """Dates written by `format`, as the column's own format wants them."""
    default = DATETIME if aim.type == "datetime" else DATE
    wanted = default if aim.format in ("default", "any") else aim.format

    def change(cell: str) -> str | None:
        moment = strptime(cell.strip(), params["format"])
        return cell if moment is None else moment.strftime(wanted)

    return _by_cell(values, change)


def _constant(values: pa.Array, params: Mapping[str, Any], aim: Aim) -> pa.Array:
    return pa.repeat(pa.scalar(str(params["value"]), pa.string()), len(values))


def _unchanged(values: pa.Array, params: Mapping[str, Any], aim: Aim) -> pa.Array:
    return values


_REPLACED: dict[str, type] = {"old": str, "new": str, "values": dict}
_PATTERNED: dict[str, type] = {"pattern": str, "new": str}
STEPS: dict[str, StepKind] = {
    kind.name: kind
    for kind in (
        StepKind("trim", "Trim spaces at both ends", _trim),
        StepKind("collapse", "Collapse inner spaces", _collapse),
        StepKind("normalise", "Normalise Unicode (NFC)", _normalise),
        StepKind("case", "Change case", _case, {"to": str}),
        StepKind("replace", "Replace text or values", _replace, {}, _REPLACED),
        StepKind("replacePattern", "Replace a pattern", _replace_pattern, _PATTERNED),
        StepKind("decimalComma", "Use comma decimals", _decimal_comma, fixes=True),
        StepKind("thousands", "Strip thousands", _strip_thousands, {}, {"char": str}, True),
        StepKind("currency", "Strip units and currency", _strip_currency, fixes=True),
        StepKind("parseDate", "Parse dates by pattern", _parse_date, {"format": str}, fixes=True),
        StepKind("fillDown", "Fill down", _unchanged),  # needs the batch before: see filled_down
        StepKind("constant", "One value for all", _constant, {"value": object}),
    )
}


def is_fix(step: Step) -> bool:
    return STEPS[step.name].fixes or step.params.get("only") == "problems"


def check_steps(steps: Sequence[Step]) -> None:
    """Raises RecipeError for an unknown step, a parameter that is missing or of no use."""
    for step in steps:
        kind = STEPS.get(step.name)
        if kind is None:
            raise RecipeError(
                f"There is no cleaning step “{step.name}”.", f"Choose one of {', '.join(STEPS)}."
            )
        check_params(step, kind.needs, {**kind.takes, "only": str})
        _check_values(step)


def check_params(step: Step, needs: Mapping[str, type], takes: Mapping[str, type]) -> None:
    """Raises RecipeError."""
    for name in needs.keys() - step.params.keys():
        raise RecipeError(f"The step “{step.name}” needs “{name}”.", "Add it to the recipe.")
    for name, value in step.params.items():
        wanted = needs.get(name) or takes.get(name)
        if wanted is None or not isinstance(value, wanted):
            raise RecipeError(
                f"The step “{step.name}” cannot use {name}: {value!r}.", "Mend the recipe."
            )


def _check_values(step: Step) -> None:
    params = step.params
    if step.name == "case" and params["to"] not in CASES:
        raise RecipeError(f"There is no case “{params['to']}”.", f"Choose from {', '.join(CASES)}.")
    said = params.get("values") or (params.get("old") and "new" in params)
    if step.name == "replace" and not said:
        raise RecipeError("A step “replace” says not what.", "Give old and new, or values.")
    if step.name == "parseDate":
        check_pattern(params["format"])
    if step.name == "replacePattern":
        try:
            pc.replace_substring_regex(pa.array([""]), params["pattern"], params["new"])
        except pa.ArrowInvalid as error:
            raise RecipeError(
                f"The pattern {params['pattern']} cannot be used: {error}.",
                "Patterns are RE2's: without back-references and look-around.",
            ) from error


Bad = Callable[[pa.Array], Mask | None]  # which cells of a column do not parse


def change(step: Step, values: pa.Array, aim: Aim, bad: Bad) -> pa.Array:
    """The column after one step; `bad` is asked only by fixes."""
    kind = STEPS[step.name]
    if not is_fix(step):
        return kind.change(values, step.params, aim)
    wrong = bad(values)
    if wrong is None or not wrong.any():
        return values
    rows = np.flatnonzero(wrong)
    fixed = kind.change(values.take(pa.array(rows)), step.params, aim)
    still = bad(fixed)
    if still is not None:
        fixed, rows = fixed.filter(pa.array(~still)), rows[~still]
    mask = np.zeros(len(values), bool)
    mask[rows] = True
    return pc.replace_with_mask(values, pa.array(mask), fixed) if len(rows) else values


def filled_down(values: pa.Array, above: str | None) -> pa.Array:
    """Null cells with the nearest cell above them; `above` is the last one of the batch before."""
    if not values.null_count:
        return values
    first = pa.array([above], pa.string())
    return pc.fill_null_forward(pa.concat_arrays([first, values]))[1:]


@dataclass(frozen=True, slots=True)
class Preview:
    """What steps would do: how many cells they change, and the first different changes."""

    count: int
    pairs: tuple[tuple[str, str], ...]


def preview(
    steps: Sequence[Step],
    values: pa.Array,
    aim: Aim | None = None,
    bad: Bad | None = None,
    kept: int = 100,
) -> Preview:
    """Without `bad` every cell counts as wrong, so that fixes show what they can do."""
    check_steps(steps)
    after = values
    for step in steps:
        if step.name == "fillDown":
            blank = pc.equal(pc.binary_length(after), 0)
            after = filled_down(pc.if_else(blank, None, after), None)
        else:
            goal = aim or Aim()
            after = change(step, after, goal, bad) if bad else _forced(step, after, goal)
    return compare(values, after, kept)


def _forced(step: Step, values: pa.Array, aim: Aim) -> pa.Array:
    return STEPS[step.name].change(values, step.params, aim)


def compare(before: pa.Array, after: pa.Array, kept: int = 100) -> Preview:
    old, new = pc.fill_null(before, ""), pc.fill_null(after, "")
    changed = pc.not_equal(old, new)
    pairs = zip(old.filter(changed).to_pylist(), new.filter(changed).to_pylist(), strict=True)
    return Preview(pc.sum(changed).as_py() or 0, tuple(dict.fromkeys(pairs))[:kept])
