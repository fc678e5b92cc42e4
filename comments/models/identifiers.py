"""Keyed hashes of addresses and networks: nothing is stored in the clear."""

from functools import lru_cache

from django.utils.crypto import salted_hmac

from newsroom.http import client_network

NETWORK = "comments.network"


def email_hash(email: str) -> str:
    """What is kept of a guest's address: enough to know it again."""
    return salted_hmac("comments.commenter", email.strip().lower(), algorithm="sha256").hexdigest()


@lru_cache(1024)
def domain_hash(domain: str) -> str:
    return salted_hmac("comments.domain", domain.lower(), algorithm="sha256").hexdigest()


def domain_hashes(email: str) -> list[str]:
    """Of an address's domain and of each that stands above it: a.b.example, b.example, example."""
    labels = email.strip().lower().rpartition("@")[2].split(".")
    return [domain_hash(".".join(labels[at:])) for at in range(len(labels))]


def network_hash(address: str) -> str:
    """What is kept of the network that an address lies in."""
    return client_network.network_hash(address, purpose=NETWORK)
