"""Global options, accepted before and after the command's name, and how errors leave the program."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.sites import Site

#: Options that are settings: key of `Config`, help, metavar.
_SETTINGS = (
    (
        "store",
        "Database URL: sqlite:///PATH or postgresql://USER@HOST/NAME.  [default: SQLite in var/]",
        "URL",
    ),
    ("captures", "Folder of the WARC captures.  [default: var/captures]", "DIR"),
    ("out", "Folder for feeds and pages.  [default: public]", "DIR"),
    ("public", "Address at which --out is served.  [default: http://localhost:8000/]", "URL"),
)


@dataclass(slots=True)
class Invocation:
    """What was given on the command line, wherever it stood."""

    config_file: Path | None = None
    overrides: dict[str, Any] = field(default_factory=dict)
    json: bool = False
    verbosity: int = 0

    def config(self) -> "Config":
        """The configuration; ends the program with exit code 2 when it is wrong."""
        from crawler.config import ConfigError, load_config

        try:
            return load_config(self.config_file, self.overrides)
        except ConfigError as error:
            fail(2, str(error))

    def sites(self, config: "Config") -> "list[Site]":
        """The sites to work on; ends the program with exit code 2 when one is unknown or wrong."""
        from crawler.sites import SiteError, load_site

        try:
            return [load_site(name) for name in config.site]
        except SiteError as error:
            fail(2, str(error))

    def one_site(self, config: "Config") -> "Site":
        """The only site; ends the program with exit code 2 when several are configured."""
        sites = self.sites(config)
        if len(sites) != 1:
            fail(2, f"this works on one site at a time; choose with --site {' | --site '.join(config.site)}")
        return sites[0]

    @property
    def log_level(self) -> str:
        """Name of Python's log level for -q, -v, -vv."""
        return {-1: "ERROR", 0: "WARNING", 1: "INFO"}.get(self.verbosity, "DEBUG")


pass_invocation = click.make_pass_decorator(Invocation, ensure=True)


def _store(key: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    def callback(ctx: click.Context, _param: click.Parameter, value: Any) -> None:
        if value is None or value == () or value is False or value == 0:
            return
        invocation = ctx.ensure_object(Invocation)
        if hasattr(invocation, key):
            setattr(invocation, key, value)
        else:
            invocation.overrides[key] = value

    return callback


def _global_options() -> Iterator[click.Option]:
    path = click.Path(path_type=Path)
    yield _noted(
        "config_file",
        "--config",
        type=path,
        metavar="FILE",
        envvar="BANTIN_CONFIG",
        help="Configuration file.",
    )
    for key, text, metavar in _SETTINGS:
        yield _noted(key, f"--{key}", metavar=metavar, help=text)
    yield _noted("site", "--site", multiple=True, metavar="ID|FILE", help="Site to work on; repeatable.")
    yield _noted(
        "json", "--json", is_flag=True, envvar="BANTIN_JSON", help="Machine-readable result on stdout."
    )
    yield _noted(
        "verbosity",
        "-v",
        "--verbose",
        count=True,
        envvar="BANTIN_VERBOSE",
        help="More log lines; -vv: all of them.",
    )
    yield _noted("verbosity", "-q", "--quiet", "quiet", flag_value=-1, type=int, help="Errors only.")


def _noted(key: str, *declarations: str, **settings: Any) -> click.Option:
    """An option whose value goes into the Invocation, not to the command."""
    return click.Option([*declarations], expose_value=False, callback=_store(key), **settings)


class GlobalCommand(click.Command):
    """A command that also takes the global options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params = [*self.params, *_global_options()]


class GlobalGroup(click.Group):
    """The `bantin` group: global options may stand before the command's name too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params = [*self.params, *_global_options()]


def fail(code: int, message: str) -> NoReturn:
    """Ends the program with one clear line on stderr."""
    click.echo(f"bantin: {printable(message)}", err=True)
    sys.exit(code)


def printable(text: str) -> str:
    """One line without control characters: a portal's text must not steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def print_json(value: Any) -> None:
    """A machine-readable result on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextmanager
def reader(config: "Config") -> Iterator[Any]:
    """A store opened for reading; ends the program with exit code 4 when it cannot be."""
    from crawler.store import StoreError, open_store

    try:
        store = open_store(config.store, create=False)
    except StoreError as error:
        fail(4, str(error))
    try:
        yield store
    except StoreError as error:
        fail(4, str(error))
    finally:
        store.close()
