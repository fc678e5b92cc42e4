"""The network that a request comes from, as a keyed hash: enough to count by, useless without this site's key."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def client_network_hash(request: HttpRequest, *, purpose: str) -> str:
    """Proxies of ours are looked through (TRUSTED_PROXIES)."""
    return network_hash(get_adapter().get_client_ip(request), purpose=purpose)


def network_hash(address: str, *, purpose: str) -> str:
    """Of the /24 (or /64) that an address lies in; empty for what is no address. What is kept for one purpose cannot be
    laid beside what is kept for another.
    """
    network = network_of(address)
    return salted_hmac(purpose, str(network), algorithm="sha256").hexdigest() if network else ""


def network_of(address: str, *, ipv4_bits: int = 24) -> IPv4Network | IPv6Network | None:
    """Return the network that stands for one client: of IPv6 the /64, which is one household; None for no address."""
    try:
        ip = ip_address(address)
    except ValueError:
        return None
    ip = getattr(ip, "ipv4_mapped", None) or ip  # IPv4 as a socket for both versions writes it
    return ip_network(f"{ip}/{ipv4_bits if ip.version == 4 else 64}", strict=False)
