"""A load of the ledger as the rows of History say it."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLocale

MODES = {
    "add": QT_TRANSLATE_NOOP("history", "Add rows"),
    "update": QT_TRANSLATE_NOOP("history", "Add or update by key"),
    "skip": QT_TRANSLATE_NOOP("history", "Add new, skip known"),
    "replace": QT_TRANSLATE_NOOP("history", "Replace all"),
}
TONES = {
    "stopped": "warning",
    "interrupted": "warning",
    "partly": "warning",
    "failed": "problem",
    "running": "info",
    "undoing": "info",
}


def translated(text: str) -> str:
    return QCoreApplication.translate("history", text)


def mode_words(mode: str) -> str:
    return translated(str(MODES.get(mode, mode)))


def seconds_words(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def short_hash(sha256: str | None) -> str:
    return f"{sha256[:8]}…{sha256[-8:]}" if sha256 else "–"


def equation(counts: Mapping[str, Any]) -> str:
    """“9,812 = 9,771 loaded + 41 held + 0 skipped”: nothing is lost, in figures."""
    text = translated("{0} = {1} loaded + {2} held + {3} skipped")
    names = ("records", "accepted", "quarantined", "skipped")
    return text.format(*(f"{counts.get(name, 0):,}" for name in names))


def unique_words(keys: Sequence[str]) -> str:
    """What an undo leaves of the rules that a load brought; empty for none."""
    if not keys:
        return ""
    named = translated(" and ").join(f"“{key}”" for key in keys)
    return translated("The collection keeps {0} unique: that index stays.").format(named)


def plan_words(removes: int, restores: int, stays: int | None = 0) -> tuple[str, str]:
    """(what undoing does, what it leaves), for one load; `stays` None: not known, then the others
    are the most that can be."""
    parts = []
    if removes or not restores:
        one, many = translated("removes 1 document"), translated("removes {0} documents")
        parts.append(one if removes == 1 else many.format(f"{removes:,}"))
    if restores:
        parts.append(translated("puts {0} back as they were").format(f"{restores:,}"))
    told = translated("Undoing {0};") if stays is not None else translated("At most, undoing {0};")
    head = told.format(translated(" and ").join(parts))
    if stays is None:
        return head, translated("what was edited since will stay.")
    if not stays:
        return head, translated("none was edited since.")
    return head, translated("{0} edited since will stay.").format(f"{stays:,}")


def gone_words(gone: int) -> str:
    one, many = translated("1 was deleted since."), translated("{0} were deleted since.")
    return one if gone == 1 else many.format(f"{gone:,}")


def since_words(resubmitted: int, taken_back: Mapping[str, Any]) -> str:
    """What became of a load after it ended: rows mended in Quarantine, an undo."""
    parts = []
    if resubmitted:
        one = translated("1 row loaded from Quarantine")
        many = translated("{0} rows loaded from Quarantine")
        parts.append(one if resubmitted == 1 else many.format(f"{resubmitted:,}"))
    if taken_back:
        parts.append(translated("undone: {0} removed").format(f"{taken_back.get('removed', 0):,}"))
        if restored := taken_back.get("restored", 0):
            parts.append(translated("{0} put back as they were").format(f"{restored:,}"))
        if stays := taken_back.get("stays", 0):
            parts.append(translated("{0} edited since stay").format(f"{stays:,}"))
    return " · ".join(parts)


def kept_words(images: int, size: str) -> str:
    """What an undo restores from."""
    one = translated("What it changed comes back from the copy kept of 1 document ({1}).")
    many = translated("What it changed comes back from the copies kept of {0} documents ({1}).")
    return (one if images == 1 else many).format(f"{images:,}", size)


def size_words(bytes: int) -> str:
    return QLocale().formattedDataSize(bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
