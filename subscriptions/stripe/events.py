"""Webhook events: verified from a request's body, or fetched from Stripe."""

import json
import re
import time
from dataclasses import dataclass
from typing import Self

import stripe
from django.conf import settings

from subscriptions.stripe.client import client
from subscriptions.stripe.errors import BadEvent, stripe_errors

MAX_SIGNATURE_AGE = 300  # seconds; an older signature may be a replayed one, one of the future is by a wrong clock
_WORD = re.compile(r"[\w.-]{0,100}", re.ASCII)  # as ids and types of Stripe's are


@dataclass(frozen=True)
class Event:
    id: str
    type: str
    object_id: str
    livemode: bool
    api_version: str
    payload: str  # the whole event as JSON

    @classmethod
    def from_stripe(cls, event: stripe.Event) -> Self:
        whole = event.to_dict()
        object_id = str(whole["data"]["object"].get("id") or "")
        payload = json.dumps(whole, default=str)
        return cls(event.id, event.type, object_id, event.livemode, event.api_version or "", payload)


def verified_event(body: bytes, signature: str) -> Event:
    """Return the event in a webhook's body. Raises BadEvent."""
    try:
        text = body.decode()
        stripe.WebhookSignature.verify_header(text, signature, settings.STRIPE_WEBHOOK_SECRET, MAX_SIGNATURE_AGE)
        event = json.loads(text)
    except (stripe.SignatureVerificationError, ValueError, RecursionError) as error:
        raise BadEvent(str(error)) from error
    if _signed_at(signature) > time.time() + MAX_SIGNATURE_AGE:
        raise BadEvent("Signed in the future.")
    match event:
        case {"id": str(id_), "type": str(type_), "livemode": bool(livemode), "data": {"object": {**subject}}}:
            object_id, version = str(subject.get("id") or ""), str(event.get("api_version") or "")[:40]
            if id_ and all(map(_WORD.fullmatch, (id_, type_, object_id, version))):
                return Event(id_, type_, object_id, livemode, version, text)
    raise BadEvent("Signed, but no event.")


def _signed_at(signature: str) -> int:
    """Return the time of a verified signature, in seconds."""
    found = re.search(r"(?:^|,)t=(\d+)", signature)
    return int(found[1]) if found else 0


def retrieve_event(event_id: str) -> Event:
    with stripe_errors():
        return Event.from_stripe(client().v1.events.retrieve(event_id))
