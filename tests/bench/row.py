"""One line of the table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A figure, and the bound it is held to where there is one."""

    what: str
    figure: str
    bound: str | None = None
    holds: bool = True
