"""What stands over the held rows of a load, or in their place."""

from PySide6.QtCore import QCoreApplication

from core.quarantine import Review
from gui.held.work import Asked, HeldLoad
from gui.sidelist import SideItem
from gui.times import moment


def _tr(text: str) -> str:
    return QCoreApplication.translate("held", text)


def when_words(one: HeldLoad) -> str:
    return moment(one.entry.started) if one.entry.started else ""


def load_words(one: HeldLoad, review: Review) -> str:
    """“41 held by load 12 · today 14:02 · into shop ▸ orders”."""
    entry = one.entry
    return _tr("{0} held by load {1} · {2} · into {3} ▸ {4}").format(
        f"{review.held:,}", one.number, when_words(one), entry.database, entry.collection
    )


def held_words(one: HeldLoad) -> str:
    """The beginning of a record's history."""
    return _tr("held by load {0}, {1}").format(one.number, when_words(one))


def side_item(one: HeldLoad) -> SideItem:
    """A load in the list at the left."""
    detail = _tr("load {0} · {1}").format(one.number, when_words(one))
    if one.undone:
        detail = _tr("load {0} · undone").format(one.number)
    return SideItem(one.entry.id, one.entry.name, detail, f"{one.held:,}" if one.held else "")


def state_words(review: Review) -> tuple[str, ...]:
    """How many rows are held, loaded and discarded."""
    words = (_tr("Held"), _tr("Loaded"), _tr("Discarded"))
    counts = (review.held, review.resubmitted, review.discarded)
    return tuple(f"{word} {count:,}" for word, count in zip(words, counts, strict=True))


def nothing_words(asked: Asked) -> str:
    """Why no row is shown."""
    if asked.text:
        return _tr("No row contains “{0}”.").format(asked.text)
    texts = {
        "held": _tr("Nothing of this load is held any more."),
        "resubmitted": _tr("No row of this load was resubmitted yet."),
        "discarded": _tr("No row of this load was discarded."),
    }
    return texts[asked.state]
