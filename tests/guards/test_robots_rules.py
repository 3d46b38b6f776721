"""RFC 9309 in tables: what an answer to /robots.txt means, and what the rules in it allow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.robots import MAX_BYTES, product_token, read_robots

AGENT = "bantin/0.1 (+https://example.org/about; otherbot@example.org)"
HOST = "http://congso.vn"


def allowed(text: str | bytes, path: str, agent: str = AGENT) -> bool:
    body = text if isinstance(text, bytes) else text.encode()
    return read_robots(200, body, user_agent=agent).verdict(HOST + path).allowed


# -- 2.3.1: the answer ---------------------------------------------------------------------------------------

FORBID = b"User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    ("status", "body", "allows", "reason"),
    [
        (200, FORBID, False, "rules"),
        (206, FORBID, False, "rules"),
        (200, b"", True, "empty"),
        (204, b"", True, "empty"),
        (200, b"\xef\xbb\xbf# nothing yet\n", True, "empty"),
        (200, b"Sitemap: http://congso.vn/sitemap.xml\n", True, "empty"),
        (200, b"<!DOCTYPE html><html><p>\nUser-agent: *\nDisallow: /\n</html>", True, "html"),
        (200, b"\xef\xbb\xbf\r\n  <html>\nDisallow: /", True, "html"),
        (200, b"\x89PNG\r\n\x1a\n" + bytes(range(256)), True, "empty"),
        (301, FORBID, True, "redirects"),
        (308, FORBID, True, "redirects"),
        (400, FORBID, True, "missing"),
        (401, FORBID, True, "missing"),
        (403, FORBID, True, "missing"),
        (404, FORBID, True, "missing"),
        (410, FORBID, True, "missing"),
        (429, FORBID, True, "missing"),
        (499, FORBID, True, "missing"),
        (500, b"User-agent: *\nAllow: /\n", False, "server-error"),
        (502, b"", False, "server-error"),
        (503, b"<html>maintenance</html>", False, "server-error"),
        (599, b"", False, "server-error"),
        (999, b"", False, "server-error"),
        (101, b"", False, "server-error"),
        (None, b"", False, "unreachable"),
    ],
)
def test_answers(status, body, allows, reason):
    rules = read_robots(status, body, user_agent=AGENT)
    verdict = rules.verdict(f"{HOST}/bai-viet")
    assert (verdict.allowed, verdict.reason, rules.reason) == (allows, reason, reason)


# -- 2.2.1: the group ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "allows"),
    [
        ("User-agent: bantin\nDisallow: /\n", False),
        ("USER-AGENT: BanTin\nDISALLOW: /\n", False),
        ("User-agent: bantin/1.0\nDisallow: /\n", False),
        ("User-agent: bantin # us\nDisallow: / # all\n", False),
        ("User-agent:bantin\rDisallow:/\r", False),
        ("\ufeffUser-agent: bantin\r\nDisallow: /\r\n", False),
        ("User-agent: otherbot\nUser-agent: bantin\nDisallow: /\n", False),
        ("User-agent: bantin\nUser-agent: otherbot\n\n\nDisallow: /\n", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: bantin\nDisallow:\n", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: bantin\nAllow: /\n", True),
        ("User-agent: bantin\nDisallow: /x\n\nUser-agent: *\nDisallow: /\n", True),
        (
            "User-agent: bantin\nAllow: /b\n\nUser-agent: other\nDisallow: /\n\nUser-agent: bantin\nDisallow: /bai\n",
            False,
        ),
        ("User-agent: otherbot\nDisallow: /\n", True),
        ("User-agent: ban\nDisallow: /\n", True),
        ("User-agent: bantin-news\nDisallow: /\n", True),
        ("User-agent: about\nDisallow: /\n", True),
        ("Disallow: /\n", True),
        ("User-agent: *\nDisallow:\n", True),
        ("User-agent: *\nCrawl-delay: 5\nDisallow: /\n", False),
    ],
)
def test_groups(text, allows):
    assert allowed(text, "/bai-viet") is allows


@pytest.mark.parametrize(
    ("agent", "token"),
    [
        ("bantin/0.1 (+x)", "bantin"),
        ("BanTin", "bantin"),
        (" my_news-bot 2", "my_news-bot"),
        ("Mozilla/5.0 (x)", "mozilla"),
    ],
)
def test_product_tokens(agent, token):
    assert product_token(agent) == token


@pytest.mark.parametrize("agent", ["", "  ", "1bot", "(x)", "/1"])
def test_a_user_agent_without_a_token_is_refused(agent):
    with pytest.raises(ValueError, match="product token"):
        product_token(agent)


# -- 2.2.2, 2.2.3: the rules ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "path", "allows"),
    [
        # the longest match wins, whatever its place; Allow among equals
        ("Allow: /p\nDisallow: /", "/page", True),
        ("Disallow: /\nAllow: /p", "/page", True),
        ("Allow: /folder\nDisallow: /folder/x", "/folder/x", False),
        ("Disallow: /folder\nAllow: /folder", "/folder/page", True),
        ("Allow: /folder\nDisallow: /folder", "/folder/page", True),
        ("Disallow: /a", "/A", True),
        ("Disallow: /tin", "/tin-tuc", False),
        ("Disallow: /tin/", "/tin-tuc", True),
        ("Disallow: tin", "/tin", True),
        # special characters
        ("Disallow: /*.pdf$", "/a/b.pdf", False),
        ("Disallow: /*.pdf$", "/a/b.pdf?x", True),
        ("Disallow: /*.pdf", "/a/b.pdf?x", False),
        ("Disallow: *.aspx", "/a.aspx", False),
        ("Disallow: /*?", "/a.aspx?page=2", False),
        ("Disallow: /*?", "/a.aspx", True),
        ("Disallow: /$", "/", False),
        ("Disallow: /$", "/a", True),
        ("Disallow: /a*b*c", "/a1b2c3", False),
        ("Disallow: /a*b*c", "/acb", True),
        ("Allow: /$\nDisallow: /", "/", True),
        ("Allow: /$\nDisallow: /", "/x", False),
        # percent-encoding: compared as the same octets
        ("Disallow: /t%C3%ACm", "/tìm", False),
        ("Disallow: /tìm", "/t%c3%acm", False),
        ("Disallow: /foo/bar/%62%61%7A", "/foo/bar/baz", False),
        ("Disallow: /a%2Fb", "/a/b", True),
        # whole host, robots.txt itself
        ("Disallow: /", "/", False),
        ("Disallow: /", "", False),
        ("Disallow: /", "/robots.txt", True),
    ],
)
def test_rules(rules, path, allows):
    assert allowed(f"User-agent: *\n{rules}\n", path) is allows


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 10\n\nUser-agent: bantin\nCrawl-delay: 2.5\nDisallow: /x", 2.5),
        ("User-agent: *\nCrawl-delay: 10\nDisallow: /x", 10.0),
        ("User-agent: other\nCrawl-delay: 10\nDisallow: /x", None),
        ("User-agent: *\nCrawl-delay: mười\nDisallow: /x", None),
        ("User-agent: *\nCrawl-delay: -1\nDisallow: /x", None),
        ("User-agent: *\nCrawl-delay: inf\nDisallow: /x", None),
        ("User-agent: *\nCrawl-delay: nan\nDisallow: /x", None),
        ("User-agent: *\nCrawl-delay: 30", 30.0),
    ],
)
def test_crawl_delay(text, delay):
    rules = read_robots(200, text.encode(), user_agent=AGENT)
    assert rules.verdict(f"{HOST}/a").crawl_delay == delay
    assert rules.crawl_delay == delay


# -- 2.5: limits ---------------------------------------------------------------------------------------------


def test_rules_beyond_500_kib_are_not_read():
    start = b"User-agent: *\nDisallow: /first\n"
    filler = b"# " + b"x" * 97 + b"\n"
    body = start + filler * (MAX_BYTES // len(filler)) + b"Disallow: /last\n" + filler * 100_000
    assert not allowed(body, "/first")
    assert allowed(body, "/last")


def test_a_rule_cut_by_the_limit_does_not_forbid_more_than_it_says():
    start = b"User-agent: *\n"
    line = b"Disallow: /secret/place\n"
    body = start + b"#" * (MAX_BYTES - len(start) - len(b"\nDisallow: /")) + b"\n" + line
    assert body[:MAX_BYTES].endswith(b"\nDisallow: /")
    assert allowed(body, "/bai-viet")


def test_utf_16_is_read():
    assert not allowed("User-agent: *\nDisallow: /x".encode("utf-16"), "/x")


@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_and_any_address_give_a_verdict(body, path):
    read_robots(200, body, user_agent=AGENT).verdict(HOST + path)
    read_robots(200, b"User-agent: *\nDisallow: " + body, user_agent=AGENT).verdict(HOST + "/" + path)
