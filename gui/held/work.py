"""What the Quarantine page asks of core, each a generator for a task; values come back frozen."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

from core.quarantine import Review, review
from core.reasons import reason_words
from core.store import LoadEntry, Store
from core.store.held import HeldRecord
from gui.held.model import PAGE, REASON, STATE
from gui.sheet import FieldView

Kind = tuple[str, str | None, str]  # code, field, rule


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


@dataclass(frozen=True, slots=True)
class Listed:
    loads: tuple[HeldLoad, ...]

    @property
    def total(self) -> int:
        return sum(one.held for one in self.loads)


@dataclass(frozen=True, slots=True)
class Opened:
    """What one view shows at first: figures of the load, how many match, and the first page."""

    asked: Asked
    review: Review
    total: int
    records: tuple[HeldRecord, ...]


def listing(store: Store) -> Generator[Listed, None, None]:
    """Every load that holds something or had rows discarded, newest first."""
    held = store.quarantine.loads()
    known = {*held, *store.quarantine.loads("discarded")}
    entries = store.loads.list(0)
    numbers = {entry.id: len(entries) - i for i, entry in enumerate(entries)}
    yield Listed(
        tuple(
            HeldLoad(entry, numbers[entry.id], held.get(entry.id, 0))
            for entry in entries
            if entry.id in known
        )
    )


def opening(store: Store, asked: Asked) -> Generator[Opened, None, None]:
    found = review(store, asked.load)
    words = asked.words()
    records = store.quarantine.find(**words, limit=PAGE)
    total = len(records) if len(records) < PAGE else store.quarantine.count(**words)
    yield Opened(asked, found, total, records)


def paging(
    store: Store, asked: Asked, page: int
) -> Generator[tuple[int, tuple[HeldRecord, ...]], None, None]:
    yield page, store.quarantine.find(**asked.words(), skip=page * PAGE, limit=PAGE)


def every_id(store: Store, asked: Asked) -> list[str]:
    """The ids of all records that match, however many pages."""
    ids: list[str] = []
    after: str | None = None
    while page := store.quarantine.find(**asked.words(), limit=PAGE, after=after):
        ids += [record.id for record in page]
        after = page[-1].id
    return ids


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


def with_others(
    views: Mapping[str, FieldView], records: tuple[HeldRecord, ...]
) -> dict[str, FieldView]:
    """Records may name cells that the recipe does not: a column each, as text."""
    names = {name for record in records for name in record.values}
    return {**views, **{n: FieldView(n, "string") for n in sorted(names - set(views))}}


def once(work: Callable[[], Any]) -> Generator[Any, None, None]:
    """A single answer as work for a task."""
    yield work()
