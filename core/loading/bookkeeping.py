"""What of a batch goes into the ledger, and batches cut or joined for that."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from core.batch import RawBatch, Refused
from core.loading.adding import Outcome, Prepared


def limited(batches: Iterable[RawBatch], limit: int | None) -> Iterator[RawBatch]:
    """The first records of a file, `limit` of them; None: all."""
    read = 0
    for raw in batches:
        if limit is not None and read + raw.count > limit:
            raw = _first(raw, limit - read)
        read += raw.count
        yield raw
        if limit is not None and read >= limit:
            return


def part_digest(batches: Iterable[RawBatch]) -> str:
    """The SHA-256 of the bytes of records, in hex."""
    found = hashlib.sha256()
    for raw in batches:
        found.update(raw.data)
    return found.hexdigest()


def _first(raw: RawBatch, count: int) -> RawBatch:
    """The first records of a batch, those that could not be split included, and their bytes."""
    last = raw.place.record + count
    rows = int(np.searchsorted(raw.records, last))
    refused = tuple(one for one in raw.refused if one.record < last)
    ends = [*raw.spans[:rows, 1][-1:].tolist(), *(one.span[1] for one in refused[-1:])]
    return replace(
        raw,
        count=count,
        records=raw.records[:rows],
        lines=raw.lines[:rows],
        spans=raw.spans[:rows],
        columns={name: values.slice(0, rows) for name, values in raw.columns.items()},
        refused=refused,
        data=raw.data[: max(ends, default=raw.origin) - raw.origin],
    )


def merged(checked: Sequence[Refused], told: Sequence[Refused]) -> Sequence[Refused]:
    return tuple(sorted((*checked, *told), key=lambda refused: refused.record)) if told else checked


def summary(refused: Sequence[Refused]) -> list[dict[str, Any]]:
    """The server's refusals by kind: checking again does not bring them back."""
    kinds = Counter(
        (problem.field, problem.code, problem.rule) for one in refused for problem in one.reasons
    )
    return [
        {"field": field, "code": code, "rule": rule, "n": n}
        for (field, code, rule), n in kinds.items()
    ]


def kinds(raw: RawBatch, refused: Sequence[Refused]) -> list[dict[str, Any]]:
    """Which records were refused for which kind of problem, as places in the batch."""
    found: dict[tuple[str | None, str, str], list[int]] = {}
    for one in refused:
        for kind in dict.fromkeys((why.field, why.code, why.rule) for why in one.reasons):
            found.setdefault(kind, []).append(one.record - raw.place.record)
    return [
        {"field": field, "code": code, "rule": rule, "at": np.array(at, "<u4").tobytes()}
        for (field, code, rule), at in found.items()
    ]


def accepted(prepared: Prepared, outcome: Outcome) -> dict[str, Any]:
    """Which records of the batch are in the collection, as bits, and their documents' digests."""
    raw = prepared.batch.raw
    bits = np.zeros(raw.count, bool)
    bits[prepared.batch.records[outcome.accepted] - raw.place.record] = True
    return {
        "accepted": np.packbits(bits).tobytes(),
        "digests": outcome.digests.astype("<u8").tobytes(),
    }
