"""The endpoint of the account itself, with what a site may check of its settings."""

from __future__ import annotations

from .params import EXPAND
from .routing import Route
from .store import Object, Transaction

ACCOUNT = "acct_standin"


def account(tx: Transaction) -> Object:
    """Return the account; the control ``patch`` may have changed it."""
    return tx.get(ACCOUNT, "account") or {
        "id": ACCOUNT,
        "object": "account",
        "business_profile": {
            "annual_revenue": None,
            "estimated_worker_count": None,
            "mcc": "5994",
            "minority_owned_business_designation": None,
            "name": "Stand-in",
            "product_description": None,
            "specified_commercial_transactions_act_url": None,
            "support_address": None,
            "support_email": None,
            "support_phone": None,
            "support_url": None,
            "url": None,
        },
        "business_type": None,
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "country": "US",
        "created": tx.now,
        "default_currency": "usd",
        "details_submitted": True,
        "email": "publisher@example.org",
        "metadata": {},
        "payouts_enabled": True,
        "settings": {
            "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
            "card_payments": {
                "decline_on": {"avs_failure": False, "cvc_failure": False},
                "statement_descriptor_prefix": None,
                "statement_descriptor_prefix_kana": None,
                "statement_descriptor_prefix_kanji": None,
            },
            "dashboard": {"display_name": "Stand-in", "timezone": "Etc/UTC"},
            "payments": {
                "statement_descriptor": "STANDIN.EXAMPLE",
                "statement_descriptor_kana": None,
                "statement_descriptor_kanji": None,
                "statement_descriptor_prefix_kana": None,
                "statement_descriptor_prefix_kanji": None,
            },
        },
        "type": "standard",
    }


ROUTES = [Route("GET", "/v1/account", EXPAND, lambda call: call.show(account(call.tx)))]
