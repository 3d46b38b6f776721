"""What a client gets: types, conditional requests, packing, safety, over real sockets."""

import gzip
import http.client
import os
from pathlib import Path

import pytest

from feeds.server.packing import Packer, accepts_gzip

Address = tuple[str, int]


def ask(
    address: Address, path: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(*address, timeout=10)
    connection.request(
        method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/all/", "text/html; charset=utf-8"),
        ("/all/atom.xml", "application/atom+xml; charset=utf-8"),
        ("/all/archive/2020-01.xml", "application/atom+xml; charset=utf-8"),
        ("/all/rss.xml", "application/rss+xml; charset=utf-8"),
        ("/all/feed.json", "application/feed+json; charset=utf-8"),
        ("/icon.png", "image/png"),
        ("/large.pdf", "application/pdf"),
        ("/strange.exe", "application/octet-stream"),
    ],
)
def test_published_files_have_their_media_types(address: Address, root: Path, path: str, kind: str) -> None:
    response, body = ask(address, path)
    assert (response.status, response.headers["Content-Type"]) == (200, kind)
    file = root / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))
    assert body == file.read_bytes()
    assert response.headers["Content-Length"] == str(len(body))
    assert ("attachment" in response.headers.get("Content-Disposition", "")) == path.endswith(".exe")


def test_every_answer_carries_the_safety_headers(address: Address) -> None:
    for path in ("/", "/all/atom.xml", "/nothing", "/healthz", "/all"):
        response, _ = ask(address, path)
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "script-src" not in response.headers["Content-Security-Policy"]
        assert response.headers.get("Server") is None


def test_a_copy_that_is_still_good_is_not_sent_again(address: Address, root: Path) -> None:
    first, _ = ask(address, "/all/atom.xml")
    for header in ({"If_None_Match": first.headers["ETag"]}, {"If_None_Match": f'"other", W/{first.headers["ETag"]}'},
                   {"If_None_Match": "*"}, {"If_Modified_Since": first.headers["Last-Modified"]}):  # fmt: skip
        response, body = ask(address, "/all/atom.xml", **header)
        assert (response.status, body) == (304, b"")
        assert response.headers["ETag"] == first.headers["ETag"]
    fresh = root / "new"
    fresh.write_bytes(b"<feed>changed</feed>")
    fresh.replace(root / "all" / "atom.xml")
    response, body = ask(address, "/all/atom.xml", If_None_Match=first.headers["ETag"],
                         If_Modified_Since=first.headers["Last-Modified"])  # fmt: skip
    assert (response.status, body) == (200, b"<feed>changed</feed>")


def test_a_tag_rules_over_a_date(address: Address) -> None:
    first, _ = ask(address, "/all/atom.xml")
    response, _ = ask(
        address, "/all/atom.xml", If_None_Match='"x"', If_Modified_Since=first.headers["Last-Modified"]
    )
    assert response.status == 200
    for nonsense in ("yesterday", "", "Mon, 99 Foo 2020 00:00:00 GMT"):
        assert ask(address, "/all/atom.xml", If_Modified_Since=nonsense)[0].status == 200


def test_texts_are_packed_for_those_who_can_unpack(address: Address, root: Path) -> None:
    plain, body = ask(address, "/all/atom.xml")
    packed, sent = ask(address, "/all/atom.xml", Accept_Encoding="br, gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(sent) == body == (root / "all" / "atom.xml").read_bytes()
    assert len(sent) < len(body)
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    again, _ = ask(address, "/all/atom.xml", Accept_Encoding="gzip", If_None_Match=packed.headers["ETag"])
    assert again.status == 304
    for refusing in ("gzip;q=0", "identity", "*;q=0", "gzip;q=x"):
        assert "Content-Encoding" not in ask(address, "/all/atom.xml", Accept_Encoding=refusing)[0].headers
    assert "Content-Encoding" not in ask(address, "/large.pdf", Accept_Encoding="gzip")[0].headers


def test_head_tells_what_get_would(address: Address) -> None:
    for path in ("/", "/all/atom.xml", "/large.pdf"):
        got, head = ask(address, path)[0], ask(address, path, "HEAD")
        assert head[1] == b""
        assert {**head[0].headers, "date": ""} == {**got.headers, "date": ""}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_can_be_written(address: Address, method: str) -> None:
    assert ask(address, "/all/atom.xml", method)[0].status == 405


@pytest.mark.parametrize(
    "path",
    [
        "/../secret", "/%2e%2e/secret", "/..%2fsecret", "/all/../../secret", "/all/%2e%2e/%2e%2e/secret",
        "//etc/passwd", "/all//atom.xml", "/all/atom.xml/", "/.hidden", "/all/.bantin-0123456789abcdef",
        "/index.html%00.png", "/link.xml", "/linked/atom.xml", "/all\\atom.xml", "/" + "a" * 5000, "/archive/",
        "/all/archive/", "/%ff%fe", "/pipe.xml",
    ],
)  # fmt: skip
def test_nothing_else_is_served(address: Address, root: Path, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_text("secret")
    (root / ".hidden").write_text("secret")
    (root / "all" / ".bantin-0123456789abcdef").write_text("secret")
    (root / "link.xml").symlink_to(tmp_path / "secret")
    (root / "linked").symlink_to(root / "all")
    os.mkfifo(root / "pipe.xml")
    response, body = ask(address, path)
    assert response.status == 404
    assert b"secret" not in body
    assert b"atom" not in body


def test_a_folder_without_its_slash_leads_to_it_and_names_no_host(address: Address) -> None:
    response, _ = ask(address, "/all")
    assert (response.status, response.headers["Location"]) == (308, "/all/")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example"])
def test_only_the_own_names_are_answered(address: Address, host: str) -> None:
    response, body = ask(address, "/", Host=host)
    assert response.status == 400
    assert b"evil" not in body


def test_health_and_metrics(address: Address) -> None:
    assert ask(address, "/healthz")[1] == b'{"status":"ok"}'
    response, body = ask(address, "/metrics")
    assert (body, response.headers["Content-Type"]) == (
        b"bantin_seq 1\n",
        "text/plain; version=0.0.4; charset=utf-8",
    )


def test_a_file_replaced_while_it_is_read_stays_whole(address: Address, root: Path) -> None:
    before = (root / "large.pdf").read_bytes()
    connection = http.client.HTTPConnection(*address, timeout=10)
    connection.request("GET", "/large.pdf")
    response = connection.getresponse()
    start = response.read(1000)
    (root / "new").write_bytes(b"other")
    (root / "new").replace(root / "large.pdf")
    assert start + response.read() == before


@pytest.mark.parametrize(
    ("header", "accepted"),
    [("gzip", True), ("GZIP ;q=0.5", True), ("x-gzip", True), ("*", True), ("", False), ("deflate", False),
     ("gzip;q=0, *", False), ("*;q=0", False), ("gzip;q=0.0", False)],
)  # fmt: skip
def test_accept_encoding(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


def test_packed_copies_are_bounded() -> None:
    packer = Packer()
    for number in range(40):
        packer.remember(f"p{number}", "t", b"x" * 1024 * 1024)
    assert packer.known("p39", "t") is not None
    assert packer.known("p0", "t") is None
    assert sum(packer.known(f"p{n}", "t") is not None for n in range(40)) <= 32
