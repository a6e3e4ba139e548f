"""Looks may only rule out what no cell fits."""

from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from core.checking.checker import Checker
from core.reading.dialect import Dialect
from core.reading.source import Source
from core.recipes.candidates import candidates
from core.recipes.looks import Looks
from core.recipes.recipe import Recipe
from core.recipes.schema import Field, Schema

GUESSES = candidates(Dialect())
MOMENT = datetime(2025, 4, 3, 9, 5, 7)
TEXTS = [
    *{MOMENT.strftime(guess.format) for guess in GUESSES if "%" in guess.format},
    *("2025-04-03", "2025-04-03T09:05:07", "2025-04-03T09:05:07.5+02:00", "09:05:07", "9:05"),
    *("5", "-5", "+5", "1.5", ".5", "5.", "1e5", "-1.5E+3", "1,5", "1.250,00", "1 250", "1'250"),
    *('{"a": 1}', " [1]", "a@b.example", "http://a.b", "mailto:x", "true", "Nein", "sí"),
    *("yes", "N", "t", "ON", "oui", "no"),
    *("123e4567-e89b-12d3-a456-426614174000", "abcdefab-abcd-abcd-abcd-abcdefabcdef"),
]


def fitting(cells: pa.Array) -> set[int]:
    return {n for n, guess in enumerate(GUESSES) if np.any(guess.fits(cells))}


def test_every_guess_that_a_cell_fits_is_left_by_its_look() -> None:
    looks = Looks(GUESSES)
    left = [looks.possible(pa.array([text])) for text in TEXTS]
    for number, guess in enumerate(GUESSES):
        rows = np.flatnonzero(guess.fits(pa.array(TEXTS)))
        assert len(rows), f"no text here is of {guess}"
        assert all(number in left[row] for row in rows), guess


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text("09.,:-+/T aebZ@{[' ", max_size=20), min_size=1, max_size=3))
def test_no_look_rules_out_what_a_column_of_such_cells_fits(cells: list[str]) -> None:
    column = pa.array(cells, pa.string())
    assert fitting(column) <= Looks(GUESSES).possible(column)


def test_a_refused_record_of_utf_16_has_no_line_end(tmp_path: Path) -> None:
    path = tmp_path / "n.csv"
    for encoding in ("utf-16-le", "utf-16-be"):
        path.write_bytes("\ufeffn\r\n1\r\nx\r\n".encode(encoding))
        dialect = Dialect(encoding=encoding)
        source = Source(path, dialect)
        checker = Checker(
            Recipe("n", "n.csv", dialect, Schema((Field("n", "integer"),))), source.names
        )
        refused = [one for raw in source.batches() for one in checker.check(raw).refused]
        assert [one.raw for one in refused] == ["x".encode(encoding)]
        assert refused[0].values == {"n": "x"}
