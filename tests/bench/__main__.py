"""`./run bench [NAME [ARGUMENT…]]`: one measurement, or all of them with their defaults."""

import sys
from importlib import import_module

BENCHES = ("read", "check", "load", "held", "gui")


def main(argv: list[str]) -> int:
    names = argv[:1] or list(BENCHES)
    if names[0] not in BENCHES:
        print(f"There is no bench “{names[0]}”; there are {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    return max(int(import_module(f"tests.bench.{name}").main(argv[1:]) or 0) for name in names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
