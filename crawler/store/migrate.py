"""Brings an older store up to date; the only place that loads Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from crawler.store.api import StoreError

FOLDER = Path(__file__).parent / "migrations"


def configuration(connection: Connection) -> Config:
    """Alembic's settings for the migrations that this package carries."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection, found: str | None, name: str) -> None:
    """Applies what is missing, inside the connection's transaction; StoreError for a newer store."""
    config = configuration(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found not in known:
        raise StoreError(f"{name} was made by a newer bantin (schema {found}); install that version or newer")
    command.upgrade(config, "head")
