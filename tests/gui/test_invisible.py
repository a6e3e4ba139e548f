"""Characters that cannot be seen have a sign where a cell is painted, and a name."""

import pytest

from gui.invisible import hidden_words, signed


@pytest.mark.parametrize(
    ("text", "painted", "words"),
    [
        ("two words", "two words", ""),
        ("  a ", "··a·", "The text begins with 2 spaces and ends with a space."),
        ("a\xa0b", "a␣b", "The text contains no-break space (U+00A0)."),
        ("a\u200bb", "a¦b", "The text contains zero width space (U+200B)."),
        ("\ufeffid", "¦id", "The text contains byte order mark (U+FEFF)."),
        ("a\tb", "a⇥b", "The text contains tab (U+0009)."),
        ("\x00", "␀", "The text contains control character (U+0000)."),
        ("👨\u200d👩", "👨\u200d👩", ""),  # a joiner is part of the sign
    ],
)
def test_a_hidden_character_is_shown_and_named(text: str, painted: str, words: str) -> None:
    shown, places = signed(text)
    assert shown == painted
    assert bool(places) == bool(words)
    assert hidden_words(text) == words
