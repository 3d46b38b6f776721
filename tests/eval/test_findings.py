"""What the evaluation found wrong once, each as the smallest page that shows it."""

from datetime import date, datetime

import pytest

from crawler.extract import extract_article, extract_listing, read_page
from crawler.items import Article
from crawler.sites import load_site

URL = "http://dukcqtw.dcs.vn/khai-giang-lop-boi-duong-ky-nang-viet-tin-bai-duk801.aspx"
TITLE = "Khai giảng lớp bồi dưỡng kỹ năng viết tin, bài"
HEADER = "<p>14/09/2018 | 41</p>"
LEAD = "<p>Sáng 14/9/2018, tại Hà Nội, Đảng ủy Khối khai giảng lớp bồi dưỡng kỹ năng viết tin, bài.</p>"
BODY = "<p>Lớp học diễn ra trong ba ngày với 65 học viên là cộng tác viên của Trang thông tin điện tử</p>"
MENU = '<ul><li><a href="/">Trang chủ</a></li><li><a href="/muc-2.aspx">Tin hoạt động</a></li></ul>'
OTHERS = "".join(
    f'<li><a href="/hoi-nghi-so-{n}-duk70{n}.aspx">Hội nghị chuyên đề số {n} của Đảng bộ Khối</a>'
    f" <span>1{n}/03/2020 | {n}5</span></li>"
    for n in range(1, 6)
)
SIDE = f"<td><div><b>Tin vừa đăng</b><ul>{OTHERS}</ul></div></td>"


def read(main: str, before: str = "", after: str = "") -> Article:
    """The article of a page of three columns without any heading in its head."""
    page = (
        f"<html><head><title>Đảng ủy Khối</title></head><body>{MENU}<table><tr>{before}"
        f"<td><div>{main}</div></td>{after}</tr></table><p>© 2016 Đảng ủy Khối</p></body></html>"
    )
    now = datetime.fromisoformat("2020-03-25T10:00:00+07:00")
    return extract_article(page.encode(), url=URL, site=load_site("dukcqtw"), fetched_at=now)


@pytest.mark.parametrize(
    "line",
    [
        f"<div><b>{TITLE}</b> <span>14/09/2018 A- A A+ 41</span></div>",
        f"<div>{TITLE}\n14/09/2018 | Lượt xem: 41</div>",
        f"<p>2018-09-14 | Lượt xem: 41 <b>{TITLE}</b></p>",
        f"<div>{TITLE} Đăng bởi: Ban Biên tập | 14/09/2018 | Lượt xem: 41</div>",
        f"<h1>{TITLE}</h1><div><i></i> 14/09/2018 <a href='#'>A-</a> A <a href='#'>A+</a> <i></i> 41</div>"
        "<div><a href='#'>In trang</a> <a href='#'>Gửi email</a></div>",
    ],
)
def test_header_line_glued_to_the_title_or_with_tools_in_it(line: str) -> None:
    article = read(f"{line}{LEAD}{BODY}")
    assert article.title == TITLE
    assert article.published is not None
    assert article.published.date == date(2018, 9, 14)
    assert article.views is not None
    assert article.views.views == 41


def test_header_line_above_the_title_is_not_the_sidebars_before_it() -> None:
    article = read(f"{HEADER}<b>{TITLE}</b>{LEAD}{BODY}", before=SIDE)
    assert article.published is not None
    assert article.published.date == date(2018, 9, 14)


def test_a_side_box_that_links_to_the_article_is_not_its_title() -> None:
    own = f'<td><b>Thông báo</b><ul><li><a href="{URL}">{TITLE}</a><br>21/03/2020 | 18</li></ul></td>'
    article = read(f"<h1>{TITLE}</h1>{HEADER}{LEAD}{BODY}", before=own)
    assert article.published is not None
    assert article.published.date == date(2018, 9, 14)
    assert article.lead is not None


def test_a_title_that_links_to_itself_below_a_trail_that_repeats_it() -> None:
    trail = f'<ul><li><a href="/">Trang chủ</a></li><li><span>{TITLE}</span></li></ul>'
    article = read(f'{trail}<h1><a href="{URL}">{TITLE}</a></h1>{HEADER}{LEAD}{BODY}')
    assert article.published is not None
    assert article.published.date == date(2018, 9, 14)


def test_a_sentence_with_a_date_is_no_header_line() -> None:
    lead = "<p>Ngày 30 tháng 11 năm 2018, Ban Chấp hành Đảng bộ Khối đã ban hành Nghị quyết số 12-NQ/ĐUK.</p>"
    article = read(f"<h1>{TITLE}</h1><p>03/12/2018 09:15</p>{lead}{BODY}")
    assert article.published is not None
    assert article.published.text == "03/12/2018 09:15"
    assert article.lead is not None
    assert article.lead.startswith("Ngày 30 tháng 11")


def test_another_column_ends_the_article() -> None:
    article = read(f"<h1>{TITLE}</h1>{HEADER}{LEAD}{BODY}<p>Hoàng Lan</p>", after=SIDE)
    assert article.author == "Hoàng Lan"
    assert article.related == ()
    assert article.text.count("\n\n") == 0


def test_ratings_and_tables_of_files_are_no_text() -> None:
    files = (
        "<table><tr><td>STT</td><td>Tệp</td></tr>"
        '<tr><td>1</td><td><a href="/upload/a.pdf">Phụ lục</a></td></tr></table>'
    )
    rating = "<div>Đánh giá: 15 trong 3 đánh giá</div>"
    article = read(f"<h1>{TITLE}</h1>{HEADER}{LEAD}{BODY}<p>Hoàng Lan</p>{files}{rating}")
    assert article.author == "Hoàng Lan"
    assert "STT" not in article.text
    assert "Đánh giá" not in article.text
    assert [file.title for file in article.attachments] == ["Phụ lục"]


@pytest.mark.parametrize(
    "trail",
    [
        '<ul><li><a href="/">Trang chủ</a></li><li><a href="/muc-2.aspx">Tin hoạt động</a></li></ul>',
        '<div><a href="/">Trang chủ</a> | <a href="/muc-2.aspx">Tin hoạt động</a></div>',
    ],
)
def test_a_trail_without_arrows_is_told_by_the_menu_that_repeats_it(trail: str) -> None:
    article = read(f"{trail}<h1>{TITLE}</h1>{HEADER}{LEAD}{BODY}")
    assert [section.title for section in article.sections] == ["Tin hoạt động"]


def test_a_short_article_without_a_date_is_one_when_it_is_signed() -> None:
    article = read(f"<h1>{TITLE}</h1>{LEAD}<p>Lớp học diễn ra trong ba ngày./.</p><p>Hoàng Lan</p>")
    assert article.refusal is None
    assert article.published is None


@pytest.mark.parametrize(
    "pointer",
    [
        "<p><b>&gt;&gt; Xem thêm:</b> {}</p>",
        "<div>« Bài trước: {}</div>",
        "<table><tr><td>&lt; {}</td></tr></table>",
    ],
)
def test_a_line_that_leads_to_another_article_is_no_text(pointer: str) -> None:
    link = '<a href="/hoi-nghi-duk701.aspx">Hội nghị chuyên đề số 1</a>'
    article = read(f"<h1>{TITLE}</h1>{HEADER}{LEAD}{BODY}<p>Hoàng Lan</p>{pointer.format(link)}")
    assert "Hội nghị chuyên đề" not in article.text
    assert article.author == "Hoàng Lan"


def test_a_box_of_links_inside_the_article_does_not_end_it() -> None:
    box = f"<div><b>Tin liên quan</b><ul>{OTHERS}</ul></div>"
    picture = '<p><img src="/upload/a.jpg"></p><p>Ảnh: Toàn cảnh lớp học.</p>'
    article = read(f"<h1>{TITLE}</h1>{HEADER}{LEAD}{box}{picture}{BODY}{BODY}<p>Hoàng Lan</p>")
    assert article.text.startswith("Lớp học diễn ra")
    assert [image.caption for image in article.images] == ["Toàn cảnh lớp học."]
    assert len(article.related) == 5


def test_a_comment_does_not_date_an_article_without_a_date() -> None:
    comments = (
        "<div><h4>Bình luận (1)</h4><div><b>Lan Anh</b> <span>12/03/2020 10:20</span><p>Hay.</p></div></div>"
    )
    article = read(f"<h1>{TITLE}</h1>{LEAD}{BODY}{BODY}{comments}")
    assert article.published is None


def test_a_date_with_a_weekday_right_above_the_title_is_no_page_clock() -> None:
    lines = f"<p>Thứ Tư, 25/03/2020, 10:00</p><p>Thứ Sáu, 14 Tháng 9 2018 10:07</p><h1>{TITLE}</h1>"
    article = read(f"{lines}{LEAD}{BODY}")
    assert article.published is not None
    assert article.published.date == datetime.fromisoformat("2018-09-14T10:07:00+07:00")


def test_the_portals_name_beside_the_page_clock_is_no_title() -> None:
    banner = "<td><h1>ĐẢNG ỦY KHỐI</h1><p>Hôm nay: 25/03/2020 10:00:02 SA</p></td>"
    article = read(f"<div>{TITLE}</div>{LEAD}{BODY}{BODY}", before=banner)
    assert article.title == TITLE
    assert article.published is None


def test_text_with_single_line_breaks_is_no_table_of_pictures() -> None:
    pictures = "".join(f'<img src="/upload/{n}.jpg"><br>Ảnh: Lớp học {n}.<br>' for n in range(3))
    article = read(
        f"<h1>{TITLE}</h1>{HEADER}<b>Sáng nay khai giảng lớp học.</b><br>{pictures}{BODY[3:-4]}./.<br>"
    )
    assert article.text.startswith("Lớp học diễn ra")
    assert [image.caption for image in article.images] == ["Lớp học 0.", "Lớp học 1.", "Lớp học 2."]


def listing_page(pager: str) -> bytes:
    items = "".join(
        f'<div><a href="/hoi-nghi-so-{n}-duk70{n}.aspx">Meeting {n} of the year</a> (1{n}/03/2020)'
        f' <a href="/hoi-nghi-so-{n}-duk70{n}.aspx">Chi tiết »</a></div>'
        for n in range(1, 8)
    )
    return (
        f"<html><body>{MENU}<h1>Tin hoạt động</h1><div>{items}</div><div>{pager}</div></body></html>".encode()
    )


def test_arrows_among_few_accents_are_no_sign_of_a_wrong_charset() -> None:
    url = "http://dukcqtw.dcs.vn/muc-2.aspx"
    now = datetime.fromisoformat("2020-03-25T10:00:00+07:00")
    page = read_page(listing_page(""), url=url, site=load_site("dukcqtw"), fetched_at=now)
    assert page.kind == "listing"


def test_a_sections_own_number_stays_below_its_folder_of_pages() -> None:
    url = "http://dukcqtw.dcs.vn/muc-2.aspx"
    now = datetime.fromisoformat("2020-03-25T10:00:00+07:00")
    pager = '<a href="/muc-2/trang-2.aspx">Tiếp</a>'
    listing = extract_listing(listing_page(pager), url=url, site=load_site("dukcqtw"), fetched_at=now)
    assert listing.next_page is not None
    assert listing.next_page.url == "http://dukcqtw.dcs.vn/muc-2/trang-2.aspx"


def test_items_whose_end_tags_are_left_out_stand_side_by_side() -> None:
    items = "".join(
        f"<dd><a href='/hoi-nghi-so-{n}-duk70{n}.aspx'>Hội nghị chuyên đề số {n} của Khối</a><p>Tóm tắt"
        for n in range(1, 10)
    )
    url = "http://dukcqtw.dcs.vn/muc-2.aspx"
    now = datetime.fromisoformat("2020-03-25T10:00:00+07:00")
    body = f"<html><body>{MENU}<h1>Tin hoạt động</h1><dl>{items}</dl></body></html>".encode()
    listing = extract_listing(body, url=url, site=load_site("dukcqtw"), fetched_at=now)
    assert [item.id for item in listing.articles] == [f"duk70{n}" for n in range(1, 10)]


def test_days_between_the_items_of_a_listing_are_no_headings() -> None:
    url = "http://dukcqtw.dcs.vn/muc-2.aspx"
    now = datetime.fromisoformat("2020-03-25T10:00:00+07:00")
    items = "".join(
        f"<h4>1{n}/03/2020</h4><div><a href='/hoi-nghi-so-{n}-duk70{n}.aspx'>Hội nghị chuyên đề số {n}</a></div>"
        for n in range(1, 8)
    )
    body = f"<html><body>{MENU}<h1>Tin hoạt động</h1><div>{items}</div></body></html>".encode()
    listing = extract_listing(body, url=url, site=load_site("dukcqtw"), fetched_at=now)
    assert [item.id for item in listing.articles] == [f"duk70{n}" for n in range(1, 8)]
