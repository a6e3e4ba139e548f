"""Writes the sample files: clean tables, the same with defects planted, and what was planted.

    python -m resources.samples.make              the committed files, from the seed that stays
    python -m resources.samples.make --big 1000000 big.csv    one large file, 1 % of it dirty

`NAME_clean.csv` is the clean table, `NAME.csv` the dirty one, `NAME.defects.json` lists each defect
planted (record, line, field, code), `NAME.recipe.json` is learned from the clean table and has the
constraints of CONSTRAINTS accepted.
"""

import argparse
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

from resources.samples.defects import Defect, plant
from resources.samples.tables import (
    CATEGORIES,
    CHANNELS,
    CITIES,
    FIRST,
    LAST,
    REGIONS,
    SEED,
    ascii_only,
    clean_bytes,
    tables,
)

HERE = Path(__file__).parent

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
