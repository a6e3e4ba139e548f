"""What a collection looks like: the figures behind the charts, computed by the server.

Each bar carries the query that picks its documents. Numbers of any kind come back as float where
they are heights or edges; labels and extremes keep the server's own value.
"""

from core.profile.charts import Bar, Chart, Series, bars, series
from core.profile.sampled import sampled_profile
from core.profile.shapes import FieldProfile, FieldShape, bson_type, field_profile, fields
from core.profile.spread import Histogram, histogram

__all__ = [
    "Bar",
    "Chart",
    "FieldProfile",
    "FieldShape",
    "Histogram",
    "Series",
    "bars",
    "bson_type",
    "field_profile",
    "fields",
    "histogram",
    "sampled_profile",
    "series",
]
