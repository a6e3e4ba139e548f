"""An exception as the user reads it, and as the log keeps it."""

import html
import logging

from core.errors import CoreError

log = logging.getLogger("sluice")


def words(error: BaseException) -> str:
    """Plain text: what a CoreError says, or that this is a bug and where its trace stands."""
    if isinstance(error, CoreError):
        return str(error)
    log.error("A bug", exc_info=error)
    return f"Something went wrong that should not: {error!r}. The log has the details (Ctrl+,)."


def rich(error: BaseException) -> str:
    """The same for a message bar: the problem strong, the cure after it."""
    if isinstance(error, CoreError):
        strong = f'<span style="font-weight:600">{html.escape(error.problem)}</span>'
        return f"{strong} {html.escape(error.cure)}"
    return html.escape(words(error))
