"""Extraction measured on markups composed at random: `python -m tests.eval`."""
