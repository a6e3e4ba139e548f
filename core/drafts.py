"""Files that are written whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def drafted(target: Path) -> Iterator[Path]:
    """A file beside `target` to write to: it takes the target's place at the end, and is gone where
    it never comes to that. Raises OSError."""
    draft = target.with_name(f"{target.name}.tmp")
    try:
        yield draft
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
