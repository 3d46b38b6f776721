"""RSS, Atom, JSON Feed and OPML as files: valid by their own rules, and saying what the article says."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import feedparser
import pytest

from crawler.items import Attachment, Image, Published, SeriesPeriod
from feeds.site import build_site
from tests.feeds.conftest import Build
from tests.feeds.memory import NOTICES, NOW, SEEN, SITE, Memory, article, months_of_articles
from tests.feeds.oracles import ATOM, CONTENT, DC, MEDIA, atom_errors, json_feed_errors, xml

RICH = article(
    7,
    title="Hội nghị & “giao ban” <b>tháng</b> 10",
    lead="Chiều 25/10, 3 < 5 & tại Hà Nội…",
    html='<p>Một.</p><figure><img src="http://cong.example.vn/a.jpg" alt="">'
    "<figcaption>Đồng chí A.</figcaption></figure><p>Hai./.</p>",
    sections=(NOTICES,),
    series=SeriesPeriod("phien-thang", "2021-10"),
    images=(Image("http://cong.example.vn/a.jpg", "Đồng chí A."), Image(None, "Không có ảnh")),
    attachments=(
        Attachment("http://cong.example.vn/tài liệu.pdf", "Kế hoạch", "application/pdf", 1234),
        Attachment("http://cong.example.vn/phu-luc.docx", "Phụ lục", None),
        Attachment("javascript:alert(1)", "Không tải được", None),
    ),
)
BARE = article(3, None, title="", lead=None, author=None, sections=(), html="", text="Một.\n\n2 < 3")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("formats")
    reader = Memory([RICH, BARE, *(replace(state, id=f"x{state.id}") for state in months_of_articles(60))])
    build_site(reader, SITE, out=out, public="https://tin.example.org/", now=NOW)
    return out


FEEDS = ["all", "tin-tuc", "thong-bao", "phien-thang", "tong-ket"]


@pytest.mark.parametrize("feed", FEEDS)
def test_each_format_is_valid(files: Path, feed: str) -> None:
    assert atom_errors(files / feed / "atom.xml") == []
    assert list(json_feed_errors(json.loads((files / feed / "feed.json").read_bytes()))) == []
    for name in ("rss.xml", "atom.xml"):
        assert not feedparser.parse((files / feed / name).read_bytes()).bozo
    assert xml(files / feed / "rss.xml")[0].tag == "channel"


@pytest.mark.parametrize("feed", FEEDS)
def test_the_formats_agree(files: Path, feed: str) -> None:
    rss = [item.findtext("guid") for item in xml(files / feed / "rss.xml").iter("item")]
    atom = [entry.findtext(ATOM + "id") for entry in xml(files / feed / "atom.xml").iter(ATOM + "entry")]
    items = [item["id"] for item in json.loads((files / feed / "feed.json").read_bytes())["items"]]
    assert rss == atom == items
    assert len(set(rss)) == len(rss)


def rss_item(files: Path, number: str) -> object:
    items = xml(files / "all" / "rss.xml").iter("item")
    return next(item for item in items if item.findtext("guid") == f"tag:cong.example.vn,2016:{number}")


def test_rss_channel(files: Path) -> None:
    channel = xml(files / "all" / "rss.xml")[0]
    links = channel.findall(ATOM + "link")
    assert [(link.get("rel"), link.get("href")) for link in links] == [
        ("self", "https://tin.example.org/all/rss.xml")
    ]
    assert channel.findtext("link") == "https://tin.example.org/all/index.html"
    assert channel.findtext("title") == channel.findtext("image/title") == SITE.title
    assert channel.findtext("image/link") == channel.findtext("link")
    assert channel.findtext("language") == "vi"
    assert channel.findtext(DC + "creator") == SITE.title
    assert parsedate_to_datetime(channel.findtext("lastBuildDate")) == SEEN
    assert channel.findtext("lastBuildDate").endswith(" +0700")


def test_rss_item(files: Path) -> None:
    item = rss_item(files, "abc7")
    assert item.findtext("title") == RICH.title
    assert item.findtext("link") == RICH.url
    assert item.find("guid").get("isPermaLink") == "false"
    assert item.findtext("description") == "Chiều 25/10, 3 &lt; 5 &amp; tại Hà Nội…"
    assert item.findtext("pubDate") == "Mon, 25 Oct 2021 00:00:00 +0700"
    assert [node.text for node in item.findall("category")] == ["Thông báo"]
    assert item.findtext(DC + "creator") == "Nguyễn Văn A"
    assert [dict(node.attrib) for node in item.findall("enclosure")] == [
        {
            "url": "http://cong.example.vn/t%C3%A0i%20li%E1%BB%87u.pdf",
            "length": "1234",
            "type": "application/pdf",
        }
    ]
    media = item.findall(MEDIA + "content")
    assert [(node.get("url"), node.findtext(MEDIA + "description")) for node in media] == [
        ("http://cong.example.vn/a.jpg", "Đồng chí A.")
    ]


def test_content_holds_every_part_in_order(files: Path) -> None:
    content = rss_item(files, "abc7").findtext(CONTENT)
    parts = [
        "3 &lt; 5",
        "Một.",
        "a.jpg",
        "Đồng chí A.",
        "Hai./.",
        "Nguyễn Văn A",
        "Kế hoạch",
        "phu-luc",
        "Nguồn",
    ]
    places = [content.index(part) for part in parts]
    assert places == sorted(places)
    assert "Không tải được" not in content


def test_what_the_article_lacks_is_left_out(files: Path) -> None:
    item = rss_item(files, "abc3")
    assert item.find("pubDate") is None
    assert item.find("enclosure") is None
    assert item.find(DC + "creator") is None
    assert item.findtext("title") == item.findtext("description") == "(không có tiêu đề)"
    assert "<p>2 &lt; 3</p>" in item.findtext(CONTENT)
    entry = atom_entry(files, "abc3")
    assert entry.find(ATOM + "published") is None
    assert entry.find(ATOM + "summary") is None
    assert datetime.fromisoformat(entry.findtext(ATOM + "updated")) == SEEN
    found = json_item(files, "abc3")
    assert not {"date_published", "summary", "authors", "attachments", "image", "tags"} & found.keys()


def atom_entry(files: Path, number: str) -> object:
    entries = xml(files / "all" / "atom.xml").iter(ATOM + "entry")
    return next(e for e in entries if e.findtext(ATOM + "id") == f"tag:cong.example.vn,2016:{number}")


def json_item(files: Path, number: str) -> dict[str, object]:
    items = json.loads((files / "all" / "feed.json").read_bytes())["items"]
    return next(item for item in items if item["id"] == f"tag:cong.example.vn,2016:{number}")


def test_atom_entry(files: Path) -> None:
    entry = atom_entry(files, "abc7")
    assert entry.findtext(ATOM + "title") == RICH.title
    assert entry.find(ATOM + "content").get("type") == "html"
    assert entry.findtext(ATOM + "summary") == RICH.lead
    assert entry.findtext(ATOM + "published") == "2021-10-25T00:00:00+07:00"
    assert entry.findtext(ATOM + "updated") == "2021-10-25T00:00:00+07:00"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Nguyễn Văn A"
    assert dict(entry.find(ATOM + "category").attrib) == {"term": "thong-bao", "label": "Thông báo"}
    links = [(link.get("rel"), link.get("type"), link.get("length")) for link in entry.findall(ATOM + "link")]
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert links == [
        ("alternate", "text/html", None),
        ("enclosure", "application/pdf", "1234"),
        ("enclosure", word, None),
    ]


def test_atom_feed(files: Path) -> None:
    feed = xml(files / "phien-thang" / "atom.xml")
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "vi"
    assert feed.findtext(ATOM + "id") == "tag:cong.example.vn,2016:feed/phien-thang"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == SITE.title
    assert {link.get("rel"): link.get("href") for link in feed.findall(ATOM + "link")} == {
        "self": "https://tin.example.org/phien-thang/atom.xml",
        "alternate": "https://tin.example.org/phien-thang/index.html",
        "prev-archive": "https://tin.example.org/phien-thang/archive/2021-10.xml",
    }


def test_json_item(files: Path) -> None:
    item = json_item(files, "abc7")
    assert item["title"] == RICH.title
    assert item["summary"] == RICH.lead
    assert item["date_published"] == "2021-10-25T00:00:00+07:00"
    assert item["image"] == "http://cong.example.vn/a.jpg"
    assert item["tags"] == ["Thông báo"]
    assert [a.get("size_in_bytes") for a in item["attachments"]] == [1234, None]
    assert item["_bantin"] == {
        "article": "abc7",
        "sections": ["thong-bao"],
        "series": {"id": "phien-thang", "period": "2021-10"},
    }


def test_an_edit_moves_updated_and_nothing_else(build: Build, out: Path) -> None:
    edited = datetime(2021, 10, 28, 1, 2, 3, tzinfo=UTC)
    build(Memory([replace(RICH, updated=edited, changed_at=edited)]))
    entry = atom_entry(out, "abc7")
    assert datetime.fromisoformat(entry.findtext(ATOM + "updated")) == edited
    assert entry.findtext(ATOM + "published") == "2021-10-25T00:00:00+07:00"
    assert parsedate_to_datetime(xml(out / "all/rss.xml")[0].findtext("lastBuildDate")) == edited


def test_an_article_dated_ahead_is_not_updated_in_the_future(build: Build, out: Path) -> None:
    build(Memory([replace(RICH, published=Published(date(2021, 10, 27), "day", "27/10/2021"))]))
    entry = atom_entry(out, "abc7")
    assert entry.findtext(ATOM + "published") == "2021-10-27T00:00:00+07:00"
    assert datetime.fromisoformat(entry.findtext(ATOM + "updated")) == SEEN


def test_a_time_of_day_is_kept(build: Build, out: Path) -> None:
    told = datetime(2024, 3, 22, 1, 30, tzinfo=UTC)
    build(Memory([replace(RICH, published=Published(told, "minute", "08:30 22/03/2024"))]))
    assert atom_entry(out, "abc7").findtext(ATOM + "published") == "2024-03-22T08:30:00+07:00"


def test_a_removed_article_leaves_a_tombstone(build: Build, out: Path) -> None:
    gone = datetime(2021, 10, 27, tzinfo=UTC)
    build(Memory([RICH, replace(BARE, deleted_at=gone, changed_at=gone)]))
    feed = xml(out / "all/atom.xml")
    graves = feed.findall("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    assert [(grave.get("ref"), grave.get("when")) for grave in graves] == [
        ("tag:cong.example.vn,2016:abc3", "2021-10-27T07:00:00+07:00")
    ]
    assert atom_errors(out / "all/atom.xml") == []
    assert len(feed.findall(ATOM + "entry")) == 1
    assert datetime.fromisoformat(feed.findtext(ATOM + "updated")) == gone


def test_opml_lists_every_feed_once_in_groups(files: Path) -> None:
    root = xml(files / "feeds.opml")
    assert root.get("version") == "2.0"
    groups = {group.get("text"): [o.get("xmlUrl") for o in group] for group in root.find("body")}
    base = "https://tin.example.org/"
    assert groups == {
        "Tất cả": [base + "all/rss.xml"],
        "Chuyên mục": [base + "tin-tuc/rss.xml", base + "thong-bao/rss.xml"],
        "Loạt bài định kỳ": [base + "phien-thang/rss.xml", base + "tong-ket/rss.xml"],
        "Bản tin khác": [
            "https://tin.example.org/most-read/rss.xml",
            "https://tin.example.org/corrections/rss.xml",
        ],
    }
    assert all(o.get("type") == "rss" and o.get("htmlUrl") for o in root.iter("outline") if o.get("xmlUrl"))


def test_a_long_series_is_whole(build: Build, out: Path) -> None:
    states = [replace(a, series=SeriesPeriod("phien-thang", None)) for a in months_of_articles(650)]
    build(Memory(states))
    for name, tag in (("rss.xml", "item"), ("atom.xml", ATOM + "entry")):
        assert len(list(xml(out / "phien-thang" / name).iter(tag))) == 650
    assert len(json.loads((out / "phien-thang/feed.json").read_bytes())["items"]) == 650
    assert atom_errors(out / "phien-thang/atom.xml") == []


def test_an_empty_site_has_valid_feeds(build: Build, out: Path) -> None:
    build(Memory([], listings=()))
    assert atom_errors(out / "all/atom.xml") == []
    assert xml(out / "all/atom.xml").findtext(ATOM + "updated").startswith("2016-01-01T")


def test_feeds_name_the_hub_and_archives_do_not(build: Build, out: Path) -> None:
    hub = "https://hub.example.org/?a=1&b=2"
    build(Memory(months_of_articles(3)), hub=hub)
    link = '{http://www.w3.org/2005/Atom}link[@rel="hub"]'
    (in_rss,) = xml(out / "all/rss.xml").findall(f"channel/{link}")
    (in_atom,) = xml(out / "all/atom.xml").findall(link)
    feed = json.loads((out / "all/feed.json").read_bytes())
    assert in_rss.get("href") == in_atom.get("href") == hub
    assert feed["hubs"] == [{"type": "WebSub", "url": hub}]
    assert atom_errors(out / "all/atom.xml") == []
    assert b"hub.example" not in (out / "all/archive/2021-10.xml").read_bytes()
    assert b"hub.example" not in (out / "all/archive/2021-10.json").read_bytes()
    build(Memory(months_of_articles(3)))
    assert b"hub.example" not in (out / "all/rss.xml").read_bytes()
