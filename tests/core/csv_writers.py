# ruff: noqa: E501 - one program a line reads as a table
"""Writes CSV files the way spreadsheets, databases, instruments and locales are known to.

`write(luck)` gives one file with the truth about it: the rows, and the dialect a reader must find.
Written from public knowledge of those programs, before the detector and without looking at it.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from core.reading.dialect import Dialect
from tests.core.csv_styles import Style, render, units
from tests.core.csv_tables import LOCALES, Locale, Table, table


@dataclass(frozen=True)
class Written:
    """`labels` is None where the file has no header; None in a row is an empty cell."""

    maker: str
    raw: bytes
    dialect: Dialect
    labels: tuple[str, ...] | None
    rows: tuple[tuple[str | None, ...], ...]
    decimals: bool = False
    groups: bool = False
    dates: bool = False


@dataclass(frozen=True)
class Maker:
    """A program, the locales it is met in, and how it writes there."""

    name: str
    style: Callable[[random.Random, Locale], Style]
    locales: tuple[str, ...] = tuple(LOCALES)
    encodings: tuple[str, ...] = ()
    plain: bool = False
    point: bool = False  # a decimal point and no groups whatever the locale
    iso: bool = False
    extra: dict[str, str] = field(default_factory=dict)


WEST = ("de", "fr", "es", "sv", "pl", "cs", "hu", "ru", "el", "tr")
_PREAMBLE = ("Report of all bookings", "Created: 2024-05-17 10:22", "")


def _bank(luck: random.Random, place: Locale) -> Style:
    quoting = luck.choice(["all", "minimal"])
    return Style(";", quoting=quoting, before=_PREAMBLE[: luck.randrange(1, 4)])


def _instrument(luck: random.Random, place: Locale) -> Style:
    before = tuple(f"# {line}" for line in ("Logger 7", "serial 00123", "interval 10 s"))
    delimiter = luck.choice([",", ";", "\t"])
    return Style(delimiter, before=before[: luck.randrange(1, 4)], end=luck.choice(["\n", "\r\n"]))


MAKERS = (
    Maker("Excel, English", lambda luck, place: Style(), ("en",)),
    Maker("Excel, semicolon lists", lambda luck, place: Style(";"), WEST),
    Maker("Excel, Japanese", lambda luck, place: Style(), ("ja", "zh")),
    Maker("Excel, Unicode text", lambda luck, place: Style("\t"), encodings=("utf-16",)),
    Maker(
        "Excel, sep line",
        lambda luck, place: Style((d := luck.choice(";,|")), before=(f"sep={d}",)),
        ("en", *WEST),
    ),
    Maker("LibreOffice, all text quoted", lambda luck, place: Style(quoting="text", end="\n"), ("en", "ja", "zh")),
    Maker("Google Sheets", lambda luck, place: Style(last_end=False), encodings=("utf-8",), point=True),
    Maker("Numbers, semicolon", lambda luck, place: Style(";", last_end=False), WEST, ("utf-8",)),
    Maker("pandas", lambda luck, place: Style(end="\n"), encodings=("utf-8",), point=True, iso=True),
    Maker("R write.csv", lambda luck, place: Style(quoting="text", end="\n", null="NA"), point=True, iso=True),
    Maker("R write.csv2", lambda luck, place: Style(";", quoting="text", end="\n", null="NA"), WEST),
    Maker("PostgreSQL COPY CSV", lambda luck, place: Style(end="\n", header=luck.random() < 0.7), encodings=("utf-8",), point=True, iso=True),
    Maker("PostgreSQL COPY text", lambda luck, place: Style("\t", None, escape="\\", end="\n", null="\\N", header=luck.random() < 0.5), encodings=("utf-8",), point=True, iso=True),
    Maker("MySQL OUTFILE, quoted", lambda luck, place: Style(",", escape="\\", quoting="all", end="\n", null="\\N", header=luck.random() < 0.5), encodings=("utf-8", "cp1252"), point=True, iso=True, locales=("en", "de", "fr", "es")),
    Maker("SQLite", lambda luck, place: Style(end=luck.choice(["\n", "\r\n"])), encodings=("utf-8",), point=True, iso=True),
    Maker("SQL Server, bcp", lambda luck, place: Style("|", None, end="\r\n", header=luck.random() < 0.5), plain=True, point=True, iso=True),
    Maker("Oracle spool", lambda luck, place: Style("|", quoting="text", end="\n"), point=True, iso=True),
    Maker("Hive", lambda luck, place: Style("\x01", None, end="\n", header=luck.random() < 0.5), encodings=("utf-8",), plain=True, point=True, iso=True),
    Maker("mainframe, several characters", lambda luck, place: Style(luck.choice(["||", "::", "|~|", "~|~", "~", "^", "§", "@@"]), None, end="\r\n"), plain=True, point=True, iso=True, encodings=("utf-8",)),
    Maker("bank", _bank, ("de", "fr", "es", "sv", "pl", "cs")),
    Maker("instrument", _instrument, ("en",), ("utf-8", "ascii"), plain=True, iso=True),
    Maker("instrument, units", lambda luck, place: Style(luck.choice([",", "\t"]), units=True, end="\n"), ("en",), ("utf-8",), plain=True, iso=True),
    Maker("instrument, comments between", lambda luck, place: Style(",", comments=True, end="\n"), ("en",), ("utf-8",), plain=True, iso=True),
    Maker("LabVIEW, decimal comma", lambda luck, place: Style("\t", end="\r\n"), ("de", "fr", "sv"), plain=True),
    Maker("old Macintosh", lambda luck, place: Style("\t", end="\r"), ("en", "de", "fr"), plain=True),
    Maker("single quotes", lambda luck, place: Style(luck.choice(",;"), "'", "text", end="\n"), ("en", "zh", "ja"), plain=True, encodings=("utf-8",), point=True, iso=True),
    Maker("spaces after commas", lambda luck, place: Style(space=True, end="\n"), ("en",), plain=True, iso=True),
    Maker("spaces after commas, quoted", lambda luck, place: Style(space=True, quoting="text", end="\n"), ("en",), iso=True),
    Maker("all quoted", lambda luck, place: Style(luck.choice(",;\t|"), quoting="all", end=luck.choice(["\n", "\r\n"]))),
    Maker("tab", lambda luck, place: Style("\t", end=luck.choice(["\n", "\r\n"]))),
)  # fmt: skip


def write(luck: random.Random, maker: Maker | None = None) -> Written:
    maker = maker or luck.choice(MAKERS)
    place = LOCALES[luck.choice(maker.locales)]
    if maker.iso:
        place = Locale(place.words, place.encodings, labels=place.labels)
    style = maker.style(luck, place)
    decimal = "." if maker.point or maker.iso else place.decimal
    group = "" if maker.point or maker.iso else luck.choice(place.groups)
    if decimal == style.delimiter and style.quote is None:
        decimal, group = ".", ""
    if maker.plain and style.delimiter in (decimal, group):
        decimal, group = ".", ""
    data = table(luck, place, decimal=decimal, group=group, plain=maker.plain)
    if maker.name == "single quotes" or style.quote is None:
        data = _without(data, "'")
    encoding = luck.choice(maker.encodings or place.encodings)
    text, dialect = render(luck, style, data, encoding)
    try:
        raw = text.encode(encoding)
    except UnicodeEncodeError:
        encoding = "utf-8"
        raw = text.encode()
    dialect = dialect.replace(
        encoding=encoding, decimal_char=decimal, group_char=group or None, date_order=_order(data)
    )
    cells = [
        c for row in data.rows for c, k in zip(row, data.kinds, strict=True) if k == "number" and c
    ]
    return Written(
        maker.name,
        raw,
        dialect,
        _labels(style, data) if style.header else None,
        tuple(tuple(style.null or None if c is None else c for c in row) for row in data.rows),
        decimals=bool(cells),
        groups=bool(group) and any(group in c for c in cells),
        dates=_tells_order(data),
    )


def _without(data: Table, mark: str) -> Table:
    rows = tuple(tuple(c.replace(mark, "") if c else c for c in row) for row in data.rows)
    return Table(data.labels, data.kinds, rows, data.dates)


def _labels(style: Style, data: Table) -> tuple[str, ...]:
    if not style.units:
        return data.labels
    return tuple(f"{a} ({b})" for a, b in zip(data.labels, units(data), strict=True))


def _order(data: Table) -> str | None:
    if not data.dates:
        return None
    return {"%d": "dmy", "%m": "mdy", "%Y": "ymd"}[data.dates[:2]]


def _tells_order(data: Table) -> bool:
    """Whether some date settles the order of day and month."""
    at = data.kinds.index("date") if "date" in data.kinds else -1
    if at < 0 or "/" not in data.dates:
        return at >= 0
    days = [row[at] for row in data.rows if row[at]]
    return any(int(part) > 12 for day in days if day for part in day.split("/")[:2])
