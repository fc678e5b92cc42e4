"""Months go by: renewals, refusals, retries, the end."""

import pytest
import stripe

from tests.devtools.stripe_standin.world import DAY, MONTH, World

RENEWED = [
    "customer.subscription.updated",
    "invoice.created",
    "payment_intent.created",
    "invoice.finalized",
    "charge.succeeded",
    "payment_intent.succeeded",
    "invoice_payment.paid",
    "invoice.paid",
    "invoice.payment_succeeded",
]


def _status(world: World, subscription: stripe.Subscription) -> str:
    return world.client().v1.subscriptions.retrieve(subscription.id).status


def _to_the_end(world: World, subscription: stripe.Subscription) -> None:
    """On to the end of the period, and to the second after it."""
    item = world.client().v1.subscriptions.retrieve(subscription.id).items.data[0]
    world.advance(item.current_period_end - world.read("health")["now"] + 1)


def _latest_invoice(world: World, subscription: stripe.Subscription) -> stripe.Invoice:
    found = world.client().v1.subscriptions.retrieve(
        subscription.id, {"expand": ["latest_invoice", "latest_invoice.payments"]}
    )
    assert isinstance(found.latest_invoice, stripe.Invoice)
    return found.latest_invoice


def test_a_period_ends_its_invoice_is_a_draft_for_an_hour_and_then_paid(world: World) -> None:
    before = world.subscription()
    _to_the_end(world, before)
    assert world.told() == ["customer.subscription.updated", "invoice.created"]
    draft = _latest_invoice(world, before)
    assert (draft.status, draft.billing_reason, draft.number) == ("draft", "subscription_cycle", None)

    world.advance(3600)
    assert world.told() == RENEWED[2:]
    paid = _latest_invoice(world, before)
    assert (paid.status, paid.amount_paid, paid.attempt_count) == ("paid", 1000, 1)
    assert paid.parent is not None
    assert paid.parent.subscription_details is not None
    assert paid.parent.subscription_details.subscription == before.id
    assert paid.payments is not None
    (payment,) = paid.payments.data
    assert (payment.status, payment.amount_paid) == ("paid", 1000)
    after = world.client().v1.subscriptions.retrieve(before.id)
    assert after.items.data[0].current_period_start == before.items.data[0].current_period_end
    assert after.items.data[0].current_period_end > before.items.data[0].current_period_end


def test_what_happens_while_nobody_looks_happens_at_its_own_moment(world: World) -> None:
    subscription = world.subscription()
    world.advance(12 * 31 * DAY)
    invoices = world.client().v1.invoices.list({"subscription": subscription.id, "limit": 100}).data
    assert len(invoices) == 13
    assert {invoice.status for invoice in invoices} == {"paid"}
    starts = [invoice.lines.data[0].period.start for invoice in invoices]
    assert starts == sorted(set(starts), reverse=True)
    assert all(abs(invoice.created - start) < 60 for invoice, start in zip(invoices, starts, strict=True))
    assert len(world.read("charges")[subscription.customer]["charges"]) == 13


def test_a_refused_renewal_is_retried_and_the_subscription_is_past_due_until_it_is_paid(world: World) -> None:
    subscription = world.subscription()
    world.control("card", customer=str(subscription.customer), fails_with="insufficient_funds")
    _to_the_end(world, subscription)
    world.advance(3600)
    assert world.told()[-4:] == [
        "charge.failed",
        "payment_intent.payment_failed",
        "invoice.payment_failed",
        "customer.subscription.updated",
    ]
    assert _status(world, subscription) == "past_due"
    invoice = _latest_invoice(world, subscription)
    assert invoice.status == "open"
    assert invoice.next_payment_attempt == invoice.created + 3600 + DAY

    world.advance(DAY)
    assert world.told() == ["charge.failed", "payment_intent.payment_failed", "invoice.payment_failed"]
    world.control("card", customer=str(subscription.customer), fails_with="")
    world.advance(DAY)
    assert world.told()[-3:] == ["invoice.paid", "invoice.payment_succeeded", "customer.subscription.updated"]
    assert _status(world, subscription) == "active"
    assert _latest_invoice(world, subscription).attempt_count == 3
    world.advance(7 * DAY)
    assert world.told() == []
    assert world.read("charges")[subscription.customer]["charged"] == 2000


@pytest.mark.parametrize(
    ("setting", "status", "last"),
    [
        ("cancel", "canceled", "customer.subscription.deleted"),
        ("unpaid", "unpaid", "customer.subscription.updated"),
        ("pause", "paused", "customer.subscription.paused"),
        ("past_due", "past_due", "invoice.payment_failed"),
    ],
)
def test_when_all_retries_have_failed_the_setting_decides(world: World, setting: str, status: str, last: str) -> None:
    world.control("settings", exhausted=setting)
    subscription = world.subscription()
    world.control("card", customer=str(subscription.customer), fails_with="card_declined")
    _to_the_end(world, subscription)
    world.advance(14 * DAY)
    assert _status(world, subscription) == "past_due"
    world.told()
    world.advance(2 * 3600)
    assert world.told()[-1] == last
    assert _status(world, subscription) == status
    assert _latest_invoice(world, subscription).status == "open"
    if setting == "cancel":
        ended = world.client().v1.subscriptions.retrieve(subscription.id)
        assert ended.cancellation_details is not None
        assert ended.cancellation_details.reason == "payment_failed"


def test_the_bank_that_wants_to_see_the_person_is_told_apart(world: World) -> None:
    subscription = world.subscription(fails_with="authentication_required")
    _to_the_end(world, subscription)
    world.advance(3600)
    told = world.told()
    assert told.index("invoice.payment_action_required") < told.index("invoice.payment_failed")
    invoice = _latest_invoice(world, subscription)
    with pytest.raises(stripe.CardError) as caught:
        world.client().v1.invoices.pay(invoice.id or "")
    assert (caught.value.code, caught.value.http_status) == ("authentication_required", 402)
    world.client().v1.invoices.pay(invoice.id or "", {"off_session": False})
    assert _status(world, subscription) == "active"


def test_a_refusal_is_remembered_under_its_key_and_what_it_did_stays(world: World) -> None:
    subscription = world.subscription()
    world.control("card", customer=str(subscription.customer), fails_with="lost_card")
    _to_the_end(world, subscription)
    world.advance(3600)
    invoice = _latest_invoice(world, subscription).id or ""
    for _ in range(2):
        with pytest.raises(stripe.CardError) as caught:
            world.client().v1.invoices.pay(invoice, {"off_session": False}, {"idempotency_key": "pay-once"})
        assert caught.value.error is not None
        assert (caught.value.code, caught.value.error.decline_code) == ("card_declined", "lost_card")
    assert _latest_invoice(world, subscription).attempt_count == 2


def test_a_cancellation_at_the_period_end_ends_it_there_without_another_invoice(world: World) -> None:
    subscription = world.subscription()
    changed = world.client().v1.subscriptions.update(subscription.id, {"cancel_at_period_end": True})
    assert (changed.cancel_at_period_end, changed.cancel_at) == (True, subscription.items.data[0].current_period_end)
    world.told()
    world.advance(MONTH)
    assert world.told() == ["customer.subscription.deleted"]
    assert _status(world, subscription) == "canceled"
    assert len(world.client().v1.invoices.list({"subscription": subscription.id}).data) == 1


def test_a_cancellation_taken_back_changes_nothing(world: World) -> None:
    subscription = world.subscription()
    world.client().v1.subscriptions.update(
        subscription.id, {"cancel_at": subscription.items.data[0].current_period_end}
    )
    world.client().v1.subscriptions.update(subscription.id, {"cancel_at": ""})
    world.told()
    world.advance(MONTH)
    assert world.told() == RENEWED


def test_cancelling_at_once_stops_the_collection_of_what_is_open(world: World) -> None:
    subscription = world.subscription()
    world.control("card", customer=str(subscription.customer), fails_with="insufficient_funds")
    _to_the_end(world, subscription)
    world.advance(3600)
    world.told()
    world.client().v1.subscriptions.cancel(subscription.id)
    assert world.told() == ["customer.subscription.deleted", "invoice.updated"]
    world.control("card", customer=str(subscription.customer), fails_with="")
    world.advance(3 * MONTH)
    assert world.told() == []
    invoice = _latest_invoice(world, subscription)
    assert (invoice.status, invoice.auto_advance) == ("open", False)
    # It can be paid all the same, and that does not bring the subscription back.
    world.client().v1.invoices.pay(invoice.id or "")
    assert _status(world, subscription) == "canceled"
    assert world.read("charges")[subscription.customer]["charged"] == 2000


def test_a_paused_subscription_costs_nothing_until_it_is_resumed(world: World) -> None:
    subscription = world.subscription()
    paused = world.client().v1.subscriptions.pause(subscription.id)
    assert paused.status == "paused"
    assert world.told()[-1] == "customer.subscription.paused"
    world.advance(3 * MONTH)
    assert world.told() == []
    resumed = world.client().v1.subscriptions.resume(subscription.id)
    assert resumed.status == "active"
    assert "customer.subscription.resumed" in world.told()
    assert resumed.items.data[0].current_period_start >= world.read("health")["now"] - 60
    world.advance(MONTH)
    assert world.told() == RENEWED


def test_deleting_a_customer_ends_what_they_pay_for(world: World) -> None:
    subscription = world.subscription()
    gone = world.client().v1.customers.delete(str(subscription.customer))
    assert gone.deleted
    assert world.told() == ["customer.subscription.deleted", "customer.deleted"]
    assert world.client().v1.customers.retrieve(gone.id).deleted
    assert world.client().v1.customers.list().data == []
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        world.session(customer=gone.id)
    world.advance(2 * MONTH)
    assert world.told() == []


def test_a_void_invoice_is_owed_by_nobody(world: World) -> None:
    subscription = world.subscription()
    world.control("card", customer=str(subscription.customer), fails_with="insufficient_funds")
    _to_the_end(world, subscription)
    world.advance(3600)
    world.told()
    voided = world.client().v1.invoices.void_invoice(_latest_invoice(world, subscription).id or "")
    assert voided.status == "void"
    assert world.told() == ["payment_intent.canceled", "invoice.voided"]
    (link,) = world.client().v1.invoice_payments.list({"invoice": voided.id or "", "status": "canceled"}).data
    assert link.status == "canceled"
