"""What the whole file says against the dialect that a sample gave."""

from collections import Counter

from core.reading.dialect import Dialect
from core.reading.machine import TEXT_AFTER_QUOTE, UNTERMINATED
from core.reading.records import EXTRA, MISSING
from core.reading.refusals import ENCODING, Refusals

_SHARE = 0.02  # of the records; fewer are single faults and not a wrong dialect
_FEW = 5


class Tally:
    """Counts the refusals of one pass."""

    def __init__(self) -> None:
        self.records = 0
        self.codes: Counter[str] = Counter()
        self.first: dict[str, int] = {}

    def add(self, records: int, refused: Refusals) -> None:
        self.records += records
        faults = refused.faults
        for codes, count in Counter(faults.codes).items():
            line = int(faults.lines[faults.codes.index(codes)])
            for code in codes.split():
                self.codes[code] += count
                self.first[code] = min(line, self.first.get(code, line))

    def warnings(self, dialect: Dialect, columns: int) -> tuple[str, ...]:
        """One sentence on each property that many records contradict."""
        if not self.records:
            return ("The file has a header and no records.",)
        found = []
        if self._many(ENCODING):
            found.append(
                f"{self.codes[ENCODING]:,} records hold bytes that are not {dialect.encoding}, "
                f"first on line {self.first[ENCODING]:,}: the encoding may be another one."
            )
        if self._many(EXTRA, MISSING):
            count = self.codes[EXTRA] + self.codes[MISSING]
            line = min(self.first[code] for code in (EXTRA, MISSING) if code in self.first)
            found.append(
                f"{count:,} of {self.records:,} records do not have {columns} cells, first on "
                f"line {line:,}: the delimiter or the header's line may be another one."
            )
        if self._many(TEXT_AFTER_QUOTE, UNTERMINATED):
            count = self.codes[TEXT_AFTER_QUOTE] + self.codes[UNTERMINATED]
            found.append(
                f"{count:,} of {self.records:,} records have broken quotes: the quote or escape "
                "character may be another one."
            )
        return tuple(found)

    def _many(self, *codes: str) -> bool:
        count = sum(self.codes[code] for code in codes)
        return count >= _FEW and count > self.records * _SHARE
