"""Site files: what comes with the package loads; each mistake is one line that names place and cure."""

from pathlib import Path

import pytest

from crawler.sites import SiteError, available_sites, load_site

GOOD = r"""
id = "mine"
title = "Mine"
home = "http://mine.vn/"
hosts = ["mine.vn"]
article_url = ['-(?P<code>[a-z]+)(?P<number>\d+)\.html$']
identity = "{code}{number}"
tag_authority = "mine.vn"
tag_date = "2020"
"""

SERIES = """
[[series]]
id = "one"
title = "One"
granularity = "month"
match = ["^one"]
"""


@pytest.fixture
def write(tmp_path: Path):
    def write(text: str | bytes) -> Path:
        path = tmp_path / "mine.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.mark.parametrize("name", available_sites())
def test_bundled_sites_load(name: str) -> None:
    site = load_site(name)
    assert site.id == name
    assert site.in_site(site.home)
    assert site.labels.related


def test_the_default_portal_comes_first() -> None:
    assert available_sites()[0] == "dukcqtw"


def test_what_the_portal_file_holds() -> None:
    site = load_site("dukcqtw")
    assert (site.tag_authority, site.tag_date, site.path, site.link) == (
        "dukcqtw.dcs.vn",
        "2016",
        "",
        "portal",
    )
    assert site.hosts[0] == "dukcqtw.dcs.vn"
    assert [series.id for series in site.series] == [
        "ctv-du-luan-xa-hoi", "bao-cao-vien", "thong-tin-chuyen-de", "tong-ket-tuyen-giao",
    ]  # fmt: skip
    assert {"Các bài viết khác", "Các tin khác", "Tin đã đưa", "Tin mới hơn", "Bài tin liên quan"} <= set(
        site.labels.related
    )


def test_a_file_of_ones_own_by_path_text_or_in_this_folder(write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(GOOD + SERIES)
    assert load_site(path).article_url == load_site(str(path)).article_url
    monkeypatch.chdir(path.parent)
    assert load_site("mine.toml").series[0].granularity == "month"


def test_labels_not_given_are_the_built_in_ones(write) -> None:
    site = load_site(write(GOOD + '[labels]\ncaption = ["Hình:"]\n'))
    assert site.labels.caption == ("Hình:",)
    assert site.labels.related == load_site("dukcqtw").labels.related


def test_series_of_another_site(write) -> None:
    lent = load_site(write(GOOD + 'series_like = "dukcqtw"\n'))
    assert [s.id for s in lent.series] == [s.id for s in load_site("dukcqtw").series]
    assert lent.title_openings == load_site("dukcqtw").title_openings


def test_a_byte_order_mark_is_no_mistake(write) -> None:
    assert load_site(write(b"\xef\xbb\xbf" + GOOD.encode())).id == "mine"


def with_line(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


MISTAKES = [
    (with_line('title = "Mine"', ""), ["title", "missing"]),
    (with_line('title = "Mine"', 'title = ""'), ["line 3", "title", "empty"]),
    (with_line('title = "Mine"', "title = 5"), ["line 3", "title", "text"]),
    (with_line('title = "Mine"', 'title = "Mine'), ["TOML", "line 3"]),
    (GOOD + 'colour = "red"\n', ["line 10", "colour", "unknown", "known are"]),
    (with_line('["mine.vn"]', '"mine.vn"'), ["line 5", "hosts", "list"]),
    (with_line('["mine.vn"]', "[]"), ["line 5", "hosts", "empty"]),
    (with_line('["mine.vn"]', '["http://mine.vn/"]'), ["line 5", "hosts", "no host name"]),
    (with_line('["mine.vn"]', '["other.vn"]'), ["line 4", "home", "other.vn"]),
    (with_line("[a-z]+)", "[a-z+)"), ["line 6", "article_url", "no regular expression"]),
    (with_line('"{code}{number}"', '"{code}{item}"'), ["line 6", "article_url", "(?P<item>"]),
    (with_line('"{code}{number}"', '"x"'), ["line 7", "identity", "names no group"]),
    (with_line('"{code}{number}"', '"{code"'), ["line 7", "identity", "cannot be read"]),
    (with_line('"{code}{number}"', '"{code.real}{number}"'), ["line 6", "(?P<code.real>"]),
    (with_line('"{code}{number}"', '"{}{number}"'), ["line 6", "(?P<>"]),
    (with_line('"{code}{number}"', '"{code:>9}"'), ["line 7", "identity"]),
    (with_line('"mine"', '"My Site"'), ["line 2", "id", "no id"]),
    (with_line('"2020"', '"20"'), ["line 9", "tag_date"]),
    (with_line('"mine.vn"\ntag', '"http://mine.vn"\ntag'), ["line 8", "tag_authority"]),
    (GOOD + 'link = "both"\n', ["line 10", "link", "portal, archive"]),
    (GOOD + 'path = "../x"\n', ["line 10", "path", "folder"]),
    (GOOD + 'scope = "part"\n', ["line 10", "scope", "slash"]),
    (GOOD + 'header = ["when"]\n', ["line 10", "header", "when"]),
    (GOOD + "[labels]\nrelated = 5\n", ["line 11", "labels.related", "list"]),
    (GOOD + "[labels]\nfoo = []\n", ["line 11", "labels.foo", "unknown"]),
    (GOOD + 'labels = "x"\n', ["line 10", "labels", "table"]),
    (GOOD + 'series = "x"\n', ["line 10", "series", "[[series]]"]),
    (GOOD + SERIES + SERIES, ["line 18", "series[2].id", "stands twice"]),
    (GOOD + SERIES.replace('"one"', '"all"'), ["series[1].id", "'all'"]),
    (GOOD + SERIES.replace('"one"', '"most-read"'), ["series[1].id", "'most-read'"]),
    (GOOD + SERIES.replace('"month"', '"week"'), ["series[1].granularity", "month, quarter, year"]),
    (GOOD + SERIES.replace('match = ["^one"]', ""), ["line 11", "series[1].match", "missing"]),
    (GOOD + SERIES.replace("^one", "(one"), ["series[1].match", "(one"]),
    (GOOD + SERIES + 'when = "x"\n', ["series[1].when", "unknown"]),
    (GOOD + '[[sections]]\ntitle = "A"\n', ["sections[1].url", "missing"]),
    (GOOD + '[[sections]]\ntitle = "A"\nurl = "http://x.vn/"\n', ["sections", "http://x.vn/"]),
    (GOOD + "[selectors]\ntitle = 5\n", ["selectors.title", "list"]),
    (GOOD + 'series_like = "nope"\n', ["series_like", "nope", "dukcqtw"]),
    (GOOD.encode() + b'# \xff\n', ["line 10", "UTF-8"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "named"), MISTAKES)
def test_a_mistake_is_one_line_that_names_file_and_place(write, text: str, named: list[str]) -> None:
    with pytest.raises(SiteError) as caught:
        load_site(write(text))
    message = str(caught.value)
    assert "\n" not in message
    for part in ["mine.toml", *named]:
        assert part in message


def test_an_unknown_site_lists_those_there_are() -> None:
    with pytest.raises(SiteError, match=r"no site is called 'nope'; there are: dukcqtw"):
        load_site("nope")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match=r"mine\.toml: cannot read this site file: No such file"):
        load_site(tmp_path / "mine.toml")
    with pytest.raises(SiteError, match="cannot read this site file"):
        load_site(tmp_path)
