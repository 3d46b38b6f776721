"""`python -m feeds` is the `bantin` command."""

from feeds.cli import entry

if __name__ == "__main__":  # workers import this module too
    entry()
