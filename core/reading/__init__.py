"""Bytes on disk → records as text: how a file is written, and where each record stands."""
