"""Addresses: one form for one page, nothing but http(s), nothing that hides its host."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.normalize import canonical_url, same_site

HOSTS = ("dukcqtw.dcs.vn", "duk.dangcongsan.vn")
PAGE = "http://dukcqtw.dcs.vn/tin-tuc/"
ARTICLE = "http://dukcqtw.dcs.vn/bai-viet-duk4736.aspx"

SAME_ARTICLE = [
    ARTICLE,
    "https://dukcqtw.dcs.vn/bai-viet-duk4736.aspx",
    "http://www.dukcqtw.dcs.vn/bai-viet-duk4736.aspx",
    "HTTP://DUKCQTW.DCS.VN:80/bai-viet-duk4736.aspx#binh-luan",
    "https://dukcqtw.dcs.vn:443/bai-viet-duk4736.aspx",
    "http://dukcqtw.dcs.vn./bai-viet-duk4736.aspx",
    "http://duk.dangcongsan.vn/bai-viet-duk4736.aspx",
    "//dukcqtw.dcs.vn/bai-viet-duk4736.aspx",
    "/bai-viet-duk4736.aspx",
    "../bai-viet-duk4736.aspx",
    "  /bai-viet-duk4736.aspx\n",
    "/tin/../bai-viet-duk4736.aspx",
    "/b%61i-viet%2Dduk4736.aspx",
    "/(S(lit3py55t21z5v55vlm25s55))/bai-viet-duk4736.aspx",
    "/bai-viet-duk4736.aspx;jsessionid=1A2B",
    "/bai-viet-duk4736.aspx?utm_source=zalo&utm_medium=x&fbclid=abc",
    "/bai-viet-duk4736.aspx?",
]

OTHERS = [
    ("/tin.aspx?b=2&a=1", "http://dukcqtw.dcs.vn/tin.aspx?b=2&a=1"),
    ("/tin.aspx?a=1&&gclid=x&b=", "http://dukcqtw.dcs.vn/tin.aspx?a=1&b="),
    ("/tìm kiếm?q=hội nghị", "http://dukcqtw.dcs.vn/t%C3%ACm%20ki%E1%BA%BFm?q=h%E1%BB%99i%20ngh%E1%BB%8B"),
    ("/t%c3%acm", "http://dukcqtw.dcs.vn/t%C3%ACm"),
    ("trang-2", "http://dukcqtw.dcs.vn/tin-tuc/trang-2"),
    ("http://dukcqtw.dcs.vn", "http://dukcqtw.dcs.vn/"),
    ("http://dukcqtw.dcs.vn:8080/a", "http://dukcqtw.dcs.vn:8080/a"),
    ("https://example.org:443/a%2Fb", "https://example.org/a%2Fb"),
    ("https://www.example.org/", "https://www.example.org/"),
    ("http://[2001:db8::1]:8000/a", "http://[2001:db8::1]:8000/a"),
]

REFUSED = [
    *(
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://dukcqtw.dcs.vn/a",
        "mailto:a@b.vn",
    ),
    *(
        "http://user@dukcqtw.dcs.vn/",
        "http://dukcqtw.dcs.vn:pw@evil.example/",
        "http://evil.example\\@dukcqtw.dcs.vn/",
    ),
    *(
        "http://[::1",
        "http://dukcqtw.dcs.vn:99999/",
        "http://dukcqtw.dcs.vn:x/",
        "http://a b/",
        "http://exa<mple/",
    ),
    *("", "   ", "http://dukcqtw.dcs.vn/" + "a" * 3000),
]


@pytest.mark.parametrize("url", SAME_ARTICLE)
def test_one_article_one_address(url: str) -> None:
    assert canonical_url(url, base=PAGE, hosts=HOSTS, scheme="http") == ARTICLE


@pytest.mark.parametrize(("url", "expected"), OTHERS)
def test_what_matters_stays(url: str, expected: str) -> None:
    assert canonical_url(url, base=PAGE, hosts=HOSTS, scheme="http") == expected


@pytest.mark.parametrize("url", REFUSED)
def test_refused(url: str) -> None:
    assert canonical_url(url, base=PAGE, hosts=HOSTS, scheme="http") is None


def test_a_relative_address_needs_its_page() -> None:
    assert canonical_url("/a") is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://dukcqtw.dcs.vn/a", True),
        ("https://WWW.dukcqtw.dcs.vn:8443/a", True),
        ("http://duk.dangcongsan.vn/", True),
        ("http://dcs.vn/", False),
        ("http://dukcqtw.dcs.vn.evil.example/", False),
        ("http://evildukcqtw.dcs.vn/", False),
        ("http://dukcqtw.dcs.vn@evil.example/", False),
        ("/a", False),
    ],
)
def test_same_site(url: str, *, expected: bool) -> None:
    assert same_site(url, HOSTS) is expected


@settings(deadline=None)
@given(st.text(max_size=60))
def test_canonical_is_final_and_never_raises(tail: str) -> None:
    once = canonical_url(f"/{tail}", base=PAGE, hosts=HOSTS, scheme="http")
    assert once is None or canonical_url(once, hosts=HOSTS, scheme="http") == once
    canonical_url(tail)
