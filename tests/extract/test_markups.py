"""One made article in many made markups: the same record from each. Tables by the part that varies, then all mixed."""

import random
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.extract import extract_article
from crawler.items import Article
from crawler.sites import load_site

SITE = load_site("dukcqtw")
NOW = datetime(2020, 4, 1, 3, tzinfo=UTC)
TITLE = "Hội nghị giao ban cộng tác viên dư luận xã hội cấp Đảng ủy Khối tháng 4-2019"
URL = "http://dukcqtw.dcs.vn/hoi-nghi-giao-ban-cong-tac-vien-du-luan-xa-hoi-cap-dang-uy-khoi-thang-42019-duk4408.aspx"
DATE, VIEWS = "26/04/2019", 1118
LEAD = "Ngày 25-4, tại Hà Nội, Ban Tuyên giáo Đảng ủy Khối tổ chức Hội nghị giao ban cộng tác viên dư luận xã hội."
BODY = (
    "Đồng chí Trưởng Ban Tuyên giáo Đảng ủy Khối chủ trì Hội nghị.",
    "Tại Hội nghị, các cộng tác viên đã phản ánh những vấn đề dư luận xã hội nổi lên trong tháng ở các đảng bộ, "
    "nhất là công tác chuẩn bị đại hội đảng các cấp (1).",
    "Kết luận Hội nghị, đồng chí chủ trì đề nghị các cộng tác viên tiếp tục bám sát cơ sở, phản ánh kịp thời, "
    "trung thực dư luận xã hội./.",
)
CAPTIONS = ("Đồng chí chủ trì phát biểu kết luận Hội nghị.", "Các đại biểu dự Hội nghị.")
AUTHOR = "Minh Tâm"
OTHERS = tuple(
    (
        f"/bai-viet-so-{n}-duk{5000 + n}.aspx",
        f"{kind} của các đảng bộ trực thuộc năm {2010 + n}",
        f"{n} tháng trước",
    )
    for n, kind in enumerate(
        ("Sinh hoạt chuyên đề", "Công tác dân vận", "Hội thi báo cáo viên giỏi", "Kết nạp đảng viên"), 1
    )
)
SIDEBAR = "<div><b>Tin mới</b></div>" + "".join(
    f'<div><a href="/tin-ben-canh-thu-{n}-duk{6000 + n}.aspx">Tin ở cột bên cạnh thứ {n} của trang</a></div>'
    f"<div>0{n}/03/2020 | {n * 111}</div>"
    for n in range(1, 4)
)
MENU = "".join(f'<li><a href="/muc-{n}.aspx">Chuyên mục {n}</a></li>' for n in range(6))
P = "<p>{}</p>"


def page(**parts: str) -> str:
    """A plain page; each part may be given in another markup."""
    given = {
        "head": "<title>Cổng thông tin</title>",
        "above": "",
        "title": f"<h1>{TITLE}</h1>",
        "header": f"<p>{DATE} | {VIEWS}</p>",
        "lead": P.format(LEAD),
        "body": "".join(P.format(text) for text in BODY),
        "signature": P.format(AUTHOR),
        "files": "",
        "related": "<h3>Các bài viết khác</h3><ul>"
        + "".join(f'<li><a href="{u}">{t}</a> ({a})</li>' for u, t, a in OTHERS)
        + "</ul>",
        "below": "",
    } | parts
    return (
        f'<html><head><meta charset="utf-8">{given["head"]}</head><body>{given["above"]}<div>{given["title"]}'
        f"{given['header']}{given['lead']}{given['body']}{given['signature']}{given['files']}</div>{given['related']}"
        f"{given['below']}</body></html>"
    )


def read(html: str) -> Article:
    return extract_article(html.encode(), url=URL, site=SITE, fetched_at=NOW)


def record(article: Article) -> dict[str, Any]:
    return {
        "refusal": article.refusal,
        "title": article.title,
        "published": str(article.published.date)[:10] if article.published else None,
        "views": article.views.views if article.views else None,
        "lead": article.lead,
        "text": article.text,
        "author": article.author,
        "organization": article.organization,
        "event": (str(article.event.start), article.event.place) if article.event else None,
        "images": [(image.url and image.url.rpartition("/")[2], image.caption) for image in article.images],
        "attachments": [(file.url.rpartition("/")[2], file.title) for file in article.attachments],
        "related": [(item.id, item.title, item.age) for item in article.related],
    }


EXPECTED = {
    "refusal": None,
    "title": TITLE,
    "published": "2019-04-26",
    "views": VIEWS,
    "lead": LEAD,
    "text": "\n\n".join(BODY),
    "author": AUTHOR,
    "organization": None,
    "event": ("2019-04-25", "Hà Nội"),
    "images": [],
    "attachments": [],
    "related": [(f"duk{5000 + n}", title, age) for n, (_, title, age) in enumerate(OTHERS, 1)],
}

HEADERS = [
    (f"<div><span>{DATE}</span><span> | </span><span>{VIEWS}</span></div>", VIEWS),
    (f"<table><tr><td>{DATE}</td><td>|</td><td>{VIEWS}</td></tr></table>", VIEWS),
    (f"<p>{DATE}<br>|<br>{VIEWS}</p>", VIEWS),
    (f"<div><span>26</span>/<span>04</span>/<span>2019</span>&nbsp;|&nbsp;{VIEWS}</div>", VIEWS),
    (f"<div>{DATE} | {VIEWS}</div><div><a href='#'>A-</a> <a href='#'>A</a> <a href='#'>A+</a></div>", VIEWS),
    (f"<p>Lượt xem: {VIEWS} | Gửi lúc: {DATE} 15:42:27</p>", VIEWS),
    (f"<ul><li>Ngày đăng: {DATE}</li><li>Số lượt xem: <b>1.118</b></li></ul>", VIEWS),
    (f"<p>Thứ Sáu, {DATE}, 08:30 [GMT+7]</p><p>Đã xem: {VIEWS}</p>", VIEWS),
    (f"<p>(Ngày {DATE}) - {VIEWS} lượt xem</p>", VIEWS),
    (f"<p>Cập nhật: 26-04-2019 | {VIEWS}</p>", VIEWS),
    (f"<time>{DATE}</time><span class='x'>{VIEWS} lượt đọc</span>", VIEWS),
    (f"<p><i class='lich'></i> {DATE} <i class='mat'></i> {VIEWS}</p>", VIEWS),
    (f"<ul><li><i></i>{DATE}</li><li><i></i>{VIEWS}</li></ul>", VIEWS),
    (f"<p>Đăng bởi: Quản trị | {DATE} | {VIEWS}</p>", VIEWS),
    ("<p>Ngày 26 tháng 4 năm 2019</p>", None),
    (f"<p>15:42 {DATE}</p>", None),
    (f"<p>{DATE} | 09:26 SA</p>", None),
    (f"<p>{DATE} | 15:02:51</p>", None),
    ("<p>2019-04-26 08:00:00</p>", None),
]


@pytest.mark.parametrize("where", ["below", "below among sidebars", "above"])
@pytest.mark.parametrize(("header", "views"), HEADERS)
def test_header(header: str, views: int | None, where: str) -> None:
    clock = "<div>Chủ nhật, 22/03/2020 | 10:15</div>"
    match where:
        case "below":
            html = page(header=header)
        case "above":
            html = page(header="", title=f"{header}<h1>{TITLE}</h1>", above=clock)
        case _:
            html = page(header=header, title=f"<div>{TITLE}</div>", above=clock + SIDEBAR)
    assert record(read(html)) == EXPECTED | {"views": views}


NO_DATE = [
    "",
    "<p>( )</p>",
    "<p>31/12/9999 | </p>",
    "<p>01/01/2030</p>",
    "<p>Đang cập nhật</p>",
    "<p>đánh giá: 15 trong 3 đánh giá</p>",
]


@pytest.mark.parametrize("header", NO_DATE)
def test_a_page_without_a_date_gets_none_from_elsewhere(header: str) -> None:
    clock = "<div>Thứ Tư, 01/04/2020 | 10:15</div>"
    below = "<div>Lượt truy cập: 1.234.567</div><p>Cập nhật ngày 31/03/2020</p>"
    article = read(page(header=header, above=clock + SIDEBAR, below=SIDEBAR + below))
    assert (article.published, article.views, article.title) == (None, None, TITLE)


HALF = TITLE.index("xã hội")
TITLES = [
    f"<h1>{TITLE[:HALF]}<br>{TITLE[HALF:]}</h1>",
    f"<div class='t'>{TITLE}</div>",
    f"<p><b><font color='red' size='4'>{TITLE}</font></b></p>",
    f"<h2><a href='{URL}'>{TITLE}</a></h2>",
    f"<h3><span>{TITLE[:HALF]}</span><span>{TITLE[HALF:]}</span></h3>",
    f"<table><tr><td>{TITLE}</td></tr></table>",
]
HEADS = [
    f"<title>{TITLE}</title>",
    f"<title>{TITLE} - Đảng ủy Khối</title>",
    f"<title>{TITLE[:45]} ...</title>",
    f'<meta property="og:title" content="{TITLE}"><title>Tin tức</title>',
    "<title>Tin hoạt động - Chi tiết</title>",
    "",
]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("title", TITLES)
def test_title(title: str, head: str) -> None:
    menu = f"<ul>{MENU}<li><a href='/tin-hoat-dong.aspx'>Tin hoạt động</a></li></ul>"
    assert record(read(page(title=title, head=head, above=menu + SIDEBAR))) == EXPECTED


def test_a_line_glued_of_title_header_and_lead() -> None:
    html = page(
        title="",
        header="",
        lead=f"<p><span>{TITLE}</span><span>{DATE} | {VIEWS}</span><span>{LEAD}</span></p>",
    )
    assert record(read(html)) == EXPECTED


LEADS = [
    f"<p><strong>{LEAD}</strong></p>",
    f"<div class='sapo'>{LEAD}</div>",
    f"<h2>{LEAD}</h2>",
    f"<p><i>{LEAD}</i></p>",
    f"<p><b>{LEAD}</b></p><p>{LEAD}</p>",
    f"<table><tr><td><b>{LEAD}</b></td></tr></table>",
]


@pytest.mark.parametrize("lead", LEADS)
def test_lead(lead: str) -> None:
    assert record(read(page(lead=lead))) == EXPECTED


@pytest.mark.parametrize(
    "text", ["Kính thưa các đồng chí!", "1. Về công tác tư tưởng", "Thời gian: sáng thứ Năm", "- Một là,"]
)
def test_what_is_no_lead(text: str) -> None:
    article = read(page(lead=P.format(text)))
    assert article.lead is None
    assert article.text.startswith(text)


def wrapped(text: str, width: int = 70) -> str:
    words, lines = text.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] += f"{word} "
    return "<br>".join(line.strip() for line in lines)


BODIES: list[Callable[[], str]] = [
    lambda: "<br><br>".join(BODY) + "<br><br>",
    lambda: "<br>".join(BODY) + "<br>",
    lambda: "".join(f"<div>{text}</div>" for text in BODY),
    lambda: "".join(f"<p>{text}" for text in BODY),
    lambda: "".join(
        f"<section><div><p><font><span>{text}</span></font></p></div></section>" for text in BODY
    ),
    lambda: "<ul>" + "".join(f"<li>{text}</li>" for text in BODY) + "</ul>",
    lambda: "<table>" + "".join(f"<tr><td>{text}</td></tr>" for text in BODY) + "</table>",
    lambda: "<div>" + "<br><br>".join(wrapped(text) for text in BODY) + "</div>",
    lambda: "<div>" + "<br>".join(wrapped(text) for text in BODY) + "</div>",
    lambda: "".join(
        f"<p class=MsoNormal><span>{text}<o:p></o:p></span></p><p><o:p>&nbsp;</o:p></p>" for text in BODY
    ),
    lambda: "".join(f"<p>{text}</p><script>ads()</script><ins></ins>" for text in BODY),
]


@pytest.mark.parametrize("body", BODIES)
def test_body(body: Callable[[], str]) -> None:
    assert record(read(page(body=body()))) == EXPECTED


def test_the_body_goes_on_below_a_box_of_related_articles() -> None:
    box = f"<div><p>Tin liên quan</p><ul><li><a href='{OTHERS[0][0]}'>{OTHERS[0][1]}</a></li></ul></div>"
    article = read(page(body=P.format(BODY[0]) + box + P.format(BODY[1]) + P.format(BODY[2])))
    assert (article.text, article.author) == (EXPECTED["text"], AUTHOR)


INSIDE = [
    "<p align='center'><b>THÔNG BÁO</b></p>",
    "<p>Địa chỉ: Hội trường tầng 2, cơ quan Đảng ủy Khối.</p>",
    "<p>Điện thoại: 080.12345 (bộ phận thường trực)</p>",
    "<p>Chịu trách nhiệm trước cấp ủy về nội dung phản ánh.</p>",
    "<p>Trang thông tin điện tử Đảng ủy Khối đã có chuyên mục riêng.</p>",
    "<p>Ảnh hưởng của dư luận xã hội là rất lớn.</p>",
    "<p>Theo đó, các đảng ủy trực thuộc chủ động nắm tình hình.</p>",
    "<h3>I. Kết quả đạt được</h3>",
    "<blockquote>Dân biết, dân bàn, dân làm, dân kiểm tra.</blockquote>",
    "<p>Năm 2018 | 45 hội nghị</p>",
    "<p>Xem thêm tại <a href='/quy-che-duk5900.aspx'>Quy chế hoạt động</a> của đội ngũ cộng tác viên.</p>",
]


@pytest.mark.parametrize("inside", INSIDE)
def test_lines_of_the_body_that_look_like_something_else(inside: str) -> None:
    shown = " ".join(re.sub(r"<[^>]+>", "", inside).split())
    got = record(read(page(body=P.format(BODY[0]) + inside + P.format(BODY[1]) + P.format(BODY[2]))))
    assert got == EXPECTED | {"text": "\n\n".join((BODY[0], shown, BODY[1], BODY[2]))}


CAPTIONED: list[Callable[[str, str], str]] = [
    lambda u, c: f"<figure><img src='{u}'><figcaption>{c}</figcaption></figure>",
    lambda u, c: f"<figure><img srcset='{u} 2x'><figcaption><p>Ảnh: {c}</p></figcaption></figure>",
    lambda u, c: f"<table align=center><tr><td><img src='{u}'></td></tr><tr><td>{c}</td></tr></table>",
    lambda u, c: f"<p><img src='{u}'></p><p><em>{c}</em></p>",
    lambda u, c: f"<p align=center><img src='{u}'><br>{c}</p>",
    lambda u, c: f"<div><img src='{u}'></div><div>Ảnh: {c}</div>",
    lambda u, c: f"<p><img data-src='{u}' src='data:image/gif;base64,R0'></p><p><i>Ảnh : {c}</i></p>",
    lambda u, c: (
        f"<p><a href='{u}'><img src='{u}'></a></p><p><font size=2>Ảnh: {c[:14]}<br>{c[14:]}</font></p>"
    ),
    lambda u, c: (
        f"<div><picture><source srcset='/x.webp'><img src='{u}'></picture><span class='caption'>{c}</span></div>"
    ),
    lambda u, c: (
        f"<p><noscript><img src='{u}'></noscript><img src='/blank.gif' data-src='{u}'></p><p>Ảnh: {c}</p>"
    ),
    lambda u, c: f"<center><img src='{u}'><br><i>{c}</i></center>",
    lambda u, c: f"<amp-img src='{u}'></amp-img><p>Ảnh: {c}</p>",
]


@pytest.mark.parametrize("captioned", CAPTIONED)
def test_pictures_and_captions(captioned: Callable[[str, str], str]) -> None:
    pictures = "".join(captioned(f"/anh/{n}.jpg", caption) for n, caption in enumerate(CAPTIONS))
    html = page(body=P.format(BODY[0]) + pictures + P.format(BODY[1]) + P.format(BODY[2]))
    article = read(html)
    expected = [(f"{n}.jpg", caption.replace("  ", " ")) for n, caption in enumerate(CAPTIONS)]
    got = record(article)
    assert [(u, c.replace(" ", "")) for u, c in got["images"]] == [
        (u, c.replace(" ", "")) for u, c in expected
    ]
    assert got["text"] == EXPECTED["text"]
    assert article.html.count("<figcaption>") == len(CAPTIONS)


@pytest.mark.parametrize(
    "caption", ["<p>Ảnh: {}</p>", "<p><i>Ảnh: {}</i></p>", "<table><tr><td>ẢNH: {}</td></tr></table>"]
)
def test_a_caption_without_a_picture(caption: str) -> None:
    html = page(body=P.format(BODY[0]) + caption.format(CAPTIONS[0]) + P.format(BODY[1]) + P.format(BODY[2]))
    assert record(read(html)) == EXPECTED | {"images": [(None, CAPTIONS[0])]}


SIGNATURES = [
    ("<p align='right'><b>MINH TÂM</b></p>", "MINH TÂM", None),
    ("<p style='text-align:right'>Tác giả: Minh Tâm</p>", "Minh Tâm", None),
    ("<p><strong>Tin, ảnh: Minh Tâm - Thu Hà</strong></p>", "Minh Tâm - Thu Hà", None),
    ("<div class='author'>ThS. Lê Thị Hoa</div>", "ThS. Lê Thị Hoa", None),
    ("<p><b>H.T</b></p>", "H.T", None),
    ("<table width='100%'><tr><td></td><td>Minh Tâm</td></tr></table>", "Minh Tâm", None),
    ("<p>Ban Tuyên giáo Đảng ủy Khối</p>", None, "Ban Tuyên giáo Đảng ủy Khối"),
    ("<p>VĂN PHÒNG ĐẢNG ỦY KHỐI</p>", None, "VĂN PHÒNG ĐẢNG ỦY KHỐI"),
    ("<p><i>(Theo Tạp chí Cộng sản)</i></p>", None, "Tạp chí Cộng sản"),
    ("", None, None),
]


@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize(("signature", "author", "organization"), SIGNATURES)
def test_signature(signature: str, author: str | None, organization: str | None, ended: bool) -> None:
    body = "".join(P.format(text if ended else text.replace("./.", ".")) for text in BODY)
    got = record(read(page(body=body, signature=signature)))
    assert (got["author"], got["organization"]) == (author, organization)
    assert got["text"] == (EXPECTED["text"] if ended else EXPECTED["text"].replace("./.", "."))


FILES = [
    "<p>Tệp đính kèm: <a href='/f/a.pdf'>{}</a></p>",
    "<div><b>File đính kèm:</b></div><div><a href='/f/a.pdf'>{}</a></div>",
    "<p><a href='#' onclick=\"downloadFile('/f/a.pdf');return false;\">{}</a></p>",
    "<ul><li><a href='/f/a.pdf' target='_blank'>{}</a> (245 KB)</li></ul>",
    "<p>Xem chi tiết <a href='/f/a.pdf'>{}</a></p>",
    "<p><img src='/icons/pdf.gif'> <a href='/f/a.pdf' download>{}</a></p>",
]


@pytest.mark.parametrize("title", ["Thông báo số 12", "tại đây"])
@pytest.mark.parametrize("offer", FILES)
def test_attachments(offer: str, title: str) -> None:
    got = record(read(page(files=offer.format(title))))
    assert got == EXPECTED | {"attachments": [("a.pdf", title)]}


def test_an_empty_address_is_no_attachment() -> None:
    assert read(page(files="<p>Tệp đính kèm: <a href=''>Thông báo</a></p>")).attachments == ()


RELATED = [
    lambda: (
        "<p><b>Các tin khác:</b></p>"
        + "".join(
            f"<p><a href='{u}'><img src='/x.jpg' alt='{t}'></a></p><p><a href='{u}'>{t}</a></p><p>{a}</p>"
            for u, t, a in OTHERS
        )
    ),
    lambda: (
        "<table><tr><td colspan=2>TIN ĐÃ ĐƯA</td></tr>"
        + "".join(f"<tr><td>•</td><td><a href='{u}'>{t}</a></td><td>{a}</td></tr>" for u, t, a in OTHERS)
        + "</table>"
    ),
    lambda: (
        "<p>TIN MỚI HƠN</p>"
        + "".join(f"<p>• <a href='{u}'>{t}</a> <i>({a})</i></p>" for u, t, a in OTHERS[:2])
        + "<p>TIN CŨ HƠN</p>"
        + "".join(f"<p>• <a href='{u}'>{t}</a> <i>({a})</i></p>" for u, t, a in OTHERS[2:])
    ),
    lambda: "Các bài viết khác<br>" + "".join(f"• <a href='{u}'>{t}</a> ({a})<br>" for u, t, a in OTHERS),
    lambda: (
        "<div>Tin cùng chuyên mục</div>"
        + "".join(f"<a href='{u}'>{t} ({a})</a><br>" for u, t, a in (*OTHERS, (URL, TITLE, "1 tuần trước")))
    ),
    lambda: (
        "<section><h4>Bài viết liên quan</h4>"
        + "".join(
            f"<a href='{u}'><img alt='{t}'><div><h5>{t}</h5><span>{a}</span></div></a>" for u, t, a in OTHERS
        )
        + "</section>"
    ),
    lambda: "".join(f"<p>• <a href='{u}'>{t}</a> ({a})</p>" for u, t, a in OTHERS),
    lambda: (
        "<div><h3>Các bài viết khác</h3>"
        + "".join(
            f"<div><a href='{u}'><b>{t}</b></a><p>Vài dòng tóm tắt của bài viết ấy.</p><i>{a}</i></div>"
            for u, t, a in OTHERS
        )
        + "</div>"
    ),
]


@pytest.mark.parametrize(
    "below", ["", SIDEBAR, "<div>Bình luận (0)</div><p>Gửi ý kiến của bạn đọc về bài viết này.</p>"]
)
@pytest.mark.parametrize("related", RELATED)
def test_related(related: Callable[[], str], below: str) -> None:
    assert record(read(page(related=related(), below=below))) == EXPECTED


FOREIGN = [
    "<div>Từ khóa: <a href='/tag/a.aspx'>dư luận xã hội</a>, <a href='/tag/b.aspx'>giao ban</a></div>",
    "<div><span>Tags</span><a href='/tag/a.aspx'>dư luận xã hội</a><a href='/tag/b.aspx'>giao ban</a></div>",
    "<div>Tổng số điểm của bài viết là: 15 trong 3 đánh giá</div><div>Click để đánh giá bài viết</div>",
    "<div><a href='/x-duk1.aspx'>« Bài trước: Một bài</a> <a href='/y-duk2.aspx'>Bài sau: Bài khác »</a></div>",
    "<p><a href='javascript:print()'>In bài viết</a> | <a href='javascript:history.back()'>Quay lại</a></p>",
    "<div>Chia sẻ: <a href='https://facebook.com/x'>Facebook</a> <a href='https://zalo.me/x'>Zalo</a></div>",
    "<div><h4>Ý kiến bạn đọc (0)</h4><form><textarea></textarea><button>Gửi bình luận</button></form></div>",
]


@pytest.mark.parametrize("foreign", FOREIGN)
def test_what_stands_between_an_article_and_its_related_list(foreign: str) -> None:
    assert record(read(page(files=foreign))) == EXPECTED


def test_titles_cut_in_the_related_list_are_whole_in_their_tooltips() -> None:
    cut = "".join(f"<li><a href='{u}' title='{t}'>{t[:30]}...</a> ({a})</li>" for u, t, a in OTHERS)
    assert record(read(page(related=f"<h3>Các bài viết khác</h3><ul>{cut}</ul>"))) == EXPECTED


def test_the_article_itself_in_a_sidebar_above_it() -> None:
    own = f"<div><b>Đọc nhiều</b></div><div><a href='{URL}'>{TITLE}</a></div><div>{DATE} | {VIEWS}</div>"
    for title in TITLES:
        assert record(read(page(above=own + SIDEBAR, title=title))) == EXPECTED


def test_an_empty_list_of_related_articles() -> None:
    assert record(read(page(related="<h3>Các bài viết khác</h3><p>Đang cập nhật</p>"))) == EXPECTED | {
        "related": []
    }


WRAPS = (
    "{}",
    "<form id='aspnetForm'>{}</form>",
    "<table><tr><td>{}</td></tr></table>",
    "<div><div>{}</div></div>",
)
FEET = (
    "",
    "<footer>Bản quyền thuộc Đảng ủy Khối</footer>",
    "<div>Giấy phép số 1/GP-TTĐT</div><p>Đang trực tuyến: 25</p>",
)


def test_everything_mixed() -> None:
    """Parts drawn at random; the floor is the one promised for markups nobody has seen."""
    chance = random.Random(4408)
    wrong: Counter[str] = Counter()
    pages = 250
    for _ in range(pages):
        header, views = chance.choice(HEADERS)
        html = page(
            head=chance.choice(HEADS),
            above=chance.choice(("", f"<ul>{MENU}</ul>")) + chance.choice(("", SIDEBAR)),
            title=chance.choice(TITLES),
            header=header,
            lead=chance.choice(LEADS),
            body=chance.choice(BODIES)(),
            related=chance.choice(RELATED)(),
            below=chance.choice(("", SIDEBAR)) + chance.choice(FEET),
        )
        inside = html.partition("<body>")[2].removesuffix("</body></html>")
        html = html.replace(inside, chance.choice(WRAPS).format(inside))
        got, expected = record(read(html)), EXPECTED | {"views": views}
        wrong.update(field for field in EXPECTED if got[field] != expected[field])
    assert sum(wrong.values()) <= 0.005 * pages * len(EXPECTED), wrong
    assert all(count <= 0.05 * pages for count in wrong.values()), wrong
