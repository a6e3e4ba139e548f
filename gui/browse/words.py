"""How much of a collection is looked at, in words."""

from PySide6.QtCore import QCoreApplication, QLocale

from core.store.browse import CollectionInfo, Page


def _tr(text: str) -> str:
    return QCoreApplication.translate("browse", text)


def many_words(total: int | None, many: bool) -> str:
    """`many`: counting took too long; a total of None is still being counted."""
    return _tr("many") if many else "…" if total is None else f"{total:,}"


def range_words(page: Page, many: str) -> str:
    first, last = page.first + 1, page.first + len(page.documents)
    words = _tr("{0}–{1} of {2}").format(f"{first:,}", f"{last:,}", many)
    return words if page.documents else _tr("none")


def match_words(total: int | None, many: str) -> str:
    return _tr("1 document matches") if total == 1 else _tr("{0} documents match").format(many)


def collection_words(total: int | None, many: str, info: CollectionInfo | None) -> str:
    """“9,771 documents · 1.2 MB · 2 indexes”, as far as it is known."""
    parts = [_tr("1 document") if total == 1 else _tr("{0} documents").format(many)]
    if info is not None and info.size:
        form = QLocale.DataSizeFormat.DataSizeSIFormat
        parts.append(QLocale().formattedDataSize(info.size, 1, form))
    if info is not None and info.indexes:
        one, some = _tr("1 index"), _tr("{0} indexes").format(info.indexes)
        parts.append(one if info.indexes == 1 else some)
    return " · ".join(parts)
