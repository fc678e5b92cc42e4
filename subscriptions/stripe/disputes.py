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
class Movement:
    """What a dispute takes from us (negative) or returns, in minor units of the payment's currency; no fees."""

    amount: int
    at: datetime


@dataclass(frozen=True)
class StripeDispute:
    """A dispute as Stripe has it now. Our copy of it is subscriptions.models.Dispute."""

    id: str
    amount: int
    currency: str
    status: str
    reason: str
    due: datetime | None
    payment_intent: str | None
    created: datetime
    movements: list[Movement]  # the oldest first

    @classmethod
    def from_stripe(cls, dispute: stripe.Dispute) -> Self:
        due = dispute.evidence_details.due_by if dispute.evidence_details else None
        return cls(
            id=dispute.id,
            amount=dispute.amount,
            currency=dispute.currency,
            status=dispute.status,
            reason=dispute.reason or "",
            due=to_datetime(due) if due else None,
            payment_intent=id_of(dispute.payment_intent),
            created=to_datetime(dispute.created),
            movements=_movements(dispute),
        )

    @property
    def net(self) -> int:
        """The sum of what it has moved so far, in minor units."""
        return sum(movement.amount for movement in self.movements)


_OF_THE_PAYMENT = {"dispute", "dispute_reversal"}  # a dispute's other transactions are fees


def _movements(dispute: stripe.Dispute) -> list[Movement]:
    """Return what the dispute moved, in the payer's currency.

    Its transactions are in the currency in which Stripe pays us. In another one than the payer's, their amounts say
    nothing about the payment: what is disputed goes, or comes back, as a whole. Anything beside that (as when the rate
    is adjusted later) is Stripe's business with us.
    """
    moved = [each for each in dispute.balance_transactions if each.reporting_category in _OF_THE_PAYMENT]
    movements: list[Movement] = []
    whole: dict[str, int] = {}  # by currency
    for each in moved:
        whole[each.currency] = max(whole.get(each.currency, 0), abs(each.amount))
    is_away = False
    for each in sorted(moved, key=lambda each: each.created):
        amount, goes = each.amount, each.amount < 0
        if each.currency != dispute.currency:
            if goes == is_away or 2 * abs(amount) < whole[each.currency]:
                continue
            amount = -dispute.amount if goes else dispute.amount
        is_away = goes
        if amount:
            movements.append(Movement(amount, to_datetime(each.created)))
    return movements


def retrieve_dispute(dispute_id: str) -> StripeDispute:
    with stripe_errors():
        return StripeDispute.from_stripe(client().v1.disputes.retrieve(dispute_id))


def list_disputes(*, payment_intent: str | None = None) -> Iterator[StripeDispute]:
    """Yield all disputes, or those of one payment."""
    params: DisputeListParams = {"limit": 100}
    if payment_intent:
        params["payment_intent"] = payment_intent
    with stripe_errors():
        yield from map(StripeDispute.from_stripe, client().v1.disputes.list(params).auto_paging_iter())
