"""Refunds, disputes, warnings of fraud; and the balance that knows of each."""

import pytest
import stripe

from tests.devtools.stripe_standin.world import World


def _balance(world: World) -> list[tuple[str, int, int]]:
    return [(t.type, t.amount, t.fee) for t in world.client().v1.balance_transactions.list().data][::-1]


def test_a_part_and_then_the_rest_is_refunded_and_no_more(world: World) -> None:
    charge = world.gift()
    refunds = world.client().v1.refunds
    part = refunds.create({"charge": charge.id, "amount": 300, "reason": "requested_by_customer"})
    assert (part.status, part.amount, part.payment_intent) == ("succeeded", 300, charge.payment_intent)
    assert world.told() == ["refund.created", "charge.refunded"]
    assert world.client().v1.charges.retrieve(charge.id).refunded is False

    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount"):
        refunds.create({"charge": charge.id, "amount": 701})
    assert refunds.create({"payment_intent": str(charge.payment_intent)}).amount == 700
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refunds.create({"charge": charge.id})
    assert caught.value.code == "charge_already_refunded"

    after = world.client().v1.charges.retrieve(charge.id, {"expand": ["refunds"]})
    assert (after.amount_refunded, after.refunded) == (1000, True)
    assert after.refunds is not None
    assert [refund.amount for refund in after.refunds.data] == [700, 300]
    assert [refund.amount for refund in refunds.list({"payment_intent": str(charge.payment_intent)}).data] == [700, 300]
    assert _balance(world) == [("charge", 1000, 59), ("refund", -300, 0), ("refund", -700, 0)]


def test_a_refund_that_fails_later_gives_the_money_back_to_us(world: World) -> None:
    charge = world.gift()
    refund = world.client().v1.refunds.create({"charge": charge.id})
    world.told()
    world.control("fail_refund", refund=refund.id, reason="lost_or_stolen_card")
    assert world.told() == ["refund.updated", "refund.failed", "charge.refund.updated", "charge.updated"]
    failed = world.client().v1.refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "lost_or_stolen_card")
    again = world.client().v1.charges.retrieve(charge.id)
    assert (again.amount_refunded, again.refunded) == (0, False)
    assert sum(amount for _, amount, _ in _balance(world)) == 1000
    assert world.client().v1.refunds.create({"charge": charge.id}).status == "succeeded"


def test_what_was_not_paid_cannot_be_refunded(world: World) -> None:
    session = world.session("payment")
    world.press(f"{world.base}/pay/{session.id}", "decline", email="guest@example.org")
    (charge,) = world.client().v1.charges.list().data
    with pytest.raises(stripe.InvalidRequestError):
        world.client().v1.refunds.create({"charge": charge.id})
    with pytest.raises(stripe.InvalidRequestError, match="No such charge"):
        world.client().v1.refunds.create({"charge": "ch_1"})
    with pytest.raises(stripe.InvalidRequestError):
        world.client().v1.refunds.create({})


@pytest.mark.parametrize(("outcome", "left"), [("won", 1000), ("lost", 0)])
def test_a_dispute_takes_the_money_and_returns_it_when_it_is_won(world: World, outcome: str, left: int) -> None:
    charge = world.gift()
    dispute = world.control("dispute", charge=charge.id, reason="fraudulent")["id"]
    assert world.told() == ["charge.updated", "charge.dispute.created", "charge.dispute.funds_withdrawn"]
    assert world.client().v1.charges.retrieve(charge.id).disputed
    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        world.client().v1.refunds.create({"charge": charge.id})

    world.control("close_dispute", dispute=dispute, outcome=outcome)
    told = world.told()
    assert told[-1] == "charge.dispute.closed"
    assert ("charge.dispute.funds_reinstated" in told) is (outcome == "won")
    (closed,) = world.client().v1.disputes.list({"payment_intent": str(charge.payment_intent)}).data
    assert (closed.id, closed.status) == (dispute, outcome)
    assert sum(amount for _, amount, _ in _balance(world)) == left


def test_an_early_fraud_warning_names_its_charge(world: World) -> None:
    charge = world.gift()
    world.control("fraud_warning", charge=charge.id)
    assert world.told() == ["radar.early_fraud_warning.created"]
    (warning,) = world.client().v1.radar.early_fraud_warnings.list({"charge": charge.id}).data
    assert (warning.actionable, warning.payment_intent) == (True, charge.payment_intent)


def test_a_charge_has_its_fee_in_the_balance(world: World) -> None:
    charge = world.gift()
    found = world.client().v1.charges.retrieve(charge.id, {"expand": ["balance_transaction"]})
    assert isinstance(found.balance_transaction, stripe.BalanceTransaction)
    assert (found.balance_transaction.fee, found.balance_transaction.net) == (59, 941)
    assert found.balance_transaction.source == charge.id
