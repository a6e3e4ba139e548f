"""Fix similar…: repairs for every row held for one kind of problem, each tried first."""

from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtWidgets import QComboBox, QDialog, QFrame, QRadioButton, QVBoxLayout, QWidget

from core.fixes import Fix
from core.quarantine import fixable, fixes
from core.reasons import reason_words
from gui.asking import Asker
from gui.held.work import Kind, once
from gui.layout import col, row
from gui.messages import words as told
from gui.session import Session
from gui.widgets import button, glyph, label

SHOWN = 4  # examples of a fix, before → after


class FixDialog(QDialog):
    """Accepted, `kind` and `fix` tell what to mend and how."""

    def __init__(
        self, session: Session, load: str, kinds: dict[Kind, int], first: Kind, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Fix similar rows"))
        self.setMinimumWidth(480)
        self.session, self.load = session, load
        self.kinds = [kind for kind in kinds if fixable(kind)]
        self.found: tuple[Fix, ...] = ()
        self.asker = Asker(session, self)
        self.asker.failed.connect(lambda _topic, error: self._say(told(error)))
        self.which = QComboBox()
        self.which.setAccessibleName(self.tr("Kind of problem"))
        for code, field, rule in self.kinds:
            count = f"{kinds[(code, field, rule)]:,}"
            words = reason_words(code, rule)
            self.which.addItem(f"{words if field is None else f'{field} · {words}'} · {count}")
        self.state = label("", "muted", wrap=True)
        self._choices = QVBoxLayout()
        self._choices.setSpacing(4)
        self.radios: list[QRadioButton] = []
        self.go = button(self.tr("Fix"), "primary", "wand-sparkles")
        self.go.setEnabled(False)
        cancel = button(self.tr("Cancel"))
        self.go.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        body = col(
            row(label(self.tr("Rows held for"), "small"), (self.which, 1)),
            12,
            self.state,
            self._choices,
            16,
            row(label(self.tr("Each row tells what was done."), "small"), None, cancel, self.go),
            pad=(16, 16, 16, 16),
        )
        self.setLayout(body)
        if first in self.kinds:
            self.which.setCurrentIndex(self.kinds.index(first))
        self.which.currentIndexChanged.connect(self._look)
        self._look()

    @property
    def kind(self) -> Kind:
        return self.kinds[self.which.currentIndex()]

    @property
    def fix(self) -> Fix | None:
        chosen = next((i for i, radio in enumerate(self.radios) if radio.isChecked()), -1)
        return self.found[chosen] if 0 <= chosen < len(self.found) else None

    @Slot()
    def _look(self) -> None:
        self._clear()
        if not self.kinds:
            self._say(self.tr("These rows are not held for their cells; mend each by itself."))
            return
        self._say(self.tr("Trying repairs on these rows…"))
        store, load, kind = self.session.store, self.load, self.kind
        self.asker.ask("fixes", once(lambda: fixes(store, load, kind)), self._show)

    def _show(self, found: tuple[Fix, ...]) -> None:
        self._clear()
        self.found = found
        if not found:
            text = self.tr(
                "No repair fits these values. Edit one cell; its row is checked at once."
            )
            self._say(text)
            return
        self._say(self.tr("Repairs that make rows good, as tried on them:"))
        for i, fix in enumerate(found):
            radio = QRadioButton(
                self.tr("{0}: mends {1} of {2}").format(fix.label, f"{fix.count:,}", f"{fix.of:,}")
            )
            radio.setChecked(i == 0)
            radio.toggled.connect(self._named)
            self.radios.append(radio)
            self._choices.addWidget(radio)
            self._choices.addWidget(examples(fix))
        self._named()

    def _clear(self) -> None:
        self.found, self.radios = (), []
        while (item := self._choices.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._named()

    def _say(self, text: str) -> None:
        self.state.setText(text)

    @Slot()
    def _named(self) -> None:
        fix = self.fix
        self.go.setEnabled(fix is not None)
        self.go.setText(self.tr("Fix {0}").format(f"{fix.count:,}") if fix else self.tr("Fix"))


def examples(fix: Fix) -> QFrame:
    """A few of the values, before → after."""
    lines: list[object] = []
    for old, new in list(fix.after.items())[:SHOWN]:
        before = label(_clip(old) or _tr("empty"), "code")
        after = label(_clip(new) or _tr("missing"), "code", "changed")
        lines.append(row(before, glyph("arrow-right", "faint", 12), after, None, gap=6))
    result = QFrame()
    result.setLayout(col(*lines, gap=2, pad=(24, 0, 0, 6)))  # type: ignore[arg-type]
    result.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return result


def _clip(text: str) -> str:
    return text if len(text) <= 28 else text[:27] + "…"


def _tr(words: str) -> str:
    return QCoreApplication.translate("FixDialog", words)
