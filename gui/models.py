"""Models over core's values. `FileModel`: the records of one file, all or those with problems.

It holds no rows: a cell is read at paint time from the page at hand (`Reader`), and a row whose
page is still being fetched shows a placeholder.
"""

from collections.abc import Callable, Mapping

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
    Slot,
)

from core.batch import Integers, Problem, Quality
from core.checking.order import Order
from core.recipes.schema import Field
from core.values.text import shown
from gui.cells import AWAITED, CELL, FIELD, LINE, Cell, FieldView
from gui.invisible import hidden_words
from gui.load.findings import Findings
from gui.load.pages import Page
from gui.load.reader import Reader
from gui.load.rows import Rows, arranged
from gui.load.state import Kind, Work

Index = QModelIndex | QPersistentModelIndex
Proposal = Callable[[str], str | None]
RIGHT = ("integer", "number", "year")
READ = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
TYPED = READ | Qt.ItemFlag.ItemIsEditable
KEPT = 5_000  # cells remembered as they were painted


class FileModel(QAbstractTableModel):
    """Row i is record i + 1, or the i-th record kept with a problem, or as a column sorts them.

    `edited(record, field, text)` when the user typed another text; nothing is changed here.
    """

    edited = Signal(object, str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reader: Reader | None = None
        self.findings = Findings()
        self.names: tuple[str, ...] = ()
        self.work: Work | None = None
        self.quality: Mapping[str, Quality] = {}
        self.frozen = False  # while it is loaded, nothing can be typed
        self.panel = ""  # the field whose panel is open
        self._total = 0
        self._kind: Kind | None = None
        self._only: Rows | None = None  # None: all, as they stand in the file
        self._records: Integers | None = None  # the only ones shown, whatever is wrong with them
        self._order: Order | None = None
        self._proposed = ""
        self._proposal: Proposal | None = None
        self._fields: dict[str, FieldView] = {}  # those asked for: of 2,000 columns few are seen
        self._known: dict[str, Field] = {}
        self._cells: dict[tuple[int, str], Cell] = {}

    # -- what it shows ---------------------------------------------------------------------------
    def show_file(self, reader: Reader, names: tuple[str, ...], work: Work) -> None:
        if self.reader is reader and self.names == names:
            self.set_work(work)
            return
        self.clear()
        self.beginResetModel()
        self.reader, self.names = reader, names
        reader.arrived.connect(self._arrived)
        self.set_work(work)
        self.endResetModel()

    def clear(self) -> None:
        self.beginResetModel()
        if self.reader is not None:
            self.reader.arrived.disconnect(self._arrived)
            self.reader.show_rows(None)
        self.reader, self.work, self.names = None, None, ()
        self._fields.clear()
        self._known.clear()
        self._total, self._only, self._kind, self.quality = 0, None, None, {}
        self._records = None
        self._order = None
        self.findings = Findings()
        self._cells.clear()
        self.endResetModel()

    def set_work(self, work: Work) -> None:
        self.work = work
        self._known = {field.name: field for field in work.recipe.schema.fields}
        self._changed()
        self._refields()

    def set_report(
        self, findings: Findings, quality: Mapping[str, Quality], total: int, filtered: bool
    ) -> None:
        """New counts; rows are only added or taken away where their number changed, and cells are
        read again where the whole file told of them what their page does not."""
        far = self.findings.far or findings.far
        self.findings, self.quality = findings, quality
        self._refields()
        if self._records is not None:
            self._total = total
        elif filtered:
            self._filter(findings.records(self._kind))
        elif total != self._total or self._only is not None:
            self._resize(total)
        if far:
            self._changed()

    def show_all(self, total: int) -> None:
        self._records = None
        self._resize(total)

    def show_records(self, records: Integers) -> None:
        """Only some, until others are asked for."""
        self._records = records
        self._filter(records)

    def show_problems(self, kind: Kind | None) -> None:
        self._kind, self._records = kind, None
        self._filter(self.findings.records(kind))

    @property
    def order(self) -> Order | None:
        return self._order

    def set_order(self, order: Order | None, only: bool, total: int) -> None:
        """Rows by a column, all or those with problems; None puts them as in the file."""
        if order is not self._order:
            self._order = order
            if self._records is not None:
                self._filter(self._records)
            elif only:
                self.show_problems(self._kind)
            else:
                self.show_all(total)
            self._refields()

    def forget_order(self) -> None:
        """The file is read anew: its rows are shown next."""
        self._order = None
        self._fields.clear()

    def propose(self, name: str, proposal: Proposal | None) -> None:
        """Shows in a field's problem cells what a fix would make of them."""
        self._proposed, self._proposal = name, proposal
        self._changed()

    def open_panel(self, name: str) -> None:
        self.panel = name
        self._refields()

    # -- rows and records ------------------------------------------------------------------------
    def record(self, row: int) -> int:
        return self._only.record(row) if self._only is not None else row + 1

    def row_of(self, record: int) -> int:
        """-1 where the record is not among the rows shown."""
        if self._only is None:
            return record - 1 if record <= self._total else -1
        return self._only.row(record)

    def page(self, record: int) -> Page | None:
        return self.reader.page(record) if self.reader is not None else None

    def problems(self, record: int, page: Page | None) -> list[Problem]:
        """By the page itself where it is at hand, and by the whole file."""
        if page is None:
            return self.findings.by_record.get(record, [])
        return [*page.problems.get(record, ()), *self.findings.whole_file(record)]

    # -- Qt's questions --------------------------------------------------------------------------
    def rowCount(self, parent: Index = QModelIndex()) -> int:
        if parent.isValid():
            return 0
        return len(self._only) if self._only is not None else self._total

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.names)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Asked for every cell at every paint."""
        if self.frozen or not index.isValid():
            return READ
        page = self.page(record := self.record(index.row()))
        return TYPED if page is not None and page.whole(record) else READ

    def data(self, index: Index, role: int = 0) -> object:
        record, name = self.record(index.row()), self.names[index.column()]
        if role == CELL:
            return self.cell(record, name)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self.cell(record, name).text
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tip(record, name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            cell = self.cell(record, name)
            return f"{name}: {cell.text or cell.state}" + (
                f", {cell.state}" if cell.state not in ("valid", "empty") else ""
            )
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        record, name = self.record(index.row()), self.names[index.column()]
        if role != Qt.ItemDataRole.EditRole or str(value) == self.cell(record, name).text:
            return False
        self.edited.emit(record, name, str(value))
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if orientation == Qt.Orientation.Horizontal:
            return self._field_header(section, role)
        if role == LINE:
            record = self.record(section)
            page = self.page(record)
            bad = bool(self.problems(record, page))
            return (f"{page.line(record):,}" if page is not None else "", bad)
        return None

    def _field_header(self, section: int, role: int) -> object:
        if role == FIELD:
            return self._view(self.names[section])
        if role == Qt.ItemDataRole.DisplayRole:
            return self._view(self.names[section]).name
        return None

    # -- cells -----------------------------------------------------------------------------------
    def cell_at(self, index: Index) -> Cell:
        return self.cell(self.record(index.row()), self.names[index.column()])

    def cell(self, record: int, name: str) -> Cell:
        found = self._cells.get((record, name))
        if found is not None:
            return found
        page = self.page(record)
        if page is None or self.work is None:
            return AWAITED
        if len(self._cells) >= KEPT:
            self._cells.clear()
        found = self._cells[record, name] = self._read(record, name, page)
        return found

    def _read(self, record: int, name: str, page: Page) -> Cell:
        text, edited = page.text(record, name), self._edit(record, name)
        original = page.original(record, name) or ""
        if edited is not None:
            text = edited
        bad = any(problem.field == name for problem in self.problems(record, page))
        if bad:
            shown = text or original
            if not shown:
                return Cell("", "missing")
            return Cell(shown, "problem", self._propose(name, shown))
        if edited is None and not text and original:
            return Cell(original, "absent")
        if (text or "") != original:
            return Cell(text or "", "changed")
        return Cell(text or "", "valid" if text else "empty")

    def tip(self, record: int, name: str) -> str:
        page = self.page(record)
        found = [p.message for p in self.problems(record, page) if p.field in (name, None)]
        if page is not None:
            original, cell = page.original(record, name), self.cell(record, name)
            if cell.state == "absent":
                found.append(self.tr("“{0}” is read as missing.").format(shown(cell.text)))
            found += [words for words in (hidden_words(cell.text),) if words]
            if (original or "") != cell.text:
                found.append(self.tr("In the file: “{0}”").format(original or ""))
        return "\n".join(found)

    def _edit(self, record: int, name: str) -> str | None:
        assert self.work is not None
        return self.work.edits.get(record, {}).get(name)

    def _propose(self, name: str, text: str) -> str:
        if self._proposal is None or name != self._proposed:
            return ""
        return self._proposal(text) or ""

    # -- changes ---------------------------------------------------------------------------------
    def _resize(self, total: int) -> None:
        if self._order is not None:
            self._put(arranged(None, self._order))
        elif self._only is not None:
            self._swap(None, total)
        elif total > self._total:
            self.beginInsertRows(QModelIndex(), self._total, total - 1)
            self._total = total
            self.endInsertRows()
        elif total < self._total:
            self.beginRemoveRows(QModelIndex(), total, self._total - 1)
            self._total = total
            self.endRemoveRows()

    def _filter(self, records: Integers) -> None:
        self._put(arranged(records, self._order))

    def _put(self, rows: Rows | None) -> None:
        if rows is not None and rows.same(self._only):
            self._changed()
        else:
            self._swap(rows, self._total)

    def _swap(self, only: Rows | None, total: int) -> None:
        """Other rows, the same columns: a reset would forget the widths the user gave them."""
        if rows := self.rowCount():
            self.beginRemoveRows(QModelIndex(), 0, rows - 1)
            self._only, self._total = None, 0
            self.endRemoveRows()
        if self.reader is not None:
            self.reader.show_rows(only)
        rows = total if only is None else len(only)
        if rows:
            self.beginInsertRows(QModelIndex(), 0, rows - 1)
        self._only, self._total = only, total
        if rows:
            self.endInsertRows()

    def _changed(self) -> None:
        """Line numbers too: told as changes of the header they would be gone through one by one."""
        self._cells.clear()
        rows, columns = self.rowCount(), self.columnCount()
        if rows and columns:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, columns - 1))

    @Slot(object, object)
    def _arrived(self, first: int, stop: int) -> None:
        self._changed()

    def _refields(self) -> None:
        self._fields.clear()
        if self.names:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.names) - 1)

    def _view(self, name: str) -> FieldView:
        found = self._fields.get(name)
        if found is None:
            field, sums = self._known.get(name), self.quality.get(name, Quality())
            kind = field.type if field is not None else "string"
            shown = "enum" if field is not None and "enum" in field.constraints else kind
            called = field.key if field is not None else name
            found = self._fields[name] = FieldView(
                called,
                shown,
                sums.valid,
                sums.problem,
                sums.missing,
                right=kind in RIGHT,
                open=name == self.panel,
                sorted=self._sorted(name),
                was=name if name != called else "",
                dropped=field is not None and field.drop,
            )
        return found

    def _sorted(self, name: str) -> str:
        if self._order is None or self._order.name != name:
            return ""
        return "down" if self._order.descending else "up"
