"""Builds checkout sessions."""

from __future__ import annotations

from typing import Any

from .ids import new_id

Object = dict[str, Any]

LIFETIME = 24 * 3600
"""Seconds that a session stays open when the request does not say."""


def customer_details(email: str | None, name: str | None) -> Object:
    """Return the details of the person who pays."""
    return {
        "address": None,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": None,
    }


def checkout_session(now: int, given: Object, lines: list[Object], customer: Object | None, base_url: str) -> Object:
    """Return an open session. The fields that begin with ``_`` are used when it is paid and never shown."""
    session_id = new_id("cs_test")
    mode = given["mode"]
    total = sum(line["amount_total"] for line in lines)
    known_email = customer["email"] if customer else given.get("customer_email")
    creation = given.get("customer_creation") or ("always" if mode == "subscription" else "if_required")
    adaptive = given.get("adaptive_pricing") or {}
    return {
        "id": session_id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": adaptive.get("enabled", True)},
        "after_expiration": None,
        "allow_promotion_codes": None,
        "allowed_payment_method_types": None,
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "billing_address_collection": None,
        "branding_settings": {
            "background_color": "#ffffff",
            "border_style": "rounded",
            "button_color": "#0a5ad4",
            "display_name": "Stand-in",
            "font_family": "default",
            "icon": None,
            "logo": None,
        },
        "cancel_url": given.get("cancel_url"),
        "client_reference_id": given.get("client_reference_id"),
        "client_secret": None,
        "collected_information": None,
        "consent": None,
        "consent_collection": None,
        "created": now,
        "currency": lines[0]["currency"],
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer": customer["id"] if customer else None,
        "customer_account": None,
        "customer_creation": None if customer else creation,
        "customer_details": customer_details(known_email, customer["name"] if customer else None)
        if known_email
        else None,
        "customer_email": given.get("customer_email"),
        "discounts": [],
        "expires_at": given.get("expires_at") or now + LIFETIME,
        "integration_identifier": None,
        "invoice": None,
        "invoice_creation": _no_invoice() if mode == "payment" else None,
        "livemode": False,
        "locale": given.get("locale"),
        "managed_payments": {"enabled": False},
        "metadata": given.get("metadata") or {},
        "mode": mode,
        "optional_items": [],
        "origin_context": None,
        "payment_intent": None,
        "payment_link": None,
        "payment_method_collection": "always" if mode == "subscription" else "if_required",
        "payment_method_configuration_details": None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "permissions": None,
        "phone_number_collection": {"enabled": False},
        "recovered_from": None,
        "saved_payment_method_options": None,
        "setup_intent": None,
        "shipping_address_collection": None,
        "shipping_cost": None,
        "shipping_options": [],
        "status": "open",
        "submit_type": given.get("submit_type"),
        "subscription": None,
        "success_url": given["success_url"],
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"{base_url}/pay/{session_id}",
        "wallet_options": None,
        "_line_items": lines,
        "_payment_intent_data": given.get("payment_intent_data") or {},
        "_subscription_data": given.get("subscription_data") or {},
    }


def _no_invoice() -> Object:
    """Return invoice creation for one-time payments, switched off."""
    return {
        "enabled": False,
        "invoice_data": {
            "account_tax_ids": None,
            "custom_fields": None,
            "description": None,
            "footer": None,
            "issuer": None,
            "metadata": {},
            "rendering_options": None,
        },
    }
