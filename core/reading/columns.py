"""Canonical CSV text → one string column per name, by pyarrow's parser.

Null is an empty cell without quotes, "" one with quotes. Rows of the wrong width are told by
their number and width, and left out.
"""

from typing import Any, NamedTuple

import pyarrow as pa
from pyarrow import csv

_BOM = b"\xef\xbb\xbf"


class Misfit(NamedTuple):
    """A row of the wrong width: its number, from 0, and how many cells it has."""

    row: int
    cells: int


class Columns:
    """`quote` and `delimiter` are single ASCII characters; without quote nothing is quoted."""

    def __init__(self, width: int, delimiter: str, quote: str) -> None:
        labels = [str(n) for n in range(width)]
        self._misfits: list[Misfit] = []
        self._read = csv.ReadOptions(use_threads=False, column_names=labels)
        self._parse = csv.ParseOptions(
            delimiter=delimiter,
            quote_char=quote,
            double_quote=True,
            ignore_empty_lines=False,
            newlines_in_values=True,
            invalid_row_handler=self._misfit,
        )
        self._convert = csv.ConvertOptions(
            column_types=dict.fromkeys(labels, pa.string()),
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            null_values=[""],
            check_utf8=False,
        )
        self.width = width
        pa.enable_signal_handlers(False)  # Ctrl+C is the caller's, it breaks no block off

    def _misfit(self, row: Any) -> str:
        self._misfits.append(Misfit(row.number - 1, row.actual_columns))
        return "skip"

    def parse(self, text: bytes) -> tuple[list[Any], list[Misfit]]:
        """The columns of `text` (valid UTF-8, whole records) and the rows left out."""
        self._misfits.clear()
        if not text:
            return [pa.nulls(0, pa.string())] * self.width, []
        if not text.endswith((b"\n", b"\r")):  # else an empty last cell passes for a quoted one
            text += b"\n"
        if text.startswith(_BOM):  # the parser drops the first one
            text = _BOM + text
        self._read.block_size = len(text) + 1
        table = csv.read_csv(
            pa.BufferReader(text),
            read_options=self._read,
            parse_options=self._parse,
            convert_options=self._convert,
        )
        return [_one(column.chunks) for column in table.columns], list(self._misfits)


def _one(chunks: list[Any]) -> Any:
    if len(chunks) == 1:
        return chunks[0]
    return pa.concat_arrays(chunks) if chunks else pa.nulls(0, pa.string())
