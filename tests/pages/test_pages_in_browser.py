"""Pages in a real browser: narrow and wide, light and dark, over HTTP and as files."""

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Attachment, Event, Image, Published, SeriesPeriod, ViewCount
from crawler.store import open_store
from tests.feeds.portal import Portal, page

NAMES = ("chromium", "chromium-browser", "google-chrome")
LONG = (
    "Ngày 25/10, Đảng ủy Khối các cơ quan Trung ương tổ chức hội nghị giao ban cộng tác viên dư luận xã hội. "
    * 3
)
HTML = (
    f"<h1>Phần một</h1><p>{LONG}</p><figure><img src='http://127.0.0.1:1/a.jpg'><figcaption>Toàn cảnh</figcaption>"
    "</figure><h4>Phần hai</h4><table><tr><th>Đơn vị</th>"
    + "<th>Tháng 10 năm 2021</th>"
    * 12
    + "</tr></table>"
    f"<blockquote>Trích</blockquote><p>https://cong.example.vn/{'a' * 150}</p><pre>{'b' * 200}</pre>"
)
PAGES = (
    "index.html", "all/index.html", "bai/2021-02/abc2.html", "bai/2021-06/abc6.html", "phien-thang/index.html",
    "most-read/index.html", "most-read/luot-xem/2021-02.html", "corrections/index.html", "status.html",
)  # fmt: skip

#: Texts with less contrast than WCAG 2.2 AA asks for (success criterion 1.4.3).
CONTRAST = """() => {
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
                       return .2126 * r + .7152 * g + .0722 * b; };
  const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
                        if (c.length < 4 || c[3] > 0) return c.slice(0, 3); } return [255, 255, 255]; };
  const faint = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, style = getComputedStyle(element);
    if (!walker.currentNode.textContent.trim() || element.closest('.skip')) continue;
    const [a, b] = [light(parse(style.color).slice(0, 3)), light(ground(element))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if ((a + .05) / (b + .05) < (large ? 3 : 4.5)) faint.push(walker.currentNode.textContent.trim().slice(0, 40));
  }
  return faint;
}"""
WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
#: Things to click or tap that are too small (2.5.8: 24 by 24, links inside a text left out).
SMALL = """() => [...document.querySelectorAll('nav a, .button, .formats a, summary')]
  .filter(e => { const b = e.getBoundingClientRect(); return b.width < 24 || b.height < 24; }).map(e => e.outerHTML)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium on PATH: install Debian's package chromium")
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"], timeout=30_000)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    with open_store(f"sqlite:///{folder / 'store.sqlite'}") as store:
        portal = Portal(store, folder / "public")
        for n in (1, 2, 5, 6):
            portal.crawl(
                page(
                    n, title=f"Hội nghị giao ban cộng tác viên dư luận xã hội tháng {n}/2021", html=HTML, text=LONG,
                    published=Published(date(2021, n, 5), "day", "x"), series=SeriesPeriod("phien-thang", f"2021-0{n}"),
                    event=Event(date(2021, n, 4), date(2021, n, 5), "Hà Nội"), images=(Image(None, "Toàn cảnh"),),
                    attachments=(Attachment("http://cong.example.vn/a.pdf", "Báo cáo", "application/pdf", 2_400_000),),
                )
            )  # fmt: skip
        later = page(
            2, day=3, published=Published(date(2021, 2, 5), "day", "x"), views=ViewCount(1234, exact=True)
        )
        portal.crawl(later, day=3)
        portal.crawl(day=4, gone="abc6")
        portal.build()
        return portal.out


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def address(out: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(out)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_and_can_be_read(browser: Any, address: str, out: Path, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    context.route("http://127.0.0.1:1/**", lambda route: route.fulfill(status=200, body=b""))
    tab, said = context.new_page(), []
    tab.on("console", lambda message: said.append(message.text))
    for base in (address, out.as_uri())[: 2 if (width, scheme) == (390, "light") else 1]:
        for name in PAGES:
            tab.goto(f"{base}/{name}")
            assert not tab.evaluate(WIDE), name
            assert tab.evaluate(CONTRAST) == [], name
            assert tab.evaluate(SMALL) == [], name
            assert said == [], name
    context.close()


def test_the_keyboard_finds_the_text_first(browser: Any, address: str) -> None:
    tab = browser.new_page()
    tab.goto(f"{address}/bai/2021-02/abc2.html")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Bỏ qua đến nội dung"
    assert tab.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "content"
    tab.locator("summary").first.focus()
    tab.keyboard.press("Enter")
    assert tab.locator("details").first.get_attribute("open") is not None
    tab.close()
