"""A small file of which most records are refused, and looks at what became of it."""

from typing import Any

from core.store import Store
from core.store.held import HeldRecord

ORDERS = """\
id,amount,region
1,10.50,North
2,"1,5",North
3,abc,South
4
5,7.00,East,extra
1,8.00,West
6,-3,South
7,"2,5",West
8,=1+1,East
"""
GOOD, HELD = 1, 8
DESCRIPTOR: dict[str, Any] = {
    "name": "orders",
    "path": "orders.csv",
    "schema": {
        "fields": [
            {"name": "id", "type": "integer", "constraints": {"required": True, "unique": True}},
            {"name": "amount", "type": "number", "constraints": {"minimum": 0}},
            {"name": "region", "type": "string"},
        ]
    },
    "sluice": {"version": 1, "collection": "orders", "mode": "add"},
}


def held(store: Store, load: str) -> dict[int, HeldRecord]:
    return {record.line: record for record in store.quarantine.find(load)}


def last(reports: Any) -> Any:
    return list(reports)[-1]


def documents(store: Store) -> list[dict[str, Any]]:
    return list(store.client[store.database].orders.find().sort("_id", 1))


def amounts(store: Store) -> list[float]:
    return [document["amount"] for document in documents(store)]
