"""Where allauth counts wrong guesses: a table of Django's, shared by all processes, that names nobody (see CACHES)."""

from django.utils.crypto import salted_hmac

TABLE = "newsroom_counter"


def rate_limit_key(name: str, prefix: str, version: int) -> str:
    """Under which name something is counted: no row says which address or network it is about."""
    return salted_hmac("newsroom.counters", f"{prefix}:{version}:{name}", algorithm="sha256").hexdigest()
