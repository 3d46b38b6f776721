"""Settings of an installation: command line over environment over `bantin.toml` over defaults. Reads no page."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

DEFAULT_FILE = Path("bantin.toml")
#: Key by which the settings of a file reach the model; no setting can have it.
FILE_KEY = "(file)"

#: A list that the environment gives with commas and the TOML file as an array.
Names = Annotated[tuple[str, ...], NoDecode]


class ConfigError(Exception):
    """The configuration cannot be used; the message names the key and the cure."""


class Config(BaseSettings):
    """Every setting; each has an environment variable `BANTIN_…` of its name."""

    model_config = SettingsConfigDict(
        env_prefix="BANTIN_", extra="forbid", frozen=True, env_ignore_empty=True
    )

    store: str = Field(
        "sqlite:///var/store.sqlite",
        repr=False,  # may hold a password
        description="Where articles are kept: sqlite:///PATH or postgresql://USER@HOST/NAME",
    )
    captures: Path = Field(
        Path("var/captures"), description="Folder for the WARC files of everything fetched"
    )
    out: Path = Field(Path("public"), description="Folder for feeds and pages")
    public: str = Field("http://localhost:8000/", description="Address at which the output folder is served")
    site: Names = Field(("dukcqtw",), min_length=1, description="Sites to work on: names or site files")
    contact: str | None = Field(
        None, description="Mail address or page for the User-Agent, so that the portal can reach you"
    )
    delay: float = Field(
        2.0,
        ge=0,
        le=3600,
        description="Seconds between two requests to the portal; 0 also switches AutoThrottle off",
    )
    timeout: float = Field(60.0, gt=0, description="Seconds after which one request is given up")
    max_requests: int | None = Field(None, ge=1, description="End a run after this many requests")
    rereads_per_run: int = Field(
        100, ge=0, description="Most articles read again in a run, by the plan (1, 3, 7, 30, 90 days ...)"
    )
    assets: Literal["none", "attachments", "all"] = Field(
        "none", description="Which files of articles are kept: none, attachments, all (pictures too)"
    )
    assets_per_run: int = Field(1000, ge=1, description="Most files asked for in a run")
    asset_bytes_per_run: int = Field(
        1024 * 1024 * 1024, ge=1, description="No further file is asked for in a run after so many bytes"
    )
    max_asset: int = Field(
        32 * 1024 * 1024, ge=1024, le=60 * 1024 * 1024, description="Largest file that is kept, in bytes"
    )
    max_body: int = Field(8 * 1024 * 1024, ge=1024, description="Largest page, in bytes after decompression")
    wayback_url: str = Field(
        "https://web.archive.org/", description="Address of the Wayback Machine, or of a mirror of it"
    )
    wayback_index_per_minute: float = Field(
        24.0, gt=0, description="Requests a minute to its index; web.archive.org takes no more than 30"
    )
    wayback_pages_per_second: float = Field(
        1.5, gt=0, description="Requests a second for its pages; web.archive.org takes no more than 8"
    )
    commoncrawl_index_url: str = Field(
        "https://index.commoncrawl.org/", description="Address of Common Crawl's index, or of a mirror of it"
    )
    commoncrawl_data_url: str = Field(
        "https://data.commoncrawl.org/", description="Address of Common Crawl's files, or of a mirror of them"
    )
    commoncrawl_per_second: float = Field(1.0, gt=0, description="Requests a second to each of the two")
    archive_pause: float = Field(
        60.0,
        ge=0,
        le=3600,
        description="Seconds for which an archive in trouble is left alone at first, then twice as long, and so on;"
        " a mirror that may be asked more often than the original is left alone shorter",
    )
    allow_private: Names = Field(
        (),
        description='Private or loopback addresses that may be asked, as "HOST:PORT", besides a configured proxy',
    )
    feed_size: int = Field(50, ge=1, description="Entries in a feed")
    warc_size: int = Field(
        512 * 1024 * 1024, ge=1024, description="A capture file is closed at this size, in bytes"
    )
    hub: str | None = Field(
        None, description="WebSub hub that `bantin run` tells of every changed feed, and that feeds name"
    )
    demo: bool = Field(False, description="Output is marked as a demonstration")
    now: AwareDatetime | None = Field(
        None, description="Freezes the clock that stamps data (for tests and the demo)"
    )

    @field_validator("site", "allow_private", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        """Commas separate names in the environment."""
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("contact", "max_requests", "hub", "now", mode="before")
    @classmethod
    def _unset(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("public", "wayback_url", "commoncrawl_index_url", "commoncrawl_data_url")
    @classmethod
    def _end_with_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("give an absolute http or https address")
        return value if value.endswith("/") else value + "/"

    @field_validator("hub")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("give an absolute http or https address")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """`load_config` passes the file's keys under `FILE_KEY`; they stand below the environment."""
        given = dict(init_settings())
        from_file = given.pop(FILE_KEY, {})
        return (
            InitSettingsSource(settings_cls, given),
            env_settings,
            InitSettingsSource(settings_cls, from_file),
        )

    def clock(self) -> datetime:
        """The time that stamps data, aware, UTC and in whole seconds; frozen by `now`."""
        return (self.now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)


def load_config(file: Path | None = None, overrides: Mapping[str, Any] | None = None) -> Config:
    """Reads the configuration; `overrides` are the options given on the command line.

    Without `file`, `bantin.toml` of the working folder is read where it exists. Raises ConfigError.
    """
    from_file = _read_file(file) if file or DEFAULT_FILE.is_file() else {}
    given: dict[str, Any] = {key: value for key, value in (overrides or {}).items() if value is not None}
    given[FILE_KEY] = from_file
    try:
        return Config(**given)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "configuration"
        cause = (
            "no such setting"
            if first["type"] == "extra_forbidden"
            else first["msg"].removeprefix("Value error, ")
        )
        message = f"configuration: {key}: {cause}; `bantin config` prints a sample of every setting"
        raise ConfigError(message) from None


def _read_file(file: Path | None) -> dict[str, Any]:
    path = file or DEFAULT_FILE
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}; give an existing file with --config") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None


def sample() -> str:
    """A commented `bantin.toml` with every setting at its default."""
    lines = [
        "# bantin.toml: remove the # before a line to change it. The environment (BANTIN_…) and options win."
    ]
    for name, field in Config.model_fields.items():
        lines += ["", f"# {field.description}.", f"# {name} = {_toml(field.default)}"]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if value is None:
        return '""'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
