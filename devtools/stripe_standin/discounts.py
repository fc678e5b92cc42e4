"""Discounts of a subscription. At Stripe a coupon is redeemed for it; here a control makes both."""

from __future__ import annotations

from .ids import new_id
from .store import Object, Transaction


def give(tx: Transaction, sub: Object, percent_off: int | None, amount_off: int | None, duration: str) -> Object:
    """Lower what a subscription costs from its next invoice on. Return the subscription."""
    coupon = tx.put(
        {
            "id": new_id("coupon"),
            "object": "coupon",
            "amount_off": amount_off,
            "created": tx.now,
            "currency": sub["currency"] if amount_off else None,
            "duration": duration,
            "duration_in_months": 3 if duration == "repeating" else None,
            "livemode": False,
            "max_redemptions": None,
            "metadata": {},
            "name": "Discount",
            "percent_off": percent_off,
            "redeem_by": None,
            "times_redeemed": 1,
            "valid": True,
        }
    )
    discount = tx.put(
        {
            "id": new_id("di"),
            "object": "discount",
            "checkout_session": None,
            "customer": sub["customer"],
            "customer_account": None,
            "end": None,
            "invoice": None,
            "invoice_item": None,
            "promotion_code": None,
            "source": {"coupon": coupon["id"], "type": "coupon"},
            "start": tx.now,
            "subscription": sub["id"],
            "subscription_item": None,
        }
    )
    tx.emit("customer.discount.created", discount)
    return tx.change(sub, {"discounts": [*sub["discounts"], discount["id"]]}, "customer.subscription.updated")


def off(tx: Transaction, sub: Object, whole: int) -> list[Object]:
    """Return what each discount takes off an invoice, one after the other, in the form that invoices have."""
    taken: list[Object] = []
    for discount_id in sub["discounts"]:
        coupon = _coupon(tx, discount_id)
        less = coupon["amount_off"] or round(whole * coupon["percent_off"] / 100)
        taken.append({"amount": min(less, whole), "discount": discount_id})
        whole -= taken[-1]["amount"]
    return taken


def lasting(tx: Transaction, sub: Object) -> list[str]:
    """Return the discounts that the next invoice has too. Months are not counted here: only ``once`` ends."""
    return [each for each in sub["discounts"] if _coupon(tx, each)["duration"] != "once"]


def _coupon(tx: Transaction, discount_id: str) -> Object:
    discount = tx.get(discount_id, "discount")
    assert discount is not None
    coupon = tx.get(discount["source"]["coupon"], "coupon")
    assert coupon is not None
    return coupon
