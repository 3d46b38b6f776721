"""What goes wrong is told in one clear line and by the contract's exit code, and harms nothing stored."""

import signal
import time

import pytest

from fixtures.portal import Faults, scaled_portal
from fixtures.portal import faults as fault


@pytest.fixture
def bantin(serve):
    return serve(scaled_portal(30, sections=2, page_size=10), Faults())


def _one_line(ended, *words):
    lines = [line for line in ended.err.splitlines() if line.startswith("bantin:")]
    assert len(lines) == 1, ended.err
    assert "Traceback" not in ended.err
    for word in words:
        assert word in lines[0]


def test_an_unknown_site_is_named_with_those_that_exist(bantin):
    ended = bantin.run("--site", "nowhere", "crawl")
    assert ended.code == 2
    _one_line(ended, "nowhere", "dukcqtw")


def test_a_broken_site_file_is_named_with_its_line(bantin):
    (bantin.folder / "mine.toml").write_text('id = "x"\ntitle = \n', encoding="utf-8")
    ended = bantin.run("--site", "mine.toml", "crawl")
    assert ended.code == 2
    _one_line(ended, "mine.toml", "line 2")


def test_a_broken_configuration_is_named(bantin):
    (bantin.folder / "bantin.toml").write_text("delay = 'soon'\n", encoding="utf-8")
    ended = bantin.run("crawl", BANTIN_DELAY="")
    assert ended.code == 2
    _one_line(ended, "delay")


def test_an_unwritable_output_folder(bantin):
    bantin.crawl()
    (bantin.folder / "public").write_text("in the way", encoding="utf-8")
    ended = bantin.run("build")
    assert ended.code == 3
    _one_line(ended, "public")


def test_an_unwritable_captures_folder(bantin):
    (bantin.folder / "taken").write_text("in the way", encoding="utf-8")
    ended = bantin.run("--captures", "taken", "crawl")
    assert ended.code == 3
    _one_line(ended, "taken")


def test_a_store_that_is_none(bantin):
    (bantin.folder / "bad.sqlite").write_bytes(b"this is no database, but it is long enough to look at" * 100)
    ended = bantin.run("--store", "sqlite:///bad.sqlite", "crawl")
    assert ended.code == 4
    _one_line(ended, "bad.sqlite")


def test_export_without_a_store(bantin):
    ended = bantin.run("export")
    assert ended.code == 4
    _one_line(ended, "bantin crawl")


def test_a_dead_host_is_told_with_since_when_and_what_to_do(bantin):
    bantin.server.__exit__(None, None, None)
    ended = bantin.run("crawl")
    assert ended.code == 6
    _one_line(ended, "since 2020-03-25", "--from wayback")


def test_robots_txt_that_says_no(bantin):
    bantin.server.faults.paths["/robots.txt"] = fault.body(
        b"User-agent: *\nDisallow: /\n", media_type="text/plain"
    )
    ended = bantin.run("crawl")
    assert ended.code == 6
    _one_line(ended, "robots.txt says no")
    assert bantin.server.paths == ["/robots.txt"]


def test_robots_txt_out_of_order_means_no(bantin):
    bantin.server.faults.paths["/robots.txt"] = fault.status(500)
    ended = bantin.run("crawl")
    assert ended.code == 6
    _one_line(ended, "robots.txt")
    assert set(bantin.server.paths) == {"/robots.txt"}


def test_a_portal_under_maintenance_is_left_alone_and_nothing_is_lost(bantin):
    assert bantin.run("run").code == 0
    before = bantin.output()
    bantin.server.faults.paths["*"] = fault.maintenance()
    bantin.server.clear()
    ended = bantin.run("run")
    assert ended.code == 6
    assert len(bantin.server.paths) <= 10
    assert bantin.output() == before


def test_a_page_that_is_no_article_is_refused_counted_and_told(bantin):
    article = next(iter(bantin.server.portal))
    bantin.server.faults.paths[f"*{article.id}.aspx"] = fault.soft_404()
    report = bantin.crawl(expect=7)
    assert report["articles"] == {"new": 29, "changed": 0, "unchanged": 0, "gone": 0, "refused": 1}
    assert sum(report["refused"].values()) == 1
    del bantin.server.faults.paths[f"*{article.id}.aspx"]
    bantin.now = bantin.now.replace(day=27)
    assert bantin.crawl()["articles"]["new"] == 1


def test_an_article_that_turns_into_an_error_page_keeps_its_good_version(bantin):
    bantin.crawl()
    article = next(iter(bantin.server.portal))
    bantin.server.faults.paths[f"*{article.id}.aspx"] = fault.soft_404()
    bantin.crawl("--full", expect=7)
    assert [record["op"] for record in bantin.records() if record["id"] == article.id] == ["created"]


def test_the_budget_of_requests_ends_a_run_and_the_next_goes_on(bantin):
    report = bantin.crawl("--max-requests", "12", expect=9)
    assert report["requests"] == 12
    assert len(bantin.server.paths) == 12
    bantin.crawl()
    assert len(bantin.records()) == 30


def test_a_second_run_ends_at_once_while_the_first_works(bantin):
    bantin.server.faults.paths["/"] = fault.hang(20)
    first = bantin.start("crawl")
    deadline = time.monotonic() + 20
    while "/" not in bantin.server.paths and time.monotonic() < deadline:
        time.sleep(0.05)
    second = bantin.run("crawl", timeout=20)
    first.kill()
    first.communicate()
    assert second.code == 5
    _one_line(second, "dukcqtw")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_run_ends_in_order_and_the_next_goes_on(bantin, number, code):
    process = bantin.start("crawl")
    bantin.server.faults.on_request = lambda n, _path: process.send_signal(number) if n == 12 else None
    _, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert "Traceback" not in err
    bantin.server.faults.on_request = None
    bantin.crawl()
    assert len(bantin.records()) == 30


def test_a_demonstration_and_an_archive_never_share_a_store(bantin):
    bantin.crawl(BANTIN_DEMO="1")
    ended = bantin.run("crawl")
    assert ended.code == 2
    _one_line(ended, "demonstration")


def test_from_a_file_that_is_not_there(bantin):
    ended = bantin.run("crawl", "--from", "nothing.warc.gz")
    assert ended.code == 2
    _one_line(ended, "nothing.warc.gz")


def test_an_unknown_section_is_told_with_those_that_exist(bantin):
    bantin.crawl()
    ended = bantin.run("crawl", "--section", "nowhere")
    assert ended.code == 2
    _one_line(ended, "muc-1", "muc-2")


def test_one_section_alone(bantin):
    bantin.crawl("--max-requests", "6", expect=9)
    bantin.server.clear()
    bantin.crawl("--section", "muc-2")
    sections = {section["id"] for record in bantin.records() for section in record["sections"]}
    assert sections == {"muc-2"}


def _scrapy(bantin, *arguments):
    with bantin.start(*arguments, module="scrapy") as process:
        out, err = process.communicate(timeout=60)
    assert "Traceback" not in err
    return process.returncode, out, err


def test_scrapy_itself_knows_the_spider(bantin):
    code, out, err = _scrapy(bantin, "list")
    assert "dukcqtw" in out.split(), err
    code, _, err = _scrapy(bantin, "crawl", "dukcqtw")
    assert code == 0, err
    assert len(bantin.records()) == 30


def test_scrapy_itself_ends_with_our_exit_codes(bantin):
    code, _, err = _scrapy(bantin, "crawl", "nowhere")
    assert (code, "nowhere" in err) == (2, True)
    code, _, err = _scrapy(bantin, "crawl", "dukcqtw", "-a", "sice=2020-01-01")
    assert (code, "bantin: dukcqtw: no such spider argument: sice" in err) == (2, True)
    bantin.server.faults.paths["/robots.txt"] = fault.status(500)
    code, _, err = _scrapy(bantin, "crawl", "dukcqtw")
    assert (code, "bantin: dukcqtw: portal not readable since" in err) == (6, True)
