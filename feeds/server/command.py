"""`bantin serve`."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from crawler.cli.options import GlobalCommand, Invocation, fail, pass_invocation

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.sites import Site

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (what people write who want just that)


@click.command(cls=GlobalCommand)
@click.option(
    "--host", default="127.0.0.1", show_default=True, envvar="BANTIN_HOST",
    help="Address to listen on.",
)  # fmt: skip
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    envvar="BANTIN_PORT",
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--allow-host", multiple=True, envvar="BANTIN_ALLOW_HOST",
    help="A further host name that clients may ask for, besides that of --public and this machine's own (repeatable).",
)  # fmt: skip
@pass_invocation
def serve(invocation: Invocation, host: str, port: int, allow_host: tuple[str, ...]) -> None:
    """Serve the output folder over HTTP, read-only, until interrupted.

    /healthz tells whether all is well, /metrics is for Prometheus.
    """
    from feeds.server.app import make_app
    from feeds.server.run import ListenError, listen
    from feeds.server.run import serve as run

    config = invocation.config()
    sites = invocation.sites(config)
    if not (config.out / "index.html").is_file():
        fail(3, f"{config.out}: nothing to serve yet; `bantin build` writes it")

    try:
        listening = listen(host, port)
    except ListenError as error:
        fail(2, str(error))
    app = make_app(
        config.out,
        hosts=_hosts(config, host, allow_host),
        healthy=_health(config),
        metrics=_metrics(config, sites),
    )
    shown = f"[{host}]" if ":" in host else host
    if invocation.verbosity >= 0:
        click.echo(f"serving {config.out} at http://{shown}:{listening.getsockname()[1]}/", err=True)
    run(app, listening)


def _hosts(config: "Config", host: str, further: tuple[str, ...]) -> list[str]:
    own = () if host in _EVERYWHERE else (host,)
    public = urlsplit(config.public).hostname
    return [name.lower() for name in (*_LOOPBACK, *own, *((public,) if public else ()), *further)]


def _health(config: "Config") -> Callable[[], Mapping[str, object]]:
    """Whether there is something to serve and the store can be read; what is wrong, by name."""

    def problems() -> Mapping[str, object]:
        from crawler.store import StoreError, open_store

        found = {}
        if not (config.out / "index.html").is_file():
            found["output"] = "index.html is missing"
        try:
            open_store(config.store, create=False).close()
        except StoreError:
            found["store"] = "cannot be read"  # no more than that: addresses of stores are nobody's business
        return found

    return problems


def _metrics(config: "Config", sites: "Sequence[Site]") -> Callable[[], bytes | None]:
    def text() -> bytes | None:
        from crawler.store import StoreError, open_store
        from feeds.metrics import metrics_text

        try:
            store = open_store(config.store, create=False)
        except StoreError:
            return None
        try:
            return metrics_text(store, sites)
        finally:
            store.close()

    return text
