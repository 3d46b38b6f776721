"""Listings of the portal as a writer keeps them, which articles stand in them, and links that are none."""

import re
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select, update

from crawler.items import Section
from crawler.normalize import slug
from crawler.sanitize import legal
from crawler.store import schema as t
from crawler.store.api import Rejection, SectionRow, Validators
from crawler.store.codec import address_key
from crawler.store.lease import Lock
from crawler.store.section_ids import section_id
from crawler.store.session import Session
from crawler.store.statements import SECTIONS_OF, insert

#: Some portals show how many articles a section has; that is no part of its name.
_COUNT = re.compile(r"[\[(]\s*[0-9.,]+\s*[\])]\s*$")


def _name(title: str) -> str:
    """What must differ for a section to have got another title."""
    return slug(_COUNT.sub("", title))


class ListingWrites(Session):
    """The part of a writer that keeps sections."""

    def __init__(
        self,
        connection: Connection,
        site: str,
        lock: Lock,
        now: datetime,
        *,
        reserved: Collection[str],
        canonical: Callable[[str], str | None] | None,
    ) -> None:
        super().__init__(connection, site, lock, now, canonical)
        self._reserved = frozenset(reserved)

    @abstractmethod
    def _resection(self, article_id: str) -> None:
        """Brings a stored article's sections up to date."""

    def sections(self, site: str) -> tuple[SectionRow, ...]:
        """In order of first sight."""
        return tuple(self._known_listings().values()) if site == self.site else super().sections(site)

    def add_section(self, title: str, url: str, now: datetime) -> SectionRow:
        """The listing at this address; a new title is taken over, the id stays."""
        self._told(now)
        title = legal(title)
        known = self._at(url) or self._unplaced(title)
        if known is None:
            return self._new_listing(title, url, now)
        if known.section.url is None:
            self._change_listing(known, url=url)
        if _name(known.section.title) != _name(title):
            self._change_listing(self._known_listings()[known.section.id], title=title)
            self._rename(known.section.id)
        return self._known_listings()[known.section.id]

    def progress(
        self, section_id: str, *, open_since: int | None, resume_url: str | None, backfilled: bool
    ) -> None:
        """Notes how far a listing was walked."""
        where = (t.listings.c.site == self.site, t.listings.c.id == section_id)
        values = {"open_since": open_since, "resume_url": resume_url, "backfilled": backfilled}
        self._connection.execute(update(t.listings).where(*where).values(values))
        if self._listings is not None and section_id in self._listings:
            self._listings[section_id] = replace(
                self._listings[section_id],
                open_since=open_since,
                resume_url=resume_url,
                backfilled=backfilled,
            )

    def reject(self, url: str, reason: str, now: datetime) -> None:
        """Remembers a navigation link that proved to be no listing."""
        row = {
            "site": self.site,
            "key": address_key(url),
            "url": legal(url),
            "reason": legal(reason),
            "at": now,
        }
        statement = insert(self._connection.dialect.name, t.rejected, update=("reason", "at"))
        self._connection.execute(statement, row)

    def rejected(self) -> Mapping[str, Rejection]:
        """Address -> why and when it proved to be no listing."""
        r = t.rejected.c
        query = select(r.url, r.reason, r.at).where(r.site == self.site)
        return {row.url: Rejection(row.reason, row.at) for row in self._connection.execute(query)}

    def validators(self, url: str) -> Validators | None:
        """What the server last gave for this address."""
        v = t.validators.c
        query = select(v.etag, v.last_modified).where(v.site == self.site, v.key == address_key(url))
        row = self._connection.execute(query).one_or_none()
        return None if row is None else Validators(row.etag, row.last_modified)

    def remember_validators(self, url: str, validators: Validators) -> None:
        """Keeps what the server gave, for the next conditional request."""
        row = {
            "site": self.site,
            "key": address_key(url),
            "etag": None if validators.etag is None else legal(validators.etag),
            "last_modified": None if validators.last_modified is None else legal(validators.last_modified),
        }
        statement = insert(self._connection.dialect.name, t.validators, update=("etag", "last_modified"))
        self._connection.execute(statement, row)

    def _sections_with(self, article_id: str, named: Iterable[Section], now: datetime) -> tuple[Section, ...]:
        """All sections of an article, after entering it into those its own page names."""
        sections = {section.id: section for section in self._sections_of(article_id)}
        for section in named:
            found = self._named(section, now).section
            if found.id not in sections:
                sections[found.id] = found
                row = {"site": self.site, "article": article_id, "section": found.id, "first_run": None}
                self._batch.add("memberships", row)
                self._waiting.add(article_id)
        return tuple(sections[key] for key in sorted(sections))

    def _sections_of(self, article_id: str) -> tuple[Section, ...]:
        if article_id in self._waiting:
            self._flush()
        listings = self._known_listings()
        return tuple(
            listings[section].section for (section,) in self._rows(SECTIONS_OF, of_article=article_id)
        )

    def _named(self, section: Section, now: datetime) -> SectionRow:
        """The listing that an article page names: by address, else by title."""
        if section.url is not None and (known := self._at(section.url)):
            return known
        same = (
            row for row in self._known_listings().values() if _name(row.section.title) == _name(section.title)
        )
        return next(same, None) or self._new_listing(legal(section.title), section.url, now)

    def _at(self, url: str) -> SectionRow | None:
        return next((row for row in self._known_listings().values() if row.section.url == url), None)

    def _unplaced(self, title: str) -> SectionRow | None:
        """A section that so far only article pages named, without an address."""
        rows = self._known_listings().values()
        return next(
            (r for r in rows if r.section.url is None and _name(r.section.title) == _name(title)), None
        )

    def _new_listing(self, title: str, url: str | None, now: datetime) -> SectionRow:
        known = self._known_listings()
        new = section_id(title, url, self._reserved, known)
        row = SectionRow(Section(new, title, url), now, None, None, backfilled=False)
        self._connection.execute(
            t.listings.insert(),
            {
                "site": self.site,
                "id": new,
                "n": self._next("listing"),
                "title": title,
                "url": url,
                "first_seen": now,
                "open_since": None,
                "resume_url": None,
                "backfilled": False,
            },
        )
        known[new] = row
        return row

    def _change_listing(self, row: SectionRow, **values: str) -> None:
        where = (t.listings.c.site == self.site, t.listings.c.id == row.section.id)
        self._connection.execute(update(t.listings).where(*where).values(values))
        self._known_listings()[row.section.id] = replace(row, section=replace(row.section, **values))

    def _rename(self, section: str) -> None:
        """A section's title stands in the record of every member."""
        m = t.memberships.c
        self._flush()
        members = self._connection.scalars(select(m.article).where(m.site == self.site, m.section == section))
        for article_id in members.all():
            self._resection(article_id)
