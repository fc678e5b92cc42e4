"""Webhook events: verified from a request's body, or fetched from Stripe."""

import json
from dataclasses import dataclass
from typing import Self

import stripe
from django.conf import settings

from subscriptions.stripe.client import client
from subscriptions.stripe.errors import BadEvent, stripe_errors

MAX_SIGNATURE_AGE = 300  # seconds; an older signature may be a replayed one


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
    except (stripe.SignatureVerificationError, ValueError) as error:
        raise BadEvent(str(error)) from error
    match event:
        case {"id": str(id_), "type": str(type_), "livemode": bool(livemode), "data": {"object": {**subject}}}:
            version = str(event.get("api_version") or "")
            return Event(id_, type_, str(subject.get("id") or ""), livemode, version, text)
    raise BadEvent("Signed, but no event.")


def retrieve_event(event_id: str) -> Event:
    with stripe_errors():
        return Event.from_stripe(client().v1.events.retrieve(event_id))
