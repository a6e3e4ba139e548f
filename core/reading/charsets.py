"""Which encoding a sample is written in, told from its marks, its structure and its letters.

A single-byte text reads without error in a dozen encodings; what tells them apart is that only one
of them gives words: letters of one script beside each other, capitals at the beginning, and the
accented letters that some language uses often.
"""

import re
from collections import Counter
from dataclasses import dataclass
from math import exp, log

from core.errors import FileError
from core.reading.encoding import Codec, bom_of
from core.reading.misfits import stateful, wide
from core.reading.utf8 import valid_utf8

_SINGLE = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257"),
    *("iso8859-15", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9", "koi8-r"),
)
_DOUBLE = ("cp932", "gb18030")
_COMMON = 0.75  # of the characters beyond ASCII, in a text of a double-byte encoding
_DECODED = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")  # beyond ASCII, and no escaped byte
_RUNS = re.compile("([A-Za-z]?)[\x80-\U0010ffff]+([A-Za-z]?)")
_FEW = 8  # characters that some words in another alphabet may look like
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
# How often a language uses its letters beyond ASCII, per mille of a text; capitals count as small.
_LANGUAGES = {
    "latin1": (
        "é30è8à9ê3ç3ù1ô2î1â2û1ë1ï1œ1 ä15ö8ü12ß5é1 á12é8í14ó18ñ8ú5¿1¡1ü1 "
        "ã12ç9á9é8í5ó6õ3ê4â3ú2à2 å14ä18ö13é1 å10ø10æ9é1 è8à8ì2ò4ù3é3"
    ),
    "latin2": (
        "ł18ą10ę11ś7ż8ć4ń2ó8ź1 í28á25é12ě14š8č9ř11ž9ý9ů5ň1ť1ď1ú1 á35é35ö10ő9ó10í6ü6ú3ű2 "
        "ă20â6î14ș10ț11ş10ţ11 č10ć8š9ž6đ3 á25č9é8í10š8ž9ľ4ť5ý9ú8ô2ň2ä1ŕ1ĺ1"
    ),
    "turkish": "ı50ş18ğ11ü18ö8ç11İ2â1î1û1",
    "baltic": "ā35ī18ū5ē15š10ž5ģ2ķ2ļ3ņ5č2ą8ę2ė16į6ų13ä40ö10ü15õ12",
    "cyrillic": (
        "о110е85а80и74н67т63с55р47в45л43к35м32д30п28у26я20ы19ь17г17з16б16ч14й12х10ж9ш7ю6ц5щ4э3ф3"
        "ъ1ё1і20ї6є5ґ1"
    ),
    "greek": (
        "α80ο70ι60ε60τ75ν62ς45σ35η40υ40ρ40π38κ38μ32λ28ω15ί20ό18ή14ά18έ16ώ8ύ9γ17δ17θ11χ11φ9β7ξ4ζ3ψ2"
    ),
}
_SCRIPTS = {
    "cp1252": "latin1",
    "iso8859-15": "latin1",
    "cp1250": "latin2",
    "iso8859-2": "latin2",
    "cp1254": "turkish",
    "iso8859-9": "turkish",
    "cp1257": "baltic",
    "cp1251": "cyrillic",
    "iso8859-5": "cyrillic",
    "koi8-r": "cyrillic",
    "cp1253": "greek",
    "iso8859-7": "greek",
}
_TYPOGRAPHIC = "€£§°©®–—‘’“”„…•·«»№\u00a0½²³±×ºª´µ"
_PRIOR = {"cp1252": 0.0, "iso8859-15": -0.3}
# What a file with a single letter of its own loses, in log likelihood, by how seldom its encoding
# is met beside Western Europe's: such letters are in names, and Citroën is more usual than Citroėn.
# Each other letter that is found is as good a witness, so it loses that much the less.
_RARER = dict(latin1=0.0, latin2=0.5, turkish=0.5, baltic=3.0, cyrillic=3.0, greek=3.0)


@dataclass(frozen=True, slots=True)
class Charset:
    name: str
    confidence: float
    because: str


def charset_of(sample: bytes, whole: bool, path: str) -> Charset:
    """`whole`: the sample is the whole file. Raises FileError for what is no text."""
    mark = bom_of(sample)
    if mark is not None and _decodes(sample, mark[0]):
        return Charset(mark[0], 1.0, "the file begins with its byte order mark")
    if found := wide(sample):
        return Charset(found[0], 0.95, found[1])
    if japanese := stateful(sample, path):
        return Charset(japanese, 0.97, "it holds the escape sequences of ISO-2022-JP")
    _refuse_binary(sample, path)
    if not whole:
        sample = sample[: max(sample.rfind(b"\n"), sample.rfind(b"\r")) + 1] or sample
    if sample.isascii():
        if whole:
            return Charset("utf-8", 1.0, "every byte is plain ASCII")
        return Charset("utf-8", 0.9, f"the first {len(sample):,} bytes are plain ASCII")
    lines = [line for line in re.split(rb"[\r\n]+", sample) if not line.isascii()]
    bad = 0 if valid_utf8(sample) else sum(not valid_utf8(line) for line in lines)
    good = len(lines) - bad
    if good >= 0.99 * len(lines):
        because = f"{good:,} of {len(lines):,} lines beyond ASCII are valid UTF-8"
        return Charset("utf-8", 0.99 if good == len(lines) else 0.95, because)
    if good > len(lines) / 2 and not _asian(sample, lines):
        because = f"only {good:,} of {len(lines):,} lines beyond ASCII are valid UTF-8"
        return Charset("utf-8", 0.6 * good / len(lines), because)
    legacy = _legacy(sample, lines)
    if good and legacy.name in _SINGLE:  # which is not so by chance, but in a mixed file
        because = f"{good:,} of {len(lines):,} lines beyond ASCII are valid UTF-8, the others not"
        return Charset(legacy.name, min(legacy.confidence, 0.5), because)
    return legacy


def _decodes(sample: bytes, name: str) -> bool:
    try:
        sample[: len(sample) // 4 * 4].decode(name)
    except UnicodeDecodeError as error:
        return error.start > len(sample) - 8
    return True


def _refuse_binary(sample: bytes, path: str) -> None:
    head = sample[:65536]
    controls = sum(head.count(bytes([n])) for n in (*range(1, 9), 11, *range(14, 27)))
    zeros = head.count(0)
    if zeros + controls > 3 and (controls > len(head) * 0.05 or zeros > len(head) * 0.05):
        if controls and _separated(head):
            return
        raise FileError(
            f"{path} holds binary data, not text.",
            "Choose a CSV file, or export the data as CSV.",
        )


def _separated(head: bytes) -> bool:
    """Text whose delimiter is a control character (Hive's \\x01)."""
    lines = re.split(rb"[\r\n]+", head)[:-1] or [head]
    counts = [sum(line.count(bytes([n])) for n in (1, 2, 3, 7)) for line in lines if line]
    others = sum(head.count(bytes([n])) for n in (0, 4, 5, 6, 8, 11, *range(14, 27)))
    return bool(counts) and min(counts) > 0 and max(counts) == min(counts) and not others


def _asian(sample: bytes, lines: list[bytes]) -> bool:
    """Whether all of it, and what is no UTF-8 in it, is common text in one double-byte encoding.

    UTF-8's bytes for ü are a common hanzi; beside them a single ü of Latin-1 is none.
    """
    text = b"\n".join(lines).decode("utf-8", "surrogateescape")
    rest = _DECODED.sub("", text).encode("utf-8", "surrogateescape")
    return any(min(_double(sample, name), _double(rest, name)) > _COMMON for name in _DOUBLE)


def _legacy(sample: bytes, lines: list[bytes]) -> Charset:
    scores = sorted(((_double(sample, name), name) for name in _DOUBLE), reverse=True)
    if scores[0][0] > _COMMON:
        name = scores[0][1]
        because = f"{scores[0][0]:.0%} of its characters are common ones there"
        return Charset(_plain_japanese(sample, name), min(0.97, scores[0][0]), because)
    text = b"\n".join(lines[:2000])
    ranked = sorted(((_plausible(text, name), name) for name in _SINGLE), reverse=True)
    (best, name), (second, _) = ranked[0], _next_different(ranked, text)
    margin = best - second
    if best < -7.0:
        return _elsewhere(sample, name)
    known = {c for c in text.decode(name, "replace").lower() if c > "\x7f"}
    odds = 1 / (1 + exp(-margin * len(known)))
    return Charset(name, max(0.3, min(0.97, odds)), "its letters form words in this encoding")


def _plain_japanese(sample: bytes, name: str) -> str:
    """Shift-JIS where Windows' variant gives the same text."""
    if name != "cp932":
        return name
    try:
        same = sample.decode("shift_jis") == sample.decode("cp932")
    except UnicodeDecodeError:
        same = False
    return "shift_jis" if same else "cp932"


def _double(sample: bytes, name: str) -> float:
    """How many of the characters beyond ASCII are common in that language; 0 where bytes fail."""
    text = sample.decode(name, "replace")
    beyond = [c for c in text if c > "\x7f"]
    if not beyond or text.count("\ufffd") > max(2, len(beyond) * 0.01):
        return 0.0
    if len(set(beyond)) < _FEW and _within_words(text):
        return 0.0
    if name == "gb18030":
        return sum(map(_frequent_hanzi, beyond)) / len(beyond)
    common = sum(_level_one(c) for c in beyond)
    return (common - len(_HALF_WIDTH.findall(text)) * 0.5) / len(beyond)


def _within_words(text: str) -> bool:
    """Whether its characters beyond ASCII stand mostly beside plain letters, as ł and ę in Wałęsa,
    of which a double-byte encoding makes one character."""
    runs = _RUNS.findall(text)
    return sum(bool(before or after) for before, after in runs) > len(runs) / 2


def _level_one(char: str) -> bool:
    """Kana, Japanese punctuation, and the 2,965 kanji of JIS level 1."""
    try:
        code = char.encode("cp932")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and 0x8140 <= code[0] << 8 | code[1] <= 0x9872


def _frequent_hanzi(char: str) -> bool:
    """Chinese punctuation, and the 3,755 hanzi of GB 2312 level 1."""
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and (0xB0 <= code[0] <= 0xD7 or code[0] in (0xA1, 0xA3))


def _frequencies(name: str) -> list[dict[str, float]]:
    """How often each letter comes in each language of an encoding's script, blurred by the others:
    a list of names mixes languages."""
    found = [_shares(language) for language in _LANGUAGES[_SCRIPTS[name]].split()]
    letters = {letter for shares in found for letter in shares}
    mean = {c: sum(shares.get(c, 0) for shares in found) / len(found) for c in letters}
    return [{c: 0.7 * shares.get(c, 0) + 0.3 * mean[c] for c in letters} for shares in found]


def _shares(language: str) -> dict[str, float]:
    found = [(letter, int(n)) for letter, n in re.findall(r"(\D)(\d+)", language)]
    total = sum(n for _, n in found)
    return {letter: n / total for letter, n in found}


def _plausible(sample: bytes, name: str) -> float:
    """The mean log likelihood of a character beyond ASCII, less what no word looks like."""
    text = sample.decode(name, "replace")
    beyond = [c for c in text if c > "\x7f"]
    if text.count("\ufffd") > len(beyond) * 0.01:
        return -50.0
    counts = Counter(beyond).items()
    score = max(
        sum(count * _likelihood(c, known) for c, count in counts) for known in _frequencies(name)
    )
    whole_words = _SCRIPTS[name] in ("cyrillic", "greek")
    score -= 6.0 * len(re.findall("[a-z][А-Яа-яΑ-Ωα-ω]|[А-Яа-яΑ-Ωα-ω][a-z]", text))
    score -= 3.0 * len(re.findall("[a-zß-öø-ÿа-яα-ωąćęłńśźżčěřšž][A-ZÀ-ÖØ-ÞА-ЯΑ-ΩŁŚŹŻČĚŘŠŽ]", text))
    score -= 3.0 * len(re.findall(r"[^\W\d_][¤¦§¨¬¯¸¹¼½¾°±²³¶·¢£¥©®÷׀-׿][^\W\d_]", text))
    if not whole_words:
        score -= 3.0 * sum(len(run) - 2 for run in re.findall("[À-ɏ]{3,}", text))
    witnesses = len({char.lower() for char in beyond}) or 1
    prior = _PRIOR.get(name, -0.15) - _RARER[_SCRIPTS[name]] / witnesses
    return score / max(1, len(beyond)) + prior


def _likelihood(char: str, known: dict[str, float]) -> float:
    share = known.get(char) or known.get(char.lower())
    if share:
        return log(share)
    if char in _TYPOGRAPHIC:
        return -5.0
    return -8.0 if char.isalpha() else -11.0


def _next_different(ranked: list[tuple[float, str]], text: bytes) -> tuple[float, str]:
    """The best other encoding that gives another text."""
    first = text.decode(ranked[0][1], "replace")
    return next((r for r in ranked[1:] if text.decode(r[1], "replace") != first), (-50.0, ""))


def _elsewhere(sample: bytes, name: str) -> Charset:
    """None of ours gives words: ask a detector with more languages."""
    import charset_normalizer

    match = charset_normalizer.from_bytes(sample[: 1 << 16]).best()
    if match is not None and _readable(match.encoding):
        return Charset(
            Codec(match.encoding, None).name, 0.5, "its letters look most like this encoding"
        )
    return Charset(name, 0.3, "no encoding gives plain words; this one comes nearest")


def _readable(name: str) -> bool:
    try:
        Codec(name, None)
    except (FileError, LookupError):
        return False
    return True
