"""Inference: a schema from the whole file, streaming, with the evidence for each guess.

A column has a type where at least 95 % of its cells that are not missing fit it. Constraints are
proposals: they stand beside the schema, not in it, until someone accepts them.
"""

from collections.abc import Iterator, Sequence

import pyarrow as pa

from core.batch import RawBatch
from core.reading.dialect import Dialect
from core.recipes.candidates import candidates
from core.recipes.counting import Column
from core.recipes.looks import Looks
from core.recipes.naming import suited
from core.recipes.proposals import Inferred, Proposal
from core.recipes.schema import Schema
from core.recipes.verdicts import Verdict

__all__ = ["Inference", "Inferred", "Proposal", "infer_schema"]
GATHERED = 4_096  # records that are looked at together at most
HELD = 1 << 25  # bytes of the batches that wait


class Inference:
    """Takes the batches of a file in order; `result` can be asked for at any time."""

    def __init__(self, names: Sequence[str], dialect: Dialect) -> None:
        guesses = candidates(dialect)
        looks = Looks(guesses)
        self._columns = tuple(Column(name, guesses, looks) for name in names)
        self._records = 0

    def add(self, batches: Sequence[RawBatch]) -> None:
        """Batches that follow one another, as if they were one."""
        self._records += sum(raw.count for raw in batches)
        for column in self._columns:
            cells = [raw.columns[column.name] for raw in batches]
            column.add(pa.concat_arrays(cells), batches[-1].fraction)

    def result(self) -> Inferred:
        verdicts = [Verdict(column) for column in self._columns]
        told = {order for verdict in verdicts if (order := verdict.own_order)}
        if order := told.pop() if len(told) == 1 else "":
            verdicts = [Verdict(column, order) for column in self._columns]
        fields = suited([verdict.field() for verdict in verdicts])
        proposals = tuple(one for verdict in verdicts for one in verdict.proposals())
        because = {verdict.name: verdict.because() for verdict in verdicts}
        padded = {verdict.name: verdict.padded for verdict in verdicts if verdict.padded}
        missing = {verdict.name: verdict.missing for verdict in verdicts if verdict.missing}
        return Inferred(Schema(fields), because, proposals, self._records, order, padded, missing)


def infer_schema(
    batches: Iterator[RawBatch], names: Sequence[str], dialect: Dialect
) -> Iterator[Inferred]:
    """What is known after each batch; the last is of the whole file, the first after a look.

    Batches of few rows, as wide files have them, are gathered: a look at a column costs about the
    same for ten cells and for a thousand. The first one has its own where many more are to come.
    """
    inference = Inference(names, dialect)
    known = inference.result()
    waiting: list[RawBatch] = []
    for raw in batches:
        waiting += [raw] if raw.rows else []
        rows = _rows(waiting)
        first = not known.records and rows > GATHERED * raw.fraction
        if first or rows >= GATHERED or _bytes(waiting) >= HELD:
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
