"""Hostile articles: nothing that runs or loads in any output, and no feed lost to a character."""

import json
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from crawler.items import Attachment, Image, Section, SeriesPeriod
from feeds.build import atom, rss
from feeds.entry import make_entry
from feeds.jsonfeed import json_feed
from tests.feeds.conftest import Build
from tests.feeds.memory import SITE, Memory, article
from tests.feeds.oracles import ATOM, CONTENT, atom_errors, grammar_errors, unsafe_html, xml
from tests.feeds.values import feed_of

VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT >",
    "<img src=x onerror=alert(1)>",
    "<img src='http://a.example/x.png' onload=alert(1) style='x:expression(1)'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='javascript://cong.example.vn/%0aalert(1)'>x</a>",
    "<a href='jAvA\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript&colon;alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a><a href='file:///etc/passwd'>y</a>",
    "<svg><script>alert(1)</script><a xlink:href='javascript:alert(1)'><rect/></a></svg>",
    "<svg onload=alert(1)>",
    "<math><mtext></table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object><embed src='javascript:alert(1)'>",
    "<form action='javascript:alert(1)'><input type=submit formaction='javascript:alert(1)'></form>",
    "<base href='javascript:alert(1)//'><a href='x'>x</a>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href='http://evil.example/x.css'><style>@import 'http://evil.example'</style>",
    "<p style='background:url(javascript:alert(1))' class=x id=y>t</p>",
    "<blockquote cite='javascript:alert(1)'>q</blockquote>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "</p></div></li></ul></body></html><script>alert(1)</script>",
    "<p>]]></p>]]&gt;<b>",
    "<table><td><tr><a href='http://a.example'><table><script>x",
    "<details open ontoggle=alert(1)><video src=x onerror=alert(1)><audio src=x>",
    '"><script>alert(1)</script>',
    "'; alert(1); '{{ 7*7 }}{% raw %}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
]
#: Elements that the pages themselves have and an article's content has not.
_OF_PAGES = {"<meta>", "<link>"}


def hostile(number: int, vector: str) -> object:
    return article(
        number,
        title=f"{vector} tên",
        lead=f"{vector} dẫn",
        author=vector,
        organization=vector,
        html=f"<p>một</p>{vector}",
        text=vector,
        url=f"http://cong.example.vn/{vector}",
        sections=(Section("tin-tuc", vector),),
        series=SeriesPeriod("phien-thang", vector),
        images=(Image("javascript:alert(1)", vector), Image("http://a.example/'\"><b>.png", vector)),
        attachments=(
            Attachment("javascript:alert(1)", vector, vector),
            Attachment(f"http://a.example/{vector}", vector, f"a/{vector}"),
            Attachment("//evil.example/x.pdf", vector, None),
            Attachment("javascript://evil.example/%0aalert(1)", vector, None),
        ),
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from feeds.site import build_site
    from tests.feeds.memory import NOW

    out = tmp_path_factory.mktemp("hostile")
    states = [hostile(number, vector) for number, vector in enumerate(VECTORS, 1)]
    listings = tuple(Section(f"muc-{n}", vector, vector) for n, vector in enumerate(VECTORS))
    reader = Memory(states, listings=(Section("tin-tuc", "<script>"), *listings))  # type: ignore[arg-type]
    result = build_site(reader, SITE, out=out, public="https://tin.example.org/", now=NOW)
    assert not result.refused
    return out


def test_the_oracle_sees_every_vector_that_harms() -> None:
    unseen = {vector for vector in VECTORS if not unsafe_html(vector)}
    assert unseen == {"<p>]]></p>]]&gt;<b>", VECTORS[-2], VECTORS[-1]}


def test_contents_are_harmless(files: Path) -> None:
    contents = [item.findtext(CONTENT) for item in xml(files / "all/rss.xml").iter("item")]
    contents += [item.findtext("description") for item in xml(files / "all/rss.xml").iter("item")]
    contents += [
        entry.findtext(ATOM + "content") for entry in xml(files / "all/atom.xml").iter(ATOM + "entry")
    ]
    contents += [item["content_html"] for item in json.loads((files / "all/feed.json").read_bytes())["items"]]
    assert len(contents) == 4 * len(VECTORS)
    assert [unsafe_html(content) for content in contents] == [[]] * len(contents)


def test_an_open_element_swallows_nothing_after_the_body(files: Path) -> None:
    for item in xml(files / "all/rss.xml").iter("item"):
        assert "<p>Nguồn: <a " in item.findtext(CONTENT)


def test_titles_are_the_very_text(files: Path) -> None:
    wanted = {" ".join(f"{vector} tên".replace("\x01", "").split()) for vector in VECTORS}
    assert {item.findtext("title") for item in xml(files / "all/rss.xml").iter("item")} == wanted
    assert {e.findtext(ATOM + "title") for e in xml(files / "all/atom.xml").iter(ATOM + "entry")} == wanted
    assert {item["title"] for item in json.loads((files / "all/feed.json").read_bytes())["items"]} == wanted


def test_feeds_stay_valid(files: Path) -> None:
    assert atom_errors(files / "all/atom.xml") == []
    for path in files.rglob("*.xml"):
        xml(path)
    xml(files / "feeds.opml")


class _Page(HTMLParser):
    """Counts the elements of a page and keeps whatever could run or lead away from the web."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.bad: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {
            "script",
            "style",
            "iframe",
            "svg",
            "math",
            "object",
            "embed",
            "form",
            "base",
            "video",
        }:
            self.bad.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.bad.append(name)
            scheme = (value or "").split(":")[0].lower() if ":" in (value or "").split("/")[0] else ""
            if name in {"href", "src"} and scheme not in {"", "http", "https"}:
                self.bad.append(f"{name}={value}")


def test_pages_are_harmless_and_say_the_very_text(files: Path) -> None:
    pages = list(files.rglob("*.html"))
    assert len(pages) > len(VECTORS)
    for path in pages:
        page = path.read_text()
        assert _Page(page).bad == [], path
        assert "default-src 'none'" in page
        assert page.count("</html>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt; tên" in (files / "all/index.html").read_text()


def test_nothing_lies_outside(files: Path) -> None:
    names = {path.relative_to(files).parts[0] for path in files.rglob("*")}
    assert all(name.replace("-", "").replace(".", "").isalnum() for name in names)


CHARACTERS = "".join(
    map(chr, [*range(32), 0x7F, 0x85, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF, 0x2028, 0x200B, 0x1F600])
)


def test_characters_that_xml_forbids_cost_nothing(build: Build, out: Path) -> None:
    state = article(1, lead=CHARACTERS, html=f"<p>&#0;&#11;{CHARACTERS}ế</p>", author=CHARACTERS)
    result = build(Memory([replace(state, title=f"a{CHARACTERS}ế", sections=(Section("x", CHARACTERS),))]))
    assert not result.refused
    assert atom_errors(out / "all/atom.xml") == []
    (item,) = xml(out / "all/rss.xml").iter("item")
    assert item.findtext("title").startswith("a ")
    assert item.findtext("title").endswith("ế")
    assert "ế</p>" in item.findtext(CONTENT)
    (json_item,) = json.loads((out / "all/feed.json").read_bytes())["items"]
    assert json_item["title"] == item.findtext("title")


anything = st.text(st.characters(codec=None), max_size=40) | st.sampled_from(VECTORS)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(title=anything, lead=anything, html=anything, url=anything, day=st.none() | st.dates(date(1900, 1, 1)))
def test_no_text_breaks_a_feed(title: str, lead: str, html: str, url: str, day: date | None) -> None:
    state = article(
        1, day, title=title, lead=lead, html=html, url=url, attachments=(Attachment(url, title, lead),)
    )
    entry = make_entry(state, SITE)
    assert unsafe_html(entry.content) == []
    feed = feed_of([entry])
    (item,) = etree.fromstring(b"".join(rss(feed))).iter("item")
    atom_feed = etree.fromstring(b"".join(atom(feed)))
    assert grammar_errors(atom_feed) == []
    (atom_entry,) = atom_feed.iter(ATOM + "entry")
    (json_item,) = json.loads(b"".join(json_feed(feed)))["items"]
    assert item.findtext("title") == atom_entry.findtext(ATOM + "title") == json_item["title"] == entry.title
    assert item.findtext(CONTENT) == atom_entry.findtext(ATOM + "content") == json_item["content_html"]
