"""One column of a recipe made ready to judge text: missing cells, type, rules of single cells."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.batch import Quality
from core.checking.findings import Finding, found
from core.recipes.schema import Field, Schema
from core.values.cleaning import Aim, change, filled_down
from core.values.fields import FieldType, field_type
from core.values.text import Mask, lengths, numpy_mask, shown, valid, where


@dataclass(frozen=True, slots=True)
class Judged:
    """A column typed, null where it is missing or wrong, its text after cleaning with null
    for missing cells, what was found wrong in it, and its cells as they stand in the file."""

    typed: pa.Array
    text: pa.Array
    findings: tuple[Finding, ...]
    quality: Quality
    cells: pa.Array


class Judge:
    """Judges the text of one field; raises RecipeError for a field that makes no sense."""

    def __init__(self, schema: Schema, field: Field) -> None:
        self.field = field
        self.type: FieldType = field_type(field.type)
        self.kind = field.kind
        self.missing = schema.missing_of(field)
        # without its own `_id` a record could not be told from itself when it is sent again
        own_id = field.key == "_id" and not field.drop
        key = field.name in schema.primary_key
        self.required = bool(field.constraints.get("required")) or key or own_id
        self.rules = field.rules()
        self._longest = max((len(token.encode()) for token in self.missing), default=0)
        self._tokens = pa.array([token for token in self.missing if token], pa.string())
        self._aim = Aim(field.type, field.format, field.options)
        expects = self.type.expects(field.format, field.options, self.kind)
        self._not_this = f"” is not {self.type.noun}; it should look like {expects}."

    def cast(self, text: pa.Array) -> tuple[pa.Array, Mask | None]:
        return self.type.cast(text, self.field.format, self.field.options, self.kind)

    def clean(self, text: pa.Array, above: str | None = None) -> pa.Array:
        """The column after its cleaning steps; `above` is the last cell of the batch before."""
        for step in self.field.clean:
            if step.name == "fillDown":
                text = filled_down(self.without_missing(text)[0], above)
            else:
                text = change(step, text, self._aim, self.wrong)
        return text

    def wrong(self, text: pa.Array) -> Mask | None:
        """The cells that do not parse; a missing one is not wrong."""
        return self.cast(self.without_missing(text)[0])[1]

    def judge(self, raw: pa.Array, cleaned: pa.Array) -> Judged:
        """`raw` are the cells as they stand in the file, `cleaned` what became of them."""
        text, missing = self.without_missing(cleaned)
        typed, bad = self.cast(text)
        findings = list(self._find_missing(missing, raw))
        findings += found(self.field.name, "type-error", self.field.type, bad, raw, self._wrong)
        for rule in self.rules:
            broken = rule.judge(typed, text)
            if broken is not None and bad is not None:
                broken &= ~bad
            message = f"” {rule.message}."

            def say(value: str, row: int, message: str = message) -> str:
                return f"“{shown(value)}{message}"

            findings += found(self.field.name, "constraint-error", rule.name, broken, raw, say)
        quality = self._quality(len(raw), missing, findings)
        return Judged(typed, text, tuple(findings), quality, raw)

    def _wrong(self, value: str, row: int) -> str:
        why = self.type.why and self.type.why(value, self.field.options, self.kind)
        return f"“{shown(value)}” {why}." if why else f"“{shown(value)}{self._not_this}"

    def _find_missing(self, missing: Mask | None, raw: pa.Array) -> tuple[Finding, ...]:
        if not self.required:
            return ()
        return found(self.field.name, "constraint-error", "required", missing, raw, _say_missing)

    def without_missing(self, values: pa.Array) -> tuple[pa.Array, Mask | None]:
        """The column with null for missing cells, and which they are (None for none)."""
        size = lengths(values)
        missing = None
        if "" in self.missing:
            blank = size == 0
            if values.null_count:
                blank |= ~valid(values)
            missing = blank if blank.any() else None
        elif values.null_count:
            values = pc.fill_null(values, "")
        if len(self._tokens) and (tokens := self._find_tokens(values, size)) is not None:
            missing = tokens if missing is None else missing | tokens
        if missing is None or int(missing.sum()) == values.null_count:
            return values, missing
        return where(~missing, values), missing

    def _find_tokens(self, values: pa.Array, size: npt.NDArray[np.int32]) -> Mask | None:
        short = np.flatnonzero((size <= self._longest) & (size > 0))
        if not len(short):
            return None
        is_token = numpy_mask(pc.is_in(values.take(pa.array(short)), value_set=self._tokens))
        if not is_token.any():
            return None
        tokens = np.zeros(len(values), bool)
        tokens[short[is_token]] = True
        return tokens

    def _quality(self, count: int, missing: Mask | None, findings: list[Finding]) -> Quality:
        blank = 0 if missing is None else int(missing.sum())
        if not findings:
            return Quality(count - blank, 0, blank)
        if len(findings) == 1:
            problem = len(findings[0].rows)
        else:
            problem = len(np.unique(np.concatenate([finding.rows for finding in findings])))
        if findings[0].rule == "required":
            blank = 0
        return Quality(count - blank - problem, problem, blank)


def _say_missing(value: str, row: int) -> str:
    if value:
        return f"“{shown(value)}” means a missing cell; this column needs a value."
    return "This cell is empty; this column needs a value."
