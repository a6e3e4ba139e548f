"""Tests of the checking line."""
