"""The keys of Django's cache, which counts guesses for allauth's rate limits and nothing else (see CACHES)."""

from newsroom.keyed_hash import keyed_hash


def rate_limit_key(name: str, prefix: str, version: int) -> str:
    """Return the key to count under: a hash, so that no row names an address or a network."""
    return keyed_hash("newsroom.counters", f"{prefix}:{version}:{name}")
