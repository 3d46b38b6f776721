"""The committee's lists on a SharePoint portal: a site that is data only."""

from datetime import UTC, datetime

import pytest

from crawler.extract.listing import extract_listing, looks_like_listing
from crawler.sites import load_site, series_of

SITE = load_site("dangcongsan-dukcqtw")
ROOT = "https://dangcongsan.org.vn/dukcqtw/Lists"


@pytest.mark.parametrize(
    ("url", "ident"),
    [
        (f"{ROOT}/TinHoatDong/View_Detail.aspx?ItemID=370", "TinHoatDong-370"),
        ("https://dangcongsan.vn/dukcqtw/Lists/TinHoatDong/View_Detail.aspx?ItemID=448", "TinHoatDong-448"),
        (
            "http://www.dangcongsan.vn/dukcqtw/lists/tinhoatdong/view_detail.aspx?itemid=448&x=1",
            "TinHoatDong-448",
        ),
        (f"{ROOT}/VanBanMoi/View_Detail.aspx?ItemID=370", "VanBanMoi-370"),
        (f"{ROOT}/TinHoatDong/View_Detail.aspx", None),
        ("https://dangcongsan.vn/thoi-su/Lists/TinHoatDong/View_Detail.aspx?ItemID=448", None),
    ],
)
def test_identity_is_list_and_item(url: str, ident: str | None) -> None:
    assert SITE.article_id(url) == ident


def test_the_rest_of_the_shared_host_is_no_part_of_the_site() -> None:
    assert not SITE.in_site("https://dangcongsan.vn/thoi-su/")
    assert SITE.in_site("https://dangcongsan.vn/dukcqtw/")


def test_it_knows_the_series_of_the_old_portal() -> None:
    title = "Hội nghị giao ban cộng tác viên dư luận xã hội phiên thường kỳ tháng 03/2024"
    period = series_of(SITE, title, None)
    assert period is not None
    assert (period.id, period.period) == ("ctv-du-luan-xa-hoi", "2024-03")


def test_a_list_view_with_sharepoint_paging() -> None:
    rows = "".join(
        f"<tr class='ms-itmhover'><td class='ms-vb2'><a href='/dukcqtw/Lists/TinHoatDong/View_Detail.aspx?ItemID={n}'>"
        f"Hội nghị lần thứ {n} của Đảng bộ Khối</a><span>08:30 22/03/2024</span></td></tr>"
        for n in range(370, 360, -1)
    )
    page = (
        "<html><head><title>Đảng ủy Khối các cơ quan Trung ương</title></head><body><div id='s4-workspace'><ul>"
        "<li><a href='/dukcqtw/'>Trang chủ</a></li>"
        "<li><a href='/dukcqtw/Lists/TinHoatDong/View.aspx'>Tin hoạt động</a></li>"
        "<li><a href='/dukcqtw/Lists/ThongBao/View.aspx'>Thông báo</a></li>"
        "<li><a href='/thoi-su/'>Thời sự</a></li>"
        f"</ul><h2>Tin hoạt động</h2><table class='ms-listviewtable'>{rows}</table><table><tr><td class='ms-paging'>"
        "<a href='/dukcqtw/Lists/TinHoatDong/View.aspx?Paged=TRUE&amp;PagedPrev=TRUE&amp;p_ID=381&amp;PageFirstRow=1'>"
        "<img alt='Previous' src='p.gif'></a></td><td>11 - 20</td><td>"
        "<a href='/dukcqtw/Lists/TinHoatDong/View.aspx?Paged=TRUE&amp;p_ID=361&amp;PageFirstRow=21'>"
        "<img alt='Next' src='n.gif'></a></td></tr></table></div></body></html>"
    )
    url = f"{ROOT}/TinHoatDong/View.aspx?Paged=TRUE&p_ID=371&PageFirstRow=11"
    found = extract_listing(page.encode(), url=url, site=SITE, fetched_at=datetime(2024, 4, 1, tzinfo=UTC))
    assert looks_like_listing(found)
    assert [a.id for a in found.articles] == [f"TinHoatDong-{n}" for n in range(370, 360, -1)]
    assert found.articles[0].published is not None
    assert found.articles[0].published.precision == "minute"
    assert found.title == "Tin hoạt động"
    assert [section.text for section in found.sections] == ["Tin hoạt động", "Thông báo"]
    assert found.next_page is not None
    assert found.next_page.url == f"{ROOT}/TinHoatDong/View.aspx?Paged=TRUE&p_ID=361&PageFirstRow=21"
