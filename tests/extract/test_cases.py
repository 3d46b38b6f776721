"""Every fixture case of every site: the record read from the page is the one a person wrote down.

Cases are found by themselves: `fixtures/cases/<site>/<case>/` with page.html (bytes as received), meta.json and
expected.json. A field that expected.json does not name is not compared; `{"refusal": reason}` is a page that is no
article.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.export import page_record
from crawler.extract import extract_article, read_page
from crawler.items import Article
from crawler.sites import available_sites, load_site

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
#: What a case of an article must at least state; `html` is written down where the body has structure.
STATED = {
    "id", "url", "title", "sections", "series", "published", "views", "lead", "author", "organization", "text",
    "event", "images", "attachments", "related",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    site: str
    name: str
    body: bytes
    meta: dict[str, Any]
    expected: dict[str, Any]

    @property
    def call(self) -> dict[str, Any]:
        content_type = self.meta["headers"].get("Content-Type", "")
        return {
            "url": self.meta["url"],
            "site": load_site(self.site),
            "fetched_at": datetime.fromisoformat(self.meta["fetched_at"]),
            "encoding": content_type.partition("charset=")[2] or None,
        }

    def article(self) -> Article:
        return extract_article(self.body, **self.call)


def _read(folder: Path) -> Case:
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    return Case(folder.parent.name, folder.name, (folder / "page.html").read_bytes(), meta, expected)


ALL = [_read(folder) for folder in sorted(CASES.glob("*/*")) if folder.is_dir()]
ARTICLES = [case for case in ALL if "refusal" not in case.expected]
REFUSED = [case for case in ALL if "refusal" in case.expected]


def _ids(cases: list[Case]) -> list[str]:
    return [f"{case.site}/{case.name}" for case in cases]


@pytest.mark.parametrize("site", available_sites())
def test_every_site_has_cases(site: str) -> None:
    assert any(case.site == site for case in ARTICLES), f"write a case in fixtures/cases/{site}/"


@pytest.mark.parametrize("case", ALL, ids=_ids(ALL))
def test_a_case_says_where_it_comes_from(case: Case) -> None:
    assert case.meta["origin"] in ("seed text in reconstructed markup", "made")
    assert case.meta["fetched_at"][-6:] == "+07:00"
    assert set(case.expected) >= STATED or set(case.expected) == {"refusal"}


@pytest.mark.parametrize("case", ARTICLES, ids=_ids(ARTICLES))
def test_the_record_is_the_one_read_by_a_person(case: Case) -> None:
    article = case.article()
    assert article.refusal is None
    record = page_record(article)
    got = {field: _comparable(field, record[field]) for field in case.expected}
    assert got == case.expected


def _comparable(field: str, value: Any) -> Any:
    """`observed_at` is the time of the fetch, the address of a related item its slug: neither is on trial."""
    if field == "views" and value is not None:
        return {"count": value["count"]}
    if field == "related":
        return [{key: item[key] for key in ("id", "title", "age", "published")} for item in value]
    return value


@pytest.mark.parametrize("case", ARTICLES, ids=_ids(ARTICLES))
def test_each_field_names_its_rule(case: Case) -> None:
    article = case.article()
    filled = {field for field in STATED - {"id", "url"} if getattr(article, field)}
    assert filled == set(article.rules) - {"html"}
    assert all(article.rules.values())


@pytest.mark.parametrize("case", ARTICLES, ids=_ids(ARTICLES))
def test_no_related_title_in_the_body(case: Case) -> None:
    article = case.article()
    listed = [item.title for item in article.related]
    assert not [title for title in listed if title in article.text.split("\n\n") or title in article.html]


@pytest.mark.parametrize("case", ARTICLES, ids=_ids(ARTICLES))
def test_the_page_decides_that_it_is_an_article(case: Case) -> None:
    page = read_page(case.body, **case.call, status=case.meta["status"])
    assert (page.kind, page.refusal) == ("article", None)
    assert page.article == case.article()


@pytest.mark.parametrize("case", REFUSED, ids=_ids(REFUSED))
def test_a_page_that_is_no_article_is_refused_by_name(case: Case) -> None:
    assert case.article().refusal == case.expected["refusal"]
    page = read_page(case.body, **case.call, status=case.meta["status"])
    assert page.kind == ("listing" if case.expected["refusal"] == "listing" else "refused")
    assert page.refusal == (None if page.kind == "listing" else case.expected["refusal"])


SKINS = [case for case in ARTICLES if case.name.startswith("seed-")]


def test_a_new_skin_changes_no_word_of_the_record() -> None:
    records = [page_record(case.article()) for case in SKINS]
    assert len(records) >= 3
    for field in ("title", "published", "lead", "text", "author", "event", "images", "series"):
        assert [record[field] for record in records] == [records[0][field]] * len(records), field
