"""Writes the sample files: clean tables, the same with defects planted, and what was planted.

    python -m resources.samples.make              the committed files, from the seed that stays
    python -m resources.samples.make --big 1000000 big.csv    one large file, 1 % of it dirty

`NAME_clean.csv` is the clean table, `NAME.csv` the dirty one, `NAME.defects.json` lists each defect
planted (record, line, field, code), `NAME.recipe.json` is learned from the clean table and has the
constraints of CONSTRAINTS accepted. The kinds of defect stand in DEFECTS, one function each.
"""

import argparse
import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent
SEED = 20260314

Row = dict[str, str]

NAMES = (
    "Ada Milo Jun Ines Tom Léa Piotr Sara Omar Wren Nadia Hugo Priya Kai Zoë Anton Maya Noël",
    "Brandt Okafor Takeda Carvalho Whitfield Moreau Zielinski Lindqvist Haddad Castellano Petrova "
    "Lefèvre Raman Nakamura Müller Sørensen Novák García O'Neill Peña",
)
FIRST, LAST = (names.split() for names in NAMES)
CITIES = {
    "DE": ("Berlin", "Köln", "Leipzig", "München"),
    "FR": ("Lyon", "Nîmes", "Paris", "Saint-Étienne"),
    "GB": ("Bath", "Leeds", "London", "York"),
    "PL": ("Gdynia", "Opole", "Radom", "Warszawa"),
    "PT": ("Braga", "Évora", "Lisboa", "Porto"),
    "US": ("Austin", "Boston", "Denver", "Salem"),
}
STREETS = (
    "Mill Lane",
    "Rue du Lac",
    "Hauptstraße",
    "Harbour Road",
    "Avenida Central",
    "Oak Street",
)
REGIONS = ("North", "South", "East", "West")
CHANNELS = ("web", "shop", "phone")
CATEGORIES = ("kitchen", "textiles", "lighting", "storage", "garden")
THINGS = ("Mug", "Throw", "Tray", "Apron", "Hook", "Mat", "Bowl", "Lamp", "Basket", "Planter")
STUFFS = ("Enamel", "Wool", "Oak", "Linen", "Brass", "Cork", "Stone", "Paper", "Willow", "Clay")


@dataclass(frozen=True, slots=True)
class Table:
    """How one sample is written down."""

    name: str
    rows: tuple[Row, ...]
    delimiter: str
    encoding: str
    line_end: str

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.rows[0])


@dataclass(frozen=True, slots=True)
class Defect:
    """One planted defect; `code` and `rule` as the check must report them, field None for a row."""

    record: int
    line: int
    field: str | None
    code: str
    rule: str
    kind: str


# What a recipe made from the clean table accepts, beyond the types that inference finds.
CONSTRAINTS: Mapping[str, Mapping[str, Mapping[str, object]]] = {
    "customers": {
        "customer_id": {"required": True, "unique": True, "pattern": "C-[0-9]{5}"},
        "name": {"required": True, "maxLength": 60},
        "email": {"required": True, "pattern": r"[^@\s]+@[^@\s]+\.[a-z]{2,}"},
        "country": {"required": True, "enum": sorted(CITIES)},
        "credit_limit": {"minimum": "0", "maximum": "20000"},
    },
    "products": {
        "sku": {"required": True, "unique": True, "pattern": "SKU-[0-9]{4}"},
        "name": {"required": True},
        "category": {"required": True, "enum": sorted(CATEGORIES)},
        "price": {"required": True, "minimum": "0.01"},
        "weight_g": {"minimum": "1"},
    },
    "orders": {
        "order_id": {"required": True, "unique": True},
        "customer_id": {"required": True, "pattern": "C-[0-9]{5}"},
        "sku": {"required": True, "pattern": "SKU-[0-9]{4}"},
        "date": {"required": True},
        "amount": {"required": True, "minimum": "0"},
        "region": {"required": True, "enum": sorted(REGIONS)},
        "channel": {"enum": sorted(CHANNELS)},
        "items": {"required": True, "minimum": "1", "maximum": "99"},
    },
}


def customers(dice: random.Random, count: int) -> Table:
    rows = []
    for n in range(1, count + 1):
        first, last = dice.choice(FIRST), dice.choice(LAST)
        country = dice.choice(sorted(CITIES))
        city = dice.choice(CITIES[country])
        street = f"{dice.randint(1, 180)} {dice.choice(STREETS)}, {city}"
        if dice.random() < 0.02:
            street = street.replace(", ", "\n")  # an address of two lines in one quoted cell
        since = datetime(2021, 1, 4, 8) + timedelta(seconds=dice.randrange(150_000_000))
        rows.append(
            {
                "customer_id": f"C-{n:05}",
                "name": f"{first} {last}",
                "email": f"{ascii_only(first)}.{ascii_only(last)}{n}@example.com",
                "phone": f"0{dice.randint(20, 79)} {dice.randint(1_000_000, 9_999_999)}",
                "address": street,
                "postcode": f"{dice.randint(1, 99_999):05}",
                "country": country,
                "since": since.isoformat(),
                "newsletter": dice.choice(("true", "false")),
                "credit_limit": f"{dice.randrange(0, 2_000_000) / 100:.2f}",
            }
        )
    return Table("customers", tuple(rows), ",", "utf-8", "\n")


def products(dice: random.Random, count: int) -> Table:
    rows = []
    for n in range(count):
        rows.append(
            {
                "sku": f"SKU-{1000 + n}",
                "name": f"{dice.choice(STUFFS)} {dice.choice(THINGS).lower()}, size {n % 9 + 1}",
                "category": dice.choice(CATEGORIES),
                "price": f"{dice.randrange(350, 24_900) / 100:.2f}",
                "weight_g": str(dice.randint(20, 9_000)) if dice.random() < 0.95 else "",
                "in_stock": dice.choice(("yes", "yes", "no")),
                "added": (date(2022, 1, 1) + timedelta(dice.randrange(1_500))).isoformat(),
            }
        )
    return Table("products", tuple(rows), ",", "utf-8-sig", "\r\n")


def orders(dice: random.Random, count: int, customer_count: int, product_count: int) -> Table:
    rows, day = [], date(2025, 1, 1)
    for n in range(count):
        when = day + timedelta(n * 420 // count)
        rows.append(
            {
                "order_id": str(70_041 + n),
                "customer_id": f"C-{dice.randint(1, customer_count):05}",
                "sku": f"SKU-{1000 + dice.randrange(product_count)}",
                "date": when.strftime("%d/%m/%Y"),
                "amount": f"{dice.lognormvariate(4.6, 0.8):.2f}",
                "region": dice.choices(REGIONS, (5, 4, 3, 2))[0],
                "channel": dice.choice(CHANNELS),
                "items": str(dice.randint(1, 12)),
                "coupon": dice.choice(("", "", "", "", "SPRING10", "WELCOME", "Été25")),
                "paid": dice.choice(("true", "true", "false")),
            }
        )
    return Table("orders", tuple(rows), ";", "cp1252", "\r\n")


def tables(seed: int = SEED, scale: float = 1.0) -> tuple[Table, Table, Table]:
    """The three clean tables; `scale` shrinks or grows them together."""
    dice = random.Random(seed)
    people, things, sales = (max(60, int(n * scale)) for n in (2_400, 620, 9_812))
    return customers(dice, people), products(dice, things), orders(dice, sales, people, things)


def ascii_only(text: str) -> str:
    plain = "".join(c for c in text.lower() if c.isascii() and c.isalpha())
    return plain or "x"


# ---- defects ------------------------------------------------------------------------------------
# A kind of defect takes (table, index of the row, its cells) and returns what becomes of them: the
# cells or the raw line in place of them, and the (field, code, rule) the check must report.
Planted = tuple[Row | bytes, str | None, str, str]


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


# ---- files --------------------------------------------------------------------------------------
def written(table: Table, row: Row) -> bytes:
    """RFC 4180: quoted only where the cell needs it."""
    cells = (quoted(text, table.delimiter) for text in row.values())
    return table.delimiter.join(cells).encode(table.encoding.removesuffix("-sig"))


def quoted(text: str, delimiter: str) -> str:
    if any(c in text for c in (delimiter, '"', "\n", "\r")):
        return '"' + text.replace('"', '""') + '"'
    return text


def header(table: Table) -> bytes:
    return (table.delimiter.join(table.names) + table.line_end).encode(table.encoding)


def clean_bytes(table: Table) -> bytes:
    end = table.line_end.encode()
    return header(table) + b"".join(written(table, row) + end for row in table.rows)


def write(folder: Path, seed: int = SEED, scale: float = 1.0) -> dict[str, tuple[Defect, ...]]:
    """The six files and three lists of defects in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    result = {}
    for table in tables(seed, scale):
        dirty, defects = plant(table, seed)
        (folder / f"{table.name}_clean.csv").write_bytes(clean_bytes(table))
        (folder / f"{table.name}.csv").write_bytes(dirty)
        listed = ",\n".join(json.dumps(asdict(d)) for d in defects)
        (folder / f"{table.name}.defects.json").write_text(f"[\n{listed}\n]\n", "utf-8")
        result[table.name] = defects
    return result


def write_recipes(folder: Path) -> None:
    """Learns each recipe from the clean table and accepts CONSTRAINTS."""
    from core.recipes.recipe import infer, replace_field  # the samples themselves need no core

    for name, fields in CONSTRAINTS.items():
        recipe = infer(folder / f"{name}_clean.csv")
        for field, constraints in fields.items():
            recipe = replace_field(recipe, field, constraints=constraints)
        recipe.save(folder / f"{name}.recipe.json")


def big_lines(count: int, dirty: float, seed: int = SEED) -> Iterator[bytes]:
    """A large file of ten columns, line by line, `dirty` of its records with a bad cell."""
    dice = random.Random(seed)
    yield b"id,first,last,email,amount,qty,date,active,status,note\n"
    statuses, day = ("new", "open", "paid", "shipped", "closed"), date(2020, 1, 1)
    for n in range(1, count + 1):
        first, last = ascii_only(dice.choice(FIRST)), ascii_only(dice.choice(LAST))
        amount = f"{dice.random() * 9_000:.2f}"
        if dice.random() < dirty:
            amount = amount.replace(".", ",") if dice.random() < 0.5 else "n/a"
            amount = f'"{amount}"'
        when = day + timedelta(dice.randrange(2_000))
        yield (
            f"{n},{first},{last},{first}.{last}{n}@example.com,{amount},{dice.randint(0, 1000)},"
            f"{when},{'true' if n % 3 else 'false'},{statuses[n % 5]},order {n} of {last}\n"
        ).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--big", nargs=2, metavar=("ROWS", "FILE"), help="write one large file")
    parser.add_argument("--dirty", type=float, default=0.01, help="its share of dirty records")
    chosen = parser.parse_args()
    if chosen.big:
        with open(chosen.big[1], "wb") as file:
            file.writelines(big_lines(int(chosen.big[0]), chosen.dirty))
        return
    write(HERE)
    write_recipes(HERE)


if __name__ == "__main__":
    main()
