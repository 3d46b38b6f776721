"""A portal that misbehaves: nothing is lost, deleted or claimed that is not so, and the next crawl heals."""

import gzip
import io
import signal
import time
from datetime import timedelta

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from fixtures.portal import Faults, scaled_portal
from fixtures.portal import faults as fault

ARTICLES = "/*duk*"


@pytest.fixture
def bantin(serve):
    return serve(scaled_portal(40, sections=2, page_size=6), Faults())


def _ids(bantin):
    return {article.id for article in bantin.server.portal}


def _stored(bantin):
    return {record["id"] for record in bantin.records()}


def _later(bantin, **days):
    bantin.now += timedelta(**days)


def test_articles_that_lead_to_the_home_page_are_refused_and_read_when_they_are_back(bantin):
    bantin.server.faults.paths[ARTICLES] = fault.redirect("/")
    report = bantin.crawl(expect=7)
    assert report["articles"]["refused"] == 40
    bantin.server.faults.paths.clear()
    _later(bantin, days=2)
    assert bantin.crawl()["articles"]["new"] == 40


@pytest.mark.parametrize(
    "kind", [fault.redirect("/"), fault.soft_404(), fault.status(404), fault.maintenance()]
)
def test_articles_already_read_keep_their_good_version(bantin, kind):
    bantin.crawl()
    before = bantin.records()
    bantin.server.faults.paths[ARTICLES] = kind
    bantin.run("crawl", "--full")
    assert bantin.records() == before
    bantin.server.faults.paths.clear()
    _later(bantin, days=2)
    bantin.crawl("--full")
    assert bantin.records() == before


def test_a_further_page_that_leads_elsewhere_is_no_end_of_a_listing(bantin):
    bantin.server.faults.paths["/muc-1.aspx?page=2"] = fault.redirect("/")
    report = bantin.crawl(expect=7)
    assert not report["listings"]["muc-1"]["complete"]
    bantin.server.faults.paths.clear()
    bantin.crawl()
    assert _stored(bantin) == _ids(bantin)


@pytest.mark.parametrize("kind", [fault.status(500), fault.status(429), fault.reset(), fault.truncate()])
def test_a_section_that_fails_on_the_first_crawl_is_told_and_found_later(bantin, kind):
    bantin.server.faults.paths["/muc-2.aspx*"] = kind
    bantin.crawl(expect=7)
    bantin.server.faults.paths.clear()
    bantin.crawl()
    assert _stored(bantin) == _ids(bantin)


def test_a_section_that_was_empty_at_first_is_tried_again(bantin):
    empty = "<html><head><title>Mục 2</title></head><body><h1>Mục 2</h1><p>Nội dung đang cập nhật.</p></body></html>"
    bantin.server.faults.paths["/muc-2.aspx*"] = fault.body(empty.encode())
    bantin.run("crawl")
    bantin.server.faults.paths.clear()
    _later(bantin, days=10)
    bantin.crawl()
    assert {section["id"] for record in bantin.records() for section in record["sections"]} == {
        "muc-1",
        "muc-2",
    }


def test_a_section_that_led_home_at_first_is_found_when_it_is_back(bantin):
    bantin.server.faults.paths["/muc-2.aspx*"] = fault.redirect("/")
    bantin.crawl()
    bantin.server.faults.paths.clear()
    _later(bantin, days=8)
    bantin.crawl()
    assert {section["id"] for record in bantin.records() for section in record["sections"]} == {
        "muc-1",
        "muc-2",
    }


@pytest.mark.parametrize("kind", [fault.status(429), fault.status(503), fault.reset(), fault.status(403)])
def test_a_portal_that_fails_on_end_is_left_alone_and_the_next_crawl_reads_everything(bantin, kind):
    bantin.server.faults.paths[ARTICLES] = kind
    ended = bantin.run("crawl")
    assert ended.code == 6, ended.err
    listings = sum("duk" not in path for path in bantin.server.paths)
    assert len(bantin.server.paths) - listings <= 10
    bantin.server.faults.paths.clear()
    assert bantin.crawl()["articles"]["new"] == 40


def test_an_article_that_fails_alone_is_partial_and_read_by_the_next_crawl(bantin):
    article = next(iter(bantin.server.portal))
    bantin.server.faults.paths[f"*{article.id}.aspx"] = fault.status(500)
    assert bantin.crawl(expect=7)["refused"] == {"http-500": 1}
    bantin.server.faults.paths.clear()
    assert bantin.crawl()["articles"]["new"] == 1


def test_a_breadcrumb_without_an_address_makes_no_section_to_crawl(bantin):
    article = next(iter(bantin.server.portal))
    page = f"""<html><head><title>{article.title}</title></head><body>
<div><a href="/">Trang chủ</a> &raquo; <a href="#">Mục không địa chỉ</a></div><h1>{article.title}</h1>
<p>20/03/2020 | 15</p><p><b>Ngày 19/3/2020, tại Hà Nội, Đảng ủy Khối tổ chức Hội nghị giao ban tháng 3.</b></p>
<p>Hội nghị đã nghe báo cáo kết quả công tác và thảo luận nhiều nội dung quan trọng trong thời gian tới./.</p>
</body></html>"""
    bantin.server.faults.paths[f"*{article.id}.aspx"] = fault.body(page.encode())
    bantin.crawl()
    assert bantin.crawl()["outcome"] == "complete"


def test_since_asks_for_no_article_that_is_listed_as_older(bantin):
    bantin.crawl("--since", "2020-03-20")
    dates = {article.id: article.published for article in bantin.server.portal}
    stored = _stored(bantin)
    assert stored == {name for name, day in dates.items() if day.isoformat() >= "2020-03-20"}
    bantin.crawl()
    assert _stored(bantin) == _ids(bantin)


def test_two_interrupts_end_at_once_and_honestly(bantin):
    bantin.server.faults.paths[ARTICLES] = fault.hang(30)
    process = bantin.start("crawl")
    deadline = time.monotonic() + 20
    while not any("duk" in path for path in bantin.server.paths) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "Traceback" not in err


def test_a_full_standard_output_is_a_disk_error(bantin):
    bantin.crawl()
    with bantin.start("export") as process, open("/dev/full", "w") as full:  # noqa: PTH123
        process.communicate()
        again = __import__("subprocess").run(
            process.args, cwd=bantin.folder, env=bantin.environment, stdout=full, capture_output=False, check=False,
            stderr=-1, text=True,
        )  # fmt: skip
    assert again.returncode == 3
    assert "Traceback" not in again.stderr


# -- files ----------------------------------------------------------------------------------------------------


def _warc(bantin, rows):
    """A WARC file of another tool: rows of path, status and date."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for path, status, date in rows:
        page = bantin.server._current().get(path)
        headers = [("Content-Type", page.media_type)]
        if status in (301, 302):
            headers.append(("Location", f"http://{bantin.server.portal.host}/"))
        record = writer.create_warc_record(
            f"http://{bantin.server.portal.host}{path}",
            "response",
            payload=io.BytesIO(page.body),
            http_headers=StatusAndHeaders(f"{status} X", headers, protocol="HTTP/1.1"),
            warc_headers_dict={"WARC-Date": date},
        )
        writer.write_record(record)
    file = bantin.folder / "other.warc.gz"
    file.write_bytes(out.getvalue())
    assert gzip.decompress(file.read_bytes())
    return str(file)


def test_listings_out_of_a_file_do_not_cut_the_live_crawl_short(bantin):
    day = "2020-03-24T00:00:00Z"
    bantin.crawl(
        "--from", _warc(bantin, [("/", 200, day), ("/muc-1.aspx", 200, day), ("/muc-2.aspx", 200, day)])
    )
    report = bantin.crawl()
    assert all(listing["complete"] for listing in report["listings"].values())
    assert _stored(bantin) == _ids(bantin)


def test_archived_redirects_and_errors_are_answers_not_orders(bantin):
    article = next(iter(bantin.server.portal))
    day = "2020-03-24T00:00:00Z"
    rows = [(article.path, 301, day), (article.path, 503, day), (article.path, 200, day)]
    report = bantin.crawl("--from", _warc(bantin, rows))
    assert report["responses"] == {"200": 1, "301": 1, "503": 1}
    assert report["articles"]["new"] == 1


def test_a_capture_from_the_future_is_refused(bantin):
    article = next(iter(bantin.server.portal))
    report = bantin.crawl("--from", _warc(bantin, [(article.path, 200, "2031-01-01T00:00:00Z")]), expect=7)
    assert report["refused"] == {"capture-in-future": 1}


def test_pages_of_a_file_in_reverse_order_make_the_same_sections(bantin):
    pages = [
        "/muc-1.aspx?page=3",
        "/muc-1.aspx?page=2",
        "/muc-1.aspx",
        "/muc-2.aspx?page=2",
        "/muc-2.aspx",
        "/",
    ]
    articles = [article.path for article in bantin.server.portal]
    rows = [(path, 200, "2020-03-24T00:00:00Z") for path in (*articles, *pages)]
    bantin.crawl("--from", _warc(bantin, rows))
    assert bantin.run("feeds").out.count("Mục") == 2
    report = bantin.crawl()
    assert set(report["listings"]) == {"muc-1", "muc-2"}
