"""What inference says of a file: a schema, why, and what else a person may accept."""

from dataclasses import dataclass
from typing import Any

from core.recipes.schema import Schema


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something a person may accept for a field: `key` is a constraint's name, `format`,
    `primaryKey`, `type` (a question between types) …; `because` is the evidence as a sentence."""

    field: str
    key: str
    value: Any
    because: str
    question: bool = False


@dataclass(frozen=True, slots=True)
class Inferred:
    """A schema with, for each field, why it has its type, and what else could be asked of it.

    `order` of day and month (dmy or mdy) is that of the columns whose own dates tell it.
    """

    schema: Schema
    because: dict[str, str]
    proposals: tuple[Proposal, ...]
    records: int
    order: str = ""
