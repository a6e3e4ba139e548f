"""The embedded database: started once for all windows and commands of a user.

It is for trying out and small work, and beta; see `core.local.server` for how it is run.
"""

from core.local.server import available, spawn

__all__ = ["available", "spawn"]
