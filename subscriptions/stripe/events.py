"""Webhook events: verified from a request's body, or fetched from Stripe."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

import stripe
from django.conf import settings

from subscriptions.stripe.client import client
from subscriptions.stripe.errors import BadEvent, stripe_errors

if TYPE_CHECKING:
    from stripe.params import EventListParams

MAX_SIGNATURE_AGE = 300  # seconds; an older signature may be a replayed one
MAX_LISTED_TYPES = 20  # event types in one request


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


def list_undelivered_events(types: Sequence[str], since: datetime) -> Iterator[Event]:
    """Yield events that Stripe could not deliver to us. Stripe stores events for 30 days."""
    for start in range(0, len(types), MAX_LISTED_TYPES):
        params: EventListParams = {
            "delivery_success": False,
            "types": list(types[start : start + MAX_LISTED_TYPES]),
            "created": {"gte": int(since.timestamp())},
            "limit": 100,
        }
        with stripe_errors():
            yield from map(Event.from_stripe, client().v1.events.list(params).auto_paging_iter())


def retrieve_event(event_id: str) -> Event:
    with stripe_errors():
        return Event.from_stripe(client().v1.events.retrieve(event_id))
