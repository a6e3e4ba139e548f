"""quarantine list, edit, export, resubmit and discard."""

import argparse
import sys
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.cli.command import (
    HELD,
    OK,
    answer_arguments,
    connected,
    limit_argument,
    named_load,
    print_json,
    some_text,
)
from core.errors import StoreError

if TYPE_CHECKING:  # a command loads only what it needs
    from core.batch import LoadReport
    from core.recipes.recipe import Recipe
    from core.store import Store
    from core.store.held import HeldRecord


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = _action(actions, "list", "held records with line and reasons")
    limit_argument(listing, 100)
    listing.add_argument("--reason", metavar="CODE", help="only these, such as type-error")
    listing.add_argument("--field", metavar="F", help="only with this field wrong, such as amount")
    editing = _action(actions, "edit", "change cells, or say what is with too many or too few")
    editing.add_argument(
        "records",
        nargs="*",
        metavar="RECORD",
        help="its id, as `sluice quarantine list` shows it; without, all held for that",
    )
    editing.add_argument(
        "--set",
        action="append",
        default=[],
        type=_cell,
        metavar="FIELD=TEXT",
        help="the text of a cell, such as amount=12.50; may be given again",
    )
    editing.add_argument(
        "--leave-out-surplus",
        action="store_true",
        help="leave out what is beyond the last column",
    )
    editing.add_argument(
        "--leave-missing-empty", action="store_true", help="leave the missing columns empty"
    )
    exporting = _action(actions, "export", "held records as CSV for the data's owner")
    exporting.add_argument("-o", "--output", required=True, metavar="CSV", help="such as held.csv")
    exporting.add_argument("--safe", action="store_true", help="no cell can act as a formula")
    again = _action(actions, "resubmit", "check held records again and load those that pass")
    again.add_argument("--recipe", metavar="R", help="a newer recipe, such as orders.recipe.json")
    giving_up = _action(actions, "discard", "give held records up")
    giving_up.add_argument(
        "--note", required=True, type=some_text, help='why, such as "test rows"; it is kept'
    )


def _action(actions: Any, name: str, help_: str) -> argparse.ArgumentParser:
    action: argparse.ArgumentParser = actions.add_parser(name, help=help_, description=help_)
    action.add_argument(
        "--load", metavar="LOAD", help="only this load's, by its id as `sluice loads` shows it"
    )
    answer_arguments(action)
    return action


def _cell(said: str) -> tuple[str, str]:
    name, between, text = said.partition("=")
    if not between:
        raise argparse.ArgumentTypeError(f"“{said}” is no FIELD=TEXT, such as amount=12.50")
    return name, text


def run(args: argparse.Namespace) -> int:
    with connected(args) as store:
        load = named_load(store, args.load) if args.load else None
        return ACTIONS[args.action](store, load, args)


def _list(store: "Store", load: str | None, args: argparse.Namespace) -> int:
    records = store.quarantine.find(
        load=load, reason=args.reason, field=args.field, limit=args.limit
    )
    if args.json:
        print_json([_json(record) for record in records])
        return OK
    if not records:
        print(f"{_none(store, load, args)}.", file=sys.stderr)
    for record in records:
        why = "; ".join(
            f"{reason.field}: {reason.message}" if reason.field else reason.message
            for reason in record.reasons
        )
        where = f"{record.id}  load {record.load}  {record.collection}  line {record.line}"
        print(f"{where}  {why}")
    return OK


def _none(store: "Store", load: str | None, args: argparse.Namespace) -> str:
    """Why the list is empty."""
    if not (args.reason or args.field) or not store.quarantine.count(load):
        return _nothing(store, load).capitalize()
    kinds = store.quarantine.kinds(load)
    reasons = ", ".join(dict.fromkeys(code for code, _, _ in kinds))
    fields = ", ".join(dict.fromkeys(field for _, field, _ in kinds if field))
    said = f"No held record fits; reasons are {reasons}"
    return f"{said}; fields are {fields}" if fields else said


def _json(record: "HeldRecord") -> dict[str, Any]:
    raw, encoding = record.raw, record.encoding or "utf-8"
    return {
        "id": record.id,
        "load": record.load,
        "collection": record.collection,
        "record": record.record,
        "line": record.line,
        "raw": None if raw is None else raw.decode(encoding, "backslashreplace"),
        "values": dict(record.values),
        "reasons": [
            {"code": r.code, "field": r.field, "value": r.value, "message": r.message}
            for r in record.reasons
        ],
        "state": record.state,
    }


def _edit(store: "Store", load: str | None, args: argparse.Namespace) -> int:
    from core.quarantine import MISSING, SHAPES, SURPLUS, answer, edit

    asked = ((SURPLUS, args.leave_out_surplus), (MISSING, args.leave_missing_empty))
    answers = [what for what, wanted in asked if wanted]
    if not (args.set or answers):
        raise StoreError(
            "It is not said what to change.",
            "Give --set FIELD=TEXT, --leave-out-surplus or --leave-missing-empty.",
        )
    if args.set and not args.records:
        raise StoreError(
            "--set needs the records that it is for.", "See their ids: sluice quarantine list."
        )
    counts = dict.fromkeys(("edited", "ready", "busy"), 0)
    for id in args.records:
        record = edit(store, id, dict(args.set), shape={what: SHAPES[what] for what in answers})
        counts["edited"] += 1
        counts["ready"] += record.ready
        for reason in record.reasons:
            print(f"line {record.line}: {reason.message}", file=sys.stderr)
    for what in () if args.records else answers:
        *_, done = answer(store, what, load)
        counts["edited"] += done.changed
        counts["ready"] += done.ready
        counts["busy"] += done.busy
    words = f"{counts['edited']:,} edited, {counts['ready']:,} of them ready to be resubmitted"
    words += f", {counts['busy']:,} changed elsewhere meanwhile" if counts["busy"] else ""
    print(f"{words}.", file=sys.stderr)
    if args.json:
        print_json(counts)
    return OK


def _export(store: "Store", load: str | None, args: argparse.Namespace) -> int:
    from core.quarantine import export

    done = export(store, Path(args.output), load, safe=args.safe)
    print(f"{done}{'' if done.records else ': ' + _nothing(store, load)}.", file=sys.stderr)
    if args.json:
        print_json(
            {
                "path": done.path,
                "records": done.records,
                "files": done.files,
                "guarded": done.guarded,
            }
        )
    return OK


def _resubmit(store: "Store", load: str | None, args: argparse.Namespace) -> int:
    from core.quarantine import resubmit
    from core.recipes.recipe import Recipe

    recipe = Recipe.load(Path(args.recipe)) if args.recipe else None
    *_, done = resubmit(store, load, recipe=recipe)
    words = f"{done.loaded:,} loaded, {done.skipped:,} skipped, {done.held:,} still held"
    words += "" if done.total else f": {_nothing(store, load)}"
    print(
        words + (f", {done.busy:,} changed elsewhere meanwhile" if done.busy else ""),
        file=sys.stderr,
    )
    if args.json:
        keys = ("total", "loaded", "skipped", "held", "busy")
        print_json({key: getattr(done, key) for key in keys})
    return HELD if done.held or done.busy else OK


def _discard(store: "Store", load: str | None, args: argparse.Namespace) -> int:
    from core.quarantine import discard_all

    *_, done = discard_all(store, load, args.note)
    words = f"{done.changed:,} discarded" + ("" if done.total else f": {_nothing(store, load)}")
    words += f", {done.busy:,} changed elsewhere meanwhile" if done.busy else ""
    print(f"{words}.", file=sys.stderr)
    if args.json:
        print_json({"total": done.total, "discarded": done.changed})
    return OK


def _nothing(store: "Store", load: str | None) -> str:
    """Why there is nothing to do."""
    states = ("discarded", "resubmitted")
    gone = {state: store.quarantine.count(load, state=state) for state in states}
    words = ", ".join(f"{n:,} {state} before" for state, n in gone.items() if n)
    where = "of this load " if load else ""
    return f"no record {where}is held" + (f" ({words})" if words else "")


def come_back(
    store: "Store", path: Path, recipe: "Recipe", collection: str, args: argparse.Namespace
) -> "tuple[Recipe, Generator[LoadReport, None, None] | None]":
    """What settles the rows of an export of held rows, whatever it is called by now; with --again
    nothing: then they are new rows, without our columns. None for any other file."""
    from core.quarantine import bring_back
    from core.quarantine.returning import ours, returned, without
    from core.reading.source import Source

    source = Source(path, recipe.dialect)
    home = returned(source, store)
    if home is None:
        return recipe, None
    if args.again:
        return without(recipe, ours(source.names)), None
    places = dict.fromkeys(f"{load.database}.{load.collection}" for load in home.loads)
    if f"{store.database}.{collection}" not in places:
        raise StoreError(
            f"These are held rows of {', '.join(places)}, and corrected ones go in there.",
            f"Say --into {next(iter(places))}, or --again to load them as new rows.",
        )
    return recipe, bring_back(source, store, limit=args.limit, dry_run=args.dry_run)


ACTIONS: Mapping[str, Callable[["Store", str | None, argparse.Namespace], int]] = {
    "list": _list,
    "edit": _edit,
    "export": _export,
    "resubmit": _resubmit,
    "discard": _discard,
}
