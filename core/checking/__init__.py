"""Each RawBatch cleaned, cast and judged into a Batch."""
