"""The row rules of a recipe, judged for every row of a batch."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from core.checking.findings import Finding, found
from core.checking.keys import together
from core.checking.rowrules import RowRule, Typed, row_rule
from core.values.text import shown

Texts = Mapping[str, pa.Array]


class Rules:
    """`empty` are the typed columns without rows; raises RecipeError for a rule they do not fit."""

    def __init__(self, rules: Sequence[Mapping[str, Any]], empty: Typed) -> None:
        self._rules = tuple(row_rule(rule, empty) for rule in rules)

    @property
    def fields(self) -> frozenset[str]:
        """What the rules read."""
        return frozenset(name for rule in self._rules for name in rule.fields)

    def find(self, rows: int, texts: Texts, typed: Typed) -> list[Finding]:
        findings: list[Finding] = []
        for rule in self._rules:
            broken = rule.broken(typed, rows)
            if broken is not None:
                text = together(texts, rule.fields) if rule.fields else None
                name = rule.fields[0] if len(rule.fields) == 1 else None
                say = _words(rule, texts)
                findings += found(name, "row-constraint", rule.text, broken, text, say)
        return findings


def _words(rule: RowRule, texts: Texts) -> Callable[[str, int], str]:
    def say(value: str, row: int) -> str:
        words = rule.message or f"The record breaks the rule {rule.text}"
        cells = [(name, texts[name][row].as_py()) for name in rule.fields]
        said = ", ".join(f"{name} is {shown(cell) if cell else 'empty'}" for name, cell in cells)
        return f"{words.rstrip('.')}: {said}."

    return say
