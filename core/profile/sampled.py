"""One field over documents that are at hand: what a sample tells, without asking the server."""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from core.profile.asking import OUT_OF_CHART, Query, as_float, equal, label
from core.profile.charts import Bar
from core.profile.shapes import NUMBERS, FieldProfile, bson_type

TOP = 20


def sampled_profile(
    documents: Sequence[Mapping[str, Any]], field: str, query: Query | None = None
) -> FieldProfile:
    """As `field_profile`, but of these documents only, and with extremes for numbers and dates
    only; bars still pick from the whole."""
    values = [document[field] for document in documents if field in document]
    types = Counter(bson_type(value) for value in values)
    single = [v for v in values if bson_type(v) not in ("null", *OUT_OF_CHART)]
    counts = Counter((bson_type(value), label(value)) for value in single)
    first = {(bson_type(value), label(value)): value for value in reversed(single)}
    ranked = sorted(counts, key=lambda key: (-counts[key], key))
    numbers = [value for value in single if bson_type(value) in NUMBERS]
    heights = [as_float(value) for value in numbers]
    ordered = sorted(numbers, key=as_float) or sorted(v for v in single if bson_type(v) == "date")
    return FieldProfile(
        field=field,
        documents=len(documents),
        missing=len(documents) - len(values),
        nulls=types["null"],
        types=dict(types),
        distinct=len(counts),
        top=tuple(_bar(first[key], counts[key], field, query) for key in ranked[:TOP]),
        minimum=ordered[0] if ordered else None,
        maximum=ordered[-1] if ordered else None,
        mean=statistics.fmean(heights) if heights else None,
        deviation=statistics.pstdev(heights) if heights else None,
    )


def _bar(value: Any, count: int, field: str, query: Query | None) -> Bar:
    return Bar(value, label(value), float(count), count, equal(field, value, query))
