"""WACZ and other ZIP files as other tools and as nobody honest writes them."""

import gzip
import os
import random
import struct
import zipfile
from pathlib import Path

import pytest

from crawler.captures import CaptureError, packages, read_captures

PAGE = b"<html><h1>Tin</h1></html>" * 40
MARKUP = "Content-Type: text/html"


@pytest.fixture
def warc(record, http):
    """A gzipped WARC file with pages of these names."""

    def make(*names: str, **fields: str) -> bytes:
        pages = (record("response", f"http://congso.vn/{n}", http(PAGE, MARKUP), **fields) for n in names)
        return b"".join(gzip.compress(page, mtime=0) for page in pages)

    return make


def package(path: Path, members: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def urls(reader) -> list[str]:
    return [response.url.rpartition("/")[2] for response in reader]


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_members_are_read_where_they_stand(tmp_path, warc, how):
    members = {
        "archive/2.warc.gz": warc("c", "d"),
        "archive/1.warc.gz": warc("a", "b"),
        "archive/3.warc": gzip.decompress(warc("e")),
        "indexes/index.cdx.gz": gzip.compress(b"no index at all"),
        "pages/pages.jsonl": b"{",
        "datapackage.json": b"{",
    }
    reader = read_captures(package(tmp_path / "x.wacz", members, how))
    found = list(reader)
    assert urls(found) == list("abcde")
    assert [r.warc for r in found] == ["1.warc.gz"] * 2 + ["2.warc.gz"] * 2 + ["3.warc"]
    assert [r.payload for r in found] == [PAGE] * 5
    assert not any(r.addressable for r in found)
    assert not reader.problems


def test_folders_around_and_things_beside(tmp_path, warc):
    members = {
        "my crawl/archive/a.WARC.GZ": warc("a"),
        "my crawl/archive/": b"",
        "__MACOSX/my crawl/archive/._a.warc.gz": b"\0\5\x16\7",
        "b.warc.gz": warc("b"),
        "../../c.warc.gz": warc("c"),
        "/etc/d.warc.gz": warc("d"),
        "win\\dows\\e.warc.gz": warc("e"),
    }
    before = sorted(tmp_path.rglob("*"))
    path = package(tmp_path / "x.wacz", members)
    reader = read_captures(path)
    found = list(reader)
    assert sorted(urls(found)) == list("abcde")
    assert all("/" not in r.warc and "\\" not in r.warc for r in found)
    assert sorted(tmp_path.rglob("*")) == [*before, path]
    assert not reader.problems


def test_a_package_of_packages(tmp_path, warc):
    inner = package(tmp_path / "inner", {"archive/a.warc.gz": warc("a")}).read_bytes()
    deepest = package(
        tmp_path / "deep", {"x/again.wacz": package(tmp_path / "d", {"y.wacz": inner}).read_bytes()}
    )
    members = {"1.wacz": inner, "2.wacz": inner, "3.wacz": deepest.read_bytes(), "b.warc.gz": warc("b")}
    assert urls(read_captures(package(tmp_path / "x.wacz", members))) == ["a", "a", "b"]


def test_a_damaged_package_in_a_package_costs_only_itself(tmp_path, warc):
    reader = read_captures(package(tmp_path / "x.wacz", {"1.wacz": b"PK", "b.warc.gz": warc("b")}))
    assert urls(reader) == ["b"]
    assert dict(reader.problems) == {"not-warc": 1}


def test_a_name_without_the_suffix_is_known_by_its_bytes(tmp_path, warc):
    assert urls(read_captures(package(tmp_path / "download.zip", {"a.warc.gz": warc("a")}))) == ["a"]


def test_a_file_before_the_package(tmp_path, warc):
    """As self-extracting programs are, and as a download that was put together wrongly."""
    path = package(tmp_path / "x.wacz", {"a.warc.gz": warc("a")})
    path.write_bytes(b"PK\x03\x04 something else" + path.read_bytes())
    assert urls(read_captures(path)) == ["a"]


@pytest.mark.parametrize("order", [("1", "2"), ("2", "1")])
def test_revisits_find_their_original_in_another_member(tmp_path, warc, record, http, order):
    revisit = record(
        "revisit", "http://congso.vn/b", http(b"", "X: revisit"), date="2020-04-01T00:00:00Z",
        WARC_Profile="http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        WARC_Payload_Digest="sha1:AAAA",
    )  # fmt: skip
    original = warc("a", WARC_Payload_Digest="sha1:AAAA")
    files = dict(zip(order, (original, gzip.compress(revisit)), strict=True))
    path = package(
        tmp_path / "x.wacz", {f"{n}.warc.gz": data for n, data in files.items()}, zipfile.ZIP_DEFLATED
    )
    reader = read_captures(path)
    assert {(r.url, r.payload) for r in reader} == {
        ("http://congso.vn/a", PAGE),
        ("http://congso.vn/b", PAGE),
    }
    assert not reader.problems


def test_a_torn_member_costs_its_last_record(tmp_path, warc):
    reader = read_captures(
        package(tmp_path / "x.wacz", {"a.warc.gz": warc("a", "b")[:-9], "b.warc.gz": warc("c")})
    )
    assert urls(reader) == ["a", "c"]
    assert dict(reader.problems) == {"torn": 1}


def test_only_wanted_addresses_are_read(tmp_path, warc):
    path = package(tmp_path / "x.wacz", {"a.warc.gz": warc("a", "b")})
    assert urls(read_captures(path, wanted=lambda url: url.endswith("b"))) == ["b"]


# -- folders -------------------------------------------------------------------------------------------------


def test_a_folder_of_everything(tmp_path, warc):
    (tmp_path / "2019" / "old").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    package(tmp_path / "b.wacz", {"archive/inner.warc.gz": warc("b")})
    (tmp_path / "a.warc.gz").write_bytes(warc("a"))
    (tmp_path / "2019" / "old" / "c.warc").write_bytes(gzip.decompress(warc("c")))
    (tmp_path / "2019" / "d.html").write_text('<link rel="canonical" href="http://congso.vn/d">')
    (tmp_path / ".hidden" / "e.warc.gz").write_bytes(warc("e"))
    (tmp_path / "broken.wacz").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "empty.wacz").write_bytes(package(tmp_path / "e", {"notes.txt": b"x"}).read_bytes())
    os.mkfifo(tmp_path / "pipe.warc.gz")
    reader = read_captures(tmp_path)
    found = list(reader)
    assert urls(found) == ["a", "b", "d", "c"]
    assert [r.addressable for r in found] == [True, False, False, False]
    assert dict(reader.problems) == {"not-warc": 2}


# -- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "message"),
    [({}, "no WARC file"), ({"a.txt": b"x"}, "no WARC file"), ({"archive/": b""}, "no WARC file")],
)
def test_a_package_without_warc_files_is_refused_by_name(tmp_path, members, message):
    with pytest.raises(CaptureError, match=message) as refused:
        read_captures(package(tmp_path / "x.wacz", members))
    assert "x.wacz" in str(refused.value)


def test_a_torn_package_is_refused_by_name(tmp_path, warc):
    path = package(tmp_path / "x.wacz", {"a.warc.gz": warc("a")})
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(CaptureError, match=r"x\.wacz is no readable WACZ file"):
        read_captures(path)


def test_members_that_are_no_warc_files_are_counted(tmp_path, warc):
    reader = read_captures(package(tmp_path / "x.wacz", {"a.warc.gz": b"<html>", "b.warc.gz": warc("b")}))
    assert urls(reader) == ["b"]
    assert dict(reader.problems) == {"not-warc": 1}


@pytest.mark.parametrize(("field", "value"), [(8, 1), (10, 99)], ids=["encrypted", "unknown method"])
def test_members_that_cannot_be_unpacked_are_counted(tmp_path, warc, field, value):
    path = package(tmp_path / "x.wacz", {"a.warc.gz": warc("a"), "b.warc.gz": warc("b")})
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    struct.pack_into("<H", data, entry + field, value)
    path.write_bytes(data)
    reader = read_captures(path)
    assert urls(reader) == ["b"]
    assert dict(reader.problems) == {"not-warc": 1}


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "_FREE_GROWTH", 0)
    zeros = b"WARC/1.0\r\n" + bytes(4_000_000)
    path = package(tmp_path / "x.wacz", {"a.warc": zeros}, zipfile.ZIP_DEFLATED)
    assert path.stat().st_size < 10_000
    with pytest.raises(CaptureError, match="claims to hold 4000010 bytes"):
        read_captures(path)
    (tmp_path / "folder").mkdir()
    path.rename(tmp_path / "folder" / "x.wacz")
    reader = read_captures(tmp_path / "folder")
    assert (list(reader), dict(reader.problems)) == ([], {"oversized": 1})


def test_a_bomb_that_lies_gives_no_more_than_it_claims(tmp_path, monkeypatch):
    unpacked = []
    real = packages._inflate
    monkeypatch.setattr(packages, "_inflate", lambda *a: unpacked.append(real(*a)) or unpacked[-1])
    path = package(tmp_path / "x.wacz", {"a.warc": b"WARC/1.0\r\n" + bytes(4_000_000)}, zipfile.ZIP_DEFLATED)
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 5000)
    path.write_bytes(data)
    assert list(read_captures(path)) == []
    assert unpacked == [5000]


def test_a_bomb_of_gzip_inside_is_read_in_small_pieces(tmp_path):
    bomb = gzip.compress(b"WARC/1.0\r\nX: " + bytes(60_000_000), 1)
    reader = read_captures(package(tmp_path / "x.wacz", {"a.warc.gz": bomb}))
    assert (list(reader), dict(reader.problems)) == ([], {"torn": 1})


def test_an_endless_list_of_members_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "_LONGEST_LIST", 10_000)
    path = package(tmp_path / "x.wacz", {f"{i}.warc.gz": b"" for i in range(1000)})
    with pytest.raises(CaptureError, match="list of members is too long"):
        read_captures(path)


def test_bytes_that_are_listed_many_times_are_refused(tmp_path, warc):
    """A small file that would be read, or unpacked, for ever."""
    data = package(tmp_path / "x.wacz", {"a.warc.gz": warc("a")}).read_bytes()
    listed, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entries = data[listed:end] * 500
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 500, 500, len(entries), listed, 0)
    (tmp_path / "x.wacz").write_bytes(data[:listed] + entries + tail)
    with pytest.raises(CaptureError, match="lists the same bytes more than once"):
        read_captures(tmp_path / "x.wacz")


def test_more_files_than_anybody_has(tmp_path, warc, monkeypatch):
    monkeypatch.setattr(packages, "_MOST_FILES", 3)
    assert urls(read_captures(package(tmp_path / "x.wacz", {f"{n}.warc.gz": warc(n) for n in "abc"}))) == [
        "a",
        "b",
        "c",
    ]
    with pytest.raises(CaptureError, match="more than 3 WARC files"):
        read_captures(package(tmp_path / "x.wacz", {f"{n}.warc.gz": b"" for n in "abcd"}))


def test_a_member_that_is_not_where_the_list_says(tmp_path, warc):
    path = package(tmp_path / "x.wacz", {"a.warc.gz": warc("a"), "b.warc.gz": warc("b")})
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 42, 7)
    path.write_bytes(data)
    reader = read_captures(path)
    assert urls(reader) == ["b"]
    assert dict(reader.problems) == {"not-warc": 1}


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_mutated_packages(tmp_path, warc, how):
    """Whatever is flipped, doubled or missing: pages that were there, or one clear refusal."""
    whole = package(tmp_path / "w", {"archive/a.warc.gz": warc("a", "b"), "x.wacz": b"PK", "n": b"1"}, how)
    assert urls(read_captures(whole)) == ["a", "b"]
    data, rng, path = whole.read_bytes(), random.Random(20200325), tmp_path / "x.wacz"
    for _ in range(400):
        mutated = bytearray(data)
        for _ in range(rng.randint(1, 3)):
            at, size = rng.randrange(len(mutated)), rng.randint(1, 30)
            mutated[at : at + size] = rng.choice(
                [b"", bytes(mutated[at : at + size]) * 2, rng.randbytes(size)]
            )
        path.write_bytes(mutated)
        try:
            found = list(read_captures(path))
        except CaptureError as error:
            assert str(error)  # noqa: PT017 (any refusal will do, so long as it speaks)
            continue
        assert all(r.payload == PAGE for r in found)
