"""Known articles that the portal does not show any more: collected in a run, judged when it has ended well.

A portal that fails as a whole deletes nothing: where too large a share of the articles asked for is missing at
once, all of it is doubted. What is noted becomes a deletion only by the store's own rule (two days, or a 410).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.middlewares.breaker import TRIED
from crawler.spiders.missing import SEVERAL, Sign, agree, impossible_address, sign_of
from crawler.spiders.parts import Parts
from crawler.store import LinkRow

#: So many may be missing, whatever their share; beyond, only this share of the known articles asked for.
FEW = 3
SHARE = 0.2
#: So many known articles are asked for besides when too many of few are missing: is it the portal, or only these?
CONTROLS = 20


@dataclass(frozen=True, slots=True)
class Absence:
    """A known article that is not there."""

    row: LinkRow
    reason: str
    final: bool = False


@dataclass(slots=True)
class Suspects:
    """Articles whose addresses show the same something else; enough of them prove each other."""

    sign: Sign
    absences: list[Absence] = field(default_factory=list)

    def is_proved(self, proof: Sign | None) -> bool:
        """Whether this is how the portal says that it has no such article."""
        return len(self.absences) >= SEVERAL or (proof is not None and agree(self.sign, proof))


class Absences:
    """The absences of one live crawl."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.session = parts.session
        self._asked = 0
        self._absent: list[Absence] = []
        self._suspects: list[Suspects] = []
        #: What the portal answers for an address that cannot exist.
        self._proof: Sign | None = None

    def answered(self, row: LinkRow) -> None:
        """Counts an article that was stored before this run and asked for in it."""
        self._asked += is_known(row)

    def still_gone(self, row: LinkRow, reason: str) -> None:
        """An article that is gone was looked for again in vain: the plan says when to look next."""
        self._note_absence(Absence(row, reason))

    def missing(self, row: LinkRow, status: int) -> None:
        """The portal says that it does not have a known article."""
        self._absent.append(Absence(row, f"http-{status}", final=status == 410))

    def redirected(self, row: LinkRow) -> None:
        """The portal leads from a known article to another one: that the other is there proves the portal well."""
        self._absent.append(Absence(row, "redirected"))

    def suspect(self, row: LinkRow, reason: str, sign: Sign) -> None:
        """The portal shows something else, with success, where a known article was."""
        alike = next((suspects for suspects in self._suspects if agree(suspects.sign, sign)), None)
        if alike is None:
            alike = Suspects(sign)
            self._suspects.append(alike)
        alike.absences.append(Absence(row, reason))

    # -- proof ----------------------------------------------------------------------------------------------

    def probes(self) -> Iterator[list[Request]]:
        """Asks once for an article that cannot exist, where the answer could prove something."""
        rows = (absence.row for suspects in self._suspects for absence in suspects.absences)
        addresses = (impossible_address(self.parts.site, self.parts.here(row.url)) for row in rows)
        address = next(filter(None, addresses), None)
        if address is not None:
            yield [self._probe(address)]

    def _probe(self, address: str) -> Request:
        return Request(
            address,
            self._read_probe,
            errback=self._probe_failed,
            cb_kwargs={"asked": address},
            meta={TRIED: True},
            dont_filter=True,
        )

    async def _read_probe(self, response: Response, asked: str) -> None:
        page = await self.parts.read(response)
        self._proof = sign_of(self.parts.site, asked, response, page)

    def _probe_failed(self, failure: Failure) -> None:
        """Without an answer nothing is proved."""

    def controls(self) -> list[LinkRow]:
        """Known articles, evenly out of all, to be asked for where too many are missing; none where they are not."""
        if not self._is_doubtful(self._proved()):
            return []
        rows = self.session.writer.read_before(self.session.run)
        others = [row for row in rows if row.state == "read" and self.parts.wanted(row.id)]
        return others[:: max(len(others) // CONTROLS, 1)][:CONTROLS]

    # -- judgement ------------------------------------------------------------------------------------------

    def judge(self) -> None:
        """Enters the absences into the ledger; called when the portal is known to be well."""
        absent = self._proved()
        unproved = (suspects.absences for suspects in self._suspects if not suspects.is_proved(self._proof))
        self._refuse(list(chain.from_iterable(unproved)))
        if self._is_doubtful(absent):
            self._refuse([Absence(absence.row, "absences-doubted") for absence in absent])
        else:
            self._note(absent)
        self._absent, self._suspects, self._asked = [], [], 0

    def _proved(self) -> list[Absence]:
        proved = (suspects.absences for suspects in self._suspects if suspects.is_proved(self._proof))
        return [*self._absent, *chain.from_iterable(proved)]

    def _is_doubtful(self, absent: Sequence[Absence]) -> bool:
        return len(absent) > max(FEW, SHARE * self._asked)

    def _refuse(self, absences: Sequence[Absence]) -> None:
        """Nothing is noted. A few are asked for again later and later; many stay as they are, so that the budget of
        the re-reading plan bounds how often they are asked for.
        """
        many = self._is_doubtful(absences)
        for absence in absences:
            if many and absence.row.state == "read":
                self.session.report.refuse(absence.reason)
            else:
                self.parts.health.refuse(absence.row, absence.reason)

    def _note(self, absences: Iterable[Absence]) -> None:
        for absence in absences:
            if self._note_absence(absence):
                self.session.report.articles["gone"] += 1
            else:
                self.session.report.refuse(absence.reason)

    def _note_absence(self, absence: Absence) -> bool:
        """Whether the article counts as gone now."""
        now = self.session.now()
        return self.session.writer.note_absence(
            absence.row.id, now, reason=absence.reason, final=absence.final
        )


def is_known(row: LinkRow) -> bool:
    """Whether the article was ever read."""
    return row.last_read_run is not None
