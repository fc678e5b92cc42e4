"""Converts amounts between minor units, which the code uses everywhere, and what people read and type."""

import re
import unicodedata
from decimal import Decimal

# Source: Stripe's list of currencies. All others have two decimal places.
_NO_PLACES = "bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf"
DECIMAL_PLACES = {**dict.fromkeys(_NO_PLACES.split(), 0), **dict.fromkeys("bhd jod kwd omr tnd".split(), 3)}  # noqa: SIM905
SYMBOLS = {"usd": "$", "eur": "€", "gbp": "£", "inr": "₹"}
# Source: Stripe's list of currencies in which payments can be made.
_TWO_PLACES = """
aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc cve czk
dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr isk jmd kes kgs khr kyd kzt lak lbp
lkr lrd lsl mad mdl mkd mmk mnt mop mro mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron
rsd rub sar sbd scr sek sgd shp sle sos srd std szl thb tjs top try ttd twd tzs uah usd uyu uzs wst xcd yer zar zmw
"""
_DOLLARS = "aud bbd bmd bnd bsd bzd cad fjd hkd jmd kyd lrd nad nzd sbd sgd srd ttd twd xcd"
# Not UGX: it has no decimals, and Stripe's pages differ about whether its API wants two.
CURRENCIES = frozenset([*DECIMAL_PLACES, *_TWO_PLACES.split()]) - {"ugx"}
# How people write a currency, beside its code and its sign above. Several may share a word.
_WORDS = {
    **dict.fromkeys(_DOLLARS.split(), "$ dollar dollars"),
    "usd": "us$ dollar dollars",
    "eur": "euro euros",
    "gbp": "pound pounds",
    "inr": "rs re rupee rupees रु रुपये روپے",
    "pkr": "rs re rupee rupees روپے",
    "npr": "rs re rupee rupees रु रुपये",
    "lkr": "rs re rupee rupees",
    "jpy": "¥ yen",
    "cny": "¥ yuan",
    "bdt": "৳ taka",
    "chf": "fr franc francs",
}
_OWN_WORDS = {code: {code, SYMBOLS.get(code, code), *_WORDS.get(code, "").split()} for code in CURRENCIES}
_ALL_WORDS = frozenset().union(*_OWN_WORDS.values())
MAX_AMOUNT = 10**12  # minor units: far above any donation, and safe in the database's integers
# Arabic and Persian write ٫ and ٬; the Swiss and others write ’ between thousands.
_SEPARATORS = str.maketrans({"٫": ".", "٬": ",", "،": ",", "'": "", "’": ""})


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


def decimal(amount: int, currency: str) -> Decimal:
    """Return minor units as the number of major ones: 1250 cents are 12.50."""
    return Decimal(amount).scaleb(-decimal_places(currency))


def plain(amount: int, currency: str) -> str:
    """Return minor units as a program reads them: `12.50`."""
    return f"{decimal(amount, currency):f}"


def typed(amount: int, currency: str) -> str:
    """Return minor units as people type them, and as `parse` reads them in any currency: `25`, `12.50`, `1000`."""
    return plain(amount, currency).removesuffix("." + "0" * decimal_places(currency))


def smallest_step(currency: str) -> int:
    """Return the minor units of which Stripe takes only multiples. Source: the special cases of its currencies."""
    return 100 if currency.lower() == "isk" else 10 if decimal_places(currency) == 3 else 1


def parse(text: str, currency: str) -> int:
    """Return the minor units meant by `25`, `$25`, `10 USD`, `25.50`, `1,000` or `٢٥`. Raises ValueError in words."""
    cleaned = _without_currency(text, currency.lower())
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
        raise ValueError(_too_fine(currency))
    minor = int(Decimal(f"{whole or 0}.{fraction or 0}").scaleb(decimal_places(currency)))
    if minor > MAX_AMOUNT:
        raise ValueError("That amount is too large.")
    if minor % smallest_step(currency):
        raise ValueError(_too_fine(currency))
    return minor


def _too_fine(currency: str) -> str:
    places = decimal_places(currency) - len(str(smallest_step(currency))) + 1
    return f"Please use no more than {places} decimal places." if places else "Please enter a whole number, like 25."


def _without_currency(text: str, currency: str) -> str:
    """Return the bare number, after this currency's own sign was taken off. Raises ValueError for another one's."""
    if len(text) > 100:
        raise ValueError("That amount is too large.")
    text = unicodedata.normalize("NFKC", text).translate(_SEPARATORS).casefold()
    # Spaces of any width stand between thousands, and invisible marks between scripts. `10 50` is no 1050.
    text = " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())
    text = re.sub(r"(?<!\d) | (?!\d)|(?<=\d) (?=(\d\d )*\d{3}(?!\d))", "", text)
    match = re.fullmatch(
        r"(re\.|rs\.|रु\.|fr\.|[^\d.,]*)([\d.,]*)(re\.|rs\.|रु\.|fr\.|[^\d.,]*)", text.removesuffix("/-")
    )
    if not match:
        return text
    before, number, after = match.groups()
    for word in filter(None, (before.strip("."), after.strip("."))):
        if word in _OWN_WORDS.get(currency, {currency}):
            continue
        if word in _ALL_WORDS or unicodedata.category(word[0]) == "Sc":
            sign = SYMBOLS.get(currency, currency.upper())
            raise ValueError(f"Please enter the amount in {sign}, not in {word.upper()}.")
        return text
    return number
