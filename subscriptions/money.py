"""Converts amounts between minor units, which the code uses everywhere, and what people read and type."""

import re
from decimal import Decimal

# Source: Stripe's list of currencies. All others have two decimal places.
_NO_PLACES = "bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf"
DECIMAL_PLACES = {**dict.fromkeys(_NO_PLACES.split(), 0), **dict.fromkeys("bhd jod kwd omr tnd".split(), 3)}  # noqa: SIM905
SYMBOLS = {"usd": "$", "eur": "€", "gbp": "£", "inr": "₹"}
MAX_AMOUNT = 10**12  # minor units: far above any donation, and safe in the database's integers


def decimal_places(currency: str) -> int:
    """Return the number of decimal places of a currency (ISO 4217, any case)."""
    return DECIMAL_PLACES.get(currency.lower(), 2)


def display(amount: int, currency: str) -> str:
    """Return minor units as readers read them: `$10`, `$12.50`, `−$5`. Whole amounts have no decimals."""
    digits = decimal_places(currency)
    value = Decimal(abs(amount)).scaleb(-digits)
    number = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.{digits}f}"
    sign = SYMBOLS.get(currency.lower())
    return ("−" if amount < 0 else "") + (f"{sign}{number}" if sign else f"{currency.upper()} {number}")


def plain(amount: int, currency: str) -> str:
    """Return minor units as a program reads them: `12.50`."""
    return f"{Decimal(amount).scaleb(-decimal_places(currency)):f}"


def parse(text: str, currency: str) -> int:
    """Return the minor units meant by `25`, `$25`, `25.50`, `1,000` or `٢٥`. Raises ValueError in words."""
    cleaned = text.strip().removeprefix(SYMBOLS.get(currency.lower(), "$")).replace(" ", "")
    if not cleaned:
        raise ValueError("Please enter an amount.")
    if re.fullmatch(r"\d{1,3}(,\d{2,3})*,\d{3}(\.\d+)?", cleaned):
        cleaned = cleaned.replace(",", "")  # 1,000 or 1,00,000
    elif re.fullmatch(r"\d+,\d{1,2}", cleaned):
        cleaned = cleaned.replace(",", ".")  # 12,50 as much of the world writes it, never read as 1250
    if len(cleaned) > 20 or not re.fullmatch(r"\d+(\.\d*)?|\.\d+", cleaned):
        raise ValueError("Please enter the amount as a number, like 25 or 12.50.")
    whole, _, fraction = cleaned.partition(".")
    if len(fraction) > decimal_places(currency):  # 1.000 is a thousand to some people, and one to others
        raise ValueError(f"Please use no more than {decimal_places(currency)} decimal places.")
    minor = int(Decimal(f"{whole or 0}.{fraction or 0}").scaleb(decimal_places(currency)))
    if minor > MAX_AMOUNT:
        raise ValueError("That amount is too large.")
    return minor
