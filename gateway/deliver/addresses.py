"""Which addresses are public: an own table, made from IANA's special-purpose address registries.

`ipaddress.is_global` will not do: its answers change with the Python version, and CPython 3.11 calls
`64:ff9b::7f00:1` (127.0.0.1 behind NAT64), `2002:7f00:1::` (the same behind 6to4) and `fec0::1` global.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NOT_PUBLIC_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's host service, reachable from every machine there
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)

_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""Everything outside is special: loopback, mapped, unique local, link-local, site-local, multicast …"""

_NOT_PUBLIC_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: leads to any IPv4 address
        "3fff::/20",  # documentation
    )
)

_IPV4_INSIDE = (IPv6Network("64:ff9b::/96"), IPv6Network("::ffff:0:0/96"))
"""NAT64 (RFC 6052) and IPv4-mapped addresses: a connection to them ends at the IPv4 host inside."""


def reached(address: Address) -> Address:
    """The host that a connection to this address ends at."""
    if isinstance(address, IPv6Address) and any(address in network for network in _IPV4_INSIDE):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_public(address: Address) -> bool:
    """Whether the address belongs to a host on the public internet."""
    host = reached(address)
    if isinstance(host, IPv4Address):
        return not any(host in network for network in _NOT_PUBLIC_V4)
    return host in _GLOBAL_UNICAST and not any(host in network for network in _NOT_PUBLIC_V6)
