"""The HTML pages, in Vietnamese: front page, one per feed, status. Pure: values in, bytes out; no clock."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from feeds.popular import HEIGHT, WIDTH
from feeds.text import grouped, local
from feeds.values import GROUPS, ArticlePage, Entry, Feed, Happening, PeriodRow, Plot

#: Files beside the pages, as they lie in `feeds/static`.
STATIC = ("style.css", "icon.svg", "icon.png")
#: The newest entries on the front page.
FRONT_ENTRIES = 20
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


def front_page(
    feeds: Sequence[Feed], newest: Sequence[Entry], *, site_title: str, home: str, demo: bool
) -> Iterator[bytes]:
    """The site's front page: sections, series, the newest entries; the first feed is `all`."""
    return _render(
        "index.html.j2",
        up="",
        feeds=feeds,
        feed=feeds[0],
        newest=newest,
        groups=GROUPS,
        site_title=site_title,
        home=home,
        demo=demo,
    )


def feed_page(
    feed: Feed,
    periods: Sequence[PeriodRow],
    notes: Mapping[str, str],
    *,
    site_title: str,
    home: str,
    demo: bool,
) -> Iterator[bytes]:
    """The HTML twin of a feed: all its entries, before them a series' periods; `notes` are by article."""
    return _render(
        "feed.html.j2",
        up="../",
        feed=feed,
        periods=periods,
        notes=notes,
        site_title=site_title,
        home=home,
        demo=demo,
    )


def article_page(
    page: ArticlePage, everything: Feed, folders: Mapping[str, str], *, site_title: str, home: str, demo: bool
) -> bytes:
    """The page of one article; `folders` are the feeds that it may link to, with their titles."""
    return _whole(
        "article.html.j2",
        up=_up(page.entry.page),
        page=page,
        everything=everything,
        folders=folders,
        site_title=site_title,
        home=home,
        demo=demo,
    )


def moved_page(path: str, entry: Entry, *, site_title: str, home: str, demo: bool) -> bytes:
    """What stands at `path`, where the article's page was before its date was corrected."""
    return _whole("moved.html.j2", up=_up(path), entry=entry, site_title=site_title, home=home, demo=demo)


def plots_page(
    path: str, month: str, plots: Sequence[Plot], everything: Feed, *, site_title: str, home: str, demo: bool
) -> Iterator[bytes]:
    """The view counts of a month's articles."""
    return _render(
        "plots.html.j2",
        up=_up(path),
        month=month,
        plots=plots,
        width=WIDTH,
        height=HEIGHT,
        everything=everything,
        site_title=site_title,
        home=home,
        demo=demo,
    )


def _up(path: str) -> str:
    """The way from a file to the site's folder."""
    return "../" * path.count("/")


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


def _whole(template: str, **values: Any) -> bytes:
    """A short page, in one piece."""
    return _environment().get_template(template).render(**values).encode()


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
    environment.filters["size"] = _size
    environment.filters["number"] = grouped
    environment.filters["span"] = _span
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


def _size(count: int) -> str:
    """`17 kB`, `2,4 MB`: decimal units and comma, as Vietnamese writes them."""
    if count < 1000:
        return f"{count} byte"
    if count < 1_000_000:
        return f"{round(count / 1000)} kB"
    return f"{count / 1_000_000:.1f} MB".replace(".", ",")


def _span(happening: Happening) -> str:
    """`25/10/2021`, `8:30 21/5/2015 – 22/5/2015`."""
    start, end = happening.start, happening.end
    first = _day_or_minute(start)
    return first if start == end else f"{first} – {_day_or_minute(end)}"


def _day_or_minute(moment: date | datetime) -> str:
    return _moment(moment) if isinstance(moment, datetime) else f"{moment:%d/%m/%Y}"


def _time(moment: datetime | str) -> datetime:
    return local(datetime.fromisoformat(moment) if isinstance(moment, str) else moment)
