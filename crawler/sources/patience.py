"""When an archive that is in trouble is asked again, and when it is left alone altogether. Pure: no clock."""

from dataclasses import dataclass, field

#: No pause is longer, in seconds, whatever the archive asks for.
LONGEST_PAUSE = 3600.0
#: Seconds for which an archive in trouble is waited for altogether; the second, while it has never answered.
LONGEST_WAIT = 900.0
FIRST_WAIT = 180.0
#: An address that fails so often while others are answered is what is wrong.
TRIES = 3
#: So many addresses that fail on end are no fault of their own.
SPOILED = 5


@dataclass(slots=True)
class Patience:
    """Counts an archive's troubles on end and answers with pauses that double."""

    #: Seconds of the first pause.
    pause: float
    #: So many pauses on end, however short, and the archive is given up for this run.
    limit: int
    #: Troubles since the last good answer.
    troubles: int = 0
    #: Whether the archive has answered at all in this run.
    answered: bool = False
    _failing: set[str] = field(default_factory=set)
    _waited: float = 0.0

    def good(self) -> None:
        """The archive has answered what it was asked."""
        self.answered = True
        self.troubles = 0
        self._failing.clear()
        self._waited = 0.0

    def trouble(self, address: str, wait: float | None) -> float | None:
        """Seconds to leave the archive alone after one more trouble; None: give it up, sooner if it never answered.

        `wait` is what the archive itself asks for. It is never left alone for less than the first pause, unless
        it says so.
        """
        self.troubles += 1
        self._failing.add(address)
        own = self.pause * 2 ** (self.troubles - 1)
        pause = min(own if wait is None else wait, LONGEST_PAUSE)
        too_long = self._waited + pause > (LONGEST_WAIT if self.answered else FIRST_WAIT)
        if self.troubles > self.limit or (self._waited and too_long):
            return None
        self._waited += pause
        return pause

    def spoiled(self, address: str) -> bool:
        """Notes an address that gave no answer, however often it was asked; whether the archive is at fault."""
        self._failing.add(address)
        return len(self._failing) >= SPOILED

    def is_alone(self, address: str, tries: int) -> bool:
        """Whether this address has failed often enough by itself, while the archive answers others."""
        return self.answered and self._failing == {address} and tries >= TRIES

    @property
    def slower(self) -> int:
        """How many times as far apart requests stand while the archive has not recovered."""
        return 1 << min(self.troubles, 3)
