"""The network that a request comes from, as a keyed hash: enough to count by, useless without this site's key."""

from ipaddress import ip_address, ip_network

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
    try:
        version = ip_address(address).version
    except ValueError:
        return ""
    network = ip_network(f"{address}/{24 if version == 4 else 64}", strict=False)
    return salted_hmac(purpose, str(network), algorithm="sha256").hexdigest()
