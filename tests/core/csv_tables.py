"""Random tables as the people of a language fill them: words, numbers, dates, encodings."""

import datetime
import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Locale:
    """How one language writes words, numbers and dates."""

    words: tuple[str, ...]
    encodings: tuple[str, ...]
    decimal: str = "."
    groups: tuple[str, ...] = ("",)
    dates: tuple[str, ...] = ("%Y-%m-%d",)
    labels: tuple[str, ...] = ("id", "name", "city", "date", "amount", "qty", "note", "status")


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
