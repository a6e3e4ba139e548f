"""The dialect as a value, and as a Table Dialect descriptor."""

import json

import pytest

from core.errors import RecipeError
from core.reading.dialect import Dialect


def test_a_descriptor_holds_what_differs_and_gives_the_dialect_back() -> None:
    dialect = Dialect(
        encoding="cp1252",
        delimiter=";",
        quote_char=None,
        escape_char="\\",
        header_rows=(3, 4),
        comment_char="#",
        comment_rows=(6,),
        footer_rows=1,
        decimal_char=",",
        group_char=".",
        date_order="dmy",
    )
    descriptor = json.loads(json.dumps(dialect.to_descriptor()))
    assert descriptor == {
        "delimiter": ";",
        "quoteChar": None,
        "escapeChar": "\\",
        "headerRows": [3, 4],
        "commentChar": "#",
        "commentRows": [6],
        "sluice": {"footerRows": 1, "decimalChar": ",", "groupChar": ".", "dateOrder": "dmy"},
    }
    assert Dialect.from_descriptor(descriptor, "cp1252") == dialect


def test_the_default_dialect_says_only_its_delimiter() -> None:
    assert Dialect().to_descriptor() == {"delimiter": ","}
    assert Dialect.from_descriptor({}) == Dialect()


@pytest.mark.parametrize(
    ("dialect", "summary"),
    [
        (Dialect(), ", · utf-8 · 1234.50"),
        (
            Dialect(delimiter=";", encoding="cp1252", decimal_char=",", date_order="dmy"),
            "; · cp1252 · 1234,50 · d/m/y",
        ),
        (Dialect(delimiter="\t", group_char=" "), "tab · utf-8 · 1 234.50"),
    ],
)
def test_summary(dialect: Dialect, summary: str) -> None:
    assert dialect.summary() == summary


@pytest.mark.parametrize(
    "changes",
    [
        {"encoding": "utf-99"},
        {"delimiter": ""},
        {"delimiter": "\n"},
        {"quote_char": ","},
        {"quote_char": "ab"},
        {"escape_char": '"'},
        {"escape_char": ","},
        {"line_terminator": "x"},
        {"header_rows": (0,)},
        {"header_rows": (2, 1)},
        {"header_rows": ()},
        {"comment_char": ""},
        {"footer_rows": -1},
        {"date_order": "ydm"},
        {"decimal_char": ",", "group_char": ","},
        {"no_such": 1},
    ],
)
def test_a_dialect_no_reader_could_obey_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(RecipeError):
        Dialect().replace(**changes)


@pytest.mark.parametrize(
    "descriptor",
    [
        {"delimiter": 1},
        {"header": "yes"},
        {"headerRows": ["1"]},
        {"sluice": 3},
        {"sluice": {"footerRows": "1"}},
        {"quoteChar": '""'},
    ],
)
def test_a_descriptor_of_wrong_types_is_refused(descriptor: dict[str, object]) -> None:
    with pytest.raises(RecipeError):
        Dialect.from_descriptor(descriptor)
