"""Builds customers, products, prices, line items and lists, with every field of a usual answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .ids import new_id, new_prefix

Object = dict[str, Any]


def listing(url: str, data: Sequence[Object], has_more: bool = False) -> Object:
    """Return a list object."""
    return {"object": "list", "data": list(data), "has_more": has_more, "url": url}


def no_tax() -> Object:
    """Return automatic tax, switched off, as subscriptions show it."""
    return {"disabled_reason": None, "enabled": False, "liability": None}


def customer(now: int, given: Object) -> Object:
    """Return a customer from checked parameters."""
    name = given.get("name")
    return {
        "id": new_id("cus"),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": now,
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": given.get("description"),
        "discount": None,
        "email": given.get("email"),
        "invoice_prefix": new_prefix(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": given.get("metadata") or {},
        "name": name,
        "next_invoice_sequence": 1,
        "phone": given.get("phone"),
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def product(now: int, given: Object) -> Object:
    """Return an ad hoc product for a line item; Stripe archives such products."""
    return {
        "id": new_id("prod"),
        "object": "product",
        "active": False,
        "created": now,
        "default_price": None,
        "description": given.get("description"),
        "images": [],
        "livemode": False,
        "marketing_features": [],
        "metadata": given.get("metadata") or {},
        "name": given["name"],
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": None,
        "tax_details": None,
        "type": "service",
        "unit_label": None,
        "updated": now,
        "url": None,
    }


def price(now: int, given: Object, product_id: str) -> Object:
    """Return an ad hoc price from ``price_data``."""
    recurring = given.get("recurring")
    return {
        "id": new_id("price"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": now,
        "currency": given["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": product_id,
        "recurring": recurring
        and {
            "interval": recurring["interval"],
            "interval_count": recurring.get("interval_count", 1),
            "meter": None,
            "trial_period_days": None,
            "usage_type": "licensed",
        },
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "recurring" if recurring else "one_time",
        "unit_amount": given["unit_amount"],
        "unit_amount_decimal": str(given["unit_amount"]),
    }


def plan(of: Object) -> Object:
    """Return the legacy plan of a recurring price, which subscription items still have."""
    return {
        "id": of["id"],
        "object": "plan",
        "active": of["active"],
        "amount": of["unit_amount"],
        "amount_decimal": of["unit_amount_decimal"],
        "billing_scheme": of["billing_scheme"],
        "created": of["created"],
        "currency": of["currency"],
        "interval": of["recurring"]["interval"],
        "interval_count": of["recurring"]["interval_count"],
        "livemode": False,
        "metadata": {},
        "meter": None,
        "nickname": None,
        "product": of["product"],
        "tiers_mode": None,
        "transform_usage": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def line_item(of: Object, quantity: int, description: str) -> Object:
    """Return one line of a checkout session."""
    amount = of["unit_amount"] * quantity
    return {
        "id": new_id("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": of["currency"],
        "description": description,
        "metadata": {},
        "price": of,
        "quantity": quantity,
    }


def portal_session(now: int, given: Object, base_url: str) -> Object:
    """Return a billing portal session."""
    session_id = new_id("bps")
    return {
        "id": session_id,
        "object": "billing_portal.session",
        "after_expiration": None,
        "configuration": given.get("configuration") or "bpc_standin",
        "created": now,
        "customer": given["customer"],
        "customer_account": None,
        "flow": None,
        "livemode": False,
        "locale": given.get("locale"),
        "on_behalf_of": None,
        "return_url": given.get("return_url"),
        "url": f"{base_url}/portal/{session_id}",
    }
