"""The contract's records: their members, their shapes, their lines, their schema."""

import copy
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from crawler.changes import decide
from crawler.export import FIELDS, line, page_record, schema, state_record, view_record, write_lines
from crawler.items import Article, Event, Published, ViewCount, ViewObservation
from tests.store.samples import NEWS, SITE, article, at, capture

VIETNAM = timezone(timedelta(hours=7))
VALIDATOR = Draft202012Validator(schema("article-1"))


def record(page: Article | None = None) -> dict[str, Any]:
    page = page or article()
    decision = decide(None, page, capture(page), (NEWS,))
    return state_record(replace(decision.state, seq=7), "created", page.fetched_at)


def test_a_record_in_the_shapes_of_the_contract() -> None:
    made = record()
    VALIDATOR.validate(made)
    assert tuple(made) == FIELDS
    digest = made.pop("digest")
    assert digest.startswith("sha256:")
    assert made == {
        "schema": "bantin/article/1",
        "seq": 7,
        "op": "created",
        "at": "2021-03-01T02:30:00Z",
        "site": SITE,
        "id": "pm1",
        "url": "http://phuongmai.example/hop-to-dan-pho-pm1.aspx",
        "aliases": [],
        "title": "Họp tổ dân phố số 1",
        "sections": [{"id": "tin-tuc", "title": "Tin tức"}],
        "series": {"id": "hop-to", "period": "2021-02"},
        "published": {"date": "2021-02-02", "precision": "day", "text": "01/02/2021"},
        "views": {"count": 101, "observed_at": "2021-03-01T02:30:00Z"},
        "lead": "Sáng 1/2, tổ dân phố họp.",
        "author": "Lê Thị Hạnh",
        "organization": None,
        "text": "Đoạn một của bài.\n\nĐoạn hai./.",
        "html": "<p>Đoạn một của bài.</p><p>Đoạn hai./.</p>",
        "event": {"start": "2021-02-01", "end": "2021-02-01", "place": "nhà văn hóa phường"},
        "images": [
            {"url": "http://phuongmai.example/a.jpg", "caption": "Toàn cảnh cuộc họp"},
            {"url": None, "caption": "Bà con phát biểu"},
        ],
        "attachments": [
            {
                "url": "http://phuongmai.example/t.pdf",
                "title": "Biên bản",
                "media_type": "application/pdf",
                "bytes": None,
            }
        ],
        "related": [
            {
                "id": "pm900",
                "title": "Bài khác",
                "age": "1 tháng trước",
                "published": {"earliest": "2021-01-03", "latest": "2021-02-01"},
            }
        ],
        "revision": "2021-03-01T02:30:00Z",
        "first_seen": "2021-03-01T02:30:00Z",
        "last_seen": "2021-03-01T02:30:00Z",
        "capture": {
            "source": "live",
            "url": "http://phuongmai.example/hop-to-dan-pho-pm1.aspx",
            "fetched_at": "2021-03-01T02:30:00Z",
            "digest": capture(article()).digest,
            "warc": "phuong-mai-000001.warc.gz",
            "offset": capture(article()).offset,
        },
    }


def test_a_page_alone_decides_these_fields() -> None:
    made = page_record(replace(article(), sections=(NEWS,)))
    whole = record()
    beyond = {"schema", "seq", "op", "at", "site", "aliases", "revision", "digest", "first_seen", "last_seen"}
    assert set(whole) - set(made) == beyond | {"capture"}
    assert made == {name: whole[name] for name in made}
    assert list(made) == [name for name in FIELDS if name in made]


def test_what_a_page_lacks_is_null_or_empty() -> None:
    bare = Article(SITE, "pm1", "http://phuongmai.example/x-pm1.aspx", at(0), title="Tên")
    made = page_record(bare)
    empty = {"sections": [], "text": "", "html": "", "images": [], "attachments": [], "related": []}
    assert {name: made[name] for name in empty} == empty
    names = ("series", "published", "views", "lead", "author", "organization", "event")
    assert [made[name] for name in names] == [None] * len(names)
    VALIDATOR.validate(record(bare))
    unreadable = Article(SITE, None, "http://phuongmai.example/", at(0), refusal="soft-404")
    assert (page_record(unreadable)["id"], page_record(unreadable)["title"]) == (None, None)


def test_hours_of_the_day_keep_their_zone() -> None:
    start = datetime(2021, 2, 1, 8, 30, tzinfo=VIETNAM)
    page = article(event=Event(start, start, None), published=Published(start, "minute", "08:30 01/02/2021"))
    made = record(page)
    VALIDATOR.validate(made)
    assert made["event"] == {
        "start": "2021-02-01T08:30:00+07:00",
        "end": "2021-02-01T08:30:00+07:00",
        "place": None,
    }
    assert made["published"]["date"] == "2021-02-01T08:30:00+07:00"


def test_times_are_utc_whatever_zone_they_came_in() -> None:
    local = at(0).astimezone(VIETNAM)
    assert record(replace(article(), fetched_at=local))["first_seen"] == "2021-03-01T02:30:00Z"
    odd = replace(article(), fetched_at=at(0) + timedelta(microseconds=5))
    assert record(odd)["first_seen"] == "2021-03-01T02:30:00.000005Z"
    VALIDATOR.validate(record(odd))


def test_a_tombstone_carries_no_content() -> None:
    state = decide(None, article(), capture(article()), ()).state
    made = state_record(replace(state, seq=2, deleted_at=at(3)), "deleted", at(3), "410")
    VALIDATOR.validate(made)
    assert list(made) == ["schema", "seq", "op", "at", "site", "id", "url", "reason", "digest"]


def test_view_records() -> None:
    made = view_record(3, SITE, "pm1", ViewObservation(433, at(1)))
    assert json.dumps(made) == (
        '{"schema": "bantin/views/1", "n": 3, "site": "phuong-mai", "id": "pm1", "count": 433,'
        ' "observed_at": "2021-03-02T02:30:00Z"}'
    )
    Draft202012Validator(schema("views-1")).validate(made)


def test_one_line_is_one_line_to_every_reader() -> None:
    odd = record(article(text="một\u2028hai\u2029ba\u0085bốn\r\nnăm"))
    stream = io.StringIO()
    assert write_lines([odd, odd], stream) == 2
    written = stream.getvalue()
    assert written.isascii()
    assert len(written.splitlines()) == 2
    assert [json.loads(one) for one in written.split("\n")[:-1]] == [odd, odd]
    assert line(odd) == line(json.loads(line(odd)))


def test_the_schemas_are_valid_and_name_themselves() -> None:
    for name in ("article-1", "views-1"):
        Draft202012Validator.check_schema(schema(name))
        assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema(name)["$id"] == f"urn:bantin:schema:{name.replace('-', ':')}"
    with pytest.raises(FileNotFoundError):
        schema("article-99")


WRONG: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no id": lambda r: r.pop("id"),
    "no html": lambda r: r.pop("html"),
    "no capture": lambda r: r.pop("capture"),
    "empty title": lambda r: r.update(title=""),
    "local time": lambda r: r.update(first_seen="2021-03-01T02:30:00+07:00"),
    "no such month": lambda r: r["published"].update(date="2021-13-01"),
    "day with a time": lambda r: r["published"].update(date="2021-02-01T08:30:00+07:00"),
    "minute without one": lambda r: r["published"].update(precision="minute"),
    "negative count": lambda r: r["views"].update(count=-1),
    "absurd count": lambda r: r["views"].update(count=2**53),
    "count as text": lambda r: r["views"].update(count="12"),
    "relative address": lambda r: r.update(url="/x-pm1.aspx"),
    "script address": lambda r: r["images"][0].update(url="javascript:alert(1)"),
    "picture of nothing": lambda r: r["images"][0].update(url=None, caption=None),
    "period of no kind": lambda r: r["series"].update(period="2021-Q5"),
    "upper case section": lambda r: r["sections"][0].update(id="Tin"),
    "control character": lambda r: r.update(text="a\x0b"),
    "short digest": lambda r: r.update(digest="sha256:abc"),
    "no such operation": lambda r: r.update(op="changed"),
    "number zero": lambda r: r.update(seq=0),
    "content of a deleted article": lambda r: r.update(op="deleted", reason="410"),
    "null text": lambda r: r.update(text=None),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_schema_refuses(name: str) -> None:
    wrong = copy.deepcopy(record())
    WRONG[name](wrong)
    assert not VALIDATOR.is_valid(wrong)


def test_the_schema_lets_fields_be_added() -> None:
    more = record() | {"language": "vi"}
    more["views"]["exact"] = True
    VALIDATOR.validate(more)


def test_a_view_count_of_an_unreadable_page_is_dated_by_its_fetching() -> None:
    page = replace(article(day=3), views=ViewCount(3200, exact=False))
    assert page_record(page)["views"] == {"count": 3200, "observed_at": "2021-03-04T02:30:00Z"}


def test_partial_dates_are_days() -> None:
    page = article(published=Published(date(2021, 2, 1), "month", "tháng 2/2021"))
    VALIDATOR.validate(record(page))
