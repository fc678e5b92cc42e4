"""What a dispute moves, in the payer's currency, whatever the currency in which Stripe pays us."""

from typing import Any

import pytest
import stripe

from subscriptions.stripe.disputes import StripeDispute

AWAY, BACK = "dispute", "dispute_reversal"


def _dispute(*transactions: tuple[int, str, str], **more: Any) -> StripeDispute:
    """Build it from transactions (amount, currency, reporting category), one a second."""
    moved = [
        {"amount": amount, "currency": currency, "reporting_category": category, "created": second, "fee": 1500}
        for second, (amount, currency, category) in enumerate(transactions)
    ]
    shape = {
        "id": "du_1",
        "object": "dispute",
        "amount": 1000,
        "currency": "usd",
        "status": "needs_response",
        "reason": "fraudulent",
        "payment_intent": None,
        "created": 1,
        "balance_transactions": moved[::-1],
        "evidence_details": {"due_by": 86400},
    }
    return StripeDispute.from_stripe(stripe.Dispute.construct_from(shape | more, None))


@pytest.mark.parametrize(
    ("transactions", "amounts"),
    [
        ([], []),
        ([(-1000, "usd", AWAY)], [-1000]),
        ([(-400, "usd", AWAY)], [-400]),
        ([(-1000, "usd", AWAY), (1000, "usd", BACK)], [-1000, 1000]),
        ([(-1000, "usd", AWAY), (83125, "inr", BACK)], [-1000, 1000]),
        ([(-83125, "inr", AWAY), (1000, "usd", BACK), (-1000, "usd", AWAY)], [-1000, 1000, -1000]),
        ([(-1000, "usd", AWAY), (-1500, "usd", "fee")], [-1000]),
        ([(-1000, "usd", AWAY), (1000, "usd", BACK), (-1000, "usd", AWAY)], [-1000, 1000, -1000]),
        ([(-83125, "inr", AWAY)], [-1000]),
        ([(-83125, "inr", AWAY), (84010, "inr", BACK)], [-1000, 1000]),
        ([(-83125, "inr", AWAY), (-120, "inr", AWAY)], [-1000]),
        ([(-83125, "inr", AWAY), (310, "inr", BACK)], [-1000]),
        ([(-83125, "inr", AWAY), (84010, "inr", BACK), (-83500, "inr", AWAY)], [-1000, 1000, -1000]),
        ([(-13, "kwd", AWAY), (13, "kwd", BACK)], [-1000, 1000]),
    ],
)
def test_what_it_moves(transactions: list[tuple[int, str, str]], amounts: list[int]) -> None:
    dispute = _dispute(*transactions)
    assert [movement.amount for movement in dispute.movements] == amounts
    assert dispute.net == sum(amounts)


def test_one_that_need_not_be_answered_has_no_date() -> None:
    assert _dispute(evidence_details={"due_by": None}).due is None
    assert _dispute().due is not None
