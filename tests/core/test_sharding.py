"""Which modes may work on a sharded collection; the commands themselves need a cluster."""

from typing import Any

import pytest

from core.errors import StoreError
from core.store.sharding import check


@pytest.mark.parametrize(
    ("key", "mode", "known"),
    [
        ({}, "update", ("id",)),
        ({"_id": "hashed"}, "update", ("id",)),
        ({"id": 1, "_id": 1}, "update", ("id", "name")),
        ({"region": 1}, "add", ()),
        ({"region": 1}, "skip", ("id",)),
        ({}, "replace", ()),
    ],
)
def test_what_can_be_done_to_a_sharded_collection(
    key: dict[str, Any], mode: str, known: tuple[str, ...]
) -> None:
    check("c", key, mode, known)


def test_an_update_without_the_shard_key_is_refused() -> None:
    with pytest.raises(StoreError, match=r"sharded by region, id.*lacks region"):
        check("c", {"region": 1, "id": 1}, "update", ("id",))


def test_a_sharded_collection_is_not_replaced() -> None:
    with pytest.raises(StoreError, match="is sharded, and replacing"):
        check("c", {"_id": "hashed"}, "replace", ())
