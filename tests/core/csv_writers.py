# ruff: noqa: E501 - one program a line reads as a table
"""Writes CSV files the way spreadsheets, databases, instruments and locales are known to.

`write(luck)` gives one file with the truth about it: the rows, and the dialect a reader must find.
Written from public knowledge of those programs, before the detector and without looking at it.
"""

import datetime
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from core.reading.dialect import Dialect


@dataclass(frozen=True)
class Locale:
    """How one language writes words, numbers and dates."""

    words: tuple[str, ...]
    encodings: tuple[str, ...]
    decimal: str = "."
    groups: tuple[str, ...] = ("",)
    dates: tuple[str, ...] = ("%Y-%m-%d",)
    labels: tuple[str, ...] = ("id", "name", "city", "date", "amount", "qty", "note", "status")


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


LOCALES = {
    "en": Locale(
        ("Smith", "O'Brien", "Baker Street", "Jones", "Leeds", "Oak Lane", "Clark", "Hill & Sons"),
        ("utf-8", "utf-8-sig", "ascii", "cp1252"),
        groups=("", "", ","),
        dates=("%Y-%m-%d", "%m/%d/%Y", "%Y-%m-%d %H:%M:%S", "%d/%m/%Y"),
    ),
    "de": Locale(
        ("Müller", "Straße", "Köln", "Größe", "Jäger", "Übersee", "Weiß", "Schröder", "Bär GmbH"),
        ("utf-8", "utf-8-sig", "cp1252", "cp1252", "iso8859-15"),
        ",",
        ("", "", "."),
        ("%d.%m.%Y",),
        ("Nr", "Name", "Ort", "Datum", "Betrag", "Menge", "Bemerkung", "Größe"),
    ),
    "fr": Locale(
        ("Hélène", "Besançon", "Noël", "l'été", "Forêt", "Crème brûlée", "garçon", "Où", "Lefèvre"),
        ("utf-8", "utf-8-sig", "cp1252", "iso8859-1"),
        ",",
        ("", "", "\u00a0"),
        ("%d/%m/%Y",),
        ("N°", "Prénom", "Ville", "Date", "Montant", "Quantité", "Libellé", "État"),
    ),
    "es": Locale(
        ("Muñoz", "Málaga", "niño", "José", "Córdoba", "Peña", "Martín", "García", "Ibáñez"),
        ("utf-8", "cp1252"),
        ",",
        ("", "."),
        ("%d/%m/%Y",),
        ("código", "nombre", "ciudad", "fecha", "importe", "cantidad", "descripción", "año"),
    ),
    "sv": Locale(
        ("Åsa", "Göteborg", "Malmö", "Sjöberg", "Ängelholm", "Björn", "Lindström", "Håkan"),
        ("utf-8", "cp1252"),
        ",",
        ("", "\u00a0"),
        ("%Y-%m-%d",),
        ("id", "namn", "ort", "datum", "belopp", "antal", "anmärkning", "läge"),
    ),
    "pl": Locale(
        ("Łódź", "Kraków", "Wąsik", "Żółć", "Święty", "Gdańsk", "Małgorzata", "Źródło", "Ćwik"),
        ("utf-8", "cp1250", "cp1250", "iso8859-2"),
        ",",
        ("", "\u00a0"),
        ("%d.%m.%Y", "%Y-%m-%d"),
        ("lp", "nazwa", "miasto", "data", "kwota", "ilość", "uwagi", "województwo"),
    ),
    "cs": Locale(
        ("Dvořák", "Plzeň", "Říčany", "Žižkov", "Šťastný", "Příbram", "Černý", "Kůň", "Děčín"),
        ("utf-8", "cp1250", "cp1250", "iso8859-2"),
        ",",
        ("", "\u00a0"),
        ("%d.%m.%Y",),
        ("číslo", "jméno", "město", "datum", "částka", "počet", "poznámka", "stav"),
    ),
    "hu": Locale(
        ("Győr", "Szűcs", "Őrség", "Kovács", "Tóth", "Pécs", "fűrész", "Jókai", "Erzsébet"),
        ("utf-8", "cp1250"),
        ",",
        ("", "\u00a0"),
        ("%Y.%m.%d", "%Y-%m-%d"),
        ("azonosító", "név", "város", "dátum", "összeg", "mennyiség", "megjegyzés", "állapot"),
    ),
    "ru": Locale(
        ("Иванов", "Москва", "Петров", "Тверь", "Смирнова", "улица", "Казань", "Щукин", "Объект"),
        ("utf-8", "cp1251", "cp1251", "iso8859-5", "koi8-r"),
        ",",
        ("", "\u00a0"),
        ("%d.%m.%Y",),
        ("номер", "имя", "город", "дата", "сумма", "количество", "примечание", "статус"),
    ),
    "el": Locale(
        ("Αθήνα", "Γιώργος", "Πάτρα", "Μαρία", "Θεσσαλονίκη", "οδός", "Νίκος", "Ελένη"),
        ("utf-8", "iso8859-7", "cp1253"),
        ",",
        ("", "."),
        ("%d/%m/%Y",),
        ("αριθμός", "όνομα", "πόλη", "ημερομηνία", "ποσό", "τεμάχια", "σχόλια", "κατάσταση"),
    ),
    "tr": Locale(
        ("Işık", "Şişli", "Çağlar", "Güneş", "Yıldız", "İzmir", "Öztürk", "Doğan", "Beşiktaş"),
        ("utf-8", "cp1254", "iso8859-9"),
        ",",
        ("", "."),
        ("%d.%m.%Y",),
        ("no", "isim", "şehir", "tarih", "tutar", "miktar", "açıklama", "durum"),
    ),
    "ja": Locale(
        (
            "東京",
            "山田太郎",
            "大阪",
            "さくら",
            "カメラ",
            "鈴木",
            "株式会社テスト",
            "北海道",
            "です",
        ),
        ("utf-8", "utf-8-sig", "cp932", "shift_jis"),
        ".",
        ("", ","),
        ("%Y/%m/%d",),
        ("番号", "氏名", "市区町村", "日付", "金額", "数量", "備考", "状態"),
    ),
    "zh": Locale(
        ("北京", "上海市", "李明", "王小红", "数据", "有限公司", "广州", "备注信息", "已完成"),
        ("utf-8", "utf-8-sig", "gb18030", "gb2312"),
        ".",
        ("",),
        ("%Y-%m-%d", "%Y/%m/%d"),
        ("编号", "姓名", "城市", "日期", "金额", "数量", "备注", "状态"),
    ),
}

Cell = tuple[str, str]  # what it is, and its text


@dataclass(frozen=True)
class Table:
    labels: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    dates: str = ""
    notes: bool = False


def table(luck: random.Random, place: Locale, *, decimal: str, group: str, plain: bool) -> Table:
    """`plain`: no cell needs quotes in any dialect."""
    kinds = ["id", "text", "text"]
    kinds += luck.sample(["date", "number", "count", "note", "text", "time", "flag", "mail"], 4)
    if "number" not in kinds and luck.random() < 0.7:
        kinds.append("number")
    kinds[1:] = luck.sample(kinds[1:], len(kinds) - 1)
    style = luck.choice(place.dates)
    words = list(place.words)
    labels = luck.sample([*place.labels, "sku", "ref", "code", "total", "e-mail"], len(kinds))
    rows = []
    for n in range(luck.choice([4, 12, 40, 150, 400])):
        cells = [_cell(luck, kind, n, words, style, decimal, group, plain) for kind in kinds]
        rows.append(tuple(cells))
    return Table(tuple(labels), tuple(kinds), tuple(rows), style if "date" in kinds else "")


def _cell(
    luck: random.Random,
    kind: str,
    n: int,
    words: list[str],
    style: str,
    decimal: str,
    group: str,
    plain: bool,
) -> str | None:
    if kind != "id" and luck.random() < 0.06:
        return None
    if kind == "id":
        return str(1000 + n)
    if kind == "text":
        return luck.choice(words)
    if kind == "date":
        day = datetime.datetime(2019, 1, 1) + datetime.timedelta(
            days=luck.randrange(2000), seconds=luck.randrange(86400)
        )
        return day.strftime(style)
    if kind == "number":
        whole = f"{luck.choice([luck.randrange(100), luck.randrange(2_000_000)]):,}"
        return f"{whole.replace(',', group)}{decimal}{luck.randrange(100):02d}"
    if kind == "count":
        return str(luck.randrange(500))
    if kind == "time":
        return f"{luck.randrange(24):02d}:{luck.randrange(60):02d}"
    if kind == "flag":
        return luck.choice(["yes", "no"])
    if kind == "mail":
        return f"user{luck.randrange(1000)}@example.com"
    return _note(luck, words, plain)


def _note(luck: random.Random, words: list[str], plain: bool) -> str:
    text = " ".join(luck.choices(words, k=luck.randrange(1, 5))).replace("'", "")
    if plain or luck.random() < 0.6:
        return text
    return luck.choice(
        [
            f"{text}, {text}",
            f'{text} "{luck.choice(words)}"',
            f"{text}\n{text}",
            f"{text}; {text}",
            f'"{text}"',
        ]
    )


@dataclass(frozen=True)
class Style:
    """How a program writes a table."""

    delimiter: str = ","
    quote: str | None = '"'
    quoting: str = "minimal"  # minimal, text (every cell that is no number), all
    escape: str | None = None
    end: str = "\r\n"
    space: bool = False
    header: bool = True
    null: str = ""
    before: tuple[str, ...] = ()
    units: bool = False
    last_end: bool = True
    comments: bool = False


def render(luck: random.Random, style: Style, data: Table, encoding: str) -> tuple[str, Dialect]:
    lines = list(style.before)
    if style.header:
        lines.append(_line(style, data.labels, header=True))
    if style.units:
        lines.append(style.delimiter.join(f"({u})" for u in _units(data)))
    for row in data.rows:
        if style.comments and luck.random() < 0.1:
            lines.append(f"# {luck.choice(['paused', 'calibrated again', 'operator changed'])}")
        lines.append(_line(style, row, header=False))
    text = style.end.join(lines) + (style.end if style.last_end else "")
    first = len(style.before) + 1
    dialect = Dialect(
        encoding=encoding,
        delimiter=style.delimiter,
        quote_char=style.quote,
        escape_char=style.escape,
        double_quote=style.escape is None,
        header=style.header,
        header_rows=(first, first + 1) if style.units else (first,),
        skip_initial_space=style.space,
        comment_char="#" if style.comments else None,
    )
    return text, dialect


def _units(data: Table) -> list[str]:
    names = {"number": "mm", "count": "pcs", "date": "local", "time": "h"}
    return [names.get(kind, "text") for kind in data.kinds]


def _line(style: Style, row: tuple[str | None, ...], header: bool) -> str:
    join = style.delimiter + (" " if style.space else "")
    return join.join(_written(style, cell, header) for cell in row)


def _written(style: Style, cell: str | None, header: bool) -> str:
    if cell is None:
        return style.null
    quote, escape = style.quote, style.escape
    special = any(c in cell for c in (style.delimiter, "\n", "\r", quote or "\n"))
    wanted = style.quoting == "all" or (
        style.quoting == "text" and not cell.replace(".", "").replace("-", "").isdigit()
    )
    if escape is not None:
        cell = cell.replace(escape, escape * 2)
        if quote is None:
            for c in (style.delimiter, "\n"):
                cell = cell.replace(c, escape + c)
            return cell
        cell = cell.replace(quote, escape + quote)
    elif quote is not None:
        cell = cell.replace(quote, quote * 2)
    return f"{quote}{cell}{quote}" if quote is not None and (special or wanted) else cell


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
    return tuple(f"{a} ({b})" for a, b in zip(data.labels, _units(data), strict=True))


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
