"""Files that are written whole or not at all."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def drafted(target: Path) -> Iterator[Path]:
    """A file beside `target` to write to, of a name nobody else has: it takes the target's place at
    the end, and is gone where it never comes to that. What is no file, as a device or a pipe, is
    written to as it is; where a link stands, what it leads to. Raises OSError."""
    target = target.resolve()
    if target.exists() and not target.is_file():
        yield target
        return
    draft = target.with_name(f".sluice-{secrets.token_hex(8)}.tmp")
    try:
        yield draft
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
