"""`python -m feeds` is the `bantin` command."""

from feeds.cli import main

main(prog_name="bantin")
