"""No bytes whatever make the reader fail with anything but CaptureError, run long or grow."""

import gzip
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.captures import CapturedResponse, CaptureError, CodingError, decoded_body, read_captures

any_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def read_all(path) -> list[CapturedResponse]:
    try:
        found = list(read_captures(path))
    except CaptureError:
        return []
    for response in found:
        try:
            decoded_body(response)
        except CodingError:
            continue
    return found


@any_folder
@given(
    st.binary(max_size=600),
    st.sampled_from([b"", b"WARC/1.0\r\n", b"\x1f\x8b\x08", b"\x1f\x8b\x08" + b"\0" * 7]),
)
def test_any_bytes(tmp_path, data, start):
    path = tmp_path / "x.warc"
    path.write_bytes(start + data)
    read_all(path)


@any_folder
@given(st.binary(max_size=300), st.binary(max_size=200), st.booleans())
def test_any_head_and_any_block(tmp_path, head, block, packed):
    data = b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://a/\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
    data += (
        head + b"\r\nContent-Length: %d\r\n\r\nHTTP/1.1 200 OK\r\n" % (17 + len(block)) + block + b"\r\n\r\n"
    )
    path = tmp_path / "x.warc"
    path.write_bytes(gzip.compress(data) if packed else data)
    read_all(path)


@pytest.mark.parametrize("kind", ["plain", "members", "one member"])
def test_mutated_archives(tmp_path, record, http, kind):
    """Flipped, doubled and missing pieces: what is given is one of the responses that were there, unharmed."""
    bodies = [b"<p>%d</p>" % i * 50 for i in range(5)]
    revisit = {"WARC_Refers_To_Target_URI": "http://a/1", "WARC_Refers_To_Date": "2020-03-25T03:00:00Z"}
    records = [
        record("response", f"http://a/{i}", http(body, f"Content-Length: {len(body)}"))
        for i, body in enumerate(bodies)
    ]
    records.append(record("revisit", "http://a/9", http(b""), date="2020-04-01T00:00:00Z", **revisit))
    whole = {
        "plain": b"".join(records),
        "members": b"".join(gzip.compress(r) for r in records),
        "one member": gzip.compress(b"".join(records)),
    }[kind]
    rng = random.Random(20200325)
    path = tmp_path / "x.warc"
    for _ in range(250):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            at, size = rng.randrange(len(data)), rng.randint(1, 60)
            data[at : at + size] = rng.choice([b"", bytes(data[at : at + size]) * 2, rng.randbytes(size)])
        path.write_bytes(data)
        found = read_all(path)
        assert len(found) <= 2 * len(records)
        if kind == "members":  # each record has a checksum of its own
            assert all(r.payload in bodies for r in found)


def test_endless_lines_and_heads_are_bounded(tmp_path):
    path = tmp_path / "x.warc.gz"
    for filler in (b"X" * 10_000_000, b"X: y\r\n" * 1_000_000, b"\r\n" * 3_000_000):
        path.write_bytes(gzip.compress(b"WARC/1.0\r\n" + filler, 1))
        reader = read_captures(path)
        assert not list(reader)
        assert dict(reader.problems) == {"torn": 1}
