"""Which addresses are public, whatever they are wrapped in.

The tables are our own: the standard library's ``is_global`` changed between versions and calls an
address public whose embedded IPv4 address is the loopback.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

#: Where clouds hand out credentials to whoever asks.
METADATA = IPv4Address("169.254.169.254")
_LINK_LOCAL = IPv4Network("169.254.0.0/16")

_SPECIAL_V4 = {
    "0.0.0.0/8": "unspecified",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "shared by carriers",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "reserved",
    "192.0.2.0/24": "reserved for documentation",
    "192.88.99.0/24": "reserved",
    "192.168.0.0/16": "private",
    "198.18.0.0/15": "reserved for benchmarks",
    "198.51.100.0/24": "reserved for documentation",
    "203.0.113.0/24": "reserved for documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
}
_SPECIAL_V6 = {
    "::/128": "unspecified",
    "::1/128": "loopback",
    "64:ff9b:1::/48": "private",
    "2001:db8::/32": "reserved for documentation",
    "3fff::/20": "reserved for documentation",
    "fc00::/7": "private",
    "fe80::/10": "link-local",
    "fec0::/10": "private",
    "ff00::/8": "multicast",
}
_SPECIAL_NETWORKS_V4 = [(IPv4Network(text), kind) for text, kind in _SPECIAL_V4.items()]
_SPECIAL_NETWORKS_V6 = [(IPv6Network(text), kind) for text, kind in _SPECIAL_V6.items()]

_GLOBAL_V6 = IPv6Network("2000::/3")
_PROTOCOLS_V6 = IPv6Network("2001::/23")
_TEREDO = IPv6Network("2001::/32")
_SIX_TO_FOUR = IPv6Network("2002::/16")
#: The IPv4 address is in the last 32 bits: mapped, translated, compatible, NAT64.
_TAILS = tuple(IPv6Network(text) for text in ("::ffff:0:0/96", "::ffff:0:0:0/96", "::/96", "64:ff9b::/96"))
_ISATAP = (0x00005EFE, 0x02005EFE)
_LOW_32 = 0xFFFFFFFF


def unwrapped(address: Address) -> tuple[Address, ...]:
    """Return every address that *address* stands for: itself, or the IPv4 addresses inside it.

    An address that is more than a wrapper (6to4, Teredo, ISATAP) comes first, its inner ones after it.
    """
    if isinstance(address, IPv4Address):
        return (address,)
    number = int(address)
    inner = IPv4Address(number & _LOW_32)
    if any(address in network for network in _TAILS) and number > 1:
        return (inner,)
    if address in _SIX_TO_FOUR:
        return address, IPv4Address(number >> 80 & _LOW_32)
    if address in _TEREDO:
        return address, IPv4Address(number >> 64 & _LOW_32), IPv4Address(int(inner) ^ _LOW_32)
    if number >> 32 & _LOW_32 in _ISATAP:
        return address, inner
    return (address,)


def special_kind(address: Address) -> str | None:
    """Return what sets *address* apart (``loopback``, ``private``…), or None when it is public.

    Judges this one address; see ``unwrapped`` for those inside it.
    """
    if isinstance(address, IPv4Address):
        return next((kind for network, kind in _SPECIAL_NETWORKS_V4 if address in network), None)
    for network, kind in _SPECIAL_NETWORKS_V6:
        if address in network:
            return kind
    if address not in _GLOBAL_V6 or (address in _PROTOCOLS_V6 and address not in _TEREDO):
        return "reserved"
    return None


def parse_address(text: str) -> Address | None:
    """Return the address that *text* spells; None for a name, and for an address with a scope."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return None if isinstance(address, IPv6Address) and address.scope_id else address


def forbidden_kind(address: Address, networks: tuple[Network, ...]) -> str | None:
    """Return why *address* must not be reached, or None when it is public or inside *networks*.

    The metadata address needs a network that lies inside the link-local range: a wide network such
    as ``0.0.0.0/0`` does not open it by accident.
    """
    for each in unwrapped(address):
        kind = special_kind(each)
        if kind is None:
            continue
        opened = [network for network in networks if network.version == each.version and each in network]
        if each == METADATA:
            kind = "the cloud's metadata service"
            opened = [
                network
                for network in opened
                if isinstance(network, IPv4Network) and network.subnet_of(_LINK_LOCAL)
            ]
        if not opened:
            return kind
    return None
