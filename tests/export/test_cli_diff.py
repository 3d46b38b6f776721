"""`bantin diff ID`: what one article said over time."""

import os
import pty
from pathlib import Path

import pytest

from crawler.items import Image, ViewCount
from tests.export.site import SITE_FILE, Installation
from tests.store.samples import SITE, article, at, read

TEXT = "Đoạn một.\n\nHội nghị có 150 đại biểu dự.\n\nĐoạn ba."


@pytest.fixture
def bantin(tmp_path: Path) -> Installation:
    installation = Installation(tmp_path)
    changed = TEXT.replace("150", "120")

    def history(writer: object) -> None:
        read(writer, article(1, text=TEXT))
        read(writer, article(1, day=1, text=TEXT, views=ViewCount(500, exact=True)))
        read(writer, article(1, day=3, text=changed, title="Tên mới", images=(Image(None, "Khác"),)))
        read(writer, article(1, day=2, text=changed, author="Người khác"))
        read(writer, article(2))

    installation.write(history)
    return installation


def test_revisions_oldest_first_with_time_and_capture(bantin: Installation) -> None:
    ended = bantin.run("diff", "pm1")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[:3] == [
        f"{SITE}/pm1: Tên mới",
        "http://phuongmai.example/hop-to-dan-pho-pm1.aspx",
        "3 revisions",
    ]
    heads = [line for line in lines if line[:1].isdigit() and ". " in line]
    assert heads == [
        "1. 2021-03-01T09:30:00+07:00 to 2021-03-02T09:30:00+07:00",
        "2. 2021-03-03T09:30:00+07:00",
        "3. 2021-03-04T09:30:00+07:00",
    ]
    assert ended.out.count("in phuong-mai-000001.warc.gz at ") == 3
    second = lines[lines.index(heads[1]) : lines.index(heads[2])]
    assert [line.strip() for line in second[3:] if line] == [
        "text:",
        "(1 paragraph unchanged)",
        "- Hội nghị có [-150-] đại biểu dự.",
        "+ Hội nghị có {+120+} đại biểu dự.",
        "(1 paragraph unchanged)",
    ]
    third = lines[lines.index(heads[2]) :]
    assert [line.strip() for line in third if line.endswith(":")] == ["title:", "captions:"]
    assert "\x1b" not in ended.out


def test_machine_readable(bantin: Installation) -> None:
    told = bantin.run("--json", "diff", "pm1").json
    assert (told["site"], told["id"], told["deleted_at"], len(told["revisions"])) == (SITE, "pm1", None, 3)
    first, second, _ = told["revisions"]
    assert (first["first_seen"], first["last_seen"]) == ("2021-03-01T02:30:00Z", "2021-03-02T02:30:00Z")
    assert first["changes"] == []
    assert first["capture"]["warc"] == "phuong-mai-000001.warc.gz"
    assert first["capture"]["digest"].startswith("sha256:")
    assert second["changes"] == [
        {
            "field": "text",
            "hunks": [
                {"op": "kept", "count": 1},
                {
                    "op": "changed",
                    "old": "Hội nghị có 150 đại biểu dự.",
                    "new": "Hội nghị có 120 đại biểu dự.",
                    "words": [
                        ["same", "Hội nghị có "],
                        ["removed", "150"],
                        ["added", "120"],
                        ["same", " đại biểu dự."],
                    ],
                },
                {"op": "kept", "count": 1},
            ],
        }
    ]


@pytest.mark.parametrize(
    "named",
    [
        "pm2",
        f"{SITE}/pm2",
        f"{SITE}:pm2",
        "tag:phuongmai.example,2020:pm2",
        "http://phuongmai.example/ten-cu-pm2.aspx",
    ],
)
def test_an_article_has_many_names_and_one_revision_is_said(bantin: Installation, named: str) -> None:
    ended = bantin.run("diff", named)
    assert ended.code == 0
    assert "pm2: Họp tổ dân phố số 2" in ended.out
    assert "one revision" in ended.out


@pytest.mark.parametrize(
    "named",
    ["pm77", "pm", f"{SITE}/pm77", "khac/pm1", "http://khac.example/x-pm1.aspx", "tag:khac,2020:pm1"],
)
def test_an_unknown_article_is_one_clear_line(bantin: Installation, named: str) -> None:
    ended = bantin.run("diff", named)
    assert (ended.code, ended.out) == (2, "")
    assert named in ended.told
    assert SITE in ended.told


def test_an_id_of_several_sites_asks_which(bantin: Installation) -> None:
    from dataclasses import replace

    from crawler.store import open_store

    other = SITE_FILE.replace(f'"{SITE}"', '"phuong-khac"')
    (bantin.folder / "other.toml").write_text(other, encoding="utf-8")
    with open_store(bantin.url) as store, store.writer("phuong-khac", "test", at(0)) as writer:
        writer.begin_run("live", at(0), full=False)
        read(writer, replace(article(1), site="phuong-khac"))
        writer.commit()
    both = ["--site", "site.toml", "--site", "other.toml"]
    ended = bantin.run(*both, "diff", "pm1")
    assert ended.code == 2
    assert f"{SITE}/pm1 or phuong-khac/pm1" in ended.told
    assert bantin.run(*both, "diff", "phuong-khac/pm1").code == 0


def test_an_article_that_is_gone_keeps_its_history(bantin: Installation) -> None:
    bantin.write(lambda writer: writer.settle("pm1", "gone", at(20), reason="410"))
    ended = bantin.run("diff", "pm1")
    assert ended.code == 0
    assert "gone from the portal since 2021-03-21T09:30:00+07:00" in ended.out
    assert "3 revisions" in ended.out


def test_without_a_store(tmp_path: Path) -> None:
    ended = Installation(tmp_path).run("diff", "pm1")
    assert (ended.code, "no store" in ended.told) == (4, True)


@pytest.mark.parametrize("no_colour", [False, True])
def test_colour_on_a_terminal_only(bantin: Installation, no_colour: bool) -> None:
    import subprocess
    import sys

    ours, theirs = pty.openpty()
    env = bantin.environment | ({"NO_COLOR": "1"} if no_colour else {})
    command = [sys.executable, "-m", "feeds", "diff", "pm1"]
    with subprocess.Popen(command, cwd=bantin.folder, env=env, stdout=theirs) as process:
        os.close(theirs)
        shown = b""
        try:
            while data := os.read(ours, 4096):
                shown += data
        except OSError:  # how Linux tells the end
            pass
    os.close(ours)
    assert process.returncode == 0
    assert (b"\x1b[32m{+120+}" in shown) is not no_colour
    assert b"{+120+}" in shown


def test_a_portal_cannot_steer_the_terminal(bantin: Installation) -> None:
    bantin.fill(5, text="Một\u202e hai\u2028ba.")
    bantin.fill(5, day=1, text="Một\u202e hai\u2028bốn.", title="Tên\u2066 khác")
    out = bantin.run("diff", "pm5").out
    assert not any(mark in out for mark in "\u202e\u2028\u2066")
