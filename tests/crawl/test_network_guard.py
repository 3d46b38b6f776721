"""What may be connected to: seen from outside, by listeners on loopback that must stay untouched."""

import socket
from contextlib import closing

import pytest

from fixtures.portal import faults as fault
from fixtures.portal import scaled_portal
from fixtures.portal.faults import Faults

SITE = """
id = "local"
title = "Cổng thử"
home = "http://{host}:{port}/"
hosts = ["{host}"]
article_url = ['/[^/]*-(?P<code>[a-z]+)(?P<number>[0-9]+)\\.aspx']
identity = "{{code}}{{number}}"
tag_authority = "example.org"
tag_date = "2020"
"""


@pytest.fixture
def local(serve):
    """The portal at its own loopback address, without a proxy; the site file names it by `host`."""

    def make(host: str):
        bantin = serve(scaled_portal(6, sections=1), Faults())
        text = SITE.format(host=host, port=bantin.server.port)
        (bantin.folder / "local.toml").write_text(text, encoding="utf-8")
        return bantin

    return make


def _crawl(bantin, **environment: str):
    return bantin.run("--site", "local.toml", "crawl", http_proxy="", https_proxy="", **environment)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_private_address_is_refused_unless_it_is_listed_with_its_port(local, host):
    bantin = local(host)
    for listed in ("", f"{host}:1"):
        ended = _crawl(bantin, BANTIN_ALLOW_PRIVATE=listed)
        assert ended.code == 6, ended.err
        assert "allow_private" in ended.err
        assert bantin.server.requests == []
    ended = _crawl(bantin, BANTIN_ALLOW_PRIVATE=f"{host}:{bantin.server.port}")
    assert ended.code == 0, ended.err
    assert len(bantin.server.requests) > 6


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{port}/", "http://2130706433:{port}/", "//localhost:{port}/x"]
)
def test_a_redirect_to_another_address_is_not_followed(local, target):
    bantin = local("127.0.0.1")
    with closing(socket.create_server(("127.0.0.1", 0))) as canary:
        canary.settimeout(0.2)
        location = target.format(port=canary.getsockname()[1])
        article = next(iter(bantin.server.portal))
        bantin.server.faults.paths[f"*{article.id}.aspx"] = fault.redirect(location)
        ended = _crawl(bantin, BANTIN_ALLOW_PRIVATE=f"127.0.0.1:{bantin.server.port}")
        assert ended.code == 7, ended.err
        with pytest.raises(TimeoutError):
            canary.accept()


def test_links_to_other_hosts_are_never_asked(serve):
    portal = scaled_portal(6, sections=1)
    article = next(iter(portal))
    portal.edit(article.id, body=('<a href="http://other.example/x-duk1.aspx">Xem</a>', "Hết./."))
    bantin = serve(portal)
    bantin.crawl()
    assert bantin.server.foreign == []


def test_the_name_of_the_crawler_is_honest_and_its_robots_txt_comes_first(serve):
    bantin = serve(scaled_portal(6, sections=1))
    bantin.crawl()
    assert all(
        agent.startswith("bantin/") and "example.org/test" in agent for agent in bantin.server.user_agents
    )
    assert bantin.server.paths[0] == "/robots.txt"
