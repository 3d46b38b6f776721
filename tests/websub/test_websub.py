"""Pings over real HTTP: what the hub is sent, how failures are retried, what is left for the next run."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from feeds.websub import MOST_PENDING, TRIES, notify, pending, tell_hub

TOPICS = ("http://feeds.example/all/atom.xml", "http://feeds.example/all/rss.xml")


class Hub(ThreadingHTTPServer):
    """Answers with the statuses given, the last one for ever."""

    def __init__(self, *statuses: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.statuses = list(statuses)
        self.told: list[dict[str, list[str]]] = []
        self.url = f"http://127.0.0.1:{self.server_port}/hub"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.told.append(parse_qs(body))
        status = self.server.statuses.pop(0) if len(self.server.statuses) > 1 else self.server.statuses[0]
        self.send_response(status)
        if status in (301, 302, 307):
            self.send_header("Location", self.server.url + "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def hub(request: pytest.FixtureRequest) -> Iterator[Hub]:
    server = Hub(*request.param)
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("hub", [(204,), (200,), (202,)], indirect=True)
def test_the_hub_is_told_of_every_changed_feed(hub: Hub) -> None:
    assert notify(hub.url, TOPICS) == ((), None)
    assert [told["hub.url"] for told in hub.told] == [[topic] for topic in TOPICS]
    assert all(told["hub.mode"] == ["publish"] and told["hub.topic"] == told["hub.url"] for told in hub.told)


@pytest.mark.parametrize("hub", [(204,)], indirect=True)
def test_without_a_change_nobody_is_told(hub: Hub) -> None:
    assert notify(hub.url, ()) == ((), None)
    assert not hub.told


@pytest.mark.parametrize("hub", [(503, 500, 204)], indirect=True)
def test_a_failure_is_tried_again(hub: Hub) -> None:
    assert notify(hub.url, TOPICS, pause=0) == ((), None)
    assert len(hub.told) == len(TOPICS) + 2


@pytest.mark.parametrize("hub", [(204, 503), (204, 302)], indirect=True)
def test_what_a_failing_hub_was_not_told_is_left_for_the_next_run(hub: Hub) -> None:
    left, problem = notify(hub.url, TOPICS, pause=0)
    assert left == TOPICS[1:]
    assert problem in ("HTTP status 503", "HTTP status 302")
    assert len(hub.told) == 1 + TRIES


@pytest.mark.parametrize("hub", ["http://127.0.0.1:1/hub", "http://[::1", "http://hub.invalid:notaport/"])
def test_a_hub_that_cannot_be_reached_fails_nothing(hub: str) -> None:
    left, problem = notify(hub, TOPICS, pause=0)
    assert left == TOPICS
    assert problem


def test_topics_wait_once_each_and_not_without_end() -> None:
    assert pending(("a", "b"), ("b", "c")) == ("a", "b", "c")
    assert pending([str(n) for n in range(MOST_PENDING)], ("new",))[-1] == "new"
    assert len(pending([str(n) for n in range(MOST_PENDING)], ("new",))) == MOST_PENDING


class Notes(dict[str, str]):
    """A store's notes."""

    def note(self, key: str) -> str | None:
        return self.get(key)

    def set_note(self, key: str, value: str) -> None:
        self[key] = value


@pytest.mark.parametrize("hub", [(503, 503, 503, 204)], indirect=True)
def test_the_next_run_tells_what_this_one_could_not(hub: Hub) -> None:
    notes = Notes()
    line = tell_hub(notes, hub.url, TOPICS, pause=0)
    assert line == f"hub {hub.url}: HTTP status 503; 2 changed feeds wait for the next run"
    hub.told.clear()
    assert tell_hub(notes, hub.url, (), pause=0) is None
    assert [told["hub.topic"] for told in hub.told] == [[topic] for topic in TOPICS]
    hub.told.clear()
    assert tell_hub(notes, hub.url, (), pause=0) is None
    assert not hub.told
