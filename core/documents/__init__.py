"""Columns → BSON, and what a document's `_id` and digest tell."""
