"""A load as one HTML file to print, keep or send: what was read, what came of it, and why not all.

The file needs nothing beside it and runs nothing: whatever stood in the data is shown as text.
"""

from pathlib import Path

from core.drafts import drafted
from core.errors import FileError
from core.report.facts import facts
from core.report.page import page
from core.store import Store

__all__ = ["load_report", "save_report"]


def load_report(store: Store, load: str) -> str:
    """The report of a load as HTML; raises StoreError where there is no such load."""
    return page(facts(store, load))


def save_report(store: Store, load: str, path: Path | str) -> Path:
    """Writes the report whole or not at all; raises FileError and StoreError."""
    target = Path(path)
    text = load_report(store, load)
    try:
        with drafted(target) as draft:
            draft.write_text(text, "utf-8")
    except OSError as error:
        raise FileError(
            f"The report cannot be written to {target}: {error.strerror}.", "Choose another place."
        ) from error
    return target
