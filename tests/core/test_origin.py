"""Where a document came from: load, record and line, and the line's bytes as its file has them."""

from pathlib import Path

import pytest

from core.documents.origin import origin
from core.recipes.recipe import infer
from core.store import Store
from tests.core.loads import documents, load


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16-be"])
def test_the_line_of_a_document_is_found_in_a_file_of_any_encoding(
    tmp_path: Path, store: Store, encoding: str
) -> None:
    path, mark = tmp_path / "a.csv", "\ufeff" if encoding.startswith("utf-16") else ""
    lines = [f"{n},Zoë Müller aus Köln\n" for n in range(1, 40)]
    path.write_bytes((mark + "id,name\n" + "".join(lines)).encode(encoding))
    load(path, infer(path).replace(collection="c"), store)
    found = origin(store, documents(store)[6])
    assert found is not None
    assert (found.record, found.line, found.why) == (7, 8, "")
    assert found.raw is not None
    assert found.raw.decode(found.encoding) == "7,Zoë Müller aus Köln"
    path.write_text("id,name\n")
    later = origin(store, documents(store)[6])
    assert later is not None
    assert later.raw is None
    assert "changed since" in later.why
