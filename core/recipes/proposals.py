"""What inference says of a file: a schema, why, and what else a person may accept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.recipes.schema import Schema


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something a person may accept for a field: `key` is a constraint's name, `format`,
    `primaryKey`, `type` (a question between types), `mostly` (a type that most cells have) …;
    `because` is the evidence as a sentence."""

    field: str
    key: str
    value: Any
    because: str
    question: bool = False


@dataclass(frozen=True, slots=True)
class Inferred:
    """A schema with, for each field, why it has its type, and what else could be asked of it.

    `order` of day and month (dmy or mdy) is that of the columns whose own dates tell it; `padded`
    are the columns whose whole numbers get so many decimals, `missing` how often each word that is
    taken as a missing cell came in a column.
    """

    schema: Schema
    because: dict[str, str]
    proposals: tuple[Proposal, ...]
    records: int
    order: str = ""
    padded: Mapping[str, int] = field(default_factory=dict)
    missing: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def mostly(self) -> tuple[Proposal, ...]:
        """Columns that stay text although most of their cells have another type."""
        return tuple(one for one in self.proposals if one.key == "mostly")


def retyped(schema: Schema, proposal: Proposal) -> Schema:
    """The schema with the type that most cells of a column have; the others become problems."""
    return schema.replace_field(proposal.field, **proposal.value)
