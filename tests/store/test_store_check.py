"""`problems()` finds what somebody or something did to a store."""

import pytest

from crawler.store.engine import read_url, writing_engine
from crawler.store.open import SqlStore
from crawler.store.write import SiteWriter
from tests.store.samples import SITE, article, read

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


@pytest.fixture
def filled(store: SqlStore, writer: SiteWriter) -> SqlStore:
    read(writer, article(1))
    read(writer, article(2))
    read(writer, article(1, day=1, text="Đoạn một, sửa.\n\nĐoạn hai./."))
    writer.settle("pm2", "gone", article(day=2).fetched_at, reason="410")
    writer.commit()
    return store


def test_a_sound_store_has_no_problems(filled: SqlStore) -> None:
    assert list(filled.problems()) == []


@pytest.mark.parametrize(("damage", "sentence"), DAMAGE.items())
def test_problems_tell_of(url: str, damage: str, sentence: str) -> None:
    from crawler.store import open_store
    from tests.store.samples import T0

    with open_store(url) as store:
        with store.writer(SITE, "test", T0) as writer:
            for page in (article(1), article(2), article(1, day=1, text="Đoạn một, sửa.\n\nĐoạn hai./.")):
                read(writer, page)
            writer.commit()
        assert list(store.problems()) == []
        with writing_engine(read_url(url)).begin() as connection:
            connection.exec_driver_sql(damage)
        found = list(store.problems())
        assert any(sentence in problem for problem in found), found
