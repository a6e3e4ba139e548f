"""What the buttons, keys and cells of Quarantine do; the page reads, this writes."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, QPoint, QTimer, Slot
from PySide6.QtWidgets import QWidget

from core.batch import Problem
from core.plural import counted
from core.quarantine import Exported, Resubmission, fixable, try_edit
from core.store.held import HeldRecord
from gui.asking import Asker
from gui.exporting import CSV, ask_file
from gui.held.desk import Desk
from gui.held.discard import DiscardDialog
from gui.held.fix import FixDialog
from gui.held.model import REASON, STATE
from gui.held.view import HeldView
from gui.held.work import Asked, HeldLoad, Kind, Opened, once
from gui.menus import add_buttons, add_copies, menu_for
from gui.session import Session
from gui.sheet_menu import SheetMenu


def wrong_in(record: HeldRecord, columns: Sequence[str]) -> list[str]:
    """The fields at fault; of a record with cells too few, those that it lacks."""
    fields = [one.field for one in record.reasons if one.field]
    if not fields and any(one.code == "missing-cell" for one in record.reasons):
        return [one for one in columns if one not in record.values and one not in (REASON, STATE)]
    return fields


class Looking(Protocol):
    """What is on screen: the filter, what it found, the record at hand."""

    asked: Asked
    opened: Opened | None
    loads: dict[str, HeldLoad]

    def record(self) -> HeldRecord | None: ...
    def refresh(self) -> None: ...
    def show_record(self, record: HeldRecord) -> None: ...


class Deeds(QObject):
    """Each deed is a task of the desk's; the page is told to read again when it is done."""

    def __init__(self, session: Session, view: HeldView, desk: Desk, looking: Looking) -> None:
        super().__init__(view)
        self.session, self.view, self.desk, self.looking = session, view, desk, looking
        self.asker = Asker(session, self)
        self._after_edits = False  # resubmit, once what was typed is written
        acts = view.bar
        view.model.edited.connect(self.cell_edited)
        view.panel.typed.connect(self.typed)
        view.panel.saved.connect(self.saved)
        view.panel.answered.connect(self.answered)
        view.panel.stepped.connect(self.step)
        acts.undo.clicked.connect(desk.undo)
        acts.fix.clicked.connect(self.fix)
        acts.export.clicked.connect(self.export)
        acts.discard.clicked.connect(self.discard)
        acts.restore.clicked.connect(self.restore)
        acts.resubmit.clicked.connect(self.resubmit)
        view.load_again.clicked.connect(self.load_again)
        buttons = (acts.fix, acts.discard, acts.restore, acts.resubmit)
        self.menu = SheetMenu(view.sheet, lambda menu, _index: add_buttons(menu, buttons))
        view.side.asked.connect(self.load_menu)
        desk.edited.connect(self._edited)
        desk.resubmitted.connect(self._resubmitted)
        desk.exported.connect(self._exported)

    # ---- cells -------------------------------------------------------------------------------
    @Slot(int, str, str)
    def cell_edited(self, row: int, field: str, text: str) -> None:
        record = self.view.model.at(row)
        if record is not None and record.state == "held":
            self.desk.edit(record, {field: text})

    @Slot(object)
    def typed(self, values: Mapping[str, str]) -> None:
        """Checks what is typed, by the code that checks files; writes nothing."""
        record, store = self.looking.record(), self.session.store
        if record is None or not values or store is None:
            self.view.panel.show_verdict(values, ())
            return

        def say(problems: tuple[Problem, ...]) -> None:
            self.view.panel.show_verdict(values, problems)

        self.asker.ask("try", once(lambda: try_edit(store, record, values)), say)

    @Slot(object)
    def saved(self, values: Mapping[str, str]) -> None:
        record = self.view.panel.record
        if record is not None:
            self.desk.edit(record, values)

    @Slot(object)
    def answered(self, shape: Mapping[str, str]) -> None:
        record = self.view.panel.record
        if record is not None:
            self.desk.edit(record, {}, shape)

    @Slot(object)
    def _edited(self, record: HeldRecord) -> None:
        self.view.model.put(record)
        shown = self.view.panel.record
        if shown is not None and shown.id == record.id:
            self.looking.show_record(record)

    # ---- the menu of a load ------------------------------------------------------------------
    @Slot(str, QPoint)
    def load_menu(self, load: str, where: QPoint) -> None:
        """A press of the right button has chosen it: the bar speaks of it once it is read."""
        one, show = self.looking.loads.get(load), self.session.show_page
        if one is None:
            return
        entry, menu = one.entry, menu_for(self.view.side)
        place = {"database": entry.database, "collection": entry.collection}
        menu.addAction(self.tr("Show in History"), lambda: show("History", load=load))
        menu.addAction(self.tr("Show its collection"), lambda: show("Collections", **place))
        if one.undone:
            menu.addAction(self.view.load_again.text(), self.load_again)
        menu.addSeparator()
        names = {
            self.tr("Copy load id"): load,
            self.tr("Copy path of the file"): entry.path,
        }
        add_copies(menu, names)
        menu.popup(where)

    # ---- walking -----------------------------------------------------------------------------
    @Slot(int)
    def step(self, direction: int) -> None:
        """To the next record that needs attention, wrapping round; among those that are here."""
        model, sheet, panel = self.view.model, self.view.sheet, self.view.panel
        typing = any(edit.hasFocus() for edit in panel.edits)
        total, start = model.total, sheet.currentIndex().row()
        for far in range(1, total + 1):
            row = (start + direction * far) % total
            record = model.at(row)
            if record is None or record.reasons:
                fields = wrong_in(record, model.columns) if record else []
                at = [model.columns.index(f) for f in fields if f in model.columns]
                sheet.go_to(row, at[0] if at else 0)
                if typing:  # one who mends in the panel goes on there
                    QTimer.singleShot(0, panel, panel.focus_edit)
                return

    # ---- buttons -----------------------------------------------------------------------------
    @Slot()
    def resubmit(self) -> None:
        opened = self.looking.opened
        self.view.panel.save()
        if self.desk.writing:  # what is being typed is meant too
            self._after_edits = True
            return
        if opened is None or not opened.review.ready or not self.view.bar.resubmit.isEnabled():
            return
        title = self.tr("Resubmitting {0}").format(counted(opened.review.ready, "row"))
        self.desk.resubmit(opened.asked.load, None, title)
        self.view.bar.resubmit.setEnabled(False)

    def figures_shown(self) -> None:
        """What waited for edits to be written and counted goes on."""
        opened = self.looking.opened
        told = opened is not None and not opened.is_counting
        if self._after_edits and told and not self.desk.writing:
            self._after_edits = False
            self.resubmit()

    @Slot()
    def load_again(self) -> None:
        """The file of a load that was undone, with its recipe, on the Load page."""
        one = self.looking.loads.get(self.looking.asked.load)
        if one is not None:
            entry = one.entry
            self.session.show_page("Load", path=entry.path, recipe=dict(entry.recipe))

    @Slot(object)
    def _resubmitted(self, report: Resubmission) -> None:
        one = self.looking.loads.get(self.looking.asked.load)
        where = f"{one.entry.name} → {one.entry.database} ▸ {one.entry.collection}" if one else ""
        loaded = report.loaded
        one_row, many = self.tr("1 row loaded"), self.tr("{0} rows loaded")
        parts = [one_row if loaded == 1 else many.format(f"{loaded:,}")]
        if report.skipped:
            parts.append(self.tr("{0} known already").format(f"{report.skipped:,}"))
        if report.held:
            parts.append(self.tr("{0} still held").format(f"{report.held:,}"))
        if report.busy:
            parts.append(self.tr("{0} changed elsewhere meanwhile").format(f"{report.busy:,}"))
        title = ", ".join(parts)
        if one is not None:
            entry = one.entry
            view: dict[str, Any] = {
                self.tr("View"): lambda: self.session.show_page(
                    "Collections", database=entry.database, collection=entry.collection
                )
            }
            self.session.note(title, where, "valid" if loaded else "info", **view)
            self.session.loaded.emit(entry.id)

    @Slot()
    def fix(self) -> None:
        """A dialog that does not block; repairs are tried while it is open."""
        opened, record = self.looking.opened, self.looking.record()
        if opened is None:
            return
        here: list[Kind] = (
            [(one.code, one.field, one.rule) for one in record.reasons] if record else []
        )
        first = next((kind for kind in here if fixable(kind)), ("", None, ""))
        kinds = dict(opened.review.kinds)
        dialog = FixDialog(self.session, opened.asked.load, kinds, first, self._window())
        dialog.accepted.connect(lambda: self._fix(dialog, opened.asked.load))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _fix(self, dialog: FixDialog, load: str) -> None:
        fix, kind = dialog.fix, dialog.kind
        if fix is not None:
            self.desk.fix(load, kind, fix.recipe)

    @Slot()
    def discard(self) -> None:
        opened, record = self.looking.opened, self.looking.record()
        if opened is None:
            return
        line = record.line if record is not None else 0
        dialog = DiscardDialog(line, opened.total, self._window())
        dialog.accepted.connect(lambda: self._discard(dialog, opened, record))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _discard(self, dialog: DiscardDialog, opened: Opened, record: HeldRecord | None) -> None:
        if dialog.everything:
            self.desk.discard_all(opened.asked, opened.total, dialog.note)
        elif record is not None:
            self.desk.discard([record.id], dialog.note)

    @Slot()
    def restore(self) -> None:
        """Takes back the discarded rows shown: they are held again."""
        self.desk.restore_all(self.looking.asked)

    @Slot()
    def export(self) -> None:
        """The rows shown, as CSV with line and reason, for whoever can mend them at the source."""
        opened = self.looking.opened
        one = self.looking.loads.get(self.looking.asked.load)
        if opened is None or one is None:
            return
        stem = one.entry.name.rsplit(".", 1)[0]
        title = self.tr("Export held rows")
        ask_file(self._window(), title, f"{stem}_held.csv", CSV, self.export_to)

    def export_to(self, path: str, safe: bool = False) -> None:
        """`safe` makes cells text that a spreadsheet would run as a formula."""
        self.desk.export(path, self.looking.asked, safe)

    @Slot(object)
    def _exported(self, exported: Exported) -> None:
        one, many = self.tr("1 row exported"), self.tr("{0} rows exported")
        title = one if exported.records == 1 else many.format(f"{exported.records:,}")
        said = self.tr("{0} cells made safe by an apostrophe").format(f"{exported.guarded:,}")
        self.session.note(title, f"{exported.path}; {said}" if exported.guarded else exported.path)

    def _window(self) -> QWidget:
        return self.view.window()
