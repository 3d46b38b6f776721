"""What an address says: identity, membership, canonical form; for the portal and for a SharePoint site."""

from pathlib import Path

import pytest

from crawler.sites import Site, load_site

SITE = load_site("dukcqtw")
ARTICLE = "http://dukcqtw.dcs.vn/hoi-nghi-giao-ban-duk15374.aspx"

SAME_ARTICLE = [
    ARTICLE,
    "https://dukcqtw.dcs.vn/hoi-nghi-giao-ban-duk15374.aspx",
    "HTTP://WWW.DUKCQTW.DCS.VN/Hoi-Nghi-Giao-Ban-DUK15374.ASPX",
    "http://dukcqtw.dcs.vn:80/hoi-nghi-giao-ban-duk15374.aspx",
    "http://dukcqtw.dcs.vn:8080/hoi-nghi-giao-ban-duk15374.aspx",
    "http://dukcqtw.dcs.vn/another-title-GUQX-duk15374.aspx",
    "http://dukcqtw.dcs.vn/-duk15374.aspx",
    "http://dukcqtw.dcs.vn/(S(abc123def))/hoi-nghi-giao-ban-duk15374.aspx",
    "http://dukcqtw.dcs.vn/hoi-nghi-giao-ban-duk15374.aspx?utm_source=zalo#top",
    "http://dukcqtw.dcs.vn/hoi-nghi-giao-ban-duk15374.aspx?print=true",
    "  http://dukcqtw.dcs.vn/hoi-nghi-giao-ban-duk15374.aspx  ",
    "http://dukcqtw.dcs.vn./hoi-nghi-giao-ban-duk15374.aspx",
    "https://web.archive.org/web/20211026030000id_/http://dukcqtw.dcs.vn/hoi-nghi-giao-ban-duk15374.aspx",
    "http://dukcqtw.dcs.vn/web/20211026030000/http://www.dukcqtw.dcs.vn/hoi-nghi-giao-ban-duk15374.aspx",
]

NO_ARTICLE = [
    "http://dukcqtw.dcs.vn/",
    "http://dukcqtw.dcs.vn/cong-tac-tuyen-giao.aspx",
    "http://dukcqtw.dcs.vn/a/hoi-nghi-duk15374.aspx",
    "http://dukcqtw.dcs.vn/hoi-nghi-duk15374.html",
    "http://dukcqtw.dcs.vn/default.aspx?u=/x-duk1.aspx",
    "http://other.vn/hoi-nghi-duk15374.aspx",
    "http://dukcqtw.dcs.vn.other.vn/hoi-nghi-duk15374.aspx",
    "http://dukcqtw.dcs.vn@other.vn/hoi-nghi-duk15374.aspx",
    "http://user:pw@dukcqtw.dcs.vn/hoi-nghi-duk15374.aspx",
    "ftp://dukcqtw.dcs.vn/hoi-nghi-duk15374.aspx",
    "javascript:alert(1)",
    "/hoi-nghi-duk15374.aspx",
    "http://[::1/x-duk1.aspx",
    "http://dukcqtw.dcs.vn:99999/x-duk1.aspx",
    "",
]


@pytest.mark.parametrize("url", SAME_ARTICLE)
def test_identity_is_code_and_number(url: str) -> None:
    assert SITE.article_id(url) == "duk15374"


@pytest.mark.parametrize("url", NO_ARTICLE)
def test_what_carries_no_identity(url: str) -> None:
    assert SITE.article_id(url) is None


@pytest.mark.parametrize("code", ["duk", "tbo", "xyz", "tintuc"])
def test_codes_are_not_a_closed_list(code: str) -> None:
    assert SITE.article_id(f"http://dukcqtw.dcs.vn/a-b-{code}7.aspx") == f"{code}7"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://www.dukcqtw.dcs.vn:443/a-duk1.aspx?x=y#z", "http://dukcqtw.dcs.vn/a-duk1.aspx"),
        ("http://dukcqtw.dcs.vn", "http://dukcqtw.dcs.vn/"),
        ("http://dukcqtw.dcs.vn/muc.aspx?page=2&utm_medium=m", "http://dukcqtw.dcs.vn/muc.aspx?page=2"),
        ("http://dukcqtw.dcs.vn/(S(q1))/muc.aspx?a=1&b=2", "http://dukcqtw.dcs.vn/muc.aspx?a=1&b=2"),
        # A section's address may look like an article's: its pages stay apart.
        ("http://dukcqtw.dcs.vn/muc-c11.aspx?page=2", "http://dukcqtw.dcs.vn/muc-c11.aspx?page=2"),
        ("http://other.vn/muc.aspx", None),
        ("mailto:a@dukcqtw.dcs.vn", None),
    ],
)
def test_canonical(url: str, canonical: str | None) -> None:
    assert SITE.canonical(url) == canonical
    assert SITE.in_site(url) is (canonical is not None)
    if canonical:
        assert SITE.canonical(canonical) == canonical


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A SharePoint site of our own that shares its host."""
    path: Path = tmp_path_factory.mktemp("site") / "lists.toml"
    path.write_text(
        r"""
        id = "lists"
        title = "Lists"
        home = "https://host.vn/part/"
        hosts = ["host.vn", "www.host.vn"]
        scope = "/part/"
        article_url = ['/Lists/(?P<list>[^/?]+)/View_Detail\.aspx\?(?:.*&)?ItemID=(?P<item>[0-9]+)(?:&|$)']
        identity = "{list}-{item}"
        identity_case = "keep"
        spellings = ["TinHoatDong"]
        tag_authority = "host.vn"
        tag_date = "2024"
        """,
        encoding="utf-8",
    )
    return load_site(path)


@pytest.mark.parametrize(
    ("url", "ident"),
    [
        ("https://host.vn/part/Lists/TinHoatDong/View_Detail.aspx?ItemID=370", "TinHoatDong-370"),
        ("http://www.host.vn/part/lists/tinhoatdong/view_detail.aspx?itemid=370", "TinHoatDong-370"),
        (
            "https://host.vn/part/Lists/TinHoatDong/View_Detail.aspx?Source=x&ItemID=370&y=1",
            "TinHoatDong-370",
        ),
        ("https://host.vn/part/Lists/ThongBao/View_Detail.aspx?ItemID=370", "ThongBao-370"),
        ("https://host.vn/other/Lists/TinHoatDong/View_Detail.aspx?ItemID=370", None),
        ("https://host.vn/part/Lists/TinHoatDong/View_Detail.aspx?ItemID=", None),
    ],
)
def test_identity_from_list_and_item(lists: Site, url: str, ident: str | None) -> None:
    assert lists.article_id(url) == ident


def test_an_article_keeps_only_the_parameters_of_its_identity(lists: Site) -> None:
    url = "http://www.host.vn/part/Lists/TinHoatDong/View_Detail.aspx?Source=x&ItemID=370&y=z"
    assert lists.canonical(url) == "https://host.vn/part/Lists/TinHoatDong/View_Detail.aspx?ItemID=370"


@pytest.mark.parametrize(
    ("url", "inside"),
    [("https://host.vn/part/", True), ("https://host.vn/part", True), ("https://host.vn/party/", False),
     ("https://host.vn/", False), ("https://host.vn/PART/x", True)],
)  # fmt: skip
def test_scope(lists: Site, url: str, inside: bool) -> None:
    assert lists.in_site(url) is inside
