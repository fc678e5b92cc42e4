"""What no site causes, and Stripe can still say."""

import json
from typing import Any

import pytest
import stripe

from tests.devtools.stripe_standin.world import DAY, World


def _subscription(world: World, subscription: stripe.Subscription, *expand: str) -> stripe.Subscription:
    return world.client().v1.subscriptions.retrieve(subscription.id, {"expand": list(expand)})


def _invoices(world: World, subscription: stripe.Subscription) -> list[stripe.Invoice]:
    found = world.client().v1.invoices.list({"subscription": subscription.id, "expand": ["data.payments"]})
    return list(found.auto_paging_iter())[::-1]


def _patch(world: World, object_id: str, **values: Any) -> Any:
    paths = {name.replace("__", "."): value for name, value in values.items()}
    return world.control("patch", id=object_id, values=json.dumps(paths))


def _unpaid(world: World) -> tuple[stripe.Subscription, stripe.Invoice]:
    """Return a subscription with its open invoice."""
    sub = world.subscription(fails_with="insufficient_funds")
    world.advance(32 * DAY)
    return sub, _invoices(world, sub)[-1]


def test_a_dispute_is_settled_in_another_currency_with_its_fee_apart(world: World) -> None:
    charge = world.gift()
    world.control("settings", settlement="inr 83.125", dispute_fees="apart")
    made = world.control("dispute", charge=charge.id)
    world.control("close_dispute", dispute=made["id"], outcome="won")
    world.control("move_dispute", dispute=made["id"], amount="-1000")
    moved = world.client().v1.disputes.retrieve(made["id"]).balance_transactions
    assert [(each.amount, each.currency, each.reporting_category) for each in moved] == [
        (-83125, "inr", "dispute"),
        (-124688, "inr", "fee"),
        (83125, "inr", "dispute_reversal"),
        (-83125, "inr", "dispute"),
    ]
    assert {each.exchange_rate for each in moved} == {83.125}
    assert world.told()[-2:] == ["charge.dispute.closed", "charge.dispute.funds_withdrawn"]


@pytest.mark.parametrize("counted", [True, False])
def test_an_invoice_is_paid_outside(world: World, counted: bool) -> None:
    sub, bill = _unpaid(world)
    world.control("pay_outside", invoice=bill.id, counted=str(counted).lower())
    paid = _invoices(world, sub)[-1]
    assert (paid.status, paid.amount_paid, paid.amount_paid_off_stripe) == ("paid", 1000 if counted else 0, 1000)
    assert paid.payments
    link = paid.payments.data[0]
    assert (link.status, link.payment.type, "payment_intent" in link.payment) == ("paid", "payment_record", False)
    assert _subscription(world, sub).status == "active"


def test_an_invoice_is_marked_as_paid_by_the_api(world: World) -> None:
    _, bill = _unpaid(world)
    paid = world.client().v1.invoices.pay(bill.id, {"paid_out_of_band": True})
    assert (paid.status, paid.amount_paid_off_stripe) == ("paid", 1000)


def test_a_paid_invoice_has_one_more_payment_that_is_open(world: World) -> None:
    sub = world.subscription()
    (bill,) = _invoices(world, sub)
    world.control("add_payment", invoice=bill.id)
    (bill,) = _invoices(world, sub)
    assert bill.payments
    assert [(link.status, link.is_default) for link in bill.payments.data] == [("open", False), ("paid", True)]


def test_a_discount_lowers_the_next_invoices_and_one_of_zero_is_paid_by_nothing(world: World) -> None:
    sub = world.subscription()
    world.control("discount", subscription=sub.id, percent_off="50")
    world.advance(32 * DAY)
    world.control("discount", subscription=sub.id, amount_off="700", duration="once")
    world.advance(31 * DAY)
    world.advance(31 * DAY)
    assert [bill.amount_paid for bill in _invoices(world, sub)] == [1000, 500, 0, 500]
    free = _invoices(world, sub)[2]
    assert (free.status, free.subtotal, bool(free.payments and free.payments.data)) == ("paid", 1000, False)
    found = _subscription(world, sub, "discounts.source.coupon").discounts
    assert [each.source.coupon.percent_off for each in found] == [50]  # type: ignore[union-attr]


@pytest.mark.parametrize("behavior", ["keep_as_draft", "void", "mark_uncollectible"])
def test_collection_is_paused_until_a_day(world: World, behavior: Any) -> None:
    sub = world.subscription()
    until = world.read("health")["now"] + 40 * DAY
    world.client().v1.subscriptions.update(sub.id, {"pause_collection": {"behavior": behavior, "resumes_at": until}})
    world.advance(35 * DAY)
    assert _subscription(world, sub).status == "active"
    status = {"keep_as_draft": "draft", "void": "void", "mark_uncollectible": "uncollectible"}[behavior]
    assert [bill.status for bill in _invoices(world, sub)] == ["paid", status]
    world.advance(30 * DAY)
    assert _subscription(world, sub).pause_collection is None
    assert [bill.status for bill in _invoices(world, sub)] == ["paid", status, "paid"]


def test_the_first_failure_pauses_and_its_payment_resumes(world: World) -> None:
    world.control("settings", first_failure="pause")
    sub, bill = _unpaid(world)
    assert _subscription(world, sub).status == "paused"
    world.advance(60 * DAY)
    assert len(_invoices(world, sub)) == 2
    world.control("card", customer=str(sub.customer), fails_with="")
    world.client().v1.invoices.pay(bill.id)
    after = _subscription(world, sub)
    assert (after.status, "status_details" in after) == ("active", False)
    assert after.items.data[0].current_period_end > world.read("health")["now"]
    world.advance(32 * DAY)
    assert [bill.amount_paid for bill in _invoices(world, sub)] == [1000, 1000, 1000]


def test_a_subscription_has_tiers_or_no_item(world: World) -> None:
    sub = world.subscription()
    tiers = {"billing_scheme": "tiered", "tiers_mode": "graduated", "unit_amount": None, "unit_amount_decimal": None}
    _patch(world, sub.id, items__data__0__price=tiers)
    assert world.told() == ["customer.subscription.updated"]
    world.advance(32 * DAY)
    assert [bill.amount_paid for bill in _invoices(world, sub)] == [1000, 0]
    _patch(world, sub.id, items__data=[])
    world.advance(32 * DAY)
    assert len(_invoices(world, sub)) == 2


def test_a_patch_is_held_against_the_contract(world: World) -> None:
    customer = world.customer()
    assert _patch(world, customer.id, metadata={"note": "x"}, email=None)["metadata"] == {"note": "x"}
    assert world.told() == ["customer.created", "customer.updated"]
    with pytest.raises(AssertionError, match="a JSON object"):
        world.control("patch", id=customer.id, values="[]")
    with pytest.raises(AssertionError, match="there is nothing at"):
        _patch(world, customer.id, metadata__note__more=1)
    with pytest.raises(AssertionError, match="must be that of an object"):
        _patch(world, "cus_unknown")
    assert world.read("changes")[0]["path"] == "/v1/customers"
