"""loads and undo: what was loaded, and taking it out again."""

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from core.cli.command import OK, answer_arguments, connected, limit_argument, named_load, print_json

if TYPE_CHECKING:  # a command loads only what it needs
    from core.loading.undo import UndoPlan, UndoReport
    from core.store import LoadEntry


def loads_arguments(parser: argparse.ArgumentParser) -> None:
    limit_argument(parser, 50)
    answer_arguments(parser, "a list in JSON")


def loads(args: argparse.Namespace) -> int:
    with connected(args) as store:
        entries = store.loads.list(limit=args.limit)
    if args.json:
        print_json([_json(entry) for entry in entries])
        return OK
    for entry in entries:
        started = entry.started.astimezone().strftime("%Y-%m-%d %H:%M") if entry.started else ""
        state = f"{entry.state}, resumable" if entry.resumable else entry.state
        print(
            f"{entry.id}  {started}  {entry.name} → {entry.database}.{entry.collection}  "
            f"{entry.mode}  {entry.accepted:,} accepted, {entry.quarantined:,} held  {state}"
        )
    return OK


def _json(entry: "LoadEntry") -> dict[str, Any]:
    return {
        "load": entry.id,
        "file": entry.name,
        "path": entry.path,
        "sha256": entry.sha256,
        "database": entry.database,
        "collection": entry.collection,
        "mode": entry.mode,
        "state": entry.state,
        "resumable": entry.resumable,
        "counts": dict(entry.counts),
        "reasons": dict(entry.reasons),
        "started": entry.started.isoformat() if entry.started else None,
        "ended": entry.ended.isoformat() if entry.ended else None,
        "seconds": entry.seconds,
    }


def undo_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "load", metavar="LOAD", help="its id, or the beginning of it, as `sluice loads` shows it"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what it would do")
    parser.add_argument("--force", action="store_true", help="take back what was edited since, too")
    answer_arguments(parser)


def undo(args: argparse.Namespace) -> int:
    from core.loading.undo import UndoReport, undo_plan
    from core.loading.undo import undo as take_back

    told: Any
    with connected(args) as store:
        load = named_load(store, args.load)
        entry = store.loads.get(load)
        if args.dry_run:
            told = undo_plan(store, load, force=args.force)
            words = _plan(told)
        elif entry and entry.state == "undone" and not (args.force and entry.stays):
            told = UndoReport(load, "undone", stays=entry.stays)
            words = undo_plan(store, load).obstacle
        else:
            *_, told = take_back(store, load, force=args.force)
            words = _undone(told)
    print(words, file=sys.stderr)
    if args.json:
        print_json(asdict(told))
    return OK


def _plan(plan: "UndoPlan") -> str:
    if plan.obstacle:
        return plan.obstacle
    words = f"Undoing {plan.name} → {plan.collection} removes "
    words += f"{plan.removes:,} document{'s' if plan.removes != 1 else ''}"
    if plan.restores:
        words += f" and restores {plan.restores:,}"
    if plan.gone:
        words += f"; {plan.gone:,} are gone already"
    if plan.stays:
        stay = "stay as they are" if plan.stays > 1 else "stays as it is"
        words += f"; {plan.stays:,} edited since the load {stay}"
    return f"{words}.{_kept(plan)}"


def _undone(report: "UndoReport") -> str:
    words = f"{report.removed:,} removed, {report.restored:,} restored"
    if report.gone:
        words += f", {report.gone:,} were gone already"
    if report.stays:
        shown = ", ".join(report.stayed[:3]) + ("…" if report.stays > 3 else "")
        words += f"; {report.stays:,} edited since the load stay as they are ({shown})"
    return f"{words}.{_kept(report)}"


def _kept(told: "UndoPlan | UndoReport") -> str:
    keys = " and ".join(f"“{key}”" for key in told.unique)
    return f" The collection keeps {keys} unique: that index stays." if keys else ""
