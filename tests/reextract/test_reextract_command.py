"""`bantin reextract` over a crawled portal whose site file is changed afterwards; the network is gone."""

import json
from collections import Counter
from contextlib import closing
from dataclasses import replace

import pytest
from click.testing import CliRunner

from crawler.store import open_store
from feeds.cli import main
from fixtures.portal import scaled_portal
from tests.crawl.conftest import NOW
from tests.reextract.conftest import AGAIN, EDITED, Kept, fill

CAPTIONS = ('caption = ["Ảnh:"]', 'caption = ["Hình:"]')
#: A notice's title is not taken for its session's any more: no reader sees that.
OPENINGS = ('title_openings = ["Thông báo",', "title_openings = [")
IDENTITY = ('identity = "{code}{number}"', 'identity = "x{number}"')


def _invoke(kept: Kept, *arguments: str):
    """The command in this process: starting Python anew costs more than most of these runs."""
    return CliRunner().invoke(main, kept.arguments(*arguments), env={"BANTIN_NOW": AGAIN.isoformat()})


def _reextract(kept: Kept, *arguments: str, expect: int = 0):
    ended = _invoke(kept, "--json", *arguments)
    assert ended.exit_code == expect, ended.output
    return json.loads(ended.stdout)


def _records(kept: Kept, *, views: bool = False):
    with closing(open_store(kept.store_url, create=False)) as store:
        return list(store.view_records("dukcqtw") if views else store.records("dukcqtw"))


def _problems(kept: Kept):
    with closing(open_store(kept.store_url, create=False)) as store:
        return list(store.problems())


def _newest(kept: Kept):
    return {record["id"]: record for record in _records(kept)}


def _states(kept: Kept):
    with closing(open_store(kept.store_url, create=False)) as store:
        return {state.id: state for state in store.articles("dukcqtw", with_deleted=True)}


def test_nothing_to_do_is_said_and_nothing_is_written(kept):
    before = _records(kept)
    for arguments in ([], ["--apply"]):
        told = _reextract(kept, *arguments)
        assert told["same"] == 2 * len(_newest(kept)) > 35
        assert told["captures"] == told["same"] + told["other"]
        assert (told["differences"], told["fields"], told["operations"]) == ([], {}, {})
    assert "nothing to do" in _invoke(kept).stdout
    assert _invoke(kept, "-q").stdout == ""
    assert _records(kept) == before


def test_changed_rules_show_exactly_their_fields_and_change_nothing_by_themselves(kept, site_file):
    before = _records(kept)
    site = site_file(CAPTIONS)
    told = _reextract(kept, "--site", site, "--limit", "1000")
    assert told["changed"] > 5
    assert {"images", "html"} <= told["fields"].keys() <= {"images", "html", "text"}
    fields = Counter(difference["field"] for difference in told["differences"])
    assert fields == told["fields"]
    images = [difference for difference in told["differences"] if difference["field"] == "images"]
    assert {(bool(d["new"]), d["rule"]) for d in images} <= {(True, "pictures-and-captions"), (False, None)}
    assert not any("Ảnh:" in str(difference["old"]) for difference in images)
    assert any("Ảnh:" in str(difference["new"]) for difference in images)
    assert _records(kept) == before


def test_workers_and_this_process_tell_the_same(kept, site_file):
    arguments = ("--site", site_file(CAPTIONS, OPENINGS), "--limit", "50")
    here = _reextract(kept, *arguments, "--processes", "1")
    assert here == _reextract(kept, *arguments, "--processes", "2")


def test_for_people_a_difference_is_a_line_and_the_rest_is_counted(kept, site_file):
    site = site_file(CAPTIONS)
    lines = _invoke(kept, "--site", site, "--limit", "4").stdout.splitlines()
    assert all(" 2020-" in line and " -> " in line and line.endswith("]") for line in lines[:4])
    assert all(len(line) < 250 for line in lines)
    left = int(lines[4].split()[2])
    assert len(_reextract(kept, "--site", site, "--limit", "9999")["differences"]) == left + 4
    assert "--apply" in lines[-1]


def test_applied_differences_are_marked_changes_and_then_nothing_is_left(kept, site_file):
    site = site_file(CAPTIONS)
    before, states = _records(kept), _states(kept)
    found = _reextract(kept, "--site", site, "--limit", "9999")
    concerned = {difference["id"] for difference in found["differences"]}
    told = _reextract(kept, "--site", site, "--apply")
    assert told["applied"]
    assert sum(told["operations"].values()) == told["changed"] == found["changed"]
    after = _records(kept)
    assert after[: len(before)] == before
    fresh = after[len(before) :]
    assert {record["id"] for record in fresh} == concerned
    assert all(record["reextracted"] is True for record in fresh)
    assert [record["seq"] for record in after] == list(range(1, len(after) + 1))
    for article, state in _states(kept).items():
        assert (state.updated == AGAIN) == (article in concerned), article  # captions are what readers see
        assert state.last_seen == states[article].last_seen
    assert _reextract(kept, "--site", site)["same"] == told["captures"] - told["other"]
    assert _problems(kept) == []
    revised = {record["id"] for record in fresh if any("Ảnh:" in str(i["caption"]) for i in record["images"])}
    assert revised


def test_both_revisions_of_an_edited_article_are_read_again(kept, site_file):
    site = site_file(CAPTIONS)
    _invoke(kept, "--site", site, "--apply")
    with closing(open_store(kept.store_url, create=False)) as store:
        revisions = store.revisions("dukcqtw", EDITED)
    assert len(revisions) == 2
    assert revisions[0].lead != revisions[1].lead
    told = _reextract(kept, "--id", EDITED, "--site", site)
    assert (told["captures"], told["same"]) == (2, 2)


def test_one_article_alone(kept, site_file):
    site = site_file(CAPTIONS)
    whole = _reextract(kept, "--site", site, "--limit", "9999")["differences"]
    one = whole[0]["id"]
    for name in (one, f"dukcqtw/{one}", whole[0]["url"], f"tag:dukcqtw.dcs.vn,2016:{one}"):
        told = _reextract(kept, "--site", site, "--id", name)
        assert told["differences"] == [difference for difference in whole if difference["id"] == one]
    ended = _invoke(kept, "--id", "duk1")
    assert ended.exit_code == 2
    assert "duk1" in ended.stderr


def test_pages_that_are_no_longer_readable_keep_what_was_read(kept, site_file):
    before = _records(kept)
    site = site_file(("article_url = ['^/", "article_url = ['^/khong-co/"))
    told = _reextract(kept, "--site", site, "--apply", expect=7)
    assert told["unreadable"] == sum(told["refused"].values()) > 35
    assert {difference["reason"] for difference in told["differences"]} == set(told["refused"])
    assert _records(kept) == before
    assert "no longer readable" in _invoke(kept, "--site", site).stdout


def test_another_identity_is_told_and_never_applied(kept, site_file):
    before = _records(kept)
    told = _reextract(kept, "--site", site_file(IDENTITY), "--apply", expect=7)
    assert told["renamed"] > 35
    assert told["differences"][0]["reason"].startswith("its address now means x")
    assert _records(kept) == before


def _filled(folder, stored=lambda article: article):
    kept = Kept(folder)
    fill(kept, scaled_portal(12, sections=2), NOW, stored)
    return kept


def test_pages_that_were_refused_become_articles_as_a_crawl_makes_them(tmp_path):
    expected = _newest(_filled(tmp_path / "whole"))
    known = min(expected)
    refused = _filled(tmp_path / "refused", lambda article: article if article.id == known else None)
    told = _reextract(refused)
    assert (told["readable"], told["changed"]) == (len(expected) - 1, 0)
    assert told["differences"][0]["new"] in {record["title"] for record in expected.values()}
    told = _reextract(refused, "--apply")
    assert told["operations"] == {"created": len(expected) - 1}
    again = _newest(refused)
    assert again.keys() == expected.keys()
    for key, record in again.items():
        ours = {
            name: value
            for name, value in record.items()
            if name not in ("seq", "at", "capture", "reextracted")
        }
        assert ours == {name: expected[key][name] for name in ours}
    assert _reextract(refused)["readable"] == 0
    assert _problems(refused) == []


@pytest.mark.parametrize("applied", [False, True])
def test_a_missing_view_count_is_added_and_a_different_one_only_told(tmp_path, applied):
    """Observations are append-only: what a portal showed is never unsaid."""
    right: dict[str, int] = {}

    def misread(article):
        right[article.id] = article.views.views
        wrong = {1: None, 2: replace(article.views, views=7)}
        return replace(article, views=wrong.get(len(right), article.views))

    kept = _filled(tmp_path / "kept", misread)
    missing, different = list(right)[:2]
    told = _reextract(kept, *(["--apply"] if applied else []))
    assert told["fields"] == {"views": 2}
    assert {(d["id"], d["old"], d["new"]) for d in told["differences"]} == {
        (missing, None, right[missing]),
        (different, 7, right[different]),
    }
    seen = {record["id"]: record["count"] for record in _records(kept, views=True)}
    assert seen.get(missing) == (right[missing] if applied else None)
    assert seen[different] == 7
    assert _reextract(kept)["fields"] == {"views": 1 if applied else 2}


def test_sections_and_related_lists_are_read_again(tmp_path):
    """They are in no revision: the newest state holds them."""

    def misread(article):
        return replace(article, sections=(), related=article.related[1:])

    expected, kept = _newest(_filled(tmp_path / "whole")), _filled(tmp_path / "kept", misread)
    concerned = {key for key, record in expected.items() if record["related"]}
    told = _reextract(kept, "--limit", "9999")
    assert told["fields"].keys() == {"sections", "related"}
    assert {d["id"] for d in told["differences"] if d["field"] == "related"} == concerned
    for difference in told["differences"]:
        record = expected[difference["id"]]
        if difference["field"] == "related":
            assert difference["new"] == record["related"]
        else:
            assert difference["new"] == [section["title"] for section in record["sections"]]
    _reextract(kept, "--apply")
    again = {state.id: (state.related, state.sections, state.updated) for state in _states(kept).values()}
    whole = {state.id: state for state in _states(Kept(tmp_path / "whole")).values()}
    assert again == {key: (state.related, state.sections, None) for key, state in whole.items()}
    assert _reextract(kept)["changed"] == 0
    assert _problems(kept) == []


def test_a_store_on_a_server_ends_the_same(tmp_path, site_file, server_url):
    site, portal = site_file(CAPTIONS), scaled_portal(16, sections=2)
    ends = []
    for kept in (Kept(tmp_path / "file"), Kept(tmp_path / "server", server_url)):
        fill(kept, portal, NOW)
        told = _reextract(kept, "--site", site, "--apply", "--processes", "1")
        assert told["operations"]["updated"] > 0
        assert _reextract(kept, "--site", site)["changed"] == 0
        records = [{name: record[name] for name in record if name != "capture"} for record in _records(kept)]
        ends.append((told["differences"], records))
    assert ends[0] == ends[1]
