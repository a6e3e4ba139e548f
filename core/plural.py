"""Counts in words: “1 row”, “2,000 rows”."""


def counted(count: int, one: str, many: str = "") -> str:
    """`many` where it is not `one` and an s."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def verb(count: int, one: str, many: str) -> str:
    """What agrees with a count: is or are, needs or need."""
    return one if count == 1 else many
