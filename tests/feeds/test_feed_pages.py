"""The pages: Vietnamese, whole, linked to each other and to the feeds, readable by everybody."""

import re
import struct
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest

from crawler.items import SeriesPeriod
from feeds.site import build_site
from tests.feeds.memory import NOTICES, NOW, SITE, Memory, article, months_of_articles
from tests.feeds.oracles import xml


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    states = months_of_articles(30)
    states[3] = replace(states[3], series=SeriesPeriod("phien-thang", "2021-10"), published=None)
    states.append(article(77, title="Tên <b>đậm</b> & “nháy”", lead=None, sections=(NOTICES,)))
    build_site(Memory(states), SITE, out=folder, public="https://tin.example.org/", now=NOW)
    return folder


class Page(HTMLParser):
    """Elements with their attributes, and headings, in order."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "br", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


PAGES = ["index.html", "status.html", "all/index.html", "tin-tuc/index.html", "tong-ket/index.html"]


@pytest.mark.parametrize("name", PAGES)
def test_each_page_is_well_built(out: Path, name: str) -> None:
    page = Page(out / name)
    assert page.open == []
    assert page.all("html") == [{"lang": "vi"}]
    assert len(page.all("h1")) == len(page.all("title")) == len(page.all("main")) == 1
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(set(ids)) == len(ids)
    assert page.all("a")[0] == {"class": "skip", "href": "#content"}
    assert "content" in ids
    assert not {"script", "style", "iframe"} & {tag for tag, _ in page.elements}
    assert all(
        not key.startswith("on") and key != "style" for _, attributes in page.elements for key in attributes
    )


@pytest.mark.parametrize("name", PAGES)
def test_links_within_the_folder_lead_somewhere(out: Path, name: str) -> None:
    page = Page(out / name)
    ids = {attributes.get("id") for _, attributes in page.elements}
    for attributes in page.all("a") + page.all("link"):
        target = attributes["href"] or ""
        if target.startswith("#"):
            assert target[1:] in ids
        elif "://" not in target:
            assert ((out / name).parent / unquote(target)).resolve().is_relative_to(out.resolve())
            assert ((out / name).parent / unquote(target)).is_file(), target


@pytest.mark.parametrize(("name", "feed"), [("index.html", "all"), ("tin-tuc/index.html", "tin-tuc")])
def test_feeds_are_discovered(out: Path, name: str, feed: str) -> None:
    links = [link for link in Page(out / name).all("link") if link["rel"] == "alternate"]
    assert {link["type"]: ((out / name).parent / str(link["href"])).resolve() for link in links} == {
        "application/rss+xml": (out / feed / "rss.xml").resolve(),
        "application/atom+xml": (out / feed / "atom.xml").resolve(),
        "application/feed+json": (out / feed / "feed.json").resolve(),
    }
    assert all(link["title"] for link in links)


def test_front_page_shows_sections_series_and_newest(out: Path) -> None:
    text = (out / "index.html").read_text()
    for words in (
        "Chuyên mục",
        "Tin tức",
        "Thông báo",
        "Loạt bài định kỳ",
        "Phiên thường kỳ hằng tháng",
        "Bài số 30",
    ):
        assert words in text
    assert text.count("<article>") == 20


def test_a_feed_page_shows_date_title_lead(out: Path) -> None:
    text = (out / "all/index.html").read_text()
    assert '<time datetime="2021-10-25">25/10/2021</time>' in text
    assert "không rõ ngày đăng" in text
    assert "Tên &lt;b&gt;đậm&lt;/b&gt; &amp; “nháy”" in text
    assert "lời dẫn của bài 30" in text
    assert text.count("<article>") == 31


def test_an_empty_feed_says_so(out: Path) -> None:
    assert "Chưa có bài viết nào." in (out / "tong-ket/index.html").read_text()


def luminance(color: str) -> float:
    color = "".join(c * 2 for c in color) if len(color) == 3 else color
    parts = [int(color[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_contrast_is_enough_for_everybody(out: Path, scheme: int) -> None:
    # WCAG 2.2, 1.4.3: at least 4.5 for text.
    sheet = (out / "style.css").read_text()
    colors = [
        dict(re.findall(r"--([\w-]+): #(\w+);", block))
        for block in re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)
    ]
    found = colors[scheme]
    for ink in ("ink", "quiet", "accent"):
        for ground in ("paper", "card"):
            assert contrast(found[ink], found[ground]) >= 4.5, (ink, ground)
    assert contrast(found["accent-ink"], found["accent"]) >= 4.5


def test_icons_are_images(out: Path) -> None:
    assert xml(out / "icon.svg").tag == "{http://www.w3.org/2000/svg}svg"
    data = (out / "icon.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (128, 128)
    start = data.index(b"IDAT") + 4
    (length,) = struct.unpack(">I", data[start - 8 : start - 4])
    assert len(zlib.decompress(data[start : start + length])) == 128 * (128 * 4 + 1)
