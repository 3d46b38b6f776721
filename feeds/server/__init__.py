"""Serves the output folder over HTTP, read-only."""
