"""Content codings within limits; what is damaged is refused, never given in part."""

import gzip
import struct
import subprocess
import sys
import zlib

import brotli
import pytest

from crawler.captures import CodingError, decode_payload

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = "<html><p>Đảng ủy Khối các cơ quan Trung ương</p></html>".encode() * 20
LIMIT = 8 * 1024 * 1024


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def headers(coding: str = "", content_type: str = "text/html") -> tuple[tuple[str, str], ...]:
    return (("Content-Type", content_type), ("content-encoding", coding))


def two_members(data: bytes) -> bytes:
    return gzip.compress(data[:100]) + gzip.compress(data[100:])


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("GZIP", gzip.compress),
        ("gzip", two_members),
        ("gzip", lambda data: gzip.compress(data) + b"\0" * 40),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("br", brotli.compress),
        ("zstd", zstd.compress),
        ("gzip, br", lambda data: brotli.compress(gzip.compress(data))),
        ("identity", bytes),
        ("identity, gzip", gzip.compress),
        ("", bytes),
    ],
)
def test_codings(coding, pack):
    assert decode_payload(pack(PAGE), headers(coding)) == PAGE


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, br"])
def test_a_coding_that_somebody_has_undone_already(coding):
    """Common Crawl and others keep the header of a body that they unpacked."""
    assert decode_payload(PAGE, headers(coding)) == PAGE
    assert decode_payload(b"\xef\xbb\xbf\r\n" + PAGE, headers(coding)).endswith(PAGE)
    assert decode_payload(b"", headers(coding)) == b""


@pytest.mark.parametrize(
    "content_type", ["text/html; charset=utf-8", "TEXT/HTML", "application/xhtml+xml", ""]
)
def test_gzip_that_no_header_names_is_undone_for_text(content_type):
    assert decode_payload(gzip.compress(PAGE), headers("", content_type)) == PAGE


@pytest.mark.parametrize("content_type", ["application/gzip", "application/octet-stream", "image/svg+xml"])
def test_a_file_that_is_gzip_stays_gzip(content_type):
    packed = gzip.compress(PAGE)
    assert decode_payload(packed, headers("", content_type)) == packed


def test_a_doubled_header_of_which_one_is_empty():
    doubled = (("content-encoding", ""), ("Content-Encoding", "gzip"))
    assert decode_payload(gzip.compress(PAGE), doubled) == PAGE


@pytest.mark.parametrize(
    ("coding", "pack", "spoil"),
    [
        ("gzip", gzip.compress, "cut"),
        ("gzip", gzip.compress, "flip"),
        ("gzip", gzip.compress, "checksum"),
        ("deflate", zlib.compress, "cut"),
        ("deflate", zlib.compress, "flip"),
        ("deflate", zlib.compress, "checksum"),
        ("br", brotli.compress, "cut"),  # neither br nor zstd carries a checksum
        ("zstd", zstd.compress, "cut"),
    ],
)
def test_damage_is_refused(coding, pack, spoil):
    packed = bytearray(pack(bytes(range(256)) * 40 + PAGE))
    if spoil == "cut":
        packed = packed[:-5]
    else:
        packed[len(packed) // 2 if spoil == "flip" else -2] ^= 0xFF
    with pytest.raises(CodingError) as refused:
        decode_payload(bytes(packed), headers(coding))
    assert refused.value.reason == "broken"


@pytest.mark.parametrize("coding", ["compress", "sdch", "gzip, unknown", "aws-chunked"])
def test_an_unknown_coding_is_refused(coding):
    with pytest.raises(CodingError) as refused:
        decode_payload(PAGE, headers(coding))
    assert refused.value.reason == "unknown-coding"


def test_binary_rubbish_under_a_coding_is_refused():
    for coding in ("deflate", "br"):
        with pytest.raises(CodingError):
            decode_payload(b"\x03\x01\x02rubbish" * 9, headers(coding))


# -- bombs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("br", lambda data: brotli.compress(data, quality=5)),
        ("zstd", zstd.compress),
        ("", gzip.compress),
        ("", bytes),
    ],
)
def test_one_byte_beyond_the_limit_is_too_much(coding, pack):
    limit = 1_000_000
    assert len(decode_payload(pack(b" " * limit), headers(coding), limit=limit)) == limit
    with pytest.raises(CodingError) as refused:
        decode_payload(pack(b" " * (limit + 1)), headers(coding), limit=limit)
    assert refused.value.reason == "too-large"


def test_layers_and_members_are_limited():
    packed = PAGE
    for _ in range(5):
        packed = gzip.compress(packed)
    with pytest.raises(CodingError):
        decode_payload(packed, headers(", ".join(["gzip"] * 5)))
    with pytest.raises(CodingError, match="members"):
        decode_payload(gzip.compress(b"") * 400_000, headers("gzip"))


def test_a_zstd_frame_may_not_ask_for_a_huge_window():
    """Magic, a frame header that declares a 2 GiB window, one empty last block."""
    frame = b"\x28\xb5\x2f\xfd" + bytes([0x00, (31 - 10) << 3]) + struct.pack("<I", 1)[:3]
    with pytest.raises(CodingError):
        decode_payload(frame, headers("zstd"))


_BOMBS = """
import gzip, pathlib, resource, sys, zlib
import brotli
from crawler.captures import CodingError, decoded_body, read_captures
reader = read_captures(pathlib.Path(sys.argv[1]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
refused = 0
for response in reader:
    try:
        decoded_body(response)
    except CodingError as error:
        assert error.reason == "too-large", error.reason
        refused += 1
print(refused, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_bombs_in_an_archive_are_refused_in_bounded_memory(tmp_path, record, http):
    """128 MiB unpacked behind each of three codings; and a record whose WARC member itself is the bomb."""
    zeros = bytes(16 * 1024 * 1024)

    def streamed(packer, ending="flush"):
        return b"".join(packer(zeros) for _ in range(8)) + ending()

    gz, df = zlib.compressobj(1, zlib.DEFLATED, 31), zlib.compressobj(1)
    br = brotli.Compressor(quality=1)
    bombs = {
        "gzip": streamed(gz.compress, gz.flush),
        "deflate": streamed(df.compress, df.flush),
        "br": streamed(br.process, br.finish),
    }
    records = [
        gzip.compress(record("response", f"http://congso.vn/{c}", http(b, f"Content-Encoding: {c}")))
        for c, b in bombs.items()
    ]
    head = record("response", "http://congso.vn/member", length=2**27).removesuffix(b"\r\n\r\n")
    member = zlib.compressobj(1, zlib.DEFLATED, 31)
    packed = member.compress(head) + streamed(member.compress, member.flush)
    (tmp_path / "bombs.warc.gz").write_bytes(b"".join(records) + packed + records[0])
    done = subprocess.run(
        [sys.executable, "-c", _BOMBS, tmp_path], capture_output=True, text=True, check=True
    )
    refused, grown = map(int, done.stdout.split())
    assert refused == 4
    assert grown < 80  # MiB; any bomb alone would take 128


_FLAT = """
import pathlib, resource, sys
from crawler.captures import read_captures
reader = read_captures(pathlib.Path(sys.argv[1]))
next(reader)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum(1 for _ in reader)
print(count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_memory_does_not_grow_with_the_archive(tmp_path, record, http):
    """A revisit at the end makes the reader look for its original in everything before."""
    body = http(b"x" * 3000)
    date = {"WARC_Refers_To_Target_URI": "http://congso.vn/7", "WARC_Refers_To_Date": "2020-03-25T03:00:00Z"}
    with (tmp_path / "x.warc").open("wb") as file:
        for i in range(8000):
            file.write(record("response", f"http://congso.vn/{i}", body, X_Field="y" * 500))
        file.write(record("revisit", "http://congso.vn/r", http(b""), date="2020-04-01T00:00:00Z", **date))
    done = subprocess.run([sys.executable, "-c", _FLAT, tmp_path], capture_output=True, text=True, check=True)
    count, grown = map(int, done.stdout.split())
    assert count == 8000
    assert grown < 8  # MiB
