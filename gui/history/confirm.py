"""Undo…: what goes and what comes back, in figures, before anything does."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from core.loading.undo import UndoPlan
from gui.confirm import Confirm
from gui.history.words import gone_words, kept_words, plan_words, size_words, unique_words
from gui.history.work import Past


class UndoDialog(Confirm):
    def __init__(self, past: Past, plan: UndoPlan, parent: QWidget) -> None:
        entry, words = past.entry, _tr("Undo load {0}").format(past.number)
        last = _tr(
            "There is no undo of an undo: loading the file again brings its rows back. "
            "It can be stopped, and goes on when it is asked for again."
        )
        where = f"{entry.name} → {entry.database} ▸ {entry.collection}"
        super().__init__(words, where, _facts(past, plan), last, (words, "undo-2"), parent)


def _facts(past: Past, plan: UndoPlan) -> list[str]:
    head, rest = plan_words(plan.removes, plan.restores, plan.stays)
    facts = [head.rstrip(";") + ".", rest[:1].upper() + rest[1:]]
    if plan.gone:
        facts.append(gone_words(plan.gone))
    if plan.restores:
        facts.append(kept_words(plan.restores, size_words(plan.bytes)))
    if plan.unique:
        facts.append(unique_words(plan.unique))
    if past.held:
        words = _tr("Its {0} held rows stay in Quarantine, but cannot be resubmitted then.")
        facts.append(words.format(f"{past.held:,}"))
    return facts


def _tr(words: str) -> str:
    return QCoreApplication.translate("UndoDialog", words)
