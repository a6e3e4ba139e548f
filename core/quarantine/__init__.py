"""The records that were refused: looked at, edited, checked again, loaded, given up, handed back.

Nothing here changes what was kept of a record: its raw bytes, the reasons it came with and every
edit stay, also after it was loaded or given up.
"""

from core.quarantine.editing import Review, discard, edit, restore, review, try_edit
from core.quarantine.exporting import Exported, export, exporting, guard
from core.quarantine.fixing import fix_similar, unfix
from core.quarantine.passing import (
    Revalidation,
    answer,
    discard_all,
    fixable,
    fixes,
    replace,
    restore_all,
    revalidate,
)
from core.quarantine.recovering import recover
from core.quarantine.resubmitting import Resubmission, obstacle, resubmit
from core.quarantine.settling import RETURNED, bring_back
from core.store.records import MISSING, SHAPES, SURPLUS

__all__ = [
    "MISSING",
    "RETURNED",
    "SHAPES",
    "SURPLUS",
    "Exported",
    "Resubmission",
    "Revalidation",
    "Review",
    "answer",
    "bring_back",
    "discard",
    "discard_all",
    "edit",
    "export",
    "exporting",
    "fix_similar",
    "fixable",
    "fixes",
    "guard",
    "obstacle",
    "recover",
    "replace",
    "restore",
    "restore_all",
    "resubmit",
    "revalidate",
    "review",
    "try_edit",
    "unfix",
]
