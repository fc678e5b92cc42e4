"""Amounts are integers in the currency's minor unit. Only here are they written as people write them."""

import re
from decimal import Decimal

# Source: Stripe's list of currencies. All others have two places.
PLACES = {
    **dict.fromkeys(
        (
            "bif",
            "clp",
            "djf",
            "gnf",
            "jpy",
            "kmf",
            "krw",
            "mga",
            "pyg",
            "rwf",
            "ugx",
            "vnd",
            "vuv",
            "xaf",
            "xof",
            "xpf",
        ),
        0,
    ),
    **dict.fromkeys(("bhd", "jod", "kwd", "omr", "tnd"), 3),
}
SIGNS = {"usd": "$", "eur": "€", "gbp": "£", "inr": "₹"}
LARGEST = 10**12  # minor units: far above any gift, and safe in the database's integers


def places(currency: str) -> int:
    """How many decimal places the currency (ISO 4217, any case) has."""
    return PLACES.get(currency.lower(), 2)


def display(amount: int, currency: str) -> str:
    """`$10`, `$12.50`, `-$5`: minor units as a reader reads them; whole amounts without decimals."""
    digits = places(currency)
    value = Decimal(abs(amount)).scaleb(-digits)
    number = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.{digits}f}"
    sign = SIGNS.get(currency.lower())
    return ("−" if amount < 0 else "") + (f"{sign}{number}" if sign else f"{currency.upper()} {number}")


def parse(text: str, currency: str) -> int:
    """The minor units that a person means by `25`, `$25`, `25.50`, `1,000` or `٢٥`. Raises ValueError in words."""
    cleaned = text.strip().removeprefix(SIGNS.get(currency.lower(), "$")).replace(" ", "")
    if not cleaned:
        raise ValueError("Please enter an amount.")
    if re.fullmatch(r"\d{1,3}(,\d{2,3})*,\d{3}(\.\d+)?", cleaned):
        cleaned = cleaned.replace(",", "")  # 1,000 or 1,00,000
    elif re.fullmatch(r"\d+,\d{1,2}", cleaned):
        cleaned = cleaned.replace(",", ".")  # 12,50 as much of the world writes it: never a hundred times as much
    if len(cleaned) > 20 or not re.fullmatch(r"\d+(\.\d*)?|\.\d+", cleaned):
        raise ValueError("Please enter the amount as a number, like 25 or 12.50.")
    whole, _, fraction = cleaned.partition(".")
    if len(fraction) > places(currency):  # 1.000 is a thousand to some, and one to others
        raise ValueError(f"Please use no more than {places(currency)} decimal places.")
    minor = int(Decimal(f"{whole or 0}.{fraction or 0}").scaleb(places(currency)))
    if minor > LARGEST:
        raise ValueError("That amount is too large.")
    return minor
