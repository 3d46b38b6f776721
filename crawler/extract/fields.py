"""Gathers the fields of one article with the rule that found each, and the candidates that lost. Values only."""

from dataclasses import dataclass, field
from typing import Any

from crawler.items import Candidate


@dataclass(slots=True)
class Fields:
    """Field name -> value, rule, runners-up while a page is read."""

    values: dict[str, Any] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    runners_up: dict[str, tuple[Candidate, ...]] = field(default_factory=dict)

    def put(self, name: str, value: Any, rule: str, runners_up: tuple[Candidate, ...] = ()) -> None:
        """Takes a value; one that is empty leaves the field not found."""
        if value is None or value in ("", ()):
            return
        self.values[name] = value
        self.rules[name] = rule
        if runners_up:
            self.runners_up[name] = runners_up
