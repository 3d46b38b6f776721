"""Tables of addresses and URLs; nothing is resolved and no packet is sent."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.netguard import AddressPolicy, Refused, host_name, host_port, is_public, parse_host

PUBLIC = [
    "1.1.1.1",
    "8.8.8.8",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "198.17.255.255",
    "223.255.255.255",
    "203.162.0.181",
    "2001:200::1",
    "2405:4800::1",
    "2606:4700::1111",
    "2a00:1450:4005:80b::200e",
]
NOT_PUBLIC = {
    "unspecified": [
        "0.0.0.0",  # noqa: S104 (nothing is bound here)
        "0.1.2.3",
        "::",
    ],
    "loopback": ["127.0.0.1", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1"],
    "private": [
        "10.0.0.1",
        "10.255.255.255",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "fc00::1",
        "fd12::1",
    ],
    "shared (CGNAT)": ["100.64.0.0", "100.127.255.255"],
    "link-local": ["169.254.169.254", "fe80::1", "febf::1", "fe80::1%eth0"],
    "cloud metadata": ["fd00:ec2::254", "100.100.100.200"],
    "site-local": ["fec0::1"],
    "documentation": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    "benchmarking": ["198.18.0.1", "198.19.255.255", "2001:2::1"],
    "protocol": ["192.0.0.8", "192.88.99.1", "2001::1", "2001:10::1", "2001:20::1", "100::1", "5f00::1"],
    "multicast": ["224.0.0.1", "239.255.255.250", "ff02::1", "ff0e::1"],
    "reserved": ["240.0.0.1", "255.255.255.255", "4000::1", "e000::1"],
    "mapped": ["::ffff:127.0.0.1", "::ffff:a00:1", "::ffff:169.254.169.254", "::ffff:0.0.0.0"],
    "compatible": ["::127.0.0.1", "::8.8.8.8"],
    "6to4": ["2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::", "2002:a9fe:a9fe::"],
    "NAT64": ["64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::808:808"],
    "Teredo": ["2001:0:53aa:64c:0:7a2b:f5ff:fffe"],
    "translated": ["::ffff:0:127.0.0.1"],
}


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address):
    assert is_public(address)
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("kind", "address"), [(k, a) for k, addresses in NOT_PUBLIC.items() for a in addresses]
)
def test_not_public(kind, address):
    assert not is_public(address), kind
    assert not is_public(ipaddress.ip_address(address)), kind


@pytest.mark.parametrize("address", ["::ffff:8.8.8.8", "2002:808:808::1", "64:ff9b::8.8.8.8"])
def test_carried_public_addresses_are_public(address):
    assert is_public(address)


def test_a_name_is_no_public_address():
    assert not is_public("dukcqtw.dcs.vn")


@given(st.ip_addresses())
def test_nothing_is_public_that_the_standard_library_calls_private(address):
    if is_public(address):
        inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None) or address
        kinds = ("is_private", "is_loopback", "is_link_local", "is_multicast", "is_unspecified")
        assert not [kind for kind in kinds if getattr(inner, kind)]


# -- notations -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0X7F.0.0.1", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("0177.0.0.01", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("00000000177.0x0.0.1", "127.0.0.1"),
        ("0", "0.0.0.0"),  # noqa: S104
        ("0x", "0.0.0.0"),  # noqa: S104
        ("10.65793", "10.1.1.1"),
        ("192.168.257", "192.168.1.1"),
        ("4294967295", "255.255.255.255"),
        ("１２７.０.０.１", "127.0.0.1"),
        ("127。0。0。1", "127.0.0.1"),
        ("①②⑦.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::1", "::1"),
        ("[0:0::1]", "::1"),
        ("[::ffff:7f00:1]", "::ffff:127.0.0.1"),
        ("[fe80::1%25eth0]", "fe80::1%25eth0"),
    ],
)
def test_every_notation_of_an_address_is_recognised(host, address):
    assert parse_host(host) == ipaddress.ip_address(address)


@pytest.mark.parametrize(
    "host", ["dukcqtw.dcs.vn", "localhost", "1and1.com", "0x7f.example", "127.0.0.1.nip.io", "a.b1", "x0"]
)
def test_names_are_names(host):
    assert parse_host(host) is None


@pytest.mark.parametrize(
    "host",
    [
        *("1.2.3.256", "1.2.3.4.5", "256.1", "4294967296", "08.0.0.1", "1..2", "a.1", "0x7g.1.0x1", ".1"),
        *("[::x]", "[::1", "::1]", "1:2"),
    ],
)
def test_what_looks_like_an_address_and_is_none_is_refused(host):
    with pytest.raises(Refused) as refused:
        parse_host(host)
    assert refused.value.reason == "host"


@given(st.text(max_size=40))
def test_no_host_is_an_error_of_ours(text):
    try:
        name = host_name(text)
    except Refused:
        return
    assert name == name.lower()
    assert name.isascii()
    assert host_name(name) == name


# -- URLs ----------------------------------------------------------------------------------------------------

POLICY = AddressPolicy(
    allow_private=frozenset({"127.0.0.1:8000", "[::1]:8000", "portal.lan:8080"}),
    hosts=frozenset(
        {"dukcqtw.dcs.vn", "WWW.dukcqtw.dcs.vn", "tin-tức.vn", "portal.lan", "127.0.0.1", "[::1]", "8.8.8.8"}
    ),
    proxies=frozenset({"http://user:secret@proxy.lan:3128", "10.0.0.9:8118"}),
)


@pytest.mark.parametrize(
    "url",
    [
        "http://dukcqtw.dcs.vn/a-duk1.aspx",
        "https://dukcqtw.dcs.vn",
        "HTTP://DUKCQTW.dcs.vn./A?b=c#d",
        "http://dukcqtw.dcs.vn:8081/",
        "http://www.dukcqtw.dcs.vn/bài-viết",
        "http://dukcqtw.dcs.vn/a@b",
        "http://dukcqtw.dcs.vn?x=http://evil.example/",
        "http://dukcqtw.dcs.vn:/",
        "http://tin-tức.vn/",
        f"http://{'tin-tức'.encode('idna').decode()}.vn/",
        "http://127.0.0.1:8000/",
        "http://[::1]:8000/",
        "http://[::ffff:127.0.0.1]:8000/",
        "http://8.8.8.8/",
    ],
)
def test_allowed(url):
    POLICY.check_url(url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://dukcqtw.dcs.vn/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("data:text/html,x", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("gopher://dukcqtw.dcs.vn/", "scheme"),
        ("s3://dukcqtw.dcs.vn/", "scheme"),
        ("//dukcqtw.dcs.vn/", "scheme"),
        ("/a.aspx", "scheme"),
        ("", "scheme"),
        ("http://user@dukcqtw.dcs.vn/", "user-info"),
        ("http://user:pw@dukcqtw.dcs.vn/", "user-info"),
        ("http://@dukcqtw.dcs.vn/", "user-info"),
        ("http://dukcqtw.dcs.vn@evil.example/", "user-info"),
        ("http://evil.example@dukcqtw.dcs.vn/", "user-info"),
        ("http://dukcqtw.dcs.vn\\@evil.example/", "url"),
        ("http://evil.example\\.dukcqtw.dcs.vn/", "url"),
        ("http://dukcqtw.dcs.vn\t/", "url"),
        ("http://dukcqtw.dcs.vn/\r\nHost: evil", "url"),
        ("\x00http://dukcqtw.dcs.vn/", "url"),
        ("http://[::1/", "url"),
        ("http:///a", "host"),
        ("http://", "host"),
        ("http://:80/", "host"),
        ("http://dukcqtw..dcs.vn/", "host"),
        ("http://dukcqtw.dcs.vn%2eevil.example/", "host"),
        ("http://1.2.3.256/", "host"),
        ("http://dukcqtw.dcs.vn:99999/", "port"),
        ("http://dukcqtw.dcs.vn:80a/", "port"),
        ("http://dukcqtw.dcs.vn:0/", "port"),
        ("http://evil.example/", "off-site"),
        ("http://dukcqtw.dcs.vn.evil.example/", "off-site"),
        ("http://xdukcqtw.dcs.vn/", "off-site"),
        ("http://dcs.vn/", "off-site"),
        ("http://evil.example#@dukcqtw.dcs.vn/", "off-site"),
        ("http://evil.example?@dukcqtw.dcs.vn/", "off-site"),
        ("http://evil.example/@dukcqtw.dcs.vn/", "off-site"),
        ("http://localhost:8000/", "off-site"),
        ("http://169.254.169.254/latest/meta-data/", "off-site"),
        ("http://proxy.lan:3128/", "off-site"),
        ("http://10.0.0.9:8118/", "off-site"),
        ("http://[::]:8000/", "off-site"),
        ("http://0:8000/", "off-site"),
        ("http://127.2:8000/", "off-site"),
        ("http://127.0.0.1/", "private"),
        ("http://127.0.0.1:8001/", "private"),
        ("http://0x7f.1:80/", "private"),
        ("http://2130706433:9000/", "private"),
        ("http://[::ffff:7f00:1]/", "private"),
        ("http://[::1]/", "private"),
    ],
)
def test_refused(url, reason):
    with pytest.raises(Refused) as refused:
        POLICY.check_url(url)
    assert refused.value.reason == reason


def test_messages_tell_no_password():
    with pytest.raises(Refused) as refused:
        POLICY.check_url("http://user:secret@dukcqtw.dcs.vn/")
    assert "secret" not in str(refused.value)


@given(st.text(max_size=60))
def test_any_text_is_allowed_or_refused(text):
    for url in (text, f"http://{text}/", f"http://dukcqtw.dcs.vn{text}"):
        try:
            POLICY.check_url(url)
        except Refused:
            continue
        assert url.lower().startswith(("http://", "https://"))


# -- connections ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ip", "port", "host", "allowed"),
    [
        ("203.162.0.181", 80, "dukcqtw.dcs.vn", True),
        ("2405:4800::1", 443, "dukcqtw.dcs.vn", True),
        ("127.0.0.1", 8000, "dukcqtw.dcs.vn", True),
        ("::ffff:127.0.0.1", 8000, "dukcqtw.dcs.vn", True),
        ("::1", 8000, None, True),
        ("127.0.0.1", 80, "dukcqtw.dcs.vn", False),
        ("127.0.0.2", 8000, "dukcqtw.dcs.vn", False),
        ("10.0.0.1", 80, "dukcqtw.dcs.vn", False),
        ("169.254.169.254", 80, "dukcqtw.dcs.vn", False),
        ("10.1.2.3", 8080, "portal.lan", True),
        ("10.1.2.3", 80, "portal.lan", False),
        ("10.1.2.3", 8080, "dukcqtw.dcs.vn", False),
        ("10.1.2.3", 8080, None, False),
        ("10.0.0.5", 3128, "proxy.lan", True),
        ("10.0.0.5", 3128, "PROXY.lan.", True),
        ("10.0.0.5", 3129, "proxy.lan", False),
        ("10.0.0.9", 8118, None, True),
        ("not an address", 80, None, False),
        ("1.2.3.256", 80, None, False),
        ("10.0.0.9", None, None, True),
        ("10.0.0.5", None, "proxy.lan", True),
        ("10.0.0.6", None, "dukcqtw.dcs.vn", False),
    ],
)
def test_addresses_are_checked_when_connecting(ip, port, host, allowed):
    """A name of the site that leads inside (rebinding) is refused like the address itself."""
    assert POLICY.check_address(ip, port, host) is allowed


def test_a_resolver_that_knows_no_port_asks_for_any():
    assert POLICY.check_address("127.0.0.1", None, "dukcqtw.dcs.vn")
    assert not POLICY.check_address("127.0.0.2", None, "dukcqtw.dcs.vn")


def test_without_configuration_nothing_private_is_allowed():
    policy = AddressPolicy(hosts=frozenset({"127.0.0.1"}))
    assert not policy.check_address("127.0.0.1", 80)
    with pytest.raises(Refused):
        policy.check_url("http://127.0.0.1/")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("127.0.0.1:8000", ("127.0.0.1", 8000)),
        ("0x7f.1:8000", ("127.0.0.1", 8000)),
        ("[::1]:8000", ("::1", 8000)),
        ("Portal.LAN.:80", ("portal.lan", 80)),
        ("http://proxy.lan:3128", ("proxy.lan", 3128)),
        ("http://user:pw@proxy.lan", ("proxy.lan", 80)),
        ("https://proxy.lan/", ("proxy.lan", 443)),
    ],
)
def test_entries(entry, expected):
    assert host_port(entry) == expected


@pytest.mark.parametrize(
    "entry", ["", "127.0.0.1", "portal.lan", ":80", "a:b", "a:99999", "::1:80", "user:secret@x"]
)
def test_a_bad_entry_is_named(entry):
    with pytest.raises(ValueError, match="no host:port") as refused:
        AddressPolicy(allow_private=frozenset({entry}))
    assert "secret" not in str(refused.value)
