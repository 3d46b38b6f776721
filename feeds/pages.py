"""The HTML pages, in Vietnamese: front page, one per feed, status. Pure: values in, bytes out; no clock."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from feeds.text import local
from feeds.values import GROUPS, Entry, Feed

#: Files beside the pages, as they lie in `feeds/static`.
STATIC = ("style.css", "icon.svg", "icon.png")
_FRONT_ENTRIES = 20
#: Outcomes of a run (CONTRACT, "Run report") and kinds of rows, as readers read them.
_OUTCOMES = {
    None: "chưa kết thúc",
    "complete": "đầy đủ",
    "partial": "một phần",
    "held": "tạm giữ",
    "blocked": "bị chặn",
    "budget": "hết hạn mức",
    "interrupted": "bị ngắt",
}
_COUNTS = {
    "articles": "bài viết",
    "revisions": "bản sửa đổi",
    "views": "lần ghi lượt xem",
    "changes": "thay đổi",
    "links": "liên kết",
    "captures": "bản chụp trang",
}


def front_page(feeds: Sequence[Feed], *, site_title: str, home: str, demo: bool) -> Iterator[bytes]:
    """The site's front page: sections, series, the newest entries of its first feed (`all`)."""
    everything = feeds[0]
    newest: list[Entry] = []
    for entry in everything.entries:
        if len(newest) == _FRONT_ENTRIES:
            break
        newest.append(entry)
    return _render(
        "index.html.j2",
        up="",
        feeds=feeds,
        feed=everything,
        newest=newest,
        groups=GROUPS,
        site_title=site_title,
        home=home,
        demo=demo,
    )


def feed_page(feed: Feed, *, site_title: str, home: str, demo: bool) -> Iterator[bytes]:
    """The HTML twin of a feed: all its entries."""
    return _render("feed.html.j2", up="../", feed=feed, site_title=site_title, home=home, demo=demo)


def status_page(status: dict[str, Any], *, site_title: str, home: str, demo: bool) -> Iterator[bytes]:
    """What `status.json` says, for people."""
    return _render(
        "status.html.j2",
        up="",
        status=status,
        outcomes=_OUTCOMES,
        count_names=_COUNTS,
        site_title=site_title,
        home=home,
        demo=demo,
    )


def static_files() -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file that the pages need beside them."""
    folder = files("feeds") / "static"
    for name in STATIC:
        yield name, (folder / name).read_bytes()


def _render(template: str, **values: Any) -> Iterator[bytes]:
    return (part.encode() for part in _environment().get_template(template).generate(**values))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("feeds"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["day"] = _day
    environment.filters["moment"] = _moment
    environment.filters["period"] = _period
    return environment


def _day(moment: datetime | str) -> str:
    """`22/12/2016`, as the portal writes days."""
    return f"{_time(moment):%d/%m/%Y}"


def _moment(moment: datetime | str) -> str:
    """`22/12/2016 08:30`, +07:00."""
    return f"{_time(moment):%d/%m/%Y %H:%M}"


def _period(period: str) -> str:
    """`tháng 3/2020`, `quý 1/2020`, `năm 2020` for the contract's `2020-03`, `2020-Q1`, `2020`."""
    year, _, part = period.partition("-")
    if not part:
        return f"năm {year}"
    return f"quý {part[1:]}/{year}" if part.startswith("Q") else f"tháng {part.lstrip('0')}/{year}"


def _time(moment: datetime | str) -> datetime:
    return local(datetime.fromisoformat(moment) if isinstance(moment, str) else moment)
