"""`problems()` finds what somebody or something did to a store."""

from collections.abc import Callable

import pytest

from crawler.store import Holding, open_store
from crawler.store.engine import read_url, writing_engine
from crawler.store.open import SqlStore
from crawler.store.write import SiteWriter
from tests.store.samples import PDF, SITE, T0, article, asset, capture, read

DAMAGE = {
    "UPDATE revisions SET content = replace(content, 'Đoạn hai', 'Đoạn ba')": "the text of a revision was altered",
    "UPDATE articles SET digest = 'sha256:0'": "its digest does not fit its content",
    "UPDATE articles SET state = replace(state, 'pm900', 'pm901'), url = 'http://x.example/'": "its digest does not",
    "DELETE FROM changes WHERE seq = 1": "phuong-mai: 2 changes are numbered 2 to 3",
    "DELETE FROM changes WHERE seq = 2": "pm2: its change 2 is missing",
    "UPDATE views SET n = 9 WHERE n = 1": "3 view observations are numbered 2 to 9",
    "DELETE FROM captures": "pm1: its capture of 2021-03-01 02:30 is not indexed",
    "UPDATE changes SET record = replace(record, 'sha256:', 'sha256:0') WHERE seq = 3": "has another digest",
}
BESIDE = {
    "UPDATE articles SET floor = '2030-01-01 00:00:00' WHERE id = 'pm1'": "pm1: readers saw a later change",
    "UPDATE articles SET deleted_at = '2030-01-01', absent_at = '2029-01-01' WHERE id = 'pm2'": "pm2: it is removed",
    "UPDATE links SET due_at = NULL WHERE id = 'pm1'": "pm1: it stands in no plan",
    "DELETE FROM links": "pm2: it stands in no plan",
    "UPDATE assets SET sha256 = NULL": "the file http://phuongmai.example/t.pdf counts as kept",
    "UPDATE assets SET digest = 'sha256:0'": "t.pdf counts as kept, but its capture is not indexed",
    "UPDATE assets SET bytes = 9": "pm1: it does not tell the length of http://phuongmai.example/t.pdf",
    "UPDATE holdings SET payload = 'sha256:0'": "was fetched from wayback, but is not indexed",
    "UPDATE harvests SET cursor = 'key+2'": "the query a/* to wayback is finished and unfinished",
}


def _fill(writer: SiteWriter) -> None:
    for page in (article(1), article(2), article(1, day=1, text="Đoạn một, sửa.\n\nĐoạn hai./.")):
        read(writer, page)
    writer.commit()


def _fill_beside(writer: SiteWriter) -> None:
    writer.add_capture(asset().capture)
    writer.want_assets("pm1", [PDF], T0)
    writer.settle_asset(PDF, "kept", T0, asset=asset())
    writer.note_harvest("wayback", "a/*", cursor=None, done_at=T0)
    writer.add_holdings("wayback", [Holding(article(1).url, T0, article="pm1")])
    for row in writer.holdings("wayback", T0, articles=True):
        writer.settle_holding("wayback", row, "done", T0, capture=capture(article(1)))
    writer.commit()


@pytest.fixture
def filled(store: SqlStore, writer: SiteWriter) -> SqlStore:
    _fill(writer)
    _fill_beside(writer)
    writer.settle("pm2", "gone", article(day=2).fetched_at, reason="410")
    writer.commit()
    return store


def test_a_sound_store_has_no_problems(filled: SqlStore) -> None:
    assert list(filled.problems()) == []


def _found(url: str, damage: str, *fills: Callable[[SiteWriter], None]) -> list[str]:
    """What `problems()` tells after this was done to a sound store."""
    with open_store(url) as store:
        with store.writer(SITE, "test", T0) as writer:
            assert isinstance(writer, SiteWriter)
            for fill in fills:
                fill(writer)
        assert list(store.problems()) == []
        with writing_engine(read_url(url)).begin() as connection:
            connection.exec_driver_sql(damage)
        return list(store.problems())


@pytest.mark.parametrize(("damage", "sentence"), DAMAGE.items())
def test_problems_tell_of(url: str, damage: str, sentence: str) -> None:
    found = _found(url, damage, _fill)
    assert any(sentence in problem for problem in found), found


@pytest.mark.parametrize(("damage", "sentence"), BESIDE.items())
def test_problems_tell_of_what_lies_beside(url: str, damage: str, sentence: str) -> None:
    found = _found(url, damage, _fill, _fill_beside)
    assert any(sentence in problem for problem in found), found
