"""Which IP addresses are on the public internet."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Python calls these global, yet they lead back inside: addresses that embed an
# IPv4 address (NAT64, 6to4, Teredo, the old compatible form), the retired
# site-local range, and the block for protocol assignments.
_LEADING_INSIDE = tuple(
    ip_network(network)
    for network in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "::/96",
        "fec0::/10",
        "192.0.0.0/24",
    )
)


def is_public(address: str) -> bool:
    """Whether this IP address (as text, any scope id allowed) is on the internet."""
    try:
        ip: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    return not any(ip in network for network in _LEADING_INSIDE)
