"""Formats amounts in minor units for people."""

from __future__ import annotations

_NO_DECIMALS = frozenset(
    ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"]
)
_THREE_DECIMALS = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
_SYMBOLS = {"usd": "$", "eur": "€", "gbp": "£"}

# The least that a card payment may be, where the stand-in knows it.
MINIMUM_CHARGE = {"usd": 50, "eur": 50, "gbp": 30, "cad": 50, "aud": 50}
MAXIMUM_CHARGE = 99_999_999


def places(currency: str) -> int:
    """Return the number of decimals of the currency."""
    if currency in _NO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def format_amount(amount: int, currency: str) -> str:
    """Format an amount: ``1234567, "usd"`` gives ``$12,345.67 USD``. Integers only, so nothing is rounded."""
    digits = places(currency)
    whole, rest = divmod(abs(amount), 10**digits)
    text = f"{whole:,}" + (f".{rest:0{digits}d}" if digits else "")
    return f"{'-' if amount < 0 else ''}{_SYMBOLS.get(currency, '')}{text} {currency.upper()}"
