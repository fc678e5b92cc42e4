"""Builds subscriptions and their items."""

from __future__ import annotations

from typing import Any

from .clock import add_interval
from .ids import new_id
from .objects import listing, no_tax, plan

Object = dict[str, Any]


def subscription(now: int, customer_id: str, method_id: str, lines: list[Object], data: Object) -> Object:
    """Return an active subscription; `data` is the session's ``subscription_data``."""
    subscription_id = new_id("sub")
    return {
        "id": subscription_id,
        "object": "subscription",
        "application": None,
        "application_fee_percent": None,
        "automatic_tax": no_tax(),
        "billing_cycle_anchor": now,
        "billing_cycle_anchor_config": None,
        "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible"},
        "billing_schedules": [],
        "billing_thresholds": None,
        "cancel_at": None,
        "cancel_at_period_end": False,
        "canceled_at": None,
        "cancellation_details": {"comment": None, "feedback": None, "feedback_option": None, "reason": None},
        "collection_method": "charge_automatically",
        "created": now,
        "currency": lines[0]["currency"],
        "customer": customer_id,
        "customer_account": None,
        "days_until_due": None,
        "default_payment_method": method_id,
        "default_source": None,
        "default_tax_rates": [],
        "description": data.get("description"),
        "discounts": [],
        "ended_at": None,
        "invoice_settings": {
            "account_tax_ids": None,
            "custom_fields": None,
            "description": None,
            "footer": None,
            "issuer": {"type": "self"},
        },
        "items": listing(
            f"/v1/subscription_items?subscription={subscription_id}",
            [item(now, subscription_id, line["price"], line["quantity"]) for line in lines],
        ),
        "latest_invoice": None,
        "livemode": False,
        "managed_payments": {"enabled": False},
        "metadata": data.get("metadata") or {},
        "next_pending_invoice_item_invoice": None,
        "on_behalf_of": None,
        "pause_collection": None,
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "pending_invoice_item_interval": None,
        "pending_setup_intent": None,
        "pending_update": None,
        "schedule": None,
        "start_date": now,
        "status": "active",
        "test_clock": None,
        "transfer_data": None,
        "trial_end": None,
        "trial_settings": {"end_behavior": {"billing_cycle_anchor": None, "missing_payment_method": "create_invoice"}},
        "trial_start": None,
    }


def item(now: int, subscription_id: str, price: Object, quantity: int) -> Object:
    """Return one item; it, not the subscription, has the period."""
    recurring = price["recurring"]
    return {
        "id": new_id("si"),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": now,
        "current_trial": None,
        "current_period_end": add_interval(now, recurring["interval"], recurring["interval_count"]),
        "current_period_start": now,
        "discounts": [],
        "metadata": {},
        "plan": plan(price),
        "price": price,
        "quantity": quantity,
        "subscription": subscription_id,
        "tax_rates": [],
    }


def period_end(sub: Object) -> int:
    """Return when the paid period ends; without items there is none, and it "ends" when the subscription began."""
    return max((int(item["current_period_end"]) for item in sub["items"]["data"]), default=int(sub["start_date"]))


def amount(item: Object) -> int:
    """Return what an item costs a period, before discounts; a price in tiers counts as nothing here."""
    return int((item["price"]["unit_amount"] or 0) * item.get("quantity", 1))


def total(sub: Object) -> int:
    """Return what a period costs, before discounts."""
    return sum(amount(each) for each in sub["items"]["data"])


def next_period(item: Object, anchor: int) -> Object:
    """Return the item one period later, counted from the anchor, so that the 31st comes back after February."""
    recurring = item["price"]["recurring"]
    count = recurring["interval_count"]
    turns = 1
    while add_interval(anchor, recurring["interval"], count * turns) <= item["current_period_end"]:
        turns += 1
    end = add_interval(anchor, recurring["interval"], count * turns)
    return {**item, "current_period_start": item["current_period_end"], "current_period_end": end}
