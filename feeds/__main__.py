"""`python -m feeds` is the `bantin` command."""

from feeds.cli import main

if __name__ == "__main__":  # workers import this module too
    main(prog_name="bantin")
