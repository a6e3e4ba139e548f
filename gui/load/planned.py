"""What Load all would do with each open file, or why a file is left out; no Qt here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.plural import counted
from core.recipes.drift import unlike
from core.recipes.recipe import Recipe
from gui.load.actions import MODES, effect
from gui.load.state import OpenFile, rows_words, some


@dataclass(frozen=True, slots=True)
class Planned:
    """`why_not` says why the file is left out; `asked` are its open questions, `beware` what
    should be known of it before."""

    key: int
    name: str
    into: str = ""
    mode: str = ""
    ready: int = 0
    held: int = 0
    resume: bool = False
    limit: int | None = None
    asked: tuple[str, ...] = ()
    beware: str = ""
    why_not: str = ""

    @property
    def rows(self) -> str:
        if self.why_not:
            return "not loaded"
        if self.resume:
            return "goes on"
        return rows_words(self.ready) if self.limit is None else f"first {rows_words(self.limit)}"

    @property
    def way(self) -> str:
        """How it is loaded, and what becomes of the rest."""
        held = f"{counted(self.held, 'row')} will be held" if self.held else "no row will be held"
        return f"{MODES.get(self.mode, self.mode)} · {held}"

    @property
    def questions(self) -> str:
        return f"{counted(len(self.asked), 'question')}: {some(self.asked, 1)}"


def planned(files: Iterable[OpenFile]) -> tuple[Planned, ...]:
    """Those that will be loaded in their order, then those that cannot be; not what is loaded."""
    ready: list[Planned] = []
    rest: list[Planned] = []
    before: list[OpenFile] = []
    for file in files:
        if file.phase in ("done", "already-loaded", "queued", "loading"):
            continue
        why = _why_not(file)
        if why:
            rest.append(Planned(file.key, file.name, why_not=why))
        else:
            ready.append(_ready(file, before))
            before.append(file)
    return (*ready, *rest)


def _why_not(file: OpenFile) -> str:
    if not file.path.exists():
        return "It is not there any more: put it back, or close it here."
    if file.loadable:
        return effect(file).why_not
    return file.error or effect(file).why_not or "The file is still being checked."


def _ready(file: OpenFile, before: Sequence[OpenFile]) -> Planned:
    assert file.work is not None
    assert file.report is not None
    recipe = file.work.recipe
    return Planned(
        file.key,
        file.name,
        recipe.collection,
        recipe.mode,
        file.report.accepted,
        file.report.quarantined,
        file.resumable,
        file.work.limit,
        file.open_questions,
        _beware(recipe, before),
    )


def _beware(recipe: Recipe, before: Sequence[OpenFile]) -> str:
    """A file that replaces a collection also replaces what was loaded just before it; one that goes
    where another of the list goes may be of another shape."""
    into = recipe.collection
    same = [one for one in before if one.work is not None and one.work.recipe.collection == into]
    if recipe.mode == "replace":
        too = f", {same[-1].name} of this list too" if same else ""
        return f"It takes the place of all that {into} holds{too}."
    apart = unlike(same[0].work.recipe, recipe) if same and same[0].work is not None else ()
    if not apart:
        return ""
    cure = "Choose another collection for it, or the same recipe for both."
    return f"It is unlike {same[0].name}, which goes into {into} too: {some(apart, 2)} {cure}"


def sums(plans: Iterable[Planned]) -> tuple[int, int, int]:
    """Files that will be loaded, their rows ready, their rows that will be held."""
    going = [one for one in plans if not one.why_not]
    return len(going), sum(one.ready for one in going), sum(one.held for one in going)
