"""Loads killed, and servers killed, stopped, made to fail and left without disk."""
