"""What the Quarantine page asks of core, each a generator for a task; values come back frozen."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.quarantine import Review, discard, restore, review
from core.reasons import reason_words
from core.store import LoadEntry, Store
from core.store.held import HeldRecord
from gui.held.model import PAGE, REASON, STATE
from gui.sheet import FieldView

Kind = tuple[str, str | None, str]  # code, field, rule
MANY = 100_000  # records of which not all figures are waited for
PORTION = 500  # records read or moved between two looks whether to stop


@dataclass(frozen=True, slots=True)
class Asked:
    """Which records are looked at; "" is no filter. `state`: held, resubmitted, discarded."""

    load: str = ""
    code: str = ""
    rule: str = ""
    field: str = ""
    text: str = ""
    state: str = "held"

    def words(self) -> dict[str, Any]:
        """As the store's `find` and `count` take them."""
        said = {
            "load": self.load,
            "reason": self.code,
            "rule": self.rule,
            "field": self.field,
            "text": self.text,
        }
        return {**{name: value for name, value in said.items() if value}, "state": self.state}


@dataclass(frozen=True, slots=True)
class HeldLoad:
    """A load with records in quarantine; `number` is its place in the history, from 1."""

    entry: LoadEntry
    number: int
    held: int

    @property
    def undone(self) -> bool:
        """Its rows can no longer be loaded by it."""
        return self.entry.state in ("undone", "undoing")


@dataclass(frozen=True, slots=True)
class Listed:
    loads: tuple[HeldLoad, ...]

    @property
    def total(self) -> int:
        return sum(one.held for one in self.loads)


@dataclass(frozen=True, slots=True)
class Opened:
    """What one view shows at first: figures of the load, how many match, and the first page; as far
    as a search through all of them has come."""

    asked: Asked
    review: Review
    total: int
    records: tuple[HeldRecord, ...]
    fraction: float = 1.0

    @property
    def is_counting(self) -> bool:
        """Whether more is told later than what was found."""
        return self.review.ready is None


@dataclass(frozen=True, slots=True)
class Seen:
    """The loads and what is shown of one of them, read together so that their figures agree;
    `opened` is None while that is still being read, or where nothing is held."""

    listed: Listed
    opened: Opened | None


def looking(store: Store, asked: Asked, wanted: str = "") -> Generator[Seen, None, None]:
    """The load `wanted` or, where it holds nothing, the one looked at, or the newest."""
    listed = listing(store, asked)
    yield Seen(listed, None)
    loads = [one.entry.id for one in listed.loads]
    if not loads:
        return
    load = next((one for one in (wanted, asked.load) if one in loads), loads[0])
    for opened in opening(store, asked if load == asked.load else Asked(load)):
        yield Seen(listed, opened)


def listing(store: Store, asked: Asked) -> Listed:
    """Every load that holds something or had rows discarded, newest first; and the one whose loaded
    rows are looked at."""
    held = store.quarantine.loads()
    known = {*held, *store.quarantine.loads("discarded")}
    known |= {asked.load} if asked.state != "held" else set()
    entries = store.loads.list(0)
    numbers = {entry.id: len(entries) - i for i, entry in enumerate(entries)}
    return Listed(
        tuple(
            HeldLoad(entry, numbers[entry.id], held.get(entry.id, 0))
            for entry in entries
            if entry.id in known
        )
    )


def opening(store: Store, asked: Asked) -> Generator[Opened, None, None]:
    """Whoever stops listening ends the search. Of many records those that are ready are counted
    when the first ones are seen."""
    found = review(store, asked.load, ready=False)
    many, opened = found.held > MANY, None
    if not many:
        found = replace(found, ready=store.quarantine.ready(asked.load))
    for part in store.quarantine.search(**asked.words(), limit=PAGE):
        yield (opened := Opened(asked, found, part.count, part.records, part.fraction))
    if many and opened is not None:
        ready = store.quarantine.ready(asked.load)
        yield replace(opened, review=replace(found, ready=ready))


def paging(
    store: Store, asked: Asked, page: int, after: str | None = None
) -> Generator[tuple[int, tuple[HeldRecord, ...]], None, None]:
    """`after`: the last record of the page before, where that is known."""
    skip = page * PAGE if after is None else 0
    yield page, store.quarantine.find(**asked.words(), skip=skip, limit=PAGE, after=after)


# ---- figures and columns ------------------------------------------------------------------------
def by_reason(kinds: Mapping[Kind, int]) -> list[tuple[str, str, str, int]]:
    """(words, code, rule, count), most first."""
    totals: dict[tuple[str, str, str], int] = {}
    for (code, _, rule), count in kinds.items():
        key = (reason_words(code, rule), code, rule)
        totals[key] = totals.get(key, 0) + count
    return [(*key, n) for key, n in sorted(totals.items(), key=lambda item: -item[1])]


def by_field(kinds: Mapping[Kind, int], code: str = "", rule: str = "") -> list[tuple[str, int]]:
    """(field, count), most first; of one reason, or of all."""
    totals: dict[str, int] = {}
    for (kind, field, broken), count in kinds.items():
        if field and (not code or (kind, broken) == (code, rule)):
            totals[field] = totals.get(field, 0) + count
    return sorted(totals.items(), key=lambda item: -item[1])


def names_of(entry: LoadEntry) -> tuple[str, ...]:
    """The file's columns in order, as the load's recipe has them."""
    schema = entry.recipe.get("schema", {})
    return tuple(field["name"] for field in schema.get("fields", ()))


def dialect_of(entry: LoadEntry) -> dict[str, Any]:
    """How the file was written, in Table Dialect words."""
    encoding = entry.recipe.get("encoding", "utf-8")
    return {"encoding": encoding, **entry.recipe.get("dialect", {})}


def views_of(entry: LoadEntry, others: Mapping[str, str]) -> dict[str, FieldView]:
    """A header for each column; `others` are the titles of reason and state."""
    views = {
        REASON: FieldView(others[REASON], "string"),
        STATE: FieldView(others[STATE], "enum"),
    }
    for field in entry.recipe.get("schema", {}).get("fields", ()):
        kind = field.get("type", "string")
        listed = kind == "string" and "enum" in field.get("constraints", {})
        right = kind in ("integer", "number", "year")
        views[field["name"]] = FieldView(field["name"], "enum" if listed else kind, right=right)
    return views


def columns_of(names: tuple[str, ...], wrong: list[str]) -> tuple[str, ...]:
    """What is at fault stands first, beside the line; then why and how it stands; then the rest."""
    first = [name for name in wrong if name in names][:3]
    return (*first, REASON, STATE, *(name for name in names if name not in first))


class Columns:
    """The columns of the load that is shown: in the order that its first reading gave them, so
    that nothing moves under a person's hands while rows are mended, filtered and loaded."""

    def __init__(self) -> None:
        self._load = ""
        self._names: tuple[str, ...] = ()

    def of(self, entry: LoadEntry, opened: Opened) -> tuple[str, ...]:
        if entry.id != self._load:
            wrong = [name for name, _ in by_field(opened.review.kinds)]
            self._load, self._names = entry.id, columns_of(names_of(entry), wrong)
        strange = {name for record in opened.records for name in record.values}
        self._names += tuple(sorted(strange - set(self._names)))
        return self._names


def views_for(
    entry: LoadEntry, columns: tuple[str, ...], titles: Mapping[str, str]
) -> dict[str, FieldView]:
    """Records may name cells that the recipe does not: a column each, as text."""
    known = views_of(entry, titles)
    return {name: known.get(name) or FieldView(name, "string") for name in columns}


@dataclass(frozen=True, slots=True)
class Moved:
    """How many of the records given up, or taken back, were so far."""

    done: int
    total: int

    @property
    def fraction(self) -> float:
        return self.done / self.total if self.total else 1.0


def moving(store: Store, ids: Sequence[str], note: str | None) -> Generator[Moved, None, None]:
    """Discards with a note, or takes back with None; some hundred at a time."""
    for at in range(0, len(ids), PORTION):
        part = ids[at : at + PORTION]
        restore(store, part) if note is None else discard(store, part, note)
        yield Moved(at + len(part), len(ids))


def once(work: Callable[[], Any]) -> Generator[Any, None, None]:
    """A single answer as work for a task."""
    yield work()
