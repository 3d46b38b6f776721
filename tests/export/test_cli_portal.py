"""The bundled portal crawled, exported, verified: every record by its schema and its own digest."""

import gzip
import json
from typing import Any

from jsonschema import Draft202012Validator

from crawler.export import schema
from crawler.export.verify import verify
from fixtures.portal import demo_portal
from tests.crawl.conftest import serve

__all__ = ["serve"]

VALIDATORS = {name: Draft202012Validator(schema(name)) for name in ("article-1", "views-1", "manifest-1")}


def test_a_crawled_portal_as_an_archive(serve: Any) -> None:
    bantin = serve(demo_portal())
    bantin.crawl("--assets", "attachments", expect=0)
    for arguments in ((), ("--views",)):
        ended = bantin.run("export", "--to", "archive", *arguments)
        assert (ended.code, ended.err) == (0, "")
    folder = bantin.folder / "archive"
    assert verify(folder).problems == ()
    manifest = json.loads((folder / "manifest.json").read_bytes())
    VALIDATORS["manifest-1"].validate(manifest)
    found = {"articles": 0, "views": 0}
    for segment in manifest["segments"]:
        validator = VALIDATORS[segment["schema"].removeprefix("bantin/").replace("/", "-")]
        for line in gzip.decompress((folder / segment["file"]).read_bytes()).splitlines():
            validator.validate(json.loads(line))
            found[segment["kind"]] += 1
    assert min(found.values()) > 10
    hashes = [a.get("sha256") for record in bantin.records() for a in record.get("attachments", ())]
    assert any(hashes)
    packed = bantin.run("export", "--wacz", "captures.wacz")
    assert (packed.code, packed.err) == (0, "")
    assert (bantin.folder / "captures.wacz").stat().st_size > 10_000
