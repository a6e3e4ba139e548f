"""The report of a load: what it tells, and that nothing in a file can act in it."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from core.errors import FileError, StoreError
from core.loading.loader import load_file
from core.loading.undo import undo
from core.quarantine import discard
from core.recipes.recipe import infer
from core.report import load_report, save_report
from core.report.facts import SAMPLE
from core.report.text import raw, shown
from core.store import Store

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


class Page(HTMLParser):
    """Tags and words of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.tags.update(name for name, _ in attrs if name.startswith("on"))

    def handle_data(self, data: str) -> None:
        self.words += data


def loaded(store: Store, path: Path, text: str) -> str:
    """The id of a load of that text whose column `n` must hold whole numbers."""
    path.write_text(text, "utf-8")
    recipe = infer(path).replace(collection="things")
    schema = recipe.schema.replace_field("n", type="integer", constraints={"minimum": 0})
    *_, report = load_file(path, recipe.replace(schema=schema), store)
    assert report.load is not None
    return report.load


def test_it_tells_counts_reasons_and_the_rows_held(store: Store, tmp_path: Path) -> None:
    load = loaded(store, tmp_path / "things.csv", "n,word\n1,a\ntwo,b\n-3,c\n4,d\n")
    page = Page(load_report(store, load))
    for words in ("4rows read", "2loaded", "2held", "things.csv", "not a whole number",
                  "too small", "two,b", "-3,c", "≥ 0"):  # fmt: skip
        assert words in page.words, words
    assert f"{store.database} ▸ things" in page.words
    assert "2 wait in quarantine" in page.words


def test_what_stands_in_a_file_is_text_and_never_acts(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "<b onclick=x>.csv"
    header = f'n,"{HOSTILE}"'
    load = loaded(store, path, f'{header}\n1,a\n"{HOSTILE}",b\n"\u202e&lt;",\x1b[31m\n')
    page = Page(load_report(store, load))
    assert page.tags.isdisjoint({"script", "img", "a", "link", "iframe", "onclick", "onerror"})
    assert page.words.count(HOSTILE) >= 3  # in the recipe, in a reason, in the raw row
    assert "U+202E" in page.words
    assert "U+001B" in page.words
    assert "\u202e" not in page.words


def test_a_large_load_makes_a_small_report(store: Store, tmp_path: Path) -> None:
    rows = "".join(f"x{n},{'y' * 2_000}\n" for n in range(SAMPLE + 50))
    load = loaded(store, tmp_path / "bad.csv", f"n,word\n1,fine\n{rows}")
    html = load_report(store, load)
    assert Page(html).words.count("Line") == 1
    assert html.count("<pre") == SAMPLE
    assert f"The first {SAMPLE} of {SAMPLE + 50} held" in html
    assert len(html) < 150_000


def test_what_was_given_up_or_undone_since_is_told(store: Store, tmp_path: Path) -> None:
    load = loaded(store, tmp_path / "things.csv", "n,word\n1,a\ntwo,b\nthree,c\n")
    first, _ = store.quarantine.find(load)
    discard(store, [first.id], "test")
    page = Page(load_report(store, load))
    assert "1 wait in quarantine, 1 were given up" in page.words
    *_, _ = undo(store, load)
    assert "undone" in Page(load_report(store, load)).words


def test_a_place_that_cannot_be_written_and_a_load_that_is_not_there(
    store: Store, tmp_path: Path
) -> None:
    load = loaded(store, tmp_path / "things.csv", "n\n1\n")
    assert save_report(store, load, tmp_path / "r.html").read_text("utf-8").startswith("<!doctype")
    with pytest.raises(FileError, match="Choose another place"):
        save_report(store, load, tmp_path / "no" / "r.html")
    with pytest.raises(StoreError, match="no load"):
        load_report(store, "0" * 24)


def test_bytes_that_are_no_text_are_shown_and_what_is_long_is_cut() -> None:
    assert raw(b"a\xff\x00b", "utf-8") == "a\\xff<i>U+0000</i>b"
    assert raw("é".encode("cp1252"), "cp1252") == "é"
    assert raw(b"<", "no-such-charset") == "&lt;"
    assert shown("x" * 200, 3) == "xxx<i>…</i>"
