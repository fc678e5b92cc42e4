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
        ",5",
        "9" * 14,
        "9" * 30,
        "5\0",
    ],
)
def test_what_is_no_amount_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match=r"^(Please|That)"):
        money.parse(typed, "usd")


@given(st.integers(0, 10**11), st.sampled_from(["usd", "eur", "gbp", "inr"]))
def test_what_is_shown_is_read_back_as_the_same_amount(amount: int, currency: str) -> None:
    assert money.parse(money.display(amount, currency), currency) == amount


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
