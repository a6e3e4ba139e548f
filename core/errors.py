"""The errors a user can act on; whatever else is raised is a bug and is shown with its traceback.

CoreError
├── FileError          a file that cannot be read as CSV at all
│   └── FileChanged    the file is not the one that was checked or half loaded
├── RecipeError        a recipe, schema, pattern or option that cannot be used
├── StoreError         MongoDB refused or failed
│   ├── NoServer       nothing, or something that is not MongoDB, answers
│   ├── NotAuthorised  wrong name or password, or no right to do this
│   ├── TooSlow        no answer in the time that a person would wait
│   ├── ReadOnly       the connection is switched to read-only
│   └── Busy           another window or command holds this load
├── LoadError          a load stopped half-way; it can be resumed
└── SettingsError      the settings file cannot be read or written
"""


class CoreError(Exception):
    """One sentence on the problem and its cause, and one on the cure.

    `str(error)` joins both; `problem` and `cure` are kept apart for screens that show them apart.
    """

    def __init__(self, problem: str, cure: str = "") -> None:
        super().__init__(f"{problem} {cure}".strip())
        self.problem = problem
        self.cure = cure


class FileError(CoreError):
    """A file that cannot be read as CSV at all: missing, unreadable, empty, binary, a workbook."""


class FileChanged(FileError):
    """The file's size, time or hash is not what it was when it was checked or half loaded."""


class RecipeError(CoreError):
    """A recipe, schema, constraint or option that cannot be used."""


class StoreError(CoreError):
    """MongoDB refused or failed."""


class NoServer(StoreError):
    """Nothing answers at that address, or what answers is not MongoDB."""


class NotAuthorised(StoreError):
    """The server knows neither this name and password, or gives it no right to do this."""


class TooSlow(StoreError):
    """The server did not answer in the time it was given."""


class ReadOnly(StoreError):
    """A write was asked of a connection that is switched to read-only."""


class Busy(StoreError):
    """Another window or command holds this load."""


class LoadError(CoreError):
    """A load stopped half-way; what was written stays and the load can be resumed."""


class SettingsError(CoreError):
    """The settings file cannot be read or written."""
