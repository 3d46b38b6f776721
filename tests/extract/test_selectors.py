"""Selectors of a site file win where they match, and only there."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from crawler.extract import extract_article
from crawler.sites import SiteError, load_site

NOW = datetime.fromisoformat("2020-03-25T10:00:00+07:00")
URL = "http://dukcqtw.dcs.vn/hoi-nghi-giao-ban-thang-3-duk4700.aspx"
PAGE = """<html><head><title>Cổng thông tin</title></head><body>
<div class="teaser"><h1>Hội nghị giao ban tháng 3</h1><span>20/03/2020 | 15</span></div>
<div class="real"><b class="t">Tiêu đề đúng của bài viết này</b><i class="d">Ngày đăng: 19/03/2020</i><u>77 lượt xem</u>
<div class="inner"><p>Ngày 18/3/2020, tại Hà Nội, Đảng ủy Khối tổ chức Hội nghị giao ban với đại diện các cấp ủy.</p>
<p>Hội nghị đã nghe báo cáo kết quả công tác và thảo luận nhiều nội dung quan trọng trong thời gian tới./.</p>
<p>Phạm Văn A</p></div></div>
<p>Đoạn văn nằm ngoài phần nội dung, không thuộc về bài viết mà chỉ là phần giới thiệu chung của trang.</p>
</body></html>""".encode()


def _read(**selectors: str):
    site = replace(load_site("dukcqtw"), selectors={field: (rule,) for field, rule in selectors.items()})
    return extract_article(PAGE, url=URL, site=site, fetched_at=NOW)


def test_css_and_xpath_win_where_they_match():
    article = _read(title="b.t", published="//i[@class='d']", views="div.real > u", text="div.inner")
    assert article.title == "Tiêu đề đúng của bài viết này"
    assert article.published.date == date(2020, 3, 19)
    assert article.published.text == "19/03/2020"
    assert article.views.views == 77
    assert article.text.endswith("trong thời gian tới./.")
    assert "giới thiệu chung" not in article.text
    assert article.author == "Phạm Văn A"
    assert {article.rules[name] for name in ("title", "published", "views")} == {"selector"}


def test_a_selector_that_finds_nothing_leaves_the_field_to_the_rules():
    article = _read(title="h5.none", published=".none")
    assert article.title == "Hội nghị giao ban tháng 3"
    assert article.published.date == date(2020, 3, 20)


def test_what_is_selected_is_still_read_strictly():
    article = _read(published="b.t", views="b.t")
    assert article.published.date == date(2020, 3, 20)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('title = ["div[["]', ["selectors.title", "CSS"]),
        ('title = ["//div["]', ["selectors.title", "XPath"]),
        ('colour = ["b"]', ["selectors.colour", "published"]),
    ],
)
def test_a_wrong_selector_is_named(tmp_path, line, words):
    text = """id = "x"\ntitle = "X"\nhome = "http://x.example/"\nhosts = ["x.example"]
article_url = ['-(?P<code>[a-z]+)(?P<number>[0-9]+)']\nidentity = "{code}{number}"
tag_authority = "x.example"\ntag_date = "2020"\n[selectors]\n"""
    file = tmp_path / "x.toml"
    file.write_text(text + line, encoding="utf-8")
    with pytest.raises(SiteError) as caught:
        load_site(file)
    for word in words:
        assert word in str(caught.value)
