"""What makes a change, decided without any database."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.changes import CHANGE_FIELDS, Decision, Memory, Reading, decide, digest, reader_digest
from crawler.changes.digest import canonical
from crawler.export import FIELDS, state_record
from crawler.items import Article, ArticleState, Attachment, Image, Published, SeriesPeriod, ViewCount
from tests.store.samples import NEWS, article, at, capture, renamed

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="ascii"), max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


def run(pages: Sequence[Article], source: str = "wayback") -> list[Decision]:
    """Takes pages in this order; the decisions."""
    state, readings, memory, made = None, (), Memory(), []
    for page in pages:
        decision = decide(state, page, capture(page, source), (NEWS,), readings, memory=memory)
        state, readings, memory = decision.state, decision.readings, decision.memory
        made.append(decision)
    return made


def ops(pages: Sequence[Article]) -> list[str | None]:
    return [decision.op for decision in run(pages)]


@given(_JSON)
def test_canonical_form_is_that_of_rfc_8785(value: Any) -> None:
    assert canonical(value).encode() == rfc8785.dumps(value)


def test_digest_is_over_exactly_the_fields_of_the_contract() -> None:
    exempt = {"schema", "seq", "op", "at", "views", "last_seen", "first_seen", "related", "capture"}
    assert set(CHANGE_FIELDS) == set(FIELDS) - exempt - {"revision", "digest"}
    state = run([article()])[0].state
    record = state_record(state, "created", at(0))
    wanted = rfc8785.dumps({name: record[name] for name in CHANGE_FIELDS})
    import hashlib

    assert state.digest == digest(state) == "sha256:" + hashlib.sha256(wanted).hexdigest()


CHANGES = {
    "title": "Tên khác",
    "lead": None,
    "text": "Khác.",
    "images": (Image(None, "Chú thích khác"),),
    "attachments": (Attachment("http://phuongmai.example/u.pdf", "Biên bản", "application/pdf", 7),),
}
QUIET = {
    "url": "http://phuongmai.example/ten-khac-pm1.aspx",
    "author": "Người khác",
    "organization": "Ban Công tác Mặt trận",
    "html": "<p>Khác.</p>",
    "event": None,
    "series": None,
    "published": Published(date(2021, 2, 9), "day", "09/02/2021"),
}


@pytest.mark.parametrize(("name", "value"), CHANGES.items())
def test_readers_see_a_change_of(name: str, value: object) -> None:
    decision = run([article(), article(day=2, **{name: value})])[1]
    assert (decision.op, decision.reader_visible) == ("updated", True)
    assert decision.state.updated == decision.state.revision == at(2)


@pytest.mark.parametrize(("name", "value"), QUIET.items())
def test_archives_but_no_readers_see_a_change_of(name: str, value: object) -> None:
    decision = run([article(), article(day=2, **{name: value})])[1]
    assert (decision.op, decision.reader_visible) == ("updated", False)
    assert (decision.state.updated, decision.state.revision) == (None, at(0))


@pytest.mark.parametrize(
    ("name", "value"),
    [("views", ViewCount(99999, exact=True)), ("views", None), ("related", ()), ("published", None)],
)
def test_no_change_is(name: str, value: object) -> None:
    decision = run([article(), article(day=2, **{name: value})])[1]
    assert decision.op is None
    assert decision.state.last_seen == at(2)
    assert decision.state.published == article().published


def test_an_image_without_caption_is_nothing_readers_read() -> None:
    bare = (*article().images, Image("http://phuongmai.example/b.jpg", None))
    assert reader_digest(article(images=bare)) == reader_digest(article())


def test_a_moved_article_keeps_its_former_address() -> None:
    moved = renamed(article(day=1), "hop-to-moi")
    back = article(day=2)
    states = [decision.state for decision in run([article(), moved, back])]
    assert (states[1].url, states[1].aliases) == (moved.url, (article().url,))
    assert (states[2].url, states[2].aliases) == (article().url, (moved.url,))


def test_the_newest_view_count_wins_whatever_is_read_last() -> None:
    pages = [
        article(day=day, views=ViewCount(count, exact=True)) for day, count in ((5, 50), (9, 40), (1, 70))
    ]
    views = run(pages)[-1].state.views
    assert views is not None
    assert (views.count, views.observed_at) == (40, at(9))


@pytest.mark.parametrize(
    ("older", "wanted"),
    [
        ([article(day=5)], "revised"),  # the same text, but seen earlier
        ([article(day=5, text="Cũ hơn.")], "revised"),
        ([article(day=5), article(day=7)], None),  # nothing that was not known
        ([article(day=5), article(day=7, text="Xen giữa.")], "revised"),
        ([article(day=5), article(day=7, text="Xen giữa."), article(day=7, text="Xen giữa.")], None),
    ],
)
def test_an_older_capture(older: list[Article], wanted: str | None) -> None:
    newest = article(day=9)
    decision = run([newest, *older])[-1]
    assert decision.op == wanted
    assert decision.state.text == newest.text
    assert decision.state.last_seen == at(9)


def test_an_older_text_makes_the_present_one_a_change() -> None:
    decision = run([article(day=9), article(day=5, text="Bản đầu.")])[1]
    assert (decision.state.updated, decision.state.first_seen) == (at(9), at(5))


def test_under_a_standing_clock_what_is_read_later_is_newer() -> None:
    first, second = article(text="Một."), article(text="Hai.")
    decisions = run([first, second, first])
    assert [d.op for d in decisions] == ["created", "updated", None]
    assert decisions[-1].state.text == "Hai."


def test_another_reading_of_the_same_capture_replaces_the_first() -> None:
    page, better = article(text="Đoạn"), article(text="Đoạn một.")
    kept = capture(page)
    first = decide(None, page, kept, ())
    second = decide(first.state, better, kept, (), first.readings)
    assert (second.op, len(second.readings), second.state.updated) == ("updated", 1, None)


def test_a_deleted_article_comes_back_with_a_newer_capture_only() -> None:
    gone = replace(run([article()])[0].state, deleted_at=at(5))
    readings = run([article()])[0].readings
    assert decide(gone, article(day=3, text="Cũ."), capture(article(day=3)), (NEWS,), readings).op is None
    back = decide(gone, article(day=6), capture(article(day=6)), (NEWS,), readings)
    assert (back.op, back.state.deleted_at, back.reader_visible) == ("restored", None, False)


def test_a_date_that_the_newest_page_lacks_is_kept_with_its_period() -> None:
    undated = article(day=3, published=None, series=SeriesPeriod("hop-to", None))
    state = run([article(), undated])[1].state
    assert (state.published, state.series) == (article().published, article().series)


@pytest.mark.parametrize("refused", [{"id": None}, {"title": None}, {"refusal": "soft-404"}])
def test_a_page_that_is_no_article_is_refused(refused: dict[str, Any]) -> None:
    page = article(**refused)
    with pytest.raises(ValueError, match="no article"):
        decide(None, page, capture(page), ())


_PAGES = st.lists(
    st.builds(
        lambda day, text, slug, dated, views: renamed(
            article(
                day=day,
                text=text,
                published=article().published if dated else None,
                views=None if views is None else ViewCount(views, exact=True),
            ),
            slug,
        ),
        st.integers(0, 12),
        st.sampled_from(["Một.", "Hai.", "Ba."]),
        st.sampled_from(["hop", "hop-to"]),
        st.booleans(),
        st.none() | st.integers(0, 9),
    ),
    min_size=2,
    max_size=6,
    unique_by=lambda page: page.fetched_at,
)


def _outcome(decision: Decision) -> tuple[ArticleState, tuple[Reading, ...]]:
    return decision.state, decision.readings


@settings(max_examples=100, deadline=None)
@given(_PAGES, st.randoms())
def test_captures_end_alike_in_whatever_order_they_are_read(pages: list[Article], random: Any) -> None:
    shuffled = random.sample(pages, len(pages))
    assert _outcome(run(pages)[-1]) == _outcome(run(shuffled)[-1])


def test_all_orders_of_a_text_that_changes_and_changes_back() -> None:
    pages = [article(day=1), article(day=2, text="Sửa."), article(day=3), article(day=4, text="Sửa.")]
    outcomes = {_outcome(run(order)[-1])[0].updated for order in itertools.permutations(pages)}
    assert outcomes == {at(4)}
    assert ops(pages) == ["created", "updated", "updated", "updated"]


@settings(max_examples=60, deadline=None)
@given(_PAGES)
def test_reading_everything_again_changes_nothing(pages: list[Article]) -> None:
    last = run(pages)[-1]
    for page in pages:
        again = decide(last.state, page, capture(page), (NEWS,), last.readings)
        assert (again.op, again.state, again.learnt) == (None, last.state, False)


def test_a_capture_that_is_read_again_from_a_file_stays_the_capture_it_was() -> None:
    page = article()
    first = decide(None, page, capture(page), ())
    again = decide(first.state, page, capture(page, source="warc"), (NEWS,), first.readings)
    assert (again.op, again.learnt) == ("updated", False)
    assert again.state.capture == capture(page)
    assert again.state.sections == (NEWS,)
