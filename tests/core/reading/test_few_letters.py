"""Files of plain letters but for a name or two: the encoding met most, with fitting doubt."""

import pytest

from core.reading.charsets import charset_of

WESTERN = (
    "Zoë Müller aus Köln", "François Noël", "Citroën", "São Paulo", "João", "Zoë Brontë", "Raphaël",
    "Michaël", "ñandú", "Müller", "Café", "Ångström", "Bjørn", "Garçon", "Señor", "Anaïs", "Øyvind",
    "Strauß", "Malmö", "Curaçao", "Besançon", "Gómez", "Gaëlle Lefèvre", "50 °C", "100 €",
)  # fmt: skip
OTHERS = (
    ("cp1250", "Łódź"), ("cp1250", "Wałęsa"), ("cp1250", "Dvořák"), ("cp1250", "Škoda"),
    ("cp1250", "Jiří"), ("cp1254", "Ayşe"), ("cp1254", "Beşiktaş"), ("cp1251", "Москва"),
    ("cp1257", "Panevėžys, Šiauliai, Mažeikiai, Kėdainiai"), ("cp1257", "Rīga, Liepāja, Rēzekne"),
    ("cp1253", "Αθήνα"), ("gb18030", "北京"), ("gb18030", "男"), ("shift_jis", "東京"),
)  # fmt: skip


def sample(text: str, encoding: str) -> bytes:
    rows = [f"{n},{text if n % 4 == 0 else 'Smith'},x\n" for n in range(200)]
    return ("id,name,city\n" + "".join(rows)).encode(encoding)


@pytest.mark.parametrize(
    ("encoding", "text"), [*(("cp1252", text) for text in WESTERN), *OTHERS]
)  # fmt: skip
def test_a_single_name_is_read_as_it_was_written(encoding: str, text: str) -> None:
    raw = sample(text, encoding)
    found = charset_of(raw, True, "a.csv")
    assert raw.decode(found.name) == raw.decode(encoding)


@pytest.mark.parametrize(("encoding", "text"), [("cp1250", "Győr"), ("cp1257", "Kėdainiai")])
def test_one_letter_that_two_encodings_explain_is_doubted(encoding: str, text: str) -> None:
    assert charset_of(sample(text, encoding), True, "a.csv").confidence < 0.8


@pytest.mark.parametrize("good", [1, 2, 5])
def test_lines_in_utf_8_among_as_many_of_another_encoding_are_doubted(good: int) -> None:
    lines = [b"id,name", *["1,Ünal".encode()] * good, *["2,Çelik".encode("latin-1")] * good]
    found = charset_of(b"\n".join(lines) + b"\n", True, "mixed.csv")
    assert found.confidence <= 0.5
    assert f"{good} of {2 * good} lines beyond ASCII are valid UTF-8" in found.because
