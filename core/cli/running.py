"""Files one by one: each is told by itself, and one that fails leaves the others running."""

import argparse
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from core.batch import LoadReport
from core.cli.command import HELD, OK, STOPPED, WRONG, Stop, print_json
from core.cli.dialects import Learned
from core.cli.printing import Progress, json_failure, json_report, sentence, stored, types
from core.errors import Busy, CoreError, LoadError

if TYPE_CHECKING:  # a command loads only what it needs
    from core.recipes.recipe import Recipe

MOST = 5  # differences between two files that are told one by one
Choose = Callable[[Path, argparse.Namespace], "tuple[Recipe, Learned | None]"]
Start = Callable[[Path, "Recipe"], Generator[LoadReport, None, None]]


def each(
    paths: Sequence[Path],
    args: argparse.Namespace,
    choose: Choose,
    start: Start,
    stopped: Callable[[LoadReport], LoadReport] = lambda report: report,
) -> int:
    """`choose` gives the recipe of a file, `start` what is done with it, `stopped` the last word on
    what was broken off. As JSON there is one entry for each file that was come to, in a list but
    where the command names a single file."""
    code, told = OK, []
    first: tuple[str, Recipe] | None = None
    for path in paths:
        try:
            recipe, learned = choose(path, args)
            first = first or (path.name, recipe)
            apart = _apart(*first, recipe)
            say(path, apart)
            report = _follow(path, start(path, recipe))
            report = stopped(report) if report.state == "stopped" else report
        except CoreError as error:
            where = "" if path.name in str(error) else f"{path.name}: "
            print(f"sluice: {where}{error}", file=sys.stderr)
            told.append(json_failure(path.name, error))
            code = max(code, STOPPED if isinstance(error, LoadError | Busy) else WRONG)
            continue
        found = {"types": types(recipe), "detected": learned.to_json() if learned else None}
        told.append(json_report(report) | found | {"warnings": [*apart, *report.warnings]})
        code = max(code, _code(report))
        if report.state != "already-loaded":
            say(path, learned.sentences() if learned else ())
            say(path, stored(recipe))
        print(sentence(report, getattr(args, "dry_run", False)), file=sys.stderr)
        if report.state == "stopped":
            break
    if args.json:
        single = len(args.files) == 1 and Path(args.files[0]) == paths[0]
        print_json(told[0] if single else told)
    return code


def _apart(name: str, first: "Recipe", recipe: "Recipe") -> tuple[str, ...]:
    """A sentence where a file is of another shape than the first, with what can be done."""
    from core.recipes.drift import unlike

    said = unlike(first, recipe)
    if not said:
        return ()
    more = f" And {len(said) - MOST:,} more." if len(said) > MOST else ""
    return (
        f"unlike {name}: {' '.join(said[:MOST])}{more} "
        "--recipe reads all files alike; a file of another table is loaded by itself.",
    )


def say(path: Path, sentences: Iterable[str]) -> None:
    for said in sentences:
        print(f"{path.name}: {said}", file=sys.stderr)


def _follow(path: Path, work: Generator[LoadReport, None, None]) -> LoadReport:
    """Runs to the end, or after Ctrl-C to the end of a whole batch."""
    report = LoadReport(load=None, file=path.name)
    with Progress(path.name) as progress, Stop() as stop:
        try:
            for report in work:
                progress.show(report)
                if stop.asked and report.state == "running":
                    return replace(report, state="stopped")
        finally:
            work.close()
    return report


def _code(report: LoadReport) -> int:
    if report.state in ("stopped", "failed"):
        return STOPPED
    return HELD if report.quarantined and report.state != "already-loaded" else OK
