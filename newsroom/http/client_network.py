"""The network that a request comes from, as a keyed hash: enough to count by, useless without this site's key."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

from newsroom.keyed_hash import keyed_hash, keyed_hashes


def client_network_hash(request: HttpRequest, *, purpose: str) -> str:
    """Return the hash of the client's network, looking through our own proxies (TRUSTED_PROXIES)."""
    return network_hash(get_adapter().get_client_ip(request), purpose=purpose)


def client_network_hashes(request: HttpRequest, *, purpose: str) -> list[str]:
    """Return all hashes under which the client's network may be stored, the one to store first; none without one."""
    network = network_of(get_adapter().get_client_ip(request))
    return keyed_hashes(purpose, str(network)) if network else []


def network_hash(address: str, *, purpose: str) -> str:
    """Return the hash of the network that an address lies in; empty if it is no address.

    Hashes made for one purpose cannot be compared with those made for another.
    """
    network = network_of(address)
    return keyed_hash(purpose, str(network)) if network else ""


def network_of(address: str, *, ipv4_bits: int = 24) -> IPv4Network | IPv6Network | None:
    """Return the network that stands for one client: of IPv6 the /64, which is one household; None for no address."""
    try:
        ip = ip_address(address)
    except ValueError:
        return None
    ip = getattr(ip, "ipv4_mapped", None) or ip  # IPv4 as a socket for both versions writes it
    return ip_network(f"{ip}/{ipv4_bits if ip.version == 4 else 64}", strict=False)
