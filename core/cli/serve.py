"""serve: the local database in the foreground, its address on stdout for other programs."""

import argparse

from core.cli.command import OK, port


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--standalone", action="store_true", help="without a replica set")
    parser.add_argument("--port", type=port, default=0, help="such as 27018, else any free one")


def run(args: argparse.Namespace) -> int:
    from core.local import serve

    serve(standalone=args.standalone, port=args.port)
    return OK
