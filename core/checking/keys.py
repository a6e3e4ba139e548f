"""Unique fields, unique keys and the primary key of a file: which record of equal ones stays.

Every record whose key can be read counts, also one refused for something else, as in Frictionless;
a null in a unique key clashes with nothing. With `duplicates` "first" the later records are
refused, with "last" the earlier ones, with "refuse" all of them; the latter two need the file to
be surveyed before it is checked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.batch import RawBatch
from core.checking.findings import Finding, Rows, found
from core.recipes.schema import Field, Schema
from core.values.hashing import Hasher
from core.values.text import Mask, shown, valid
from core.values.uniqueness import Hashes, KeyTable, Lines

Declared = tuple[tuple[str, ...], str, str]  # fields, code, rule


@dataclass(frozen=True, slots=True)
class Key:
    fields: tuple[str, ...]
    code: str
    rule: str
    table: KeyTable


class Keys:
    """Remembers every key of a file, by keyed hash."""

    def __init__(self, fields: Sequence[Field], schema: Schema, duplicates: str = "first") -> None:
        self._duplicates = duplicates
        self._hasher = Hasher()
        self._keys = tuple(
            Key(fields, code, rule, KeyTable(duplicates))
            for fields, code, rule in _declared(fields, schema)
        )
        self.needs_survey = bool(self._keys) and duplicates != "first"

    def survey(self, raw: RawBatch, typed: Mapping[str, pa.Array]) -> None:
        """Enter a batch's keys without judging them."""
        for key in self._keys:
            rows, hashes = self._hashes(key, typed)
            key.table.add(hashes, raw.lines[rows].astype(np.uint32), _expected(raw))

    def find(
        self, raw: RawBatch, texts: Mapping[str, pa.Array], typed: Mapping[str, pa.Array]
    ) -> list[Finding]:
        findings: list[Finding] = []
        for key in self._keys:
            rows, hashes = self._hashes(key, typed)
            lines = raw.lines[rows].astype(np.uint32)
            if self._duplicates == "first":
                other = key.table.add(hashes, lines, _expected(raw))
                bad = other > 0
            else:
                other, many = key.table.find(hashes)
                bad = many if self._duplicates == "refuse" else other != lines
            findings += self._finding(key, raw, texts, rows[bad], other[bad])
        return findings

    def _hashes(self, key: Key, typed: Mapping[str, pa.Array]) -> tuple[Rows, Hashes]:
        rows, columns = whole_rows([typed[name] for name in key.fields])
        return rows, self._hasher.hashes(columns)

    def _finding(
        self,
        key: Key,
        raw: RawBatch,
        texts: Mapping[str, pa.Array],
        rows: Rows,
        other: Lines,
    ) -> tuple[Finding, ...]:
        bad: Mask = np.zeros(raw.rows, bool)
        bad[rows] = True
        lines = dict(zip(rows.tolist(), other.tolist(), strict=True))

        def say(value: str, row: int) -> str:
            if self._duplicates == "refuse":
                return f"“{shown(value)}” stands in several records; each may come once."
            when = "came before" if self._duplicates == "first" else "comes again"
            return f"“{shown(value)}” {when}, on line {lines[row]:,}; each may come once."

        field = key.fields[0] if len(key.fields) == 1 else None
        text = together(texts, key.fields)
        return found(field, key.code, key.rule, bad, text, say)


def whole_rows(columns: Sequence[pa.Array]) -> tuple[Rows, list[pa.Array]]:
    """The rows where no column is null, and the columns of those rows."""
    whole = valid(columns[0])
    for column in columns[1:]:
        whole &= valid(column)
    rows = np.flatnonzero(whole)
    if len(rows) == len(whole):
        return rows, list(columns)
    at = pa.array(rows)
    return rows, [column.take(at) for column in columns]


def _declared(all_fields: Sequence[Field], schema: Schema) -> list[Declared]:
    declared: list[Declared] = []
    if schema.primary_key:
        declared.append((schema.primary_key, "primary-key", "primaryKey"))
    for field in all_fields:
        if field.constraints.get("unique") and (field.name,) != schema.primary_key:
            declared.append(((field.name,), "unique-error", "unique"))
    declared += [(fields, "unique-error", "uniqueKeys") for fields in schema.unique_keys]
    return declared


def _expected(raw: RawBatch) -> float:
    """How many records the whole file seems to have."""
    read = raw.place.record + raw.count
    return read / raw.fraction if raw.fraction > 0 else 0.0


def together(texts: Mapping[str, pa.Array], fields: Sequence[str]) -> pa.Array:
    """The text of a key of one or several fields, as a message shows it."""
    if len(fields) == 1:
        return texts[fields[0]]
    columns = [pc.fill_null(texts[name], "") for name in fields]
    return pc.binary_join_element_wise(*columns, ", ")
