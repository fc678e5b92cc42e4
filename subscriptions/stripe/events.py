"""Webhook events: verified, or fetched again."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import stripe
from django.conf import settings

if TYPE_CHECKING:
    from stripe.params import (
        EventListParams,
    )
from subscriptions.stripe.client import client
from subscriptions.stripe.errors import BadEvent, stripe_errors

SIGNED_WITHIN = 300  # seconds; an older signature may have been overheard


@dataclass(frozen=True)
class Event:
    id: str
    type: str
    object_id: str
    livemode: bool
    api_version: str


def verified_event(body: bytes, signature: str) -> Event:
    """The event in a webhook's body. Raises BadEvent."""
    try:
        text = body.decode()
        stripe.WebhookSignature.verify_header(text, signature, settings.STRIPE_WEBHOOK_SECRET, SIGNED_WITHIN)
        event = json.loads(text)
    except (stripe.SignatureVerificationError, ValueError) as error:
        raise BadEvent(str(error)) from error
    match event:
        case {"id": str(id_), "type": str(type_), "livemode": bool(livemode), "data": {"object": {**subject}}}:
            return Event(id_, type_, str(subject.get("id") or ""), livemode, str(event.get("api_version") or ""))
    raise BadEvent("Signed, but no event.")


def list_undelivered_events(types: Sequence[str], since: datetime) -> Iterator[tuple[Event, str]]:
    """What Stripe could not tell us (it remembers for 30 days), each with its whole text."""
    for start in range(0, len(types), 20):  # so many may be asked for at a time
        params: EventListParams = {
            "delivery_success": False,
            "types": list(types[start : start + 20]),
            "created": {"gte": int(since.timestamp())},
            "limit": 100,
        }
        with stripe_errors():
            yield from map(_event, client().v1.events.list(params).auto_paging_iter())


def retrieve_event(event_id: str) -> tuple[Event, str]:
    with stripe_errors():
        return _event(client().v1.events.retrieve(event_id))


def _event(found: stripe.Event) -> tuple[Event, str]:
    whole = found.to_dict()
    subject = str(whole["data"]["object"].get("id") or "")
    return Event(found.id, found.type, subject, found.livemode, found.api_version or ""), json.dumps(whole, default=str)
