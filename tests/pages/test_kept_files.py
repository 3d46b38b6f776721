"""A site whose entries lead to our own pages: pictures and attachments out of the captures, safe ones only."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.captures import CaptureWriter
from crawler.items import Asset, Attachment, Capture, Image
from crawler.store import open_store
from feeds.filetypes import ending_of
from feeds.site import BuildResult
from tests.feeds.memory import SITE
from tests.feeds.oracles import ATOM, atom_errors, xml
from tests.feeds.portal import START, STATUS, Portal, page

ARCHIVE = replace(SITE, link="archive")
PNG = b"\x89PNG\r\n\x1a\n" + b"picture" * 9
PDF = b"%PDF-1.4\nminutes of the meeting"
HOME = "http://cong.example.vn/"


class Kept(Portal):
    """A portal whose captures hold files, too."""

    captures: Path

    def keep(self, article: str, files: dict[str, tuple[str, bytes]], day: float = 1) -> None:
        """Fetches files that an article names."""
        now = START + timedelta(days=day)
        with (
            self.store.writer(SITE.id, "test", now) as writer,
            CaptureWriter(
                self.captures, site=SITE.id, run=int(day), software="test", previous=writer.payload
            ) as warc,
        ):
            writer.want_assets(article, tuple(files), now)
            for url, (media_type, body) in files.items():
                capture = warc.write(
                    url=url, status=200, reason="OK", http_version="HTTP/1.1", body=body, source="live",
                    headers=[("Content-Type", media_type)], fetched_at=now,
                )  # fmt: skip
                writer.add_capture(capture)
                writer.settle_asset(url, "kept", now, asset=asset(url, media_type, body, capture))
            warc.flush()
            writer.commit()

    def build(self, **options: object) -> BuildResult:
        return super().build(captures=self.captures, **options)


def asset(url: str, media_type: str, body: bytes, capture: Capture) -> Asset:
    return Asset(
        url, capture.digest, len(body), f"sha256:{hashlib.sha256(body).hexdigest()}", media_type, capture
    )


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Kept]:
    with open_store(f"sqlite:///{tmp_path / 'store.sqlite'}") as store:
        made = Kept(store, tmp_path / "public", ARCHIVE)
        made.captures = tmp_path / "captures"
        yield made


def illustrated(number: int, picture: str, file: str) -> object:
    return page(
        number,
        html=f'<p>Một.</p><figure><img src="{HOME}{picture}"><figcaption>Hội trường</figcaption></figure>',
        images=(Image(HOME + picture, "Hội trường"),),
        attachments=(Attachment(HOME + file, "Biên bản", "application/msword", None),),
    )


def place(body: bytes, ending: str) -> str:
    mark = hashlib.sha256(body).hexdigest()[:40]
    return f"tep/{mark[:2]}/{mark}.{ending}"


@pytest.fixture
def rich(portal: Kept) -> Kept:
    portal.crawl(illustrated(1, "a b.png", "bien-ban.doc"), page(2))
    portal.keep(
        "abc1", {f"{HOME}a b.png": ("image/png", PNG), f"{HOME}bien-ban.doc": ("application/msword", PDF)}
    )
    portal.build()
    return portal


def test_entries_lead_to_our_pages(rich: Kept) -> None:
    assert atom_errors(rich.out / "all/atom.xml") == []
    for entry in xml(rich.out / "all/atom.xml").iter(ATOM + "entry"):
        number = entry.findtext(ATOM + "id")[-1]
        links = {link.get("rel"): link.get("href") for link in entry.findall(ATOM + "link")}
        assert links["alternate"] == f"https://tin.example.org/bai/2021-10/abc{number}.html"
        assert links["via"] == f"{HOME}bai-abc{number}"
        assert (rich.out / links["alternate"].removeprefix("https://tin.example.org/")).is_file()
    item = rich.items()["abc1"]
    assert item["external_url"] == f"{HOME}bai-abc1"
    (first,) = [i for i in xml(rich.out / "all/rss.xml").iter("item") if i.findtext("guid").endswith("abc1")]
    assert first.findtext("link") == item["url"]


def test_pictures_and_attachments_are_our_copies(rich: Kept) -> None:
    picture, file = place(PNG, "png"), place(PDF, "pdf")
    assert (rich.out / picture).read_bytes() == PNG
    assert (rich.out / file).read_bytes() == PDF
    item = rich.items()["abc1"]
    base = "https://tin.example.org/"
    assert item["image"] == base + picture
    assert f'src="{base}{picture}"' in item["content_html"]
    (attached,) = item["attachments"]
    assert attached["url"] == base + file
    assert attached["mime_type"] == "application/pdf"
    assert attached["size_in_bytes"] == len(PDF)
    html = (rich.out / "bai/2021-10/abc1.html").read_text()
    assert f'src="../../{picture}"' in html
    assert f'href="../../{file}" download="bien-ban.pdf"' in html


def test_a_site_that_leads_to_the_portal_copies_nothing(rich: Kept) -> None:
    rich.site = SITE
    rich.build()
    assert not list((rich.out / "tep").rglob("*.*"))
    assert rich.items()["abc1"]["image"] == f"{HOME}a%20b.png"
    assert "external_url" not in rich.items()["abc1"]


def test_a_picture_that_comes_later_reaches_its_page(portal: Kept) -> None:
    portal.crawl(illustrated(1, "a.png", "b.pdf"), illustrated(2, "a.png", "c.pdf"))
    portal.build()
    portal.keep("abc1", {f"{HOME}a.png": ("image/png", PNG)})
    portal.keep("abc2", {f"{HOME}c.pdf": ("application/pdf", PDF)}, day=2)
    result = portal.build()
    assert {"bai/2021-10/abc1.html", "bai/2021-10/abc2.html", place(PNG, "png")} <= set(result.written)
    after = contents(portal.out)
    fresh = portal.out.parent / "fresh"
    portal.build(out=fresh)
    assert contents(fresh) == after
    assert set(portal.build().written) <= STATUS


def contents(out: Path) -> dict[str, bytes]:
    files = (path for path in out.rglob("*") if path.is_file() and path.name not in STATUS)
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


HOSTILE = {
    "x.png": ("image/png", b"<script>alert(1)</script>"),
    "x.svg": ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "y.png": ("image/png", b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"),
    "x.pdf": ("application/pdf", b"<!doctype html><script>alert(1)</script>%PDF-1.4"),
    "x.doc": ("application/msword", b"MZ\x90\x00 a program"),
    "x.html": ("text/html", b"<html>"),
    "x.zip": ("application/zip", b"PK\x03\x04 not whole"),
}


def test_what_is_not_safe_stays_at_the_portal(portal: Kept) -> None:
    portal.crawl(
        page(1, attachments=tuple(Attachment(HOME + n, n, t, None) for n, (t, _) in HOSTILE.items()))
    )
    portal.keep("abc1", {HOME + name: file for name, file in HOSTILE.items()})
    portal.build()
    assert not list((portal.out / "tep").rglob("*.*"))
    assert {a["url"] for a in portal.items()["abc1"]["attachments"]} == {HOME + name for name in HOSTILE}
    assert set(portal.build().written) <= STATUS  # and is not looked at again
    assert len(json.loads((portal.out / "status.json").read_bytes())["made"]["unfit"]) == len(HOSTILE)


def test_a_damaged_copy_is_mended_and_a_lost_capture_costs_no_page(rich: Kept) -> None:
    copy = rich.out / place(PNG, "png")
    copy.write_bytes(PNG[:-1] + b"X")
    rich.build()
    assert copy.read_bytes() == PNG
    for warc in rich.captures.iterdir():
        warc.unlink()
    copy.unlink()
    rich.build()
    assert not copy.exists()
    assert f'src="{HOME}a%20b.png"' in (rich.out / "bai/2021-10/abc1.html").read_text()
    assert (rich.out / place(PDF, "pdf")).exists()


def package(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return file.getvalue()


CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("body", "ending"),
    [
        (b"\xff\xd8\xff\xe0 jpeg", "jpg"),
        (b"GIF89a", "gif"),
        (b"RIFF\x0a\x00\x00\x00WEBPVP8 ", "webp"),
        (b"RIFF\x0a\x00\x00\x00WAVEfmt ", None),
        (PDF, "pdf"),
        (b"{\\rtf1 x}", "rtf"),
        (CFB + b"..." + "WordDocument\0".encode("utf-16-le"), "doc"),
        (CFB + b"..." + "Workbook\0".encode("utf-16-le"), "xls"),
        (CFB + b"...", None),
        (package("[Content_Types].xml", "word/document.xml"), "docx"),
        (package("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (package("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
        (package("a.exe"), None),
        (b"BM not served", None),
        (b"", None),
    ],
)
def test_bytes_alone_say_what_a_file_is(body: bytes, ending: str | None) -> None:
    assert ending_of(body) == ending
