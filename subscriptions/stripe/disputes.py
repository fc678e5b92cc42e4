"""Disputes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import stripe

if TYPE_CHECKING:
    from stripe.params import (
        DisputeListParams,
    )
from subscriptions.stripe.client import client
from subscriptions.stripe.convert import id_of, to_datetime
from subscriptions.stripe.errors import stripe_errors


@dataclass(frozen=True)
class Dispute:
    """What a bank has taken back on its client's word: `withdrawn`, and `reinstated` if it decided for us."""

    id: str
    withdrawn: int
    reinstated: int
    currency: str
    payment_intent: str | None
    created: datetime
    decided: datetime | None


def retrieve_dispute(dispute_id: str) -> Dispute:
    with stripe_errors():
        return _dispute(client().v1.disputes.retrieve(dispute_id))


def list_disputes(*, payment_intent: str | None = None) -> Iterator[Dispute]:
    params: DisputeListParams = {"limit": 100}
    if payment_intent:
        params["payment_intent"] = payment_intent
    with stripe_errors():
        yield from map(_dispute, client().v1.disputes.list(params).auto_paging_iter())


def _dispute(found: stripe.Dispute) -> Dispute:
    moved = found.balance_transactions
    back = [movement for movement in moved if movement.amount > 0]
    return Dispute(
        id=found.id,
        withdrawn=-sum(movement.amount for movement in moved if movement.amount < 0),
        reinstated=sum(movement.amount for movement in back),
        currency=found.currency,
        payment_intent=id_of(found.payment_intent),
        created=to_datetime(found.created),
        decided=to_datetime(back[0].created) if back else None,
    )
