"""Which lines are UTF-8 is told of a whole window at once as Python tells it of each line."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.reading.utf8 import bad_utf8, valid_utf8

CHARACTERS = [c.encode() for c in "a,\n\né語😀\u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010ffff"]
BYTES = [bytes([b]) for b in b"\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xe0\xed\xef\xf0\xf4\xf5\xff"]
TEXTS = st.lists(st.sampled_from(CHARACTERS * 3 + BYTES), max_size=12).map(b"".join)


@given(raw=TEXTS, cut=st.integers(0, 3))
@settings(max_examples=500, deadline=None)
def test_bad_bytes_are_found_on_the_lines_that_python_cannot_decode(raw: bytes, cut: int) -> None:
    raw = raw[: len(raw) - cut]
    found = {raw.count(b"\n", 0, place) for place in bad_utf8(raw).tolist()}
    assert found == {n for n, line in enumerate(raw.split(b"\n")) if not _decodes(line)}
    assert valid_utf8(raw) == _decodes(raw)


def _decodes(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
