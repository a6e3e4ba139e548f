"""The server that measurements run against takes what Sluice sends, and counts it right."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.loading.loader import load_file
from core.recipes.recipe import Recipe
from core.store import Store
from tests.null_server import compiler, counted, null_server

pytestmark = pytest.mark.skipif(compiler() is None, reason="there is no C compiler")


@pytest.fixture(scope="module")
def null() -> Iterator[str]:
    with null_server() as uri:
        yield uri


@pytest.mark.parametrize("writer", ["whole", "plain"])
@pytest.mark.parametrize("mode", ["add", "update", "skip"])
def test_it_counts_every_document_of_a_load(
    null: str, tmp_path: Path, writer: str, mode: str
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("n,name\n" + "".join(f"{n},name {n}\n" for n in range(5_000)) + "x,bad\n")
    recipe = Recipe.from_descriptor(
        {
            "name": "rows",
            "schema": {
                "fields": [{"name": "n", "type": "integer"}, {"name": "name"}],
                "primaryKey": "n",
            },
            "sluice": {"collection": "rows", "mode": mode, "write": {"writer": writer}},
        }
    )
    counted(null)
    with Store(null, "shop") as store:
        report = list(load_file(path, recipe, store))[-1]
        assert store.topology == "standalone"
        assert not store.embedded
    assert (report.state, report.accepted, report.quarantined) == ("done", 5_000, 1)
    # the held record is one of them; a load looks for its last batch, which this server has lost
    # like all others, and sends it once more
    assert counted(null)["documents"] in (5_000 + 1, 2 * (5_000 + 1))
    assert counted(null)["documents"] == 0
