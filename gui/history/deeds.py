"""What is done about a load of the history: undone, resumed, repeated, its recipe saved."""

import json
from html import escape
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from core.errors import CoreError
from core.loading.loader import load_file
from core.loading.undo import UndoPlan, UndoReport, undo
from core.plural import counted
from core.recipes.recipe import Recipe
from gui.asking import Asker
from gui.history.confirm import UndoDialog
from gui.history.details import Details
from gui.history.view import HistoryView
from gui.history.words import unique_words
from gui.history.work import Past, planning
from gui.reports import Reports
from gui.session import Session


class Looking(Protocol):
    """What is on screen."""

    def details_of(self, load: str) -> Details | None: ...
    def refresh(self) -> None: ...
    def show_error(self, error: Exception) -> None: ...


class Deeds(QObject):
    """Each deed is a task; the page reads again when it is done."""

    def __init__(self, session: Session, view: HistoryView, asker: Asker, looking: Looking) -> None:
        super().__init__(view)
        self.session, self.view, self.asker, self.looking = session, view, asker, looking
        self.reports = Reports(session, view)
        self._undone = UndoReport("")  # so far, of the load that is being undone
        self._wanted = ""  # a load that is to be undone once it is known what that does

    def connect_details(self, details: Details) -> None:
        """Hears what is asked for there, and tells what undoing would do, or has done so far."""
        show = self.session.show_page
        details.undo_wanted.connect(self.ask_undo)
        details.stop_wanted.connect(lambda _past: self.stop_undo())
        details.resume_wanted.connect(self.resume)
        details.repeat_wanted.connect(self.repeat)
        details.rows_wanted.connect(self._rows)
        details.held_wanted.connect(lambda past: show("Quarantine", load=past.entry.id))
        details.recipe_wanted.connect(self.save_recipe)
        details.report_wanted.connect(
            lambda past: self.reports.ask(past.entry.id, Path(past.entry.path))
        )
        load, self._wanted = details.past.entry.id, ""
        if "undo" in self.asker.asks and self._undone.load == load:
            details.show_undoing(self._undone)
        elif details.undoable:
            self.asker.ask("plan", planning(self.session.store, load), self._planned)

    def _planned(self, plan: UndoPlan) -> None:
        details = self.looking.details_of(plan.load)
        if details is not None and "undo" not in self.asker.asks:
            details.show_plan(plan)
            if self._wanted == plan.load and not plan.obstacle:
                self.ask_undo(details.past)

    # ---- undo --------------------------------------------------------------------------------
    @Slot(object)
    def ask_undo(self, past: Past) -> None:
        """Asks, once it is known what there is to ask."""
        details = self.looking.details_of(past.entry.id)
        self._wanted = past.entry.id if details is not None and details.plan is None else ""
        if details is None or details.plan is None or "undo" in self.asker.asks:
            return
        dialog = UndoDialog(past, details.plan, self.view.window())
        dialog.accepted.connect(lambda: self.undo(past))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def undo(self, past: Past) -> None:
        """Once at a time; stopped, it goes on where it was when it is asked for again."""
        if "undo" in self.asker.asks:
            return
        self._undone = UndoReport(past.entry.id)
        title = self.tr("Undoing load {0}").format(past.number)
        work = undo(self.session.store, past.entry.id)
        task = self.asker.ask(
            "undo", work, lambda report: self._done(past, report), title, self.stop_undo
        )
        task.progressed.connect(self._undoing)
        task.cancelled.connect(lambda: self._stopped(past))

    @Slot(object)
    def _undoing(self, report: UndoReport) -> None:
        self._undone = report
        details = self.looking.details_of(report.load)
        if details is not None:
            details.show_undoing(report)

    @Slot()
    def stop_undo(self) -> None:
        ask = self.asker.asks.get("undo")
        if ask is None:
            return
        ask.task.cancel()
        details = self.looking.details_of(self._undone.load)
        if details is not None:
            details.show_stopping()

    def _stopped(self, past: Past) -> None:
        done = f"{self._undone.removed + self._undone.restored:,}"
        words = self.tr("Undoing load {0} stopped: {1} of {2} done; undo it again to go on.")
        self.view.say("info", escape(words.format(past.number, done, f"{self._undone.total:,}")))
        self.session.loaded.emit(past.entry.id)

    def _done(self, past: Past, report: UndoReport) -> None:
        title = self.tr("Load {0} undone: {1} removed").format(
            past.number, counted(report.removed, "document")
        )
        parts = [f"{past.entry.name} · {past.entry.database} ▸ {past.entry.collection}"]
        if report.restored:
            parts.append(self.tr("{0} put back").format(f"{report.restored:,}"))
        if report.stays:
            parts.append(self.tr("{0} edited since stay").format(f"{report.stays:,}"))
        if report.unique:
            parts.append(unique_words(report.unique))
        self.session.note(title, " · ".join(parts))
        self.session.loaded.emit(past.entry.id)

    # ---- again -------------------------------------------------------------------------------
    @Slot(object)
    def resume(self, past: Past) -> None:
        """Goes on where the load stopped; what is in already is not sent again."""
        if "resume" in self.asker.asks:
            return
        entry = past.entry
        try:
            recipe = Recipe.from_descriptor(dict(entry.recipe))
        except CoreError as error:
            self.looking.show_error(error)
            return
        recipe = recipe.replace(collection=entry.collection, mode=entry.mode)
        work = load_file(entry.path, recipe, self.session.store, resume=True, limit=entry.limit)
        title = self.tr("Resuming {0}").format(entry.name)

        def stop() -> None:
            ask = self.asker.asks.get("resume")
            if ask is not None:
                ask.task.cancel()

        task = self.asker.ask(
            "resume", work, lambda report: self._resumed(past, report), title, stop
        )
        task.cancelled.connect(lambda: self.session.loaded.emit(entry.id))

    def _resumed(self, past: Past, report: object) -> None:
        accepted = getattr(report, "accepted", 0)
        title = self.tr("{0} loaded").format(counted(accepted, "row"))
        self.session.note(title, past.entry.name)
        self.session.loaded.emit(past.entry.id)

    @Slot(object)
    def repeat(self, past: Past) -> None:
        """Another file by the same recipe, into the same collection, on the Load page."""
        entry = past.entry
        recipe = dict(entry.recipe)
        title = self.tr("Load another file like {0}").format(entry.name)
        dialog = QFileDialog(self.view.window(), title, str(Path(entry.path).parent))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(
            lambda path: self.session.show_page("Load", path=path, recipe=recipe)
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _rows(self, past: Past) -> None:
        entry = past.entry
        self.session.show_page("Collections", database=entry.database, collection=entry.collection)

    # ---- the recipe --------------------------------------------------------------------------
    @Slot(object)
    def save_recipe(self, past: Past) -> None:
        stem = Path(past.entry.name).stem
        title = self.tr("Save the recipe")
        dialog = QFileDialog(self.view.window(), title, f"{stem}.recipe.json")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Recipes (*.recipe.json)"))
        dialog.fileSelected.connect(lambda path: self._save_recipe(past, path))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save_recipe(self, past: Past, path: str) -> None:
        text = json.dumps(dict(past.entry.recipe), indent=2, ensure_ascii=False, default=str)
        try:
            Path(path).write_text(text, "utf-8")
        except OSError as error:
            words = self.tr("The recipe cannot be written to {0}: {1}. Choose another place.")
            self.view.say("problem", escape(words.format(path, error.strerror)))
            return
        self.session.note(self.tr("Recipe saved"), path)
