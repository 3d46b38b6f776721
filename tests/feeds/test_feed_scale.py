"""Twenty thousand articles: time and memory of a whole build, and of one after a single change. Only at full size."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

FILL = """
import sys
from datetime import date, timedelta
from crawler.items import ListedArticle, Published, SeriesPeriod, ViewCount
from crawler.store import open_store
from tests.feeds.portal import SITE, START, capture_of, page
text = "Đồng chí phát biểu chỉ đạo hội nghị giao ban cộng tác viên dư luận xã hội. " * 6
url, first, last, day = sys.argv[1], *map(int, sys.argv[2:])
now = START + timedelta(days=day)
with open_store(url) as store, store.writer(SITE.id, "test", now, reserved=["phien-thang"]) as w:
    run = w.begin_run("live", now, full=False)
    places = [w.add_section(f"Mục {n}", f"{SITE.home}muc-{n}", now).section.id for n in range(12)]
    for n in range(first, last):
        when = date(2016, 1, 1) + timedelta(days=n * 2000 // 20000)
        one = page(n, day=day, published=Published(when, "day", "x"), views=ViewCount(n, exact=True),
                   text="\\n\\n".join([text] * 8), html=f"<p>{text}</p>" * 8,
                   series=SeriesPeriod("phien-thang", f"{when:%Y-%m}") if n % 100 == 0 else None)
        w.sight((ListedArticle(one.id, one.url, one.title),), now, run=run, section_id=places[n % 12])
        kept = capture_of(one)
        w.add_capture(kept)
        w.add_article(one, kept, run=run)
        if n % 500 == 0:
            w.commit()
    w.finish_run(run, now, "complete", {})
    w.commit()
"""
BUILD = """
import sys, time
from tests.memory import peak_kib
from pathlib import Path
from crawler.store import open_store
from feeds.site import build_site
from tests.feeds.portal import PUBLIC, SITE, START
with open_store(sys.argv[1]) as store:
    start = time.process_time()
    done = store.transaction(lambda reader: build_site(reader, SITE, out=Path(sys.argv[2]), public=PUBLIC, now=START))
    print(time.process_time() - start, peak_kib() // 1024, len(done.written))
"""


@pytest.fixture
def python(tmp_path: Path) -> Callable[..., list[str]]:
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"

    def run(code: str, *arguments: object) -> list[str]:
        command = [sys.executable, "-c", code, url, *map(str, arguments)]
        return subprocess.run(command, check=True, capture_output=True, text=True, env=env).stdout.split()

    return run


@pytest.mark.full
def test_twenty_thousand_articles(python: Callable[..., list[str]], tmp_path: Path) -> None:
    """Processor seconds: the disk and its other users are not ours."""
    out = tmp_path / "public"
    python(FILL, 1, 20_001, 0)
    seconds, mebibytes, written = map(float, python(BUILD, out))
    assert seconds < 60
    assert mebibytes < 300
    assert written > 20_000
    python(FILL, 20_001, 20_002, 1)
    seconds, mebibytes, written = map(float, python(BUILD, out))
    assert seconds < 2
    assert written < 40
