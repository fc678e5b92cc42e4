"""Builds payment methods, payment intents and charges. The card is always the well-known test card."""

from __future__ import annotations

from typing import Any

from .ids import new_id

Object = dict[str, Any]

_CHECKS = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}


def billing_details(email: str | None, name: str | None) -> Object:
    """Return the billing details of charges and payment methods."""
    return {"address": None, "email": email, "name": name, "phone": None, "tax_id": None}


def payment_method(
    now: int, customer_id: str | None, email: str | None, name: str | None, fails_with: str | None = None
) -> Object:
    """Return a card. With `fails_with` (a bank's code), later charges are refused."""
    return {
        **_method(now, customer_id, email, name),
        "card": {
            "brand": "visa",
            "checks": _CHECKS,
            "country": "US",
            "display_brand": "visa",
            "exp_month": 12,
            "exp_year": 2040,
            "fingerprint": "standin",
            "funding": "credit",
            "generated_from": None,
            "last4": "0341" if fails_with else "4242",
            "networks": {"available": ["visa"], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "type": "card",
        "_fails_with": fails_with,
    }


def bank_account(now: int, customer_id: str | None, email: str | None, name: str | None) -> Object:
    """Return a bank account, whose payments take days."""
    return {
        **_method(now, customer_id, email, name),
        "type": "us_bank_account",
        "us_bank_account": {
            "account_holder_type": "individual",
            "account_type": "checking",
            "bank_name": "STANDIN BANK",
            "financial_connections_account": None,
            "fingerprint": "standin",
            "last4": "6789",
            "networks": {"preferred": "ach", "supported": ["ach"]},
            "routing_number": "110000000",
            "status_details": None,
        },
    }


def _method(now: int, customer_id: str | None, email: str | None, name: str | None) -> Object:
    """Return the fields that all payment methods have."""
    return {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": billing_details(email, name),
        "created": now,
        "customer": customer_id,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
    }


def payment_intent(now: int, amount: int, currency: str, customer_id: str | None, data: Object) -> Object:
    """Return a payment intent that waits for a card; `data` is the session's ``payment_intent_data``."""
    intent_id = new_id("pi")
    return {
        "id": intent_id,
        "object": "payment_intent",
        "allowed_payment_method_types": None,
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{intent_id}_secret_{new_id('x')[2:]}",
        "confirmation_method": "automatic",
        "created": now,
        "currency": currency,
        "customer": customer_id,
        "customer_account": None,
        "description": data.get("description"),
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "managed_payments": {"enabled": False},
        "metadata": data.get("metadata") or {},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {
            "card": {
                "installments": None,
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            }
        },
        "payment_method_types": ["card"],
        "payment_record": None,
        "processing": None,
        "receipt_email": data.get("receipt_email"),
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": data.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def charge(now: int, intent: Object, method: Object, status: str, base_url: str) -> Object:
    """Return the charge of one attempt: ``succeeded``, ``pending`` or ``failed``."""
    charge_id = new_id("ch")
    taken = status == "succeeded"
    suffix = intent["statement_descriptor_suffix"]
    return {
        "id": charge_id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if taken else 0,
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "calculated_statement_descriptor": f"STANDIN* {suffix}"[:22] if suffix else "STANDIN",
        "captured": taken,
        "created": now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": intent["metadata"],
        "on_behalf_of": None,
        "outcome": {
            "advice_code": None,
            "network_advice_code": None,
            "network_decline_code": None,
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "risk_score": 1,
            "seller_message": "Payment complete.",
            "type": "authorized",
        },
        "paid": taken,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": _details(intent, method),
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": f"{base_url}/receipts/{charge_id}" if taken else None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": suffix,
        "status": status,
        "transfer_data": None,
        "transfer_group": None,
    }


def _details(intent: Object, method: Object) -> Object:
    """Return the payment method's details, as a charge shows them."""
    if method["type"] == "us_bank_account":
        account = method["us_bank_account"]
        names = ("account_holder_type", "account_type", "bank_name", "fingerprint", "last4", "routing_number")
        shown = {name: account[name] for name in names}
        return {
            "type": "us_bank_account",
            "us_bank_account": {**shown, "payment_reference": None},
        }
    card = method["card"]
    return {
        "card": {
            "amount_authorized": intent["amount"],
            "authorization_code": None,
            "brand": card["brand"],
            "checks": _CHECKS,
            "country": card["country"],
            "electronic_commerce_indicator": None,
            "exp_month": card["exp_month"],
            "exp_year": card["exp_year"],
            "extended_authorization": {"status": "disabled"},
            "fingerprint": card["fingerprint"],
            "funding": card["funding"],
            "incremental_authorization": {"status": "unavailable"},
            "installments": None,
            "last4": card["last4"],
            "mandate": None,
            "multicapture": {"status": "unavailable"},
            "network": "visa",
            "network_token": {"used": False},
            "network_transaction_id": None,
            "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
            "regulated_status": "unregulated",
            "three_d_secure": None,
            "transaction_link_id": None,
            "wallet": None,
        },
        "type": "card",
    }
