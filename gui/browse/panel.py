"""The right panel of Collections: the field's profile, and where the row came from."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from core.documents.origin import Origin
from core.profile import Bar, FieldProfile
from gui.bars import Bars
from gui.browse.values import shown
from gui.clearing import clear
from gui.elided import Elided
from gui.layout import Item, col, frame, row, rule
from gui.times import moment
from gui.widgets import button, glyph, label, raw, tool

MOST = 6
_ROOM = 184  # px for what a row's origin says
ICONS = {"string": "type", "int": "hash", "long": "hash", "double": "decimals-arrow-right",
         "decimal": "decimals-arrow-right", "bool": "toggle-left", "date": "calendar",
         "objectId": "key", "object": "braces", "array": "list"}  # fmt: skip


class BrowsePanel(QFrame):
    """`bar_picked(Bar)`: a value to filter by; `charted(field)`; `load_wanted(load)`; `closed`."""

    bar_picked = Signal(object)
    charted = Signal(str)
    all_wanted = Signal(str)  # a field that only a sample told about
    stop_wanted = Signal()
    load_wanted = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.setFixedWidth(304)
        self.field = ""
        self.values = Bars(name_width=96)
        self._profile, self._origin = QVBoxLayout(), QVBoxLayout()
        for part in (self._profile, self._origin):
            part.setContentsMargins(0, 0, 0, 0)
            part.setSpacing(0)
        inner = frame("clear", col(self._profile, self._origin, None, pad=(16, 12, 16, 12)))
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setLayout(col(area))

    # ---- the field ---------------------------------------------------------------------------
    def show_waiting(self, name: str, stoppable: bool = False) -> None:
        """The field's name at once; its figures when the server has them."""
        self.field = name
        clear(self._profile)
        self._head(name, "")
        words = self.tr("Counting all documents…") if stoppable else self.tr("Counting…")
        said: list[Item] = [label(words, "small"), None]
        if stoppable:
            stop = button(self.tr("Stop"), "link")
            stop.clicked.connect(self.stop_wanted)
            said.append(stop)
        self._profile.addLayout(row(*said))
        self._profile.addSpacing(16)

    def show_profile(
        self,
        profile: FieldProfile,
        chosen: str = "",
        sampled: str = "",
        total: int | None = None,
    ) -> None:
        """`chosen`: the label of the value that the query asks for; `sampled` says of which
        documents the figures are, where not of all `total`."""
        self.field = profile.field
        clear(self._profile)
        kinds = [kind for kind in profile.types if kind != "null"] or ["null"]
        self._head(profile.field, ", ".join(kinds), kinds[0])
        self._profile.addLayout(_figures(self._numbers(profile)))
        self._profile.addSpacing(16)
        said = sampled or self.tr("of {0}").format(f"{profile.documents:,}")
        if profile.top:
            self._bars(profile, chosen, said)
        elif sampled:
            self._profile.addLayout(row(label(sampled, "caption"), None))
        if sampled:
            words = self.tr("Count all {0}").format(f"{total:,}") if total else self.tr("Count all")
            every = button(words, "ghost", "hash", self.tr("The server reads every document"))
            every.clicked.connect(lambda: self.all_wanted.emit(profile.field))
            self._profile.addSpacing(4)
            self._profile.addLayout(row(every, None))
        chart = button(
            self.tr("Chart by {0}").format(_clip(profile.field, 20)), "ghost", "chart-column"
        )
        chart.clicked.connect(lambda: self.charted.emit(profile.field))
        self._profile.addSpacing(4)
        self._profile.addLayout(row(chart, None))
        self._profile.addSpacing(16)

    def _head(self, name: str, kinds: str, first: str = "string") -> None:
        close = tool("x", self.tr("Close this panel"))
        close.clicked.connect(self.closed)
        title = Elided(name, "title")
        head = row(
            glyph(ICONS.get(first, "type"), "accentText"), title, label(kinds, "small"), None, close
        )
        self._profile.addLayout(head)
        self._profile.addSpacing(12)

    def _numbers(self, profile: FieldProfile) -> list[tuple[str, str]]:
        filled = profile.documents - profile.missing - profile.nulls
        share = f"{100 * filled / profile.documents:.4g}%" if profile.documents else "–"
        pairs = [(self.tr("filled"), share), (self.tr("distinct"), f"{profile.distinct:,}")]
        if profile.mean is not None:
            pairs += [
                (self.tr("least"), _clip(shown(profile.minimum), 12)),
                (self.tr("average"), f"{profile.mean:,.6g}"),
                (self.tr("greatest"), _clip(shown(profile.maximum), 12)),
            ]
        elif profile.minimum is not None and set(profile.types) & {"date"}:
            pairs += [
                (self.tr("first"), shown(profile.minimum)[:10]),
                (self.tr("last"), shown(profile.maximum)[:10]),
            ]
        return pairs

    def _bars(self, profile: FieldProfile, chosen: str, said: str) -> None:
        top = profile.top[:MOST]
        names = [bar.label for bar in top]
        self.values = Bars(
            [(_clip(bar.label, 40) or "“”", bar.documents) for bar in top],
            current=names.index(chosen) if chosen in names else -1,
            name_width=96,
        )
        self.values.picked.connect(lambda at: self._picked(top, at))
        head = row(label(self.tr("Values"), "section"), None, label(said, "caption"))
        self._profile.addLayout(head)
        self._profile.addSpacing(4)
        self._profile.addWidget(self.values)
        if profile.distinct > MOST:
            rest = self.tr("and {0} more").format(f"{profile.distinct - MOST:,}")
            self._profile.addLayout(row(label(rest, "caption"), None, pad=(8, 2, 0, 0)))

    def _picked(self, top: Sequence[Bar], at: int) -> None:
        self.bar_picked.emit(top[at] if at >= 0 else None)

    # ---- the row -----------------------------------------------------------------------------
    def show_origin(self, found: Origin | None) -> None:
        clear(self._origin)
        self._origin.addWidget(rule())
        self._origin.addSpacing(16)
        self._origin.addLayout(row(label(self.tr("Where this row came from"), "section"), None))
        self._origin.addSpacing(8)
        if found is None:
            words = self.tr("No load of Sluice put it there.")
            self._origin.addWidget(label(words, "small", wrap=True))
            return
        entry = found.load
        load = button("", "inline")
        words, middle = f"{found.number} · {entry.name}", Qt.TextElideMode.ElideMiddle
        load.setText(load.fontMetrics().elidedText(words, middle, _ROOM))
        load.setToolTip(self.tr("Show load {0} in History").format(words))
        load.clicked.connect(lambda: self.load_wanted.emit(entry.id))
        pairs: list[tuple[str, QWidget]] = [(self.tr("Load"), load)]
        if found.line is not None:
            pairs.append((self.tr("Line"), label(f"{found.line:,}")))
        pairs.append((self.tr("Record"), label(f"{found.record:,}")))
        if name := entry.recipe.get("name"):
            pairs.append((self.tr("Recipe"), Elided(str(name))))
        if entry.started is not None:
            pairs.append((self.tr("Loaded"), label(moment(entry.started, seconds=True))))
        for name, value in pairs:
            said = label(name, "small")
            said.setFixedWidth(72)
            self._origin.addWidget(frame("clear", row(said, (value, 1), gap=0), height=24))
        self._origin.addSpacing(8)
        if found.raw is None:
            self._origin.addWidget(label(found.why, "small", wrap=True))
            return
        text = raw(found.raw.decode(found.encoding, "replace")[:2000], 76)
        text.setAccessibleName(self.tr("The line in the file"))
        self._origin.addWidget(text)

    def forget_origin(self) -> None:
        clear(self._origin)


def _figures(pairs: Sequence[tuple[str, str]]) -> QVBoxLayout:
    """Three to a line, each under its name."""
    result = QVBoxLayout()
    result.setSpacing(8)
    for start in range(0, len(pairs), 3):
        cells = [frame("clear", col(label(k, "caption"), label(v), gap=2))
                 for k, v in pairs[start : start + 3]]  # fmt: skip
        cells += [frame("clear", col()) for _ in range(3 - len(cells))]
        result.addLayout(row(*((cell, 1) for cell in cells), gap=0))
    return result


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
