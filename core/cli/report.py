"""report: a load as one HTML file."""

import argparse
import sys

from core.cli.command import OK, connected, named_load, server_arguments


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("load", metavar="LOAD", help="its id, as `sluice loads` shows it")
    parser.add_argument("-o", "--output", metavar="FILE", help="such as report.html; else stdout")
    server_arguments(parser)


def run(args: argparse.Namespace) -> int:
    from core.report import load_report, save_report

    with connected(args) as store:
        load = named_load(store, args.load)
        if args.output:
            print(f"The report is in {save_report(store, load, args.output)}.", file=sys.stderr)
        else:
            print(load_report(store, load))
    return OK
