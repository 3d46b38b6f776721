"""What opening a store finds, makes, migrates and refuses."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from crawler.store import DiskError, StoreError, Writer, open_store
from crawler.store.engine import read_url, writing_engine
from crawler.store.migrate import configuration
from crawler.store.schema import metadata, version
from tests.store.samples import SITE, T0, article, read


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


def test_an_older_store_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a migration to come: one that a later version would ship."""
    url = f"sqlite:///{tmp_path}/store.sqlite"
    open_store(url).close()
    migrations = tmp_path / "migrations"
    from shutil import copytree

    from crawler.store import migrate, schema

    copytree(migrate.FOLDER, migrations)
    (migrations / "versions" / "0002_next.py").write_text(
        "from alembic import op\nrevision = '0002'\ndown_revision = '0001'\n"
        "def upgrade():\n    op.execute(\"INSERT INTO meta VALUES ('migrated', 'yes')\")\n"
    )
    monkeypatch.setattr(migrate, "FOLDER", migrations)
    monkeypatch.setattr(schema, "SCHEMA_VERSION", "0002")
    for _ in range(2):
        with open_store(url) as store:
            assert store.note("migrated") == "yes"


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
