"""Files that articles offer or show: kept politely, once, within budgets; what is missing is no fault of the crawl."""

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest

from crawler.captures import CaptureWriter, decoded_body, read_at
from crawler.store import open_store
from fixtures.portal import Faults, PortalFile, scaled_portal
from fixtures.portal import faults as fault
from fixtures.portal.files import file_bytes
from tests.crawl.conftest import NOW

DAY = date(2020, 3, 20)
PICTURE = "Ảnh: Quang cảnh hội nghị."


def _portal():
    """Four articles without files, and two with a document and a picture each."""
    portal = scaled_portal(4, sections=1)
    for article in list(portal):
        portal.edit(article.id, body=("Hội nghị thành công tốt đẹp./.",), attachments=())
    for n in (1, 2):
        file = PortalFile(f"van-ban-{n}.pdf", f"Văn bản số {n}")
        portal.add_article(f"Thông báo số {n}", DAY, body=(PICTURE, "Hết./."), attachments=(file,))
    return portal


@pytest.fixture
def bantin(serve):
    return serve(_portal(), Faults())


def _files(bantin):
    return sorted(path for path in bantin.server.paths if path.startswith("/upload/"))


def _offered(bantin):
    """File name -> length as records tell it."""
    newest = {record["id"]: record for record in bantin.records()}
    files = [file for record in newest.values() for file in record["attachments"]]
    return {file["url"].rpartition("/")[2]: file["bytes"] for file in files}


def _kept(bantin, store=None, captures=None):
    """Address -> the kept file's decoded bytes, read where the store says they are."""
    store = open_store(store or bantin.store_url, create=False)
    kept = {}
    for article in store.articles("dukcqtw"):
        for url, asset in store.assets("dukcqtw", article.id).items():
            captured = read_at(Path(captures or bantin.folder / "var/captures"), asset.capture)
            payload = decoded_body(captured, limit=64 * 1024 * 1024)
            assert asset.bytes == len(payload)
            assert asset.sha256 == f"sha256:{hashlib.sha256(payload).hexdigest()}"
            kept[url.partition("vn")[2]] = payload
    store.close()
    return kept


def test_documents_then_pictures_of_a_portal_that_was_crawled_without(bantin):
    assert "assets" not in bantin.crawl()
    assert _files(bantin) == []
    report = bantin.crawl("--assets", "attachments")
    assert report["assets"] == {
        "policy": "attachments",
        "kept": 2,
        "bytes": sum(len(file_bytes(path)) for path in _files(bantin)),
        "missing": {},
        "complete": True,
        "entered": True,
    }
    assert _files(bantin) == ["/upload/tep/van-ban-1.pdf", "/upload/tep/van-ban-2.pdf"]
    assert _offered(bantin) == {path[12:]: len(file_bytes(path)) for path in _files(bantin)}
    bantin.server.clear()
    assert bantin.crawl(BANTIN_ASSETS="all")["assets"]["kept"] == 2
    assert [path[:12] for path in _files(bantin)] == ["/upload/anh/"] * 2
    kept = _kept(bantin)
    assert len(kept) == 4
    assert all(payload == file_bytes(path) for path, payload in kept.items())
    bantin.server.clear()
    assert bantin.crawl("--assets", "all")["assets"]["kept"] == 0
    assert _files(bantin) == []
    assert bantin.problems() == []


def test_what_cannot_be_had_is_counted_and_is_no_fault(bantin):
    portal = bantin.server.portal
    for n, kind in enumerate((fault.status(404), fault.soft_404(), fault.body(b""), fault.status(500)), 3):
        file = PortalFile(f"van-ban-{n}.pdf", f"Văn bản số {n}")
        portal.add_article(f"Thông báo số {n}", DAY, body=("Hết./.",), attachments=(file,))
        bantin.server.faults.paths[f"*van-ban-{n}.pdf"] = kind
    for name in ("lon", "xa"):
        file = PortalFile(f"{name}.pdf", "Văn bản")
        portal.add_article(f"Văn bản {name}", DAY, body=("Hết./.",), attachments=(file,))
    bantin.server.faults.paths["*xa.pdf"] = fault.redirect("http://elsewhere.example/xa.pdf")
    bantin.server.faults.paths["*lon.pdf"] = fault.body(b"%PDF" + bytes(70_000), media_type="application/pdf")
    report = bantin.crawl("--assets", "all", BANTIN_MAX_ASSET="60000")
    missing = {"empty": 1, "html-instead": 1, "http-404": 1, "http-500": 1, "redirect": 1, "too-large": 1}
    assert report["assets"]["missing"] == missing
    assert report["assets"]["kept"] == 4
    assert bantin.server.foreign == []
    assert _offered(bantin)["van-ban-4.pdf"] is None
    bantin.server.faults.paths.clear()
    bantin.server.clear()
    bantin.now += timedelta(hours=1)
    assert bantin.crawl("--assets", "all")["assets"]["kept"] == 1  # what failed, not what was refused
    assert _files(bantin) == ["/upload/tep/van-ban-6.pdf"]


def test_files_on_other_hosts_are_left_alone(bantin):
    article = next(iter(bantin.server.portal))
    page = f"""<html><head><title>{article.title}</title></head><body><h1>{article.title}</h1>
<p>20/03/2020 | 15</p><p><b>Ngày 19/3/2020, tại Hà Nội, Đảng ủy Khối tổ chức Hội nghị giao ban tháng 3.</b></p>
<p>Hội nghị đã nghe báo cáo kết quả công tác và thảo luận nhiều nội dung quan trọng trong thời gian tới./.</p>
<p>Tệp đính kèm: <a href="http://elsewhere.example/a.pdf">Văn bản</a></p></body></html>"""
    bantin.server.faults.paths[f"*{article.id}.aspx"] = fault.body(page.encode())
    report = bantin.crawl("--assets", "attachments")
    assert report["outcome"] == "complete"
    assert report["assets"]["missing"] == {"offsite": 1}
    assert bantin.server.foreign == []


def test_budgets_of_files_bound_a_run_and_the_next_goes_on(bantin):
    first = bantin.crawl("--assets", "all", BANTIN_ASSETS_PER_RUN="3")
    assert (first["outcome"], first["assets"]["kept"], first["assets"]["complete"]) == ("complete", 3, False)
    second = bantin.crawl("--assets", "all")
    assert (second["assets"]["kept"], second["assets"]["complete"]) == (1, True)
    assert len(_files(bantin)) == 4


def test_files_are_found_again_among_our_own_captures(bantin):
    bantin.crawl("--assets", "all")
    bantin.server.clear()
    store = f"sqlite:///{bantin.folder}/second.sqlite"
    ended = bantin.run("--json", "--store", store, "crawl", "--from", "var/captures", "--assets", "all")
    assert ended.code == 0, ended.err
    assert ended.json["assets"]["kept"] == 4
    assert bantin.server.paths == []
    assert _kept(bantin, store) == _kept(bantin)


def test_files_in_captures_are_taken_without_being_asked_for(bantin):
    """They cost no request; a file longer than a page among them. Whatever else is named stays unasked for."""
    long = b"%PDF" + bytes(9 * 1024 * 1024)
    bantin.server.faults.paths["*van-ban-1.pdf"] = fault.body(long, media_type="application/pdf")
    bantin.crawl("--assets", "attachments")
    bantin.server.faults.paths.clear()
    bantin.server.clear()
    store = f"sqlite:///{bantin.folder}/second.sqlite"
    for kept in (2, 0):
        ended = bantin.run("--json", "--store", store, "crawl", "--from", "var/captures")
        assert ended.code == 0, ended.err
        assert ended.json.get("assets", {"kept": 0})["kept"] == kept
    assert _kept(bantin, store) == _kept(bantin)
    assert long in _kept(bantin, store).values()
    assert bantin.server.paths == []
    assert bantin.run("--store", store, "crawl", "--assets", "attachments").code == 0
    assert _files(bantin) == []


def test_files_of_a_foreign_file_are_copied_into_our_captures(bantin):
    bantin.crawl("--assets", "all")
    captures = next((bantin.folder / "var/captures").glob("*.warc.gz"))
    captures.rename(bantin.folder / "elsewhere.warc.gz")
    store, folder = f"sqlite:///{bantin.folder}/second.sqlite", str(bantin.folder / "second")
    bantin.run(
        "--store", store, "--captures", folder, "crawl", "--from", "elsewhere.warc.gz", "--assets", "all"
    )
    assert len(_kept(bantin, store, folder)) == 4


def test_a_file_longer_than_any_page_is_read_back(tmp_path):
    body = b"%PDF" + bytes(20 * 1024 * 1024)
    with CaptureWriter(tmp_path, site="x", run=1, software="test", previous=lambda _digest: None) as writer:
        capture = writer.write(
            url="http://dukcqtw.dcs.vn/lon.pdf",
            status=200,
            reason=None,
            http_version="HTTP/1.1",
            headers=[("Content-Type", "application/pdf")],
            body=body,
            fetched_at=NOW,
            source="live",
        )
    assert read_at(tmp_path, capture).payload == body
