"""Nothing unsafe leaves a store that was tampered with, and nothing safe is changed."""

import json
from collections import Counter
from pathlib import Path

import pytest

from crawler.export.safe import safe_records
from tests.eval import articles as rendered
from tests.export.lines import change
from tests.export.site import Installation

PLAIN = [
    "",
    "chữ trần",
    "<p>Một &amp; hai &lt;b&gt; &quot;ba&quot; &#x27;bốn&#x27;</p>\n<p>năm</p>",
    '<p><a href="https://a.example/x?a=1&amp;b=&#x27;2&#x27;">chỗ này</a> <strong><em>đậm</em></strong></p>',
    '<p><a href="mailto:a@b.example">thư</a> <a href="tel:024">số</a></p>',
    '<figure><img src="http://a.example/a b.jpg" alt="ảnh &quot;một&quot;"><figcaption>Lời</figcaption></figure>',
    "<h2>Mục</h2>\n<ol><li>a</li></ol>\n<table><tr><th>a</th><td>b<br>c</td></tr></table>",
    "<blockquote>“lời”</blockquote>",
]
UNSAFE = [
    "<script>alert(1)</script>",
    "<p onclick=alert(1)>x</p>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java&#x09;script:alert(1)">x</a>',
    '<a href="https://a.example" onmouseover="alert(1)">x</a>',
    '<img src="x" onerror="alert(1)" alt="">',
    '<img src="data:text/html,<script>alert(1)</script>" alt="">',
    "<svg onload=alert(1)>",
    "<iframe src=https://a.example></iframe>",
    "<style>*{}</style>",
    '<p><a href="https://a.example"><img src=x onerror=alert(1)//></a></p>',
    "<!--><script>alert(1)</script>-->",
    "<p>a\x00b\x1b[31m</p>",
]


@pytest.mark.parametrize("html", PLAIN)
def test_what_the_extractor_writes_is_never_changed(html: str) -> None:
    mended: Counter[str] = Counter()
    record = change(1) | {"html": html}
    assert [*safe_records([record, change(2), change(5)], mended)] == [record, change(2), change(5)]
    assert not mended


@pytest.mark.parametrize("seed", ["a", "b"])
def test_what_is_read_from_pages_in_made_markups_is_never_changed(seed: str) -> None:
    skin, stock = rendered.Dice(seed), rendered.articles()
    records = [rendered.read(skin, article, stock)[0] for article in rendered.sample(seed, stock)]
    mended: Counter[str] = Counter()
    assert [*safe_records(records, mended)] == records
    assert not mended
    assert sum("<img " in record["html"] for record in records) > 2


@pytest.mark.parametrize("html", UNSAFE)
def test_what_other_hands_wrote_is_made_safe(html: str) -> None:
    mended: Counter[str] = Counter()
    (made,) = safe_records([change(1) | {"html": html}], mended)
    assert mended == {"html": 1}
    for harm in (
        "alert(1)</",
        "onclick",
        "onerror",
        "onmouse",
        "onload",
        "javascript",
        "<s",
        "<iframe",
        "\x1b",
    ):
        assert harm not in made["html"]


def test_addresses_that_are_none_of_the_web() -> None:
    mended: Counter[str] = Counter()
    record = change(1)
    record["images"][0]["url"] = "javascript:alert(1)"
    record["attachments"][0]["url"] = "file:///etc/passwd"
    (made,) = safe_records([record], mended)
    assert made["images"][0] == {"url": None, "caption": "Toàn cảnh cuộc họp"}
    assert made["attachments"] == []
    assert mended == {"images": 1, "attachments": 1}


def test_a_long_hostile_text_ends() -> None:
    mended: Counter[str] = Counter()
    html = "<p>&amp;" * 20_000 + "<"
    assert len([*safe_records([change(1) | {"html": html}], mended)]) == 1


def test_a_store_that_was_tampered_with(tmp_path: Path) -> None:
    import sqlite3

    bantin = Installation(tmp_path)
    bantin.fill(1, 2)
    with sqlite3.connect(tmp_path / "store.sqlite") as database:
        database.execute(
            "UPDATE revisions SET content = replace(content, '<p>Đoạn một', '<script>alert(1)</script><p>Đoạn một')"
            " WHERE article = 'pm1'"
        )
    ended = bantin.run("export")
    assert ended.code == 0
    assert "script" not in ended.out
    assert "1 record(s) held unsafe html" in ended.told
    assert [json.loads(line)["id"] for line in ended.out.splitlines()] == ["pm1", "pm2"]
