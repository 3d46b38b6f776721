"""What reading one page costs."""

from datetime import datetime
from time import process_time

from crawler.extract import read_page
from crawler.sites import load_site
from fixtures.portal import Pages, scaled_portal
from tests.bench.row import Row

NOW = datetime.fromisoformat("2020-03-25T10:00:00+07:00")


def measure() -> list[Row]:
    """CPU milliseconds per article page, by markup."""
    site = load_site("dukcqtw")
    rows = []
    for markup in ("table", "webforms", "modern"):
        portal = scaled_portal(60, sections=2, markup=markup)
        pages = Pages(portal, NOW)
        bodies = [(path, pages.get(path).body) for path in pages.addresses() if "-duk" in path]
        began = process_time()
        for path, body in bodies:
            page = read_page(body, url=f"http://{portal.host}{path}", site=site, fetched_at=NOW)
            assert page.kind == "article", path
        spent = (process_time() - began) / len(bodies) * 1000
        size = sum(len(body) for _, body in bodies) / len(bodies) / 1024
        rows.append(Row(f"reading an article page, {markup} ({size:.0f} KiB)", f"{spent:.2f} ms"))
    return rows
