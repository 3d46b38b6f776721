"""A page as blocks in reading order: where lines break, what they carry, and what is left out."""

import pytest

from crawler.extract.document import Document, read_document

URL = "http://dukcqtw.dcs.vn/bai-duk1.aspx"


def page(body: str, head: str = "") -> Document:
    return read_document(f"<html><head>{head}</head><body>{body}</body></html>", URL)


def texts(body: str) -> list[str]:
    return [block.text for block in page(body).blocks]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("<p>một</p><p>hai</p>", ["một", "hai"]),
        ("một<br>hai<br><br>ba", ["một", "hai", "ba"]),
        ("<td>một<td>hai", ["một", "hai"]),
        ("<span>một</span><span> hai</span>", ["một hai"]),
        ("<p>một\n   hai\tba</p>", ["một hai ba"]),
        ("<p>một<script>x</script><style>y</style> hai</p>", ["một hai"]),
        ("<p>H&#7897;i&nbsp;ngh&#7883;</p>", ["Hội nghị"]),
        ("<p>Ho\u0323\u0302i</p>", ["Hội"]),
        ("<p>\u200b \ufeff</p>", []),
        ("<p>a\0b</p>", ["ab"]),
        ("<select><option>một</option></select><p>hai</p>", ["hai"]),
        ("<p>Word<o:p></o:p></p><!-- c --><![if !x]><p>b</p>", ["Word", "b"]),
    ],
)
def test_lines(body: str, lines: list[str]) -> None:
    assert texts(body) == lines


def test_a_single_break_is_soft_and_a_double_one_is_not() -> None:
    assert [block.soft for block in page("<p>a<br>b<br><br>c</p><p>d</p>").blocks] == [
        False,
        True,
        False,
        False,
    ]


def test_styles_links_and_pictures() -> None:
    blocks = page(
        "<h2>T</h2><p align=right><b>đậm <i>nghiêng</i></b></p><p><a href='../t.pdf'>tệp</a> kèm</p>"
        "<p><img data-src='/a.jpg' src='data:image/gif;base64,x'><img src=/icon.png></p>"
    ).blocks
    assert [block.heading for block in blocks] == [2, 0, 0, 0]
    assert (blocks[1].bold, blocks[1].italic, blocks[1].frame.align) == (True, False, "right")
    assert blocks[2].anchors[0].url == "http://dukcqtw.dcs.vn/t.pdf"
    assert blocks[2].anchor_text(blocks[2].anchors[0]) == "tệp"
    assert 0.4 < blocks[2].linked < 0.6
    pictures = [picture for _, picture in blocks[3].pictures]
    assert [(p.url, p.small) for p in pictures] == [
        ("http://dukcqtw.dcs.vn/a.jpg", False),
        ("http://dukcqtw.dcs.vn/icon.png", True),
    ]


@pytest.mark.parametrize(
    "tag", ["nav", "aside", "footer", "div hidden", "div style='display: none'", "div role=search"]
)
def test_boxes_that_say_they_are_none_of_the_article(tag: str) -> None:
    name = tag.partition(" ")[0]
    blocks = page(f"<{tag}><p>một</p></{name}><p>hai</p>").blocks
    assert [bool(block.noise) for block in blocks] == [True, False]


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/a.aspx", "http://dukcqtw.dcs.vn/a.aspx"),
        ("b c.pdf", "http://dukcqtw.dcs.vn/b%20c.pdf"),
        (" \n//x.vn/a ", "http://x.vn/a"),
        ("/web/20200325061200/http://x.vn/a", "http://x.vn/a"),
        ("mailto:a@b.vn", "mailto:a@b.vn"),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("#top", None),
        ("", None),
        ("http://[", None),
    ],
)
def test_addresses(href: str, url: str | None) -> None:
    blocks = page(f'<p><a href="{href}">liên kết</a></p>').blocks
    assert blocks[0].anchors[0].url == url


def test_head() -> None:
    document = page(
        "<p>x</p>",
        "<title> Hội \n nghị </title><base href='http://x.vn/d/'><link rel=canonical href='a.aspx'>"
        "<link rel=next href='?p=2'>"
        "<meta property='og:title' content='Hội nghị'><meta property='og:title' content='khác'>"
        "<script type='application/ld+json'>{\"a\": 1}</script>",
    )
    assert (document.title_tag, document.og_title) == ("Hội nghị", "Hội nghị")
    assert (document.base, document.canonical) == ("http://x.vn/d/", "http://x.vn/d/a.aspx")
    assert document.head.next_page == "http://x.vn/d/?p=2"
    assert document.head.linked_data == ['{"a": 1}']


def test_no_entity_of_a_page_is_read() -> None:
    bomb = (
        '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
        "<html><body><p>&b;&c;</p></body></html>"
    )
    printed = read_document(bomb, URL).printed
    assert "aaaaaaaaaaaaaaa" not in printed
    assert len(printed) < 200


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "<",
        "<a" * 5000,
        "<div>" * 30_000 + "x",
        "<p title='" + "y" * 1_000_000 + "'>x",
        "<b>" * 9000,
        "&#x110000;",
    ],
    ids=["empty", "nul", "open", "tags", "deep", "attribute", "inline", "reference"],
)
def test_no_page_is_an_exception(text: str) -> None:
    assert isinstance(read_document(text, URL).blocks, list)


def test_the_tree_for_selectors_is_there_on_demand() -> None:
    assert page("<h1>T</h1>").tree.xpath("string(//h1)") == "T"
