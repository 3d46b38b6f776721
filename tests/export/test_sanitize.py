"""Nothing unsafe comes out of the sanitiser, and nothing harmless is lost. The oracle is lxml, not the sanitiser."""

from urllib.parse import urlsplit

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.sanitize import TAGS, legal, plain, sanitize

BASE = "http://phuongmai.example/tin/x.aspx"

UNSAFE = [
    "<script>alert(1)</script>",
    "<p onclick=alert(1) style='background:url(javascript:1)' id=x class=y>a</p>",
    "<a href='java\nscript:alert(1)'>a</a>",
    "<a href='&#106;avascript:alert(1)'>a</a>",
    "<a href=' \x01javascript:alert(1)'>a</a>",
    "<a href='vbscript:x'>a</a><a href='data:text/html,x'>a</a><a href='file:///etc/passwd'>a</a>",
    "<img src=x onerror=alert(1)><img src='data:image/svg+xml,<svg onload=1>'>",
    "<blockquote cite='javascript:alert(1)'>q</blockquote>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe src='http://evil.example/'></iframe><object data=x></object><embed src=x><base href=//evil>",
    "<form action=//evil.example><input name=a><button>b</button></form>",
    "<meta http-equiv=refresh content='0;url=//evil.example'><link rel=stylesheet href=//evil>",
    "<!--[if IE]><script>alert(1)</script><![endif]--><?php x ?>",
    "<img src=`x` alt='`onerror=alert(1)'>",
    "<p>&#0;&#1;&#x1b;[31m&#xfffe;</p>",
    "<template><script>alert(1)</script></template>",
    "<a href='http://user:pass@[::1'>a</a><a href='http:\\\\evil.example'>a</a><a href='http:///x'>a</a>",
]


def assert_safe(html: str) -> None:
    """An independent reading of what came out."""
    assert legal(html) == html
    for element in lxml.html.fragment_fromstring(html, create_parent="div").iter():
        assert isinstance(element.tag, str), "no comments or instructions"
        assert element.tag in TAGS
        for name, value in element.attrib.items():
            assert not name.startswith(("on", "style", "xlink", "cite")), (element.tag, name)
            if name in ("href", "src"):
                parts = urlsplit(value)
                assert parts.scheme in ("http", "https", "mailto", "tel"), value
                assert parts.hostname or parts.scheme in ("mailto", "tel"), value
        if element.tag == "img":
            assert element.get("src")


@pytest.mark.parametrize("html", UNSAFE)
@pytest.mark.parametrize("base", [None, BASE])
def test_nothing_unsafe_comes_out(html: str, base: str | None) -> None:
    clean = sanitize(html, base)
    assert_safe(clean)
    assert sanitize(clean, base) == clean


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<", ">", "/", '"', "'", "=", "&", ";", "<a href=", "javascript:", "<img src=", "<p>", "</p>"]
        )
        | st.sampled_from(
            ["<table><tr>", "<svg>", "<!--", "<style>", "<math>", "on", "http://x.example/", "\x00"]
        )
        | st.text(max_size=4),
        max_size=14,
    ).map("".join)
)
def test_no_markup_survives_that_a_browser_could_misread(html: str) -> None:
    clean = sanitize(html, BASE)
    assert_safe(clean)
    assert sanitize(clean, BASE) == clean


@pytest.mark.parametrize(
    "html",
    [
        "<p>Một <b>đậm</b> &amp; <em>nghiêng</em><br>dòng hai</p>",
        '<figure><img src="http://a.example/a.png" alt="ảnh"><figcaption>Chú thích</figcaption></figure>',
        "<table><tbody><tr><td colspan=\"2\">1</td></tr></tbody></table>",
        "<h2>Đề mục</h2><ul><li>a</li></ul><blockquote>Trích</blockquote>",
    ],
)  # fmt: skip
def test_harmless_markup_stays_as_it_is(html: str) -> None:
    assert sanitize(html) == html


@pytest.mark.parametrize(
    ("html", "base", "wanted"),
    [
        ("<a href='/t.pdf'>t</a>", BASE, '<a href="http://phuongmai.example/t.pdf" rel="noopener nofollow">t</a>'),
        ("<a href='/t.pdf'>t</a>", None, '<a rel="noopener nofollow">t</a>'),
        ("<a href='mailto:a@b.example'>t</a>", None, '<a href="mailto:a@b.example" rel="noopener nofollow">t</a>'),
        ("<img src='a.jpg' alt='x'>", BASE, '<img src="http://phuongmai.example/tin/a.jpg" alt="x">'),
        ("<p>a<img src='a.jpg'>b</p>", None, "<p>ab</p>"),
        ("<p>a<img src='mailto:a@b'>b</p>", None, "<p>ab</p>"),
        ("<font color=red>đỏ</font>", None, "đỏ"),
        ("<img src='http://a.example/a b.jpg' width='100%' height=20>", None,
         '<img src="http://a.example/a%20b.jpg" height="20">'),
        ("1 < 2 & 3 > 2", None, "1 &lt; 2 &amp; 3 &gt; 2"),
    ],
)  # fmt: skip
def test_addresses_are_absolute_or_gone(html: str, base: str | None, wanted: str) -> None:
    assert sanitize(html, base) == wanted


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<p>Một</p><p>Hai<br>dòng</p>", "Một\n\nHai\ndòng"),
        ("<p>a &lt;b&gt; &amp;amp;</p>", "a <b> &amp;"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3"),
        ("<p>a</p>\n\n\n\n<p>  b  </p><script>c</script>", "a\n\nb"),
        (
            "<figure><img src='http://a.example/a.png' alt='a>b'><figcaption>c</figcaption></figure>d",
            "c\n\nd",
        ),
        ("<p>một dòng\n  ngắt giữa câu</p>", "một dòng ngắt giữa câu"),
        ("", ""),
    ],
)
def test_plain_text(html: str, wanted: str) -> None:
    assert plain(html) == wanted


def test_deep_nesting_and_size_are_bounded_in_time() -> None:
    assert "x" in sanitize("<div>" * 3000 + "x")
    assert len(sanitize("<p>đoạn</p>" * 20000)) == 20000 * len("<p>đoạn</p>")
