"""What the cells of one file show: by their page, the edits, and what the check told of them."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from core.batch import Problem
from core.values.text import shown
from gui.cells import AWAITED, Cell
from gui.invisible import hidden_words
from gui.load.findings import Findings
from gui.load.pages import Page
from gui.load.reader import Reader
from gui.load.state import Work

Proposal = Callable[[str], str | None]
KEPT = 5_000  # cells remembered as they were painted


class _Row(NamedTuple):
    """What all cells of a record need to know."""

    page: Page
    at: int
    bad: frozenset[str | None]
    edits: Mapping[str, str]


class CellViews:
    """Reads at paint time and remembers a few screens; `forget` where anything below changed."""

    def __init__(self) -> None:
        self.reader: Reader | None = None
        self.work: Work | None = None
        self.findings = Findings()
        self._proposed = ""
        self._proposal: Proposal | None = None
        self._rows: dict[int, _Row] = {}
        self._cells: dict[tuple[int, str], Cell] = {}
        self._asked: set[int] = set()  # records that were looked at since anything changed

    def forget(self) -> None:
        self._asked.clear()
        self._drop()

    def _drop(self) -> None:
        self._rows.clear()
        self._cells.clear()

    def asked(self, first: int, stop: int) -> bool:
        """Whether any of these records was looked at since anything changed."""
        return any(first <= record < stop for record in self._asked)

    def propose(self, name: str, proposal: Proposal | None) -> None:
        """Shows in a field's problem cells what a fix would make of them."""
        self._proposed, self._proposal = name, proposal
        self.forget()

    def page(self, record: int) -> Page | None:
        self._asked.add(record)
        return self.reader.page(record) if self.reader is not None else None

    def problems(self, record: int, page: Page | None) -> list[Problem]:
        """By the page itself where it is at hand, and by the whole file."""
        if page is None:
            return self.findings.by_record.get(record, [])
        return [*page.problems.get(record, ()), *self.findings.whole_file(record)]

    def cell(self, record: int, name: str) -> Cell:
        found = self._cells.get((record, name))
        if found is None:
            row = self._rows.get(record) or self._row(record)
            if row is None:
                return AWAITED
            found = self._cells[record, name] = self._read(row, record, name)
        return found

    def _row(self, record: int) -> _Row | None:
        page = self.page(record)
        if page is None or self.work is None:
            return None
        if len(self._cells) >= KEPT:
            self._drop()
        bad = frozenset(problem.field for problem in self.problems(record, page))
        edits = self.work.edits.get(record, {})
        found = self._rows[record] = _Row(page, page.row(record), bad, edits)
        return found

    def _read(self, row: _Row, record: int, name: str) -> Cell:
        original, text = row.page.texts(record, row.at, name)
        edited = row.edits.get(name)
        if edited is not None:
            text = edited
        if name in row.bad:
            told = text or original
            return Cell(told, "problem", self._propose(name, told)) if told else Cell("", "missing")
        if edited is None and not text and original:
            return Cell(original, "absent")
        if text != original:
            return Cell(text, "changed")
        return Cell(text, "valid" if text else "empty")

    def _propose(self, name: str, text: str) -> str:
        if self._proposal is None or name != self._proposed:
            return ""
        return self._proposal(text) or ""

    def tip(self, record: int, name: str) -> str:
        page = self.page(record)
        found = [p.message for p in self.problems(record, page) if p.field in (name, None)]
        if page is not None:
            original, cell = page.original(record, name) or "", self.cell(record, name)
            if cell.state == "absent":
                found.append(_tr("“{0}” is read as missing.").format(shown(cell.text)))
            found += [words for words in (hidden_words(cell.text),) if words]
            if original != cell.text:
                found.append(_tr("In the file: “{0}”").format(original))
        return "\n".join(found)


def _tr(words: str) -> str:
    return QCoreApplication.translate("CellViews", words)
