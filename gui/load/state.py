"""What is open on the Load page: frozen values and the sentences read from them; no Qt here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from core.batch import LoadReport, Quality
from core.documents.nesting import check_paths
from core.errors import RecipeError
from core.plural import counted
from core.recipes.inference import Inferred, Proposal
from core.recipes.recipe import Recipe
from gui.load.pace import UNKNOWN, Pace

Edits = Mapping[int, Mapping[str, str]]  # by record, then by raw field name
Kind = tuple[str | None, str, str]  # field, code, rule: what a chip counts

WAITING = ("opening", "checking", "queued", "loading")
PREVIEW = 200  # rows shown before the check of the whole file has begun


@dataclass(frozen=True, slots=True)
class Work:
    """Everything the user decided about a file: what undo restores and a draft keeps."""

    recipe: Recipe
    edits: Edits = field(default_factory=dict)
    limit: int | None = None  # only the first rows, to try
    recipe_path: Path | None = None  # where the recipe came from; None for what the file tells

    def edit(self, record: int, name: str, text: str, original: str) -> "Work":
        """Going back to the file's own text is no edit."""
        edits = {n: dict(cells) for n, cells in self.edits.items()}
        cells = edits.setdefault(record, {})
        if text == original:
            cells.pop(name, None)
        else:
            cells[name] = text
        if not cells:
            del edits[record]
        return replace(self, edits=edits)

    def with_recipe(self, recipe: Recipe) -> "Work":
        return replace(self, recipe=recipe)

    def called(self, name: str) -> str:
        """A column's name in the documents; its own where the recipe does not know it."""
        found = (field.key for field in self.recipe.schema.fields if field.name == name)
        return next(found, name)


@dataclass(frozen=True, slots=True)
class Near:
    """A recipe for nearly these columns, and what differs, a sentence each."""

    path: Path
    apart: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenFile:
    """`phase`: opening, checking, ready, queued, loading, done, stopped, failed, already-loaded.

    `report` is the check's; `load` the load's. `error` is why it could not be opened, checked or
    loaded.
    """

    key: int
    path: Path
    size: int = 0
    phase: str = "opening"
    work: Work | None = None
    names: tuple[str, ...] = ()
    report: LoadReport | None = None
    load: LoadReport | None = None
    pace: Pace = UNKNOWN  # of the load
    error: str = ""
    notes: tuple[str, ...] = ()  # what the user should know before loading: drift, warnings
    questions: tuple[str, ...] = ()  # what only a person can tell about the dialect
    inferred: Inferred | None = None  # why the columns have their types, where they were guessed
    seen: frozenset[str] = frozenset()  # columns whose panel was open
    near: Near | None = None  # offered, while the file is read as it tells itself
    home: str = ""  # the load whose held rows these are, where they are
    resumable: bool = False
    stopping: bool = False  # asked to, and what is under way is not written to its end yet

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def hints(self) -> tuple[Proposal, ...]:
        """Columns that stay text though most of their cells have a type, and nobody looked yet."""
        if self.inferred is None or self.work is None or not self.inferred.mostly:
            return ()
        kinds = {field.name: field.type for field in self.work.recipe.schema.fields}
        return tuple(
            one
            for one in self.inferred.mostly
            if kinds.get(one.field) == "string" and one.field not in self.seen
        )

    @property
    def absent(self) -> tuple[str, ...]:
        """Words that are taken as missing cells, a sentence a column."""
        if self.inferred is None or self.work is None:
            return ()
        schema, told = self.work.recipe.schema, []
        for name, found in self.inferred.missing.items():
            if name in schema.names:
                taken = schema.missing_of(schema.field(name))
                words = ", ".join(f"“{w}” {n:,}" for w, n in found.items() if w in taken)
                told += [f"{self.work.called(name)}: taken as missing: {words}."] if words else []
        return tuple(told)

    @property
    def open_questions(self) -> tuple[str, ...]:
        """Of the dialect and of the columns, a sentence each."""
        return (*self.questions, *(f"{one.field}: {one.because}" for one in self.hints))

    @property
    def keyless(self) -> bool:
        """Whether the mode looks documents up by a key that nobody named yet."""
        if self.work is None or self.work.recipe.mode not in ("update", "skip"):
            return False
        return not self.work.recipe.schema.primary_key

    @property
    def clash(self) -> str:
        """Why dotted names cannot become documents in documents here; "" where they can."""
        if self.work is None or not self.work.recipe.nested:
            return ""
        try:
            check_paths(field.key for field in self.work.recipe.schema.fields if not field.drop)
        except RecipeError as error:
            return str(error)
        if self.work.recipe.mode == "update":
            return "Updating by key replaces whole documents made of dotted names: keep the dots."
        return ""

    @property
    def recipe_path(self) -> Path | None:
        return self.work.recipe_path if self.work is not None else None

    @property
    def checked(self) -> bool:
        return self.report is not None and self.report.state == "done"

    @property
    def busy(self) -> bool:
        return self.phase in WAITING

    @property
    def loadable(self) -> bool:
        return (
            self.work is not None
            and self.phase in ("ready", "stopped", "failed")
            and self.checked
            and self.report is not None
            and self.report.records > 0
        )


def counts(file: OpenFile) -> Quality:
    """Records that are good, that need attention, and still to be checked (by bytes)."""
    return check_counts(file.load if file.phase in ("loading", "done", "stopped") else file.report)


def check_counts(report: LoadReport | None) -> Quality:
    """The same of one report."""
    if report is None:
        return Quality()
    left = 0
    if report.state == "running" and report.fraction > 0:
        left = round(report.records / report.fraction) - report.records
    return Quality(report.accepted + report.skipped, report.quarantined, max(0, left))


def duplicates(report: LoadReport) -> int:
    return sum(report.reasons.get(code, 0) for code in ("unique-error", "primary-key"))


def percent(valid: int, total: int) -> str:
    """100% is said only where it is true, and 0% too."""
    if not total:
        return "0%"
    if valid == total:
        return "100%"
    return f"{min(99.9, max(0.1 if valid else 0.0, 100 * valid / total)):.1f}%"


def some(sentences: Sequence[str], most: int = 3) -> str:
    """The first few, and how many more there are."""
    left = len(sentences) - most
    return " ".join([*sentences[:most], *([f"And {left:,} more."] if left > 0 else [])])


def size_words(size: int) -> str:
    value = float(size)
    for unit in ("bytes", "KB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{value:,.0f} {unit}" if unit == "bytes" or value >= 10 else f"{value:,.1f} {unit}"


def rows_words(count: int) -> str:
    return counted(count, "row")


def duration_words(seconds: float) -> str:
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def changed_records(before: Edits, after: Edits) -> list[int]:
    """Records whose edits differ."""
    both = before.keys() | after.keys()
    return sorted(record for record in both if before.get(record) != after.get(record))


def judged_alike(before: Work | None, work: Work) -> bool:
    """Where rows go, and how, is nothing that a check looks at; a reference may look there."""
    if before is None or work.recipe.schema.foreign_keys:
        return False
    same = before.recipe.replace(collection=work.recipe.collection, mode=work.recipe.mode)
    return replace(before, recipe=same, recipe_path=work.recipe_path) == work
