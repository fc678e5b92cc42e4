import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions import money


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (1000, "usd", "$10"),
        (1250, "USD", "$12.50"),
        (-500, "usd", "−$5"),
        (123456700, "usd", "$1,234,567"),
        (500, "jpy", "JPY 500"),
        (1500, "kwd", "KWD 1.500"),
        (5, "usd", "$0.05"),
        (0, "usd", "$0"),
    ],
)
def test_amounts_are_shown_as_readers_read_them(amount: int, currency: str, shown: str) -> None:
    assert money.display(amount, currency) == shown


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        *[("25", 2500), ("$25", 2500), (" 25.50 ", 2550), ("1,000", 100000), ("٢٥", 2500), ("0.5", 50), ("$ 7", 700)],
        *[("12,50", 1250), ("1,5", 150), ("1,00,000", 10000000), ("1,000.50", 100050), (".50", 50), ("7.", 700)],
    ],
)
def test_amounts_are_read_as_people_write_them(typed: str, minor: int) -> None:
    assert money.parse(typed, "usd") == minor


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        *[("10 USD", "usd", 1000), ("USD10", "usd", 1000), ("US$ 5", "usd", 500), ("$.50", "usd", 50)],
        *[("۱۲٫۵۰", "usd", 1250), ("١٬٠٠٠", "usd", 100000), ("१२", "inr", 1200), ("１２", "jpy", 12)],
        *[("1\u202f000", "eur", 100000), ("1\u2009000,50", "eur", 100050), ("\u200e$5\u200f", "usd", 500)],
        *[("₹500", "inr", 50000), ("Rs. 500", "inr", 50000), ("rs.500/-", "inr", 50000), ("500 rupees", "inr", 50000)],
        *[("PKR 10", "pkr", 1000), ("₨ 500", "pkr", 50000), ("JPY 500", "jpy", 500), ("¥500", "jpy", 500)],
        *[("1’000.50", "chf", 100050), ("Fr. 5", "chf", 500), ("$10", "cad", 1000), ("KWD 1.500", "kwd", 1500)],
    ],
)
def test_amounts_are_read_in_the_currency_of_the_offer(typed: str, currency: str, minor: int) -> None:
    assert money.parse(typed, currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency", "words"),
    [
        ("€5", "usd", "Please enter the amount in $, not in €."),
        ("$5", "inr", "Please enter the amount in ₹, not in $."),
        ("5 EUR", "pkr", "Please enter the amount in PKR, not in EUR."),
        ("₺5", "usd", "Please enter the amount in $, not in ₺."),
        ("5.50", "jpy", "Please enter a whole number, like 25."),
        ("5.50", "isk", "Please enter a whole number, like 25."),  # Stripe takes no parts of a króna
        ("1.234", "kwd", "Please use no more than 2 decimal places."),  # nor of ten fils
    ],
)
def test_another_currency_or_too_fine_an_amount_is_refused_in_words(typed: str, currency: str, words: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        money.parse(typed, currency)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "ten",
        "1e5",
        "-5",
        "+5",
        "NaN",
        "Infinity",
        "1.234",
        "1.2.3",
        ".",
        "½",
        "1.000",
        "1,0000",
        "1,2,3",
        "10 50",
        "1 0000",
        ",5",
        "9" * 14,
        "9" * 30,
        "5\0",
    ],
)
def test_what_is_no_amount_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^(Please|That)"):
        money.parse(typed, "usd")


@given(st.integers(0, 10**9), st.sampled_from(sorted(money.CURRENCIES)))
def test_what_is_shown_or_put_into_a_form_is_read_back_as_the_same_amount(steps: int, currency: str) -> None:
    amount = steps * money.smallest_step(currency)
    assert money.parse(money.display(amount, currency), currency) == amount
    assert money.parse(money.typed(amount, currency), currency) == amount


@given(st.text(max_size=40))
def test_anything_typed_is_an_amount_or_a_refusal_in_words(typed: str) -> None:
    try:
        minor = money.parse(typed, "usd")
    except ValueError as error:
        refusal = str(error)
    else:
        refusal = "."
        assert 0 <= minor <= money.MAX_AMOUNT
    assert refusal.endswith(".")
