"""Made articles, captures and histories for the tests of store, changes and export."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crawler.items import (
    Article,
    Asset,
    Attachment,
    Capture,
    DateSpan,
    Event,
    Image,
    ListedArticle,
    Published,
    Related,
    Section,
    SeriesPeriod,
    ViewCount,
)

SITE = "phuong-mai"
T0 = datetime(2021, 3, 1, 2, 30, tzinfo=UTC)


def at(days: float) -> datetime:
    return T0 + timedelta(days=days)


def article(number: int = 1, day: float = 0, **changes: Any) -> Article:
    """A full article of id `pm{number}`, fetched `day` days after T0."""
    values: dict[str, Any] = {
        "site": SITE,
        "id": f"pm{number}",
        "url": f"http://phuongmai.example/hop-to-dan-pho-pm{number}.aspx",
        "fetched_at": at(day),
        "title": f"Họp tổ dân phố số {number}",
        "published": Published(date(2021, 2, 1) + timedelta(days=number % 20), "day", "01/02/2021"),
        "views": ViewCount(100 + number, exact=True),
        "series": SeriesPeriod("hop-to", "2021-02"),
        "lead": "Sáng 1/2, tổ dân phố họp.",
        "author": "Lê Thị Hạnh",
        "text": "Đoạn một của bài.\n\nĐoạn hai./.",
        "html": "<p>Đoạn một của bài.</p><p>Đoạn hai./.</p>",
        "event": Event(date(2021, 2, 1), date(2021, 2, 1), "nhà văn hóa phường"),
        "images": (
            Image("http://phuongmai.example/a.jpg", "Toàn cảnh cuộc họp"),
            Image(None, "Bà con phát biểu"),
        ),
        "attachments": (Attachment("http://phuongmai.example/t.pdf", "Biên bản", "application/pdf", None),),
        "related": (
            Related(
                "pm900",
                "Bài khác",
                "http://phuongmai.example/bai-khac-pm900.aspx",
                "1 tháng trước",
                DateSpan(date(2021, 2, 1), "month", date(2021, 1, 3), date(2021, 2, 1)),
            ),
        ),
    }
    return Article(**(values | changes))


def capture(page: Article, source: str = "live", mark: str = "") -> Capture:
    """A kept capture of a page; the same page at the same time is the same capture."""
    seen = hashlib.sha256(
        f"{page.title}{page.text}{page.views}{mark}".encode("utf-8", "surrogatepass")
    ).hexdigest()
    place = int(hashlib.sha256(f"{seen}{page.fetched_at}{page.url}".encode()).hexdigest()[:8], 16)
    return Capture(
        source=source,  # type: ignore[arg-type]
        url=page.url,
        fetched_at=page.fetched_at,
        status=200,
        digest=f"sha256:{seen}",
        warc="phuong-mai-000001.warc.gz",
        offset=place,
    )


def listed(*numbers: int) -> tuple[ListedArticle, ...]:
    return tuple(
        ListedArticle(
            f"pm{n}", f"http://phuongmai.example/hop-to-dan-pho-pm{n}.aspx", f"Họp tổ dân phố số {n}"
        )
        for n in numbers
    )


def read(writer: Any, page: Article, run: int = 1, source: str = "live", mark: str = "") -> str | None:
    """Keeps and takes a page, as the crawler does."""
    kept = capture(page, source, mark)
    writer.add_capture(kept)
    done: str | None = writer.add_article(page, kept, run=run)
    return done


def renamed(page: Article, slug: str) -> Article:
    return replace(page, url=f"http://phuongmai.example/{slug}-{page.id}.aspx")


NEWS = Section("tin-tuc", "Tin tức", "http://phuongmai.example/tin-tuc.aspx")

PDF = "http://phuongmai.example/t.pdf"


def asset(url: str = PDF, content: bytes = b"%PDF-1.4 ...") -> Asset:
    """A kept file, the attachment of every article of these samples by default."""
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    kept = Capture("live", url, T0, 200, digest, "phuong-mai-000001.warc.gz", 77)
    return Asset(url, digest, len(content), digest, "application/pdf", kept)
