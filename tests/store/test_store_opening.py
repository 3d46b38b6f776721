"""What opening a store finds, makes, migrates and refuses."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, insert, select

from crawler.changes import plan
from crawler.store import DiskError, StoreError, Writer, open_store
from crawler.store.engine import read_url, writing_engine
from crawler.store.migrate import configuration
from crawler.store.open import SqlStore
from crawler.store.schema import metadata, version
from tests.store.samples import SITE, T0, article, at, listed, read


def test_a_missing_folder_is_made_and_the_store_found_again(fresh_url: str) -> None:
    with open_store(fresh_url) as store, store.writer(SITE, "test", T0) as writer:
        run = writer.begin_run("live", T0, full=False)
        read(writer, article(), run=run)
        writer.commit()
    with open_store(fresh_url, create=False) as store:
        assert store.last_seq(SITE) == 1


def test_a_store_that_is_not_there_is_not_made_by_readers(fresh_url: str) -> None:
    with pytest.raises(StoreError, match=r"there is no store at .*bantin crawl"):
        open_store(fresh_url, create=False)


def test_a_store_of_a_newer_version_is_refused(fresh_url: str) -> None:
    open_store(fresh_url).close()
    with writing_engine(read_url(fresh_url)).begin() as connection:
        connection.exec_driver_sql("UPDATE schema_version SET version_num = '9001'")
    with pytest.raises(StoreError, match="newer bantin"):
        open_store(fresh_url)


def test_another_programs_database_is_refused_and_left_alone(fresh_url: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with writing_engine(read_url(fresh_url)).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE bookmarks (id INTEGER)")
    with pytest.raises(StoreError, match="belongs to another program"):
        open_store(fresh_url)


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to be looked at" * 40, b"\x00" * 9000]
)
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.sqlite"
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged or no store"):
        open_store(f"sqlite:///{path}")
    assert path.read_bytes() == content


def test_a_torn_store_is_refused_or_told(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with open_store(f"sqlite:///{path}") as store, store.writer(SITE, "test", T0) as writer:
        for number in range(60):
            read(writer, article(number))
        writer.commit()
    whole = path.read_bytes()
    path.write_bytes(whole[:40960] + b"\xa5" * 8192 + whole[49152:])
    assert any("damaged" in problem for problem in _told_about(path))


def _told_about(path: Path) -> list[str]:
    try:
        with open_store(f"sqlite:///{path}") as store:
            return list(store.problems())
    except StoreError as error:
        return [str(error)]


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("mysql://h/x", "no store can be kept in mysql"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("store.sqlite", "unreadable"),
        ("", "unreadable"),
        ("sqlite:////proc/no/store.sqlite", "/proc/no"),
    ],
)
def test_an_address_that_names_no_store(address: str, message: str) -> None:
    with pytest.raises(StoreError, match=message):
        open_store(address)


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        open_store(f"sqlite:///{tmp_path}")


def test_a_server_that_does_not_answer_is_told_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as error:
        open_store(f"postgresql://me:geheim@/x?host={tmp_path}")
    assert "geheim" not in str(error.value)
    assert str(tmp_path) in str(error.value)


def test_odd_file_names(tmp_path: Path) -> None:
    path = tmp_path / "kho lưu%20trữ #1?" / "store.sqlite"
    path.parent.mkdir()
    from sqlalchemy.engine import URL

    url = URL.create("sqlite", database=str(path)).render_as_string()
    open_store(url).close()
    assert path.exists()


def test_migrations_make_the_schema_that_new_stores_get(fresh_url: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with writing_engine(read_url(fresh_url)).begin() as connection:
        command.upgrade(configuration(connection), "head")
        opts = {"compare_type": True, "include_object": lambda _, name, *__: name != version.name}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []
    with open_store(fresh_url) as store, store.writer(SITE, "test", T0) as writer:
        assert read(writer, article()) == "created"


def _first_version(url: str, filled: SqlStore) -> None:
    """A store as version 0001 left it, with what `filled` holds."""
    with writing_engine(read_url(url)).begin() as connection:
        command.upgrade(configuration(connection), "0001")
        old = MetaData()
        old.reflect(connection)
        with filled.snapshot() as source:
            for table in old.sorted_tables:
                if table.name != version.name:
                    names = [metadata.tables[table.name].c[column.name] for column in table.columns]
                    rows = [dict(row) for row in source.execute(select(*names)).mappings()]
                    if rows:
                        connection.execute(insert(metadata.tables[table.name]), rows)


def test_a_store_of_the_first_version_is_brought_up_to_date(fresh_url: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with open_store(f"sqlite:///{tmp_path}/filled.sqlite") as filled:
        with filled.writer(SITE, "test", T0) as writer:
            run = writer.begin_run("live", T0, full=False)
            for number in range(1, 511):  # more than are planned at once
                read(writer, article(number, text="Ngắn."), run=run)
            writer.sight(listed(5000), T0, run=run, section_id=None)
            writer.commit()
        _first_version(fresh_url, filled)
        for _ in range(2):
            with open_store(fresh_url) as store:
                assert list(store.records(SITE)) == list(filled.records(SITE))
                assert list(store.problems()) == []
                with store.writer(SITE, "test", at(1)) as writer:
                    assert [row.id for row in writer.pending(at(1))] == ["pm5000"]
                    assert writer.due(T0, 9999) == ()
                    assert len(writer.due(at(90), 9999)) == 510
                    assert read(writer, article(1, day=1, text="Sửa.")) == "updated"


def test_a_migration_that_fails_leaves_the_store_as_it_was(
    fresh_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folder").mkdir()
    with open_store(f"sqlite:///{tmp_path}/filled.sqlite") as filled:
        with filled.writer(SITE, "test", T0) as writer:
            read(writer, article())
            writer.commit()
        _first_version(fresh_url, filled)
    with monkeypatch.context() as patch:
        patch.setattr(plan, "YOUNG", ("no number",))
        with pytest.raises(TypeError):
            open_store(fresh_url)
    with open_store(fresh_url) as store:
        assert [state.id for state in store.articles(SITE)] == ["pm1"]


def test_sqlite_is_durable_and_strict(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite"
    open_store(url).close()
    with writing_engine(read_url(url)).connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_readers_cannot_write_and_writers_do_not_wait_for_them(url: str) -> None:
    with open_store(url) as store, store.writer(SITE, "test", T0) as writer:
        for number in range(250):
            read(writer, article(number))
        writer.commit()
        reading = store.articles(SITE)
        next(reading)
        read(writer, article(999))
        writer.commit()
        assert len(list(reading)) == 249
        with pytest.raises(StoreError), store.snapshot() as connection:
            connection.exec_driver_sql("DELETE FROM articles")


def test_a_full_disk_is_told_as_such_and_costs_nothing_committed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite"
    with open_store(url) as store, store.writer(SITE, "test", T0) as writer:
        read(writer, article(1))
        writer.commit()
        writer._connection.exec_driver_sql("PRAGMA max_page_count = 1")
        with pytest.raises(DiskError, match="free some disk space"):
            _read_much(writer)
    with open_store(url) as store:
        assert [state.id for state in store.articles(SITE)] == ["pm1"]
        assert list(store.problems()) == []


def _read_much(writer: Writer) -> None:
    for number in range(2, 200):
        read(writer, article(number, text="Dài. " * 5000))
    writer.commit()


def test_a_new_store_opens_fast_and_without_alembic(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom crawler.store import open_store\nstart = time.perf_counter()\n"
        f"open_store('sqlite:///{tmp_path}/s.sqlite').close()\n"
        "print(time.perf_counter() - start, 'alembic' in sys.modules, 'scrapy' in sys.modules)"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    assert float(out[0]) < 0.5  # 20 ms on an idle machine
    assert out[1:] == ["False", "False"]


def test_opening_does_not_wait_for_a_running_writer(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite"
    with open_store(url) as store, store.writer(SITE, "test", T0) as writer:
        read(writer, article(1))
        writer.last_seq(SITE)  # its transaction holds the write lock now
        start = time.perf_counter()
        with open_store(url, create=False) as other:
            assert other.last_seq(SITE) == 0
        assert time.perf_counter() - start < 5


def test_columns_are_explained() -> None:
    bare = [f"{t.name}.{c.name}" for t in metadata.sorted_tables for c in t.columns if not c.comment]
    assert bare == []
