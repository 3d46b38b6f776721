"""Names of files in a site's folder of the output. Pure.

Articles lie in `bai/YYYY-MM/` by month of publication; a section may be called `bai`, too: its own files have
other names than months.
"""

import hashlib
import re
from datetime import datetime

from crawler.normalize import slug

#: Folder of the articles' pages, and the one in it for those without a date.
PAGES = "bai"
UNDATED = "khong-ro"
#: Folder of the plots of view counts, inside the one feed that a view count may change.
PLOTS = "most-read/luot-xem"
_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")


def month_of(moment: datetime | None) -> str:
    """`2021-10`, or the word for articles without a date."""
    return UNDATED if moment is None else f"{moment:%Y-%m}"


def file_stem(article: str) -> str:
    """The name of an article's files: its id, else the nearest safe name with a hash that no other id has."""
    if _PLAIN.fullmatch(article):
        return article
    mark = hashlib.sha256(article.encode(errors="replace")).hexdigest()[:16]
    return f"{slug(article)[:60].strip('-')}-{mark}".lstrip("-")


def page_path(article: str, published: datetime | None) -> str:
    """Where the page of an article lies: `bai/2021-10/duk15374.html`."""
    return f"{PAGES}/{month_of(published)}/{file_stem(article)}.html"


def plot_path(month: str) -> str:
    """Where the view counts of a month's articles are shown; each stands at `#` and its file's stem."""
    return f"{PLOTS}/{month}.html"


def archive_stem(month: str, part: int) -> str:
    """`2021-10`, and `2021-10-2` for the second part of a month that is too long for one file."""
    return month if part == 1 else f"{month}-{part}"
