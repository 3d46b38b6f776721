"""The page of an article: what stands on it, what removal and correction say, where it lies."""

import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from crawler.items import Attachment, Event, Image, Published, SeriesPeriod, ViewCount
from feeds.body import fitted
from feeds.paths import file_stem, page_path
from tests.feeds.portal import STATUS, Portal, page

FULL = {
    "html": "<h1>Phần một</h1><p>Một &amp; hai.</p><figure><img src='http://cong.example.vn/a.jpg'>"
    "<figcaption>Toàn cảnh</figcaption></figure><table><tr><td>1</td></tr></table>",
    "text": "Phần một\n\nMột & hai.",
    "images": (Image("http://cong.example.vn/a.jpg", "Toàn cảnh"),),
    "attachments": (Attachment("http://cong.example.vn/a.pdf", "Biên bản", "application/pdf", 2_400_000),),
    "series": SeriesPeriod("phien-thang", "2021-10"),
    "author": "Phạm Anh Thiện",
    "organization": "Ban Tuyên giáo",
    "event": Event(date(2021, 10, 1), date(2021, 10, 2), "Hà Nội"),
}


class Outline(HTMLParser):
    """Headings, links, pictures, landmarks of a page; whatever is open twice or not closed."""

    VOID = frozenset({"meta", "link", "img", "br", "hr", "path", "polyline", "circle"})

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.levels: list[int] = []
        self.ids: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.links: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        self.ids += [about["id"]] if about.get("id") else []  # type: ignore[list-item]
        self.links += [about["href"]] if tag == "a" and about.get("href") else []  # type: ignore[list-item]
        if tag == "img":
            self.images.append(about)
        if tag not in self.VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self._open.pop() == tag


def read(out: Path, name: str) -> str:
    return (out / name).read_text(encoding="utf-8")


def text_of(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html.partition("<main")[2]).split())


def test_what_a_page_says(portal: Portal) -> None:
    portal.crawl(page(1, **FULL))
    portal.build()
    html = read(portal.out, "bai/2021-10/abc1.html")
    said = text_of(html)
    for words in (
        "Bài số 1", "02/10/2021", "Lời dẫn.", "Phần một", "Một &amp; hai.", "Toàn cảnh", "Phạm Anh Thiện",
        "Ban Tuyên giáo", "Biên bản (2,4 MB)", "Diễn ra 01/10/2021 – 02/10/2021, Hà Nội",
        "Phiên thường kỳ hằng tháng , tháng 10/2021", "Tin tức", "abc1",
    ):  # fmt: skip
        assert words in said, words
    assert "đã gỡ" not in said
    assert "Các lần sửa" not in said
    outline = Outline(html)
    assert outline.levels[0] == 1
    assert outline.levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(outline.levels, outline.levels[1:], strict=False))
    assert [image["alt"] for image in outline.images] == [""]
    assert len(outline.ids) == len(set(outline.ids))
    assert {
        "http://cong.example.vn/bai-abc1",
        "../../phien-thang/index.html",
        "../../tin-tuc/index.html",
    } <= set(outline.links)
    assert 'role="region" aria-label="Bảng 1" tabindex="0"><table>' in html


def test_every_link_of_every_page_leads_somewhere(portal: Portal) -> None:
    portal.crawl(page(1, **FULL), page(2, published=None), page(3, day=0.5, views=ViewCount(20, exact=True)))
    portal.crawl(page(3, day=2, title="Khác", views=ViewCount(30, exact=True)), day=2)
    portal.crawl(day=3, gone="abc1")
    portal.build()
    for path in portal.out.rglob("*.html"):
        for link in Outline(path.read_text(encoding="utf-8")).links:
            if not link.startswith(("http:", "https:")):
                name, _, anchor = link.partition("#")
                target = (path.parent / name).resolve() if name else path
                assert target.is_file(), (path, link)
                assert not anchor or f'id="{anchor}"' in target.read_text(encoding="utf-8"), (path, link)


def test_a_removed_article_keeps_its_page_which_says_so(portal: Portal) -> None:
    portal.crawl(page(1, **FULL), page(2))
    portal.crawl(day=5, gone="abc1")
    portal.build()
    said = text_of(read(portal.out, "bai/2021-10/abc1.html"))
    assert "Cổng thông tin đã gỡ bài này (nhận thấy lúc 31/10/2021 10:00 ). Dưới đây là bản lưu." in said
    assert "Một &amp; hai." in said
    assert "abc1" not in read(portal.out, "phien-thang/index.html")
    portal.crawl(page(1, day=9, **FULL), day=9)
    portal.build()
    assert "đã gỡ" not in read(portal.out, "bai/2021-10/abc1.html")
    assert "abc1" in read(portal.out, "phien-thang/index.html")


def test_a_page_names_each_correction(portal: Portal) -> None:
    portal.crawl(page(1))
    portal.crawl(page(1, day=2, title="Bài số 1 <mới>"), day=2)
    portal.crawl(page(1, day=4, title="Bài số 1 <mới>", text="Một.\n\nHai.", lead=None), day=4)
    portal.build()
    html = read(portal.out, "bai/2021-10/abc1.html")
    said = text_of(html)
    assert "28/10/2021 10:00 : tiêu đề" in said
    assert "30/10/2021 10:00 : lời dẫn, nội dung" in said
    assert "<ins>Bài số 1 &lt;mới&gt;</ins>" in html
    assert "<del>Lời dẫn.</del>" in html
    assert "<ins>Hai.</ins>" in html
    assert "<del>Một.</del>" not in html


def test_view_counts_change_plots_and_no_page(portal: Portal) -> None:
    portal.crawl(page(1), page(2))
    portal.build()
    assert "polyline" not in read(portal.out, "most-read/luot-xem/2021-10.html")
    portal.crawl(page(1, day=30, views=ViewCount(1250, exact=True)), day=30)
    written = set(portal.build().written)
    assert {name for name in written if not name.startswith("most-read/")} == STATUS
    plots = read(portal.out, "most-read/luot-xem/2021-10.html")
    assert "1.250 lượt xem" in plots
    assert plots.count("<polyline") == 1
    assert 'points="0.0,119.0 600.0,0.0"' in plots
    assert 'href="../../most-read/luot-xem/2021-10.html#abc1"' in read(portal.out, "bai/2021-10/abc1.html")


def test_a_series_is_a_table_of_periods_with_gaps(portal: Portal) -> None:
    for month in (1, 2, 5):
        day = Published(date(2021, month, 9), "day", "x")
        portal.crawl(page(month, published=day, series=SeriesPeriod("phien-thang", f"2021-0{month}")))
    portal.build()
    table = text_of(read(portal.out, "phien-thang/index.html")).partition("Các kỳ")[2]
    assert table.strip().startswith(
        "Kỳ Bài viết tháng 5/2021 Bài số 5 09/05/2021 tháng 4/2021 chưa thấy bài tháng 3/2021 chưa thấy bài "
        "tháng 2/2021 Bài số 2"
    )


@pytest.mark.parametrize(
    ("article", "stem"),
    [("duk4736", "duk4736"), ("tin-hoat-dong-370", "tin-hoat-dong-370"), ("7", "7")],
)
def test_a_plain_id_names_its_files(article: str, stem: str) -> None:
    assert file_stem(article) == stem


ODD = [
    "TinHoatDong-370",
    "tinhoatdong-370 ",
    "../x",
    "..",
    ".",
    "a/b",
    "",
    "đề",
    "x" * 200,
    "-",
    "con.html",
    "A",
    "a_",
]


def test_an_odd_id_gets_a_safe_name_of_its_own() -> None:
    stems = [file_stem(article) for article in ODD]
    assert len(set(stems)) == len(ODD)
    assert all(re.fullmatch("[a-z0-9][a-z0-9-]{0,79}", stem) for stem in stems)
    assert file_stem("TinHoatDong-370").startswith("tinhoatdong-370-")


def test_pages_lie_by_month() -> None:
    assert page_path("a1", datetime(2021, 10, 31, 23, tzinfo=UTC)) == "bai/2021-10/a1.html"
    assert page_path("a1", None) == "bai/khong-ro/a1.html"


def test_tables_within_tables_scroll_once() -> None:
    inner = "<table><tr><td><table><tr><td>x</td></tr></table></td></tr></table>"
    html = fitted(inner + inner)
    assert html.count('class="scroll"') == 2
    assert html.count("</div>") == 2
    assert html.index("Bảng 1") < html.index("Bảng 2")
