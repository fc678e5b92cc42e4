"""Disputes: payments that a bank takes back on its client's word."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self

import stripe

from subscriptions.stripe.client import client
from subscriptions.stripe.convert import id_of, to_datetime
from subscriptions.stripe.errors import stripe_errors

if TYPE_CHECKING:
    from stripe.params import DisputeListParams


@dataclass(frozen=True)
class Dispute:
    """The amounts `withdrawn` from us, and `reinstated` if the bank decided for us, in minor units."""

    id: str
    withdrawn: int
    reinstated: int
    currency: str
    payment_intent: str | None
    created: datetime
    decided: datetime | None

    @classmethod
    def from_stripe(cls, dispute: stripe.Dispute) -> Self:
        movements = dispute.balance_transactions
        returned = [movement for movement in movements if movement.amount > 0]
        return cls(
            id=dispute.id,
            withdrawn=-sum(movement.amount for movement in movements if movement.amount < 0),
            reinstated=sum(movement.amount for movement in returned),
            currency=dispute.currency,
            payment_intent=id_of(dispute.payment_intent),
            created=to_datetime(dispute.created),
            decided=to_datetime(returned[0].created) if returned else None,
        )


def retrieve_dispute(dispute_id: str) -> Dispute:
    with stripe_errors():
        return Dispute.from_stripe(client().v1.disputes.retrieve(dispute_id))


def list_disputes(*, payment_intent: str | None = None) -> Iterator[Dispute]:
    """Yield all disputes, or those of one payment."""
    params: DisputeListParams = {"limit": 100}
    if payment_intent:
        params["payment_intent"] = payment_intent
    with stripe_errors():
        yield from map(Dispute.from_stripe, client().v1.disputes.list(params).auto_paging_iter())
