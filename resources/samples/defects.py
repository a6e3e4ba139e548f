"""The kinds of defect in the samples, one function each, and how they are planted in a table.

A kind takes (table, index of the row, its cells, field) and gives what becomes of them: the cells
or the raw line in place of them, and the (field, code, rule) that the check must report.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from resources.samples.tables import SEED, Row, Table, header, written

Planted = tuple[Row | bytes, str | None, str, str]


@dataclass(frozen=True, slots=True)
class Defect:
    """One planted defect; `code` and `rule` as the check must report them, field None for a row."""

    record: int
    line: int
    field: str | None
    code: str
    rule: str
    kind: str


def decimal_comma(table: Table, at: int, row: Row, field: str) -> Planted:
    whole, _, cents = row[field].partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return row | {field: f"{grouped},{cents}"}, field, "type-error", "number"


def missing(table: Table, at: int, row: Row, field: str) -> Planted:
    return row | {field: ""}, field, "constraint-error", "required"


def misspelt(table: Table, at: int, row: Row, field: str) -> Planted:
    return row | {field: row[field][:-1]}, field, "constraint-error", "enum"


def repeated(table: Table, at: int, row: Row, field: str) -> Planted:
    earlier = table.rows[max(0, at - 40)][field]  # at - 40 is left clean by `plant`
    return row | {field: earlier}, field, "unique-error", "unique"


def no_such_day(table: Table, at: int, row: Row, field: str) -> Planted:
    text = "31/02/2025" if "/" in row[field] else "2025-02-31" + row[field][10:]
    return row | {field: text}, field, "type-error", "datetime" if "T" in text else "date"


def below(table: Table, at: int, row: Row, field: str) -> Planted:
    return row | {field: f"-{row[field]}"}, field, "constraint-error", "minimum"


def above(table: Table, at: int, row: Row, field: str) -> Planted:
    return row | {field: f"999{row[field]}"}, field, "constraint-error", "maximum"


def maybe(table: Table, at: int, row: Row, field: str) -> Planted:
    return row | {field: "maybe"}, field, "type-error", "boolean"


def not_whole(table: Table, at: int, row: Row, field: str) -> Planted:
    return row | {field: f"{row[field] or 1}.5"}, field, "type-error", "integer"


def no_pattern(table: Table, at: int, row: Row, field: str) -> Planted:
    text = row[field].replace("@", " at ").replace("-", "_")
    return row | {field: text}, field, "constraint-error", "pattern"


def extra_cell(table: Table, at: int, row: Row, field: str) -> Planted:
    return written(table, row) + table.delimiter.encode() + b"left over", None, "extra-cell", ""


def missing_cell(table: Table, at: int, row: Row, field: str) -> Planted:
    cells = list(row.items())[:-2]
    return written(table, dict(cells)), None, "missing-cell", ""


def blank_row(table: Table, at: int, row: Row, field: str) -> Planted:
    return (table.delimiter * (len(row) - 1)).encode(), None, "blank-row", ""


def runaway_quote(table: Table, at: int, row: Row, field: str) -> Planted:
    cells = [row[name] for name in row]
    cells[1] = f'"{cells[1]}'
    line = table.delimiter.join(cells).replace("\n", " ")
    return line.encode(table.encoding), None, "unterminated-quote", ""


def bad_byte(table: Table, at: int, row: Row, field: str) -> Planted:
    bad = b"\x8d" if table.encoding == "cp1252" else b"\xff"
    line = written(table, row | {field: "caf\x1a"}).replace(b"\x1a", bad)
    return line, field, "encoding-error", ""


Kind = Callable[[Table, int, Row, str], Planted]
DEFECTS: Mapping[str, tuple[tuple[Kind, str, int], ...]] = {  # (kind, field, how many)
    "customers": (
        (missing, "email", 9),
        (no_pattern, "email", 14),
        (misspelt, "country", 6),
        (repeated, "customer_id", 5),
        (no_such_day, "since", 4),
        (above, "credit_limit", 7),
        (maybe, "newsletter", 3),
        (bad_byte, "name", 2),
        (extra_cell, "", 3),
        (missing_cell, "", 2),
    ),
    "products": (
        (decimal_comma, "price", 12),
        (below, "price", 4),
        (not_whole, "weight_g", 5),
        (misspelt, "category", 3),
        (repeated, "sku", 2),
        (blank_row, "", 1),
        (runaway_quote, "", 1),
    ),
    "orders": (
        (decimal_comma, "amount", 31),
        (missing, "order_id", 7),
        (misspelt, "region", 6),
        (repeated, "order_id", 5),
        (no_such_day, "date", 4),
        (below, "items", 3),
        (above, "items", 2),
        (maybe, "paid", 3),
        (extra_cell, "", 2),
        (missing_cell, "", 3),
        (blank_row, "", 2),
        (runaway_quote, "", 2),
        (bad_byte, "coupon", 2),
    ),
}


def plant(table: Table, seed: int = SEED) -> tuple[bytes, tuple[Defect, ...]]:
    """The table as a dirty file, and the defects in it; no record has more than one."""
    dice = random.Random(f"{seed} {table.name}")
    todo = [(kind, field) for kind, field, count in DEFECTS[table.name] for _ in range(count)]
    slots = range(41, len(table.rows) - 2, 2)  # neighbours stay clean, so a runaway quote ends
    todo = todo[: len(slots) // 2]
    places = dict(
        zip(sorted(dice.sample(slots, len(todo))), dice.sample(todo, len(todo)), strict=True)
    )
    end = table.line_end.encode()
    out, defects, line = [header(table)], [], 2
    for at, row in enumerate(table.rows):
        text = written(table, row)
        if at in places:
            kind, field = places[at]
            if kind is repeated and at - 40 in places:
                kind = missing  # what it would repeat is itself a defect
            if kind is missing and field == "customer_id":
                field = "name"
            cells, where, code, rule = kind(table, at, row, field)
            text = cells if isinstance(cells, bytes) else written(table, cells)
            defects.append(Defect(at + 1, line, where, code, rule, kind.__name__))
        out.append(text + end)
        line += 1 + text.count(b"\n")
    return b"".join(out), tuple(defects)
