"""The clean tables of the samples, and how a table is written as CSV."""

import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta

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
