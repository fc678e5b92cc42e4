"""Builds invoices, their lines and their payments."""

from __future__ import annotations

from . import discounts
from .ids import new_id
from .objects import listing, no_tax
from .store import Object, Transaction
from .subscription_object import amount


def invoice(tx: Transaction, sub: Object, customer: Object, reason: str) -> Object:
    """Return a draft invoice for all items of a subscription."""
    now = tx.now
    invoice_id = new_id("in")
    items = sub["items"]["data"]
    whole = sum(amount(item) for item in items)
    taken = discounts.off(tx, sub, whole)
    total = whole - sum(each["amount"] for each in taken)
    return {
        "id": invoice_id,
        "object": "invoice",
        "account_country": "US",
        "account_name": "Stand-in",
        "account_tax_ids": None,
        "amount_due": total,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_paid_off_stripe": 0,
        "amount_remaining": total,
        "amount_shipping": 0,
        "application": None,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": {**no_tax(), "provider": None, "status": None},
        "automatically_finalizes_at": None,
        "billing_reason": reason,
        "collection_method": sub["collection_method"],
        "created": now,
        "currency": sub["currency"],
        "custom_fields": None,
        "customer": customer["id"],
        "customer_account": None,
        "customer_address": None,
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": customer["phone"],
        "customer_shipping": None,
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_payment_method": None,
        "default_source": None,
        "default_tax_rates": [],
        "description": None,
        "discounts": [each["discount"] for each in taken],
        "due_date": None,
        "effective_at": None,
        "ending_balance": None,
        "footer": None,
        "from_invoice": None,
        "hosted_invoice_url": None,
        "invoice_pdf": None,
        "issuer": {"type": "self"},
        "last_finalization_error": None,
        "latest_revision": None,
        "lines": listing(f"/v1/invoices/{invoice_id}/lines", [_line(tx, invoice_id, sub, item) for item in items]),
        "livemode": False,
        "metadata": {},
        "next_payment_attempt": None,
        "number": None,
        "on_behalf_of": None,
        "parent": {
            "quote_details": None,
            "subscription_details": {
                "metadata": sub["metadata"],
                "subscription": sub["id"],
            },
            "type": "subscription_details",
        },
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        "period_end": now,
        "period_start": now,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "receipt_number": None,
        "rendering": None,
        "shipping_cost": None,
        "shipping_details": None,
        "starting_balance": 0,
        "statement_descriptor": None,
        "status": "draft",
        "status_transitions": {
            "finalized_at": None,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        "subtotal": whole,
        "subtotal_excluding_tax": whole,
        "test_clock": None,
        "total": total,
        "total_discount_amounts": taken,
        "total_excluding_tax": total,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
        "webhooks_delivered_at": now,
        "_page": f"{tx.base_url}/invoices/{invoice_id}",
    }


def finalized(now: int, draft: Object, customer: Object) -> Object:
    """Return the values of an invoice once it has a number and is open."""
    sequence = customer["next_invoice_sequence"]
    return {
        **draft,
        "auto_advance": True,
        "automatically_finalizes_at": None,
        "effective_at": now,
        "ending_balance": 0,
        "hosted_invoice_url": draft["_page"],
        "number": f"{customer['invoice_prefix']}-{sequence:04d}",
        "status": "open",
        "status_transitions": {**draft["status_transitions"], "finalized_at": now},
    }


def paid(now: int, waiting: Object) -> Object:
    """Return the values of an invoice once it is paid in full."""
    return {
        **waiting,
        "amount_paid": waiting["amount_due"] if waiting.get("_counted", True) else 0,
        "amount_remaining": 0,
        "attempt_count": waiting["attempt_count"] + 1,
        "attempted": True,
        "auto_advance": False,
        "next_payment_attempt": None,
        "status": "paid",
        "status_transitions": {**waiting["status_transitions"], "paid_at": now},
    }


def _line(tx: Transaction, invoice_id: str, sub: Object, item: Object) -> Object:
    """Return one line of an invoice."""
    price = item["price"]
    product = tx.get(price["product"], "product") or {"name": "Subscription"}
    costs = amount(item)
    return {
        "id": new_id("il"),
        "object": "line_item",
        "amount": costs,
        "currency": price["currency"],
        "description": f"{item.get('quantity', 1)} × {product['name']}",
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice_id,
        "livemode": False,
        "metadata": sub["metadata"],
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None,
                "proration": False,
                "proration_details": {"credited_items": None},
                "subscription": sub["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_item_details",
        },
        "period": {"end": item["current_period_end"], "start": item["current_period_start"]},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": item.get("quantity", 1),
        "quantity_decimal": str(item.get("quantity", 1)),
        "subscription": sub["id"],
        "subtotal": costs,
        "taxes": [],
    }


def invoice_payment(now: int, of: Object, intent_id: str) -> Object:
    """Return the link between an invoice and its payment intent."""
    return {
        "id": new_id("inpay"),
        "object": "invoice_payment",
        "amount_paid": None,
        "amount_requested": of["amount_due"],
        "created": now,
        "currency": of["currency"],
        "invoice": of["id"],
        "is_default": True,
        "livemode": False,
        "payment": {"payment_intent": intent_id, "type": "payment_intent"},
        "status": "open",
        "status_transitions": {"canceled_at": None, "paid_at": None},
    }
