"""From a real crawl to feeds: captures read again say what the crawl read, and what is applied reaches readers."""

import json
from datetime import datetime

import jsonschema
from click.testing import CliRunner

from crawler.export import schema
from feeds.cli import main
from fixtures.portal import PortalServer, demo_portal
from tests.crawl.conftest import NOW, Bantin
from tests.reextract.conftest import AGAIN, Kept
from tests.reextract.test_reextract_command import CAPTIONS, OPENINGS, _records, _reextract, _states

PUBLIC = "https://feeds.example.org/"


def test_a_crawl_over_http_is_read_again_as_it_was_read(tmp_path):
    """Packed answers, charsets of headers, redirects: nothing is different for having been kept."""
    portal = demo_portal()
    for article in list(portal)[12:]:
        portal.remove(article.id)
    with PortalServer(portal, now=NOW, compress=True) as server:
        Bantin(tmp_path, server).crawl()
    (tmp_path / "var/captures").rename(tmp_path / "captures")
    (tmp_path / "var/store.sqlite").rename(tmp_path / "store.sqlite")
    told = _reextract(Kept(tmp_path))
    assert told["same"] == 12
    assert told["captures"] == told["same"] + told["other"] > 20


def _run(kept: Kept, command: str, *arguments: str) -> None:
    where = ("--store", kept.store_url, "--out", str(kept.folder / "public"), "--public", PUBLIC, *arguments)
    ended = CliRunner().invoke(main, [command, *where], env={"BANTIN_NOW": AGAIN.isoformat()})
    assert ended.exit_code == 0, ended.output


def _items(kept: Kept, *arguments: str) -> dict[str, dict[str, str]]:
    """The entries of the newest feed."""
    _run(kept, "build", *arguments)
    built = json.loads((kept.folder / "public/all/feed.json").read_bytes())
    return {item["id"]: item for item in built["items"]}


def _modified(item: dict[str, str]) -> datetime | None:
    return datetime.fromisoformat(item["date_modified"]) if "date_modified" in item else None


def test_what_readers_see_reaches_the_feeds_under_the_same_ids(kept, site_file):
    before, site = _items(kept), site_file(CAPTIONS)
    applied = _reextract(kept, "--site", site, "--apply", "--limit", "9999")
    concerned = {f":{difference['id']}" for difference in applied["differences"]}
    after = _items(kept, "--site", site)
    assert after.keys() == before.keys()
    for key, item in after.items():
        assert (_modified(item) == AGAIN) == any(key.endswith(article) for article in concerned), key
        assert item.get("date_published") == before[key].get("date_published")
    _run(kept, "check", "--site", site)


def test_what_readers_do_not_see_moves_no_feed(kept, site_file):
    before, records, states = _items(kept), len(_records(kept)), _states(kept)
    site = site_file(OPENINGS)
    told = _reextract(kept, "--site", site, "--apply")
    assert told["fields"].keys() == {"series"}
    after = _items(kept, "--site", site)
    assert {key: (_modified(item), item["content_html"]) for key, item in after.items()} == {
        key: (_modified(item), item["content_html"]) for key, item in before.items()
    }
    fresh = {record["id"]: record for record in _records(kept)[records:]}
    assert fresh
    for key, record in fresh.items():
        jsonschema.validate(json.loads(json.dumps(record)), schema("article-1"))
        assert (states[key].series is None, record["series"]) == (False, None)
    assert {key: state.updated for key, state in _states(kept).items()} == {
        key: state.updated for key, state in states.items()
    }
