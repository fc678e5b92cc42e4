"""Holds answers and events against the keys that Stripe publishes, and leaves optional ones out where that is asked.

`answer_contract` knows the types of values from the Python package, which cannot tell an optional key from one that may
be null; `published_types` says where this table is from. Stripe's recorded objects (fixtures3.json of stripe/openapi)
have been held against it once: they are older, and lack the keys of `_NOT_RECORDED`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from .answer_contract import Breach

Object = dict[str, Any]

OPTIONAL_KEYS = "optional_keys"
"""The setting that leaves out about half of all optional keys. Its value is a seed, and then the keys that stay
after all, each with its path and a minus before it; empty: all are sent."""

# What the site is told nowhere else, or what is there for certain: the secret, once; what an event is about.
_ALWAYS = {"webhook_endpoint.secret", "event.data.previous_attributes"}

# Published as required, and not in a recorded object: a site gets such ones too, in events that were kept.
_NOT_RECORDED = {
    "account.business_profile.specified_commercial_transactions_act_url",
    "billing_portal.configuration.features.subscription_cancel.cancellation_reason.feedback_options",
    "billing_portal.configuration.features.subscription_pause",
    "charge.payment_method_details.card.electronic_commerce_indicator",
    "checkout.session.allowed_payment_method_types",
    "dispute.evidence_details.submission_method",
    "dispute.intended_submission_method",
    "payment_intent.allowed_payment_method_types",
    "payment_intent.payment_record",
    "product.tax_details",
    "subscription.cancellation_details.feedback_option",
    "subscription.pending_update.cancel_at_period_end",
    "subscription.trial_settings.end_behavior.billing_cycle_anchor",
    "subscription_item.current_trial",
}


@cache
def _table() -> dict[str, dict[str, str]]:
    """Return the keys of each kind of object and of each part, with their marks."""
    found: dict[str, dict[str, str]] = {}
    for line in (Path(__file__).parent / "published_keys.txt").read_text().splitlines():
        name, _, keys = line.partition(": ")
        found[name] = {key.rstrip("?~"): key.lstrip("abcdefghijklmnopqrstuvwxyz0123456789_") for key in keys.split()}
    return found


def check_keys(value: Any) -> None:
    """Raise a Breach where a key is missing that is required, is null and may not be, or is unknown."""
    for path, part in _parts(value):
        keys, required, never_null = _rules(path)
        if strangers := part.keys() - keys:
            raise Breach(f"{path}: Stripe publishes no {', '.join(sorted(strangers))}.")
        if missing := required - part.keys():
            raise Breach(f"{path}: Stripe always sends {', '.join(sorted(missing))}.")
        if empty := [key for key, value in part.items() if value is None and key in never_null]:
            raise Breach(f"{path}: {', '.join(empty)} is never null.")


@cache
def _rules(path: str) -> tuple[AbstractSet[str], AbstractSet[str], AbstractSet[str]]:
    """Return the keys of a kind of object or a part, and of these the required ones and those that are never null."""
    keys = _table()[path]
    required = frozenset(key for key, marks in keys.items() if "?" not in marks)
    return frozenset(keys), required, frozenset(key for key, marks in keys.items() if "~" not in marks)


def leave_out(value: Any, setting: str, wanted: Collection[str] = ()) -> Any:
    """Remove about half of the optional keys, in place; under one seed, the same ones of all objects of a kind.

    Kept are those that the request expanded, and the one that ``type`` names: it is what the other keys are about.
    """
    seed, *kept = setting.split(" -")
    for path, part in list(_parts(value)):
        for key, marks in _table()[path].items():
            full = f"{path}.{key}"
            if ("?" not in marks and full not in _NOT_RECORDED) or full in _ALWAYS or full in kept:
                continue
            if key in wanted or part.get("type") == key:
                continue
            if blake2b(f"{seed} {full}".encode(), digest_size=1).digest()[0] & 1:
                part.pop(key, None)
    return value


def _parts(value: Any, path: str = "") -> Iterator[tuple[str, Object]]:
    """Yield every object and every part of one that the table knows, with its name there."""
    if isinstance(value, list):
        for item in value:
            yield from _parts(item, path)
    elif isinstance(value, dict):
        kind = value.get("object")
        path = kind if isinstance(kind, str) else path
        if path in _table() and value.get("deleted") is not True:
            yield path, value
        for key, item in value.items():
            yield from _parts(item, f"{path}.{key}")
