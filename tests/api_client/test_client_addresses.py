import socket
from ipaddress import IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deputize_client.addresses import METADATA, forbidden_kind, parse_address

FORBIDDEN = {
    "0.0.0.0": "unspecified",  # noqa: S104 - an address to refuse
    "0.1.2.3": "unspecified",
    "10.0.0.1": "private",
    "100.64.0.1": "shared by carriers",
    "100.100.100.200": "shared by carriers",
    "127.0.0.1": "loopback",
    "127.255.255.254": "loopback",
    "169.254.1.1": "link-local",
    "169.254.169.254": "the cloud's metadata service",
    "172.16.0.1": "private",
    "172.31.255.255": "private",
    "192.0.0.192": "reserved",
    "192.0.2.1": "reserved for documentation",
    "192.88.99.1": "reserved",
    "192.168.1.1": "private",
    "198.18.0.1": "reserved for benchmarks",
    "224.0.0.1": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "reserved",
    "::": "unspecified",
    "::1": "loopback",
    "::2": "unspecified",
    "::127.0.0.1": "loopback",
    "::ffff:127.0.0.1": "loopback",
    "::ffff:169.254.169.254": "the cloud's metadata service",
    "::ffff:0:10.0.0.1": "private",
    "64:ff9b::127.0.0.1": "loopback",
    "64:ff9b::a00:1": "private",
    "64:ff9b:1::1": "private",
    "2002:7f00:1::": "loopback",
    "2002:a9fe:a9fe::1": "the cloud's metadata service",
    "2001:0:7f00:1::f7f7:f7f7": "loopback",
    "2001:0:808:808::80ff:fffe": "loopback",
    "2a00:1450::5efe:127.0.0.1": "loopback",
    "2a00:1450::200:5efe:10.0.0.1": "private",
    "100::1": "reserved",
    "2001:2::1": "reserved",
    "2001:db8::1": "reserved for documentation",
    "3fff::1": "reserved for documentation",
    "4000::1": "reserved",
    "fc00::1": "private",
    "fd00:ec2::254": "private",
    "fe80::1": "link-local",
    "fec0::1": "private",
    "ff02::1": "multicast",
}
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "172.32.0.1",
    "2a00:1450::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


@pytest.mark.parametrize(("address", "kind"), FORBIDDEN.items())
def test_an_address_that_is_not_public_is_forbidden_and_named(address, kind):
    assert forbidden_kind(ip_address(address), ()) == kind


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address):
    assert forbidden_kind(ip_address(address), ()) is None


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203"])
def test_a_listed_network_opens_its_addresses_however_they_are_written(address):
    networks = (ip_network("10.0.0.0/8"),)

    assert forbidden_kind(ip_address(address), networks) is None
    assert forbidden_kind(ip_address("192.168.0.1"), networks) == "private"


@pytest.mark.parametrize(
    ("network", "opened"),
    [("0.0.0.0/0", False), ("169.0.0.0/8", False), ("169.254.0.0/16", True), ("169.254.169.254/32", True)],
)
def test_the_metadata_address_is_opened_only_by_a_network_that_means_it(network, opened):
    assert (forbidden_kind(METADATA, (ip_network(network),)) is None) is opened


@pytest.mark.parametrize(
    "spelling", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0x7f000001", "127.0.0.1"]
)
def test_a_spelling_of_the_loopback_resolves_to_an_address_that_is_forbidden(spelling):
    literal = parse_address(spelling)
    found = [literal] if literal else [ip_address(socket.getaddrinfo(spelling, 80)[0][4][0])]

    assert [forbidden_kind(each, ()) for each in found] == ["loopback"]


def test_an_address_with_a_scope_is_not_taken():
    assert parse_address("fe80::1%eth0") is None


@given(st.integers(0, 2**32 - 1))
def test_wrapping_an_ipv4_address_never_makes_it_more_public(number):
    plain = forbidden_kind(ip_address(number), ())
    wrapped = [
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address((0x64FF9B << 96) | number),
        IPv6Address((0x2002 << 112) | number << 80),
        IPv6Address((0x20010000 << 96) | number << 64 | 0xF7F7F7F7),
        IPv6Address((0x20010000 << 96) | 0x08080808 << 64 | (number ^ 0xFFFFFFFF)),
    ]

    assert [forbidden_kind(each, ()) for each in wrapped] == [plain] * len(wrapped)
