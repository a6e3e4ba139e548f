"""Cleaning steps: data that names one vectorised change of a text column.

A step is a *fix* where it repairs cells of a type (`decimalComma`, `parseDate`, …) or carries
`only: "problems"`: it then changes only cells that do not parse, and only into ones that do.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import RecipeError


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


Change = Callable[[pa.Array, Mapping[str, Any]], pa.Array]


@dataclass(frozen=True, slots=True)
class StepKind:
    """`label` is what a menu says; `needs` are the parameters a step cannot do without."""

    name: str
    label: str
    change: Change
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    fixes: bool = False


def _trim(values: pa.Array, params: Mapping[str, Any]) -> pa.Array:
    return pc.utf8_trim_whitespace(values)


STEPS: dict[str, StepKind] = {
    kind.name: kind for kind in (StepKind("trim", "Trim spaces at both ends", _trim),)
}


def apply(step: Step, values: pa.Array) -> pa.Array:
    """The column after one step, whatever its cells' types."""
    return STEPS[step.name].change(values, step.params)
