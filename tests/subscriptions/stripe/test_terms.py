"""What a subscription costs, for every shape of price that can be made in Stripe's dashboard."""

from typing import Any

import pytest
import stripe

from subscriptions.stripe.invoices import UnpaidInvoice
from subscriptions.stripe.subscriptions import StripeSubscription
from subscriptions.stripe.terms import Terms

Shape = dict[str, Any]


def _item(amount: int | None = 1000, interval: str = "month", count: int = 1, **more: Any) -> Shape:
    price = {
        "currency": "usd",
        "billing_scheme": "per_unit",
        "unit_amount": amount,
        "unit_amount_decimal": None if amount is None else str(amount),
        "transform_quantity": None,
        "recurring": {"interval": interval, "interval_count": count, "usage_type": "licensed"},
    }
    item = {"object": "subscription_item", "discounts": [], "quantity": 1, "current_period_end": 9}
    return {**item, "price": price | more.pop("price", {}), **more}


def _coupon(duration: str = "forever", **more: Any) -> Shape:
    off = {"percent_off": None, "amount_off": None, "currency": None}
    coupon = {"id": "half", "object": "coupon", "duration": duration, **off, **more}
    return {"id": "di_1", "object": "discount", "source": {"type": "coupon", "coupon": coupon}}


def _subscription(*items: Shape, **more: Any) -> stripe.Subscription:
    shape: Shape = {
        "id": "sub_1",
        "object": "subscription",
        "status": "active",
        "currency": "usd",
        "customer": "cus_1",
        "start_date": 1,
        "cancel_at": None,
        "cancel_at_period_end": False,
        "ended_at": None,
        "pause_collection": None,
        "cancellation_details": None,
        "latest_invoice": None,
        "default_payment_method": None,
        "metadata": {},
        "items": {"object": "list", "data": list(items)},
        "discounts": [],
    }
    return stripe.Subscription.construct_from(shape | more, None)


@pytest.mark.parametrize(
    ("items", "shown"),
    [
        ([_item()], (1000, "month", 1, 1000)),
        ([_item(10000, "year")], (10000, "year", 1, 833)),
        ([_item(3000, count=3)], (3000, "month", 3, 1000)),
        ([_item(700, "week")], (700, "week", 1, 3042)),
        ([_item(1000, quantity=3)], (3000, "month", 1, 3000)),
        ([_item(1000, quantity=0)], (0, "month", 1, 0)),
        ([_item(1000), _item(500)], (1500, "month", 1, 1500)),
        ([_item(None, price={"unit_amount_decimal": "0.5"}, quantity=2001)], (1000, "month", 1, 1000)),
    ],
)
def test_what_the_amount_is(items: list[Shape], shown: tuple[int, str, int, int]) -> None:
    assert Terms.from_stripe(_subscription(*items)) == Terms(*shown, not_understood="")


def test_a_quantity_that_stripe_leaves_out_is_one() -> None:
    item = _item()
    del item["quantity"]
    assert Terms.from_stripe(_subscription(item)).amount == 1000


@pytest.mark.parametrize(
    ("discounts", "amount"),
    [
        ([_coupon(percent_off=50)], 5000),
        ([_coupon(percent_off=33.3)], 6670),
        ([_coupon(amount_off=400, currency="usd")], 9600),
        ([_coupon("repeating", percent_off=50)], 5000),
        ([_coupon("once", percent_off=50)], 10000),
        ([_coupon(percent_off=50), _coupon(amount_off=400, currency="usd")], 4600),
        ([_coupon(amount_off=99999, currency="usd")], 0),
    ],
)
def test_discounts_are_in_the_amount_and_in_the_month(discounts: list[Shape], amount: int) -> None:
    terms = Terms.from_stripe(_subscription(_item(10000, "year"), discounts=discounts))
    assert (terms.amount, terms.monthly_amount, terms.not_understood) == (amount, round(amount / 12), "")


@pytest.mark.parametrize(
    ("items", "more", "words"),
    [
        ([], {}, "it has no price"),
        ([_item(), _item(interval="year")], {}, "several intervals"),
        ([_item(None, price={"billing_scheme": "tiered"})], {}, "tiers"),
        ([_item(None)], {}, "no amount"),
        (
            [_item(price={"recurring": {"interval": "month", "interval_count": 1, "usage_type": "metered"}})],
            {},
            "by use",
        ),
        ([_item(price={"transform_quantity": {"divide_by": 10, "round": "up"}})], {}, "by the package"),
        ([_item(price={"recurring": None})], {}, "does not recur"),
        ([_item(price={"currency": "inr"})], {}, "another currency"),
        ([_item(discounts=["di_1"])], {}, "discount of its own"),
        ([_item()], {"discounts": ["di_1"]}, "discount without an amount"),
        ([_item()], {"discounts": [_coupon(amount_off=10, currency="inr")]}, "discount in another currency"),
        ([_item()], {"discounts": [_coupon(percent_off=9, applies_to={"products": ["p"]})]}, "some products"),
        (
            [_item()],
            {"customer": {"id": "cus_1", "object": "customer", "discount": {"object": "discount"}}},
            "its customer has a discount",
        ),
        ([_item(2**31)], {}, "too large"),
    ],
)
def test_a_shape_that_is_no_amount_is_named(items: list[Shape], more: Shape, words: str) -> None:
    read = StripeSubscription.from_stripe(_subscription(*items, **more))
    assert words in read.terms.not_understood
    assert 0 <= read.terms.monthly_amount < 2**31


def test_of_a_deleted_customer_and_a_subscription_without_items_the_rest_is_read() -> None:
    deleted = {"id": "cus_1", "object": "customer", "deleted": True}
    read = StripeSubscription.from_stripe(_subscription(customer=deleted, metadata=None))
    assert (read.customer, read.email, read.checkout, read.installation) == ("cus_1", None, None, None)
    assert read.current_period_end == read.started


def test_collection_cancellation_and_card_are_copied() -> None:
    read = StripeSubscription.from_stripe(
        _subscription(
            _item(),
            pause_collection={"behavior": "void", "resumes_at": 86400},
            cancellation_details={"feedback": "too_expensive", "comment": "x" * 2000, "reason": None},
            default_payment_method={"object": "payment_method", "card": {"exp_month": 2, "exp_year": 2028}},
        )
    )
    assert read.collection_paused
    assert read.collection_resumes_at is not None
    assert (read.cancel_reason, len(read.cancel_comment)) == ("too_expensive", 1000)
    assert f"{read.card_expires}" == "2028-02-29"


@pytest.mark.parametrize(
    ("invoice", "page"),
    [
        ({"status": "open", "attempted": True, "hosted_invoice_url": "https://pay.example/"}, "https://pay.example/"),
        ({"status": "open", "attempted": True}, ""),
        ({"status": "draft", "attempted": False, "hosted_invoice_url": "https://pay.example/"}, ""),
    ],
)
def test_an_unpaid_invoice_leads_to_its_page(invoice: Shape, page: str) -> None:
    newest = {"id": "in_1", "object": "invoice", **invoice}
    read = StripeSubscription.from_stripe(_subscription(_item(), latest_invoice=newest))
    assert read.failed_invoice == (UnpaidInvoice("in_1", page) if invoice["attempted"] else None)
