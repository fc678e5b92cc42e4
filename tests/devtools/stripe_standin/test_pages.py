"""What a reader may press on the checkout page and in the portal."""

import re

import pytest
import stripe

from tests.devtools.stripe_standin.world import World

THANKS = "https://outlet.example/thanks/?session="
EMAIL = "asma@example.org"


def _page(world: World, session: stripe.checkout.Session) -> str:
    return f"{world.base}/pay/{session.id}"


def _again(world: World, session: stripe.checkout.Session) -> stripe.checkout.Session:
    return world.client().v1.checkout.sessions.retrieve(session.id)


@pytest.mark.parametrize("mode", ["payment", "subscription"])
@pytest.mark.parametrize("button", ["pay", "3ds_pass"])
def test_paying_completes_the_session_once_however_often_it_is_pressed(world: World, mode: str, button: str) -> None:
    session = world.session(mode)
    for _ in range(2):
        page = world.press(_page(world, session), button, email=EMAIL)
        assert (page.status, page.location) == (303, THANKS + session.id)
    done = _again(world, session)
    assert (done.status, done.payment_status, done.url) == ("complete", "paid", None)
    assert world.told().count("checkout.session.completed") == 1
    (person,) = world.read("charges").values()
    assert person["charged"] == 1000
    charge = world.client().v1.charges.list().data[0]
    assert charge.payment_method_details is not None
    assert charge.payment_method_details.card is not None
    secured = charge.payment_method_details.card.three_d_secure
    assert (secured.result if secured else None) == ("authenticated" if button == "3ds_pass" else None)
    assert "Already paid" in world.open(_page(world, session)).text


@pytest.mark.parametrize(
    ("button", "words", "code"),
    [
        ("decline", "Your card was declined.", "card_declined"),
        ("3ds_fail", "We are unable to authenticate", "payment_intent_authentication_failure"),
    ],
)
def test_a_refused_card_leaves_the_page_open_and_another_pays(world: World, button: str, words: str, code: str) -> None:
    session = world.session("payment")
    for _ in range(2):
        page = world.press(_page(world, session), button, email=EMAIL)
        assert page.status == 402
        assert words in page.text
        assert f'value="{EMAIL}"' in page.text  # nothing typed is lost
    assert _again(world, session).status == "open"
    refused = ["charge.failed", "payment_intent.payment_failed"]
    assert world.told() == ["payment_intent.created", *refused, *refused]
    (intent,) = world.client().v1.payment_intents.list().data
    assert intent.last_payment_error is not None
    assert (intent.status, intent.last_payment_error.code) == ("requires_payment_method", code)

    world.press(_page(world, session), "pay", email=EMAIL)
    assert _again(world, session).payment_intent == intent.id
    assert world.client().v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_a_refused_card_makes_no_subscription_and_no_invoice(world: World) -> None:
    session = world.session("subscription", customer=world.customer().id)
    assert world.press(_page(world, session), "decline").status == 402
    assert world.told() == ["customer.created"]
    assert world.client().v1.subscriptions.list({"status": "all"}).data == []
    assert world.client().v1.invoices.list().data == []


@pytest.mark.parametrize(("button", "event"), [("bank_pays", "succeeded"), ("bank_refuses", "failed")])
def test_a_bank_debit_is_complete_and_unpaid_until_the_bank_has_answered(world: World, button: str, event: str) -> None:
    session = world.session("payment")
    assert world.press(_page(world, session), "pay_later", email=EMAIL).location == THANKS + session.id
    waiting = _again(world, session)
    assert (waiting.status, waiting.payment_status) == ("complete", "unpaid")
    assert world.told()[-1] == "checkout.session.completed"
    assert world.client().v1.payment_intents.retrieve(str(waiting.payment_intent)).status == "processing"
    assert world.read("charges") == {}

    assert world.press(_page(world, session), button).status == 303
    assert world.told()[-1] == f"checkout.session.async_payment_{event}"
    assert _again(world, session).payment_status == ("paid" if event == "succeeded" else "unpaid")
    assert len(world.client().v1.charges.list().data) == 1
    # The answer is given once.
    world.press(_page(world, session), "bank_pays")
    assert world.told() == []
    words = "Already paid" if event == "succeeded" else "The bank has refused"
    assert words in world.open(_page(world, session)).text


def test_a_bank_of_which_nothing_is_heard_pays_after_some_days(world: World) -> None:
    session = world.session("payment")
    world.control("pay", session=session.id, email=EMAIL, later="true")
    world.told()
    world.advance(5 * 86400)
    assert world.told()[-1] == "checkout.session.async_payment_succeeded"


def _by_bank_debit(world: World) -> stripe.checkout.Session:
    session = world.session("subscription", customer=world.customer().id)
    world.control("pay", session=session.id, email=EMAIL, later="true")
    assert "invoice.paid" not in world.told()
    waiting = _again(world, session)
    assert world.client().v1.invoices.retrieve(str(waiting.invoice)).status == "open"
    assert world.client().v1.subscriptions.retrieve(str(waiting.subscription)).status == "incomplete"
    return waiting


def test_a_subscription_by_bank_debit_is_incomplete_until_the_bank_has_paid(world: World) -> None:
    waiting = _by_bank_debit(world)
    # What the bank has cannot be paid a second time, nor be forgotten.
    for refused in (world.client().v1.invoices.pay, world.client().v1.invoices.void_invoice):
        with pytest.raises(stripe.InvalidRequestError, match="is being processed"):
            refused(str(waiting.invoice))
    world.control("settle", session=waiting.id, outcome="succeed")
    assert "invoice.paid" in world.told()
    assert world.client().v1.subscriptions.retrieve(str(waiting.subscription)).status == "active"


def test_a_subscription_that_the_bank_refused_expires_after_a_day(world: World) -> None:
    waiting = _by_bank_debit(world)
    world.control("settle", session=waiting.id, outcome="fail")
    assert "invoice.payment_failed" in world.told()
    assert world.client().v1.subscriptions.retrieve(str(waiting.subscription)).status == "incomplete"
    world.advance(86400)
    assert world.told() == ["customer.subscription.updated", "payment_intent.canceled", "invoice.voided"]
    assert world.client().v1.subscriptions.retrieve(str(waiting.subscription)).status == "incomplete_expired"
    assert world.client().v1.invoices.retrieve(str(waiting.invoice)).status == "void"
    world.advance(40 * 86400)
    assert world.told() == []


def test_a_subscription_that_the_bank_refused_can_be_paid_within_the_day(world: World) -> None:
    waiting = _by_bank_debit(world)
    world.control("settle", session=waiting.id, outcome="fail")
    world.client().v1.invoices.pay(str(waiting.invoice), {"off_session": False})
    assert world.client().v1.subscriptions.retrieve(str(waiting.subscription)).status == "active"
    world.advance(86400)
    assert world.client().v1.subscriptions.retrieve(str(waiting.subscription)).status == "active"


def test_pay_and_close_the_tab_never_leads_back(world: World) -> None:
    session = world.session("payment")
    page = world.press(_page(world, session), "pay_and_close", email=EMAIL)
    assert (page.status, page.location) == (200, "")
    assert _again(world, session).payment_status == "paid"


def test_back_leaves_everything_as_it_was(world: World) -> None:
    session = world.session("payment")
    assert world.press(_page(world, session), "back").location == "https://outlet.example/support/"
    assert _again(world, session).status == "open"
    assert world.told() == []


def test_an_address_is_asked_for_and_what_is_wrong_is_said(world: World) -> None:
    session = world.session("payment")
    for button in ("pay", "pay_later", "pay_and_close", "3ds_pass"):
        page = world.press(_page(world, session), button, email="<b>nobody")
        assert page.status == 400
        assert "Please enter a valid e-mail address." in page.text
        assert "&lt;b&gt;nobody" in page.text
    assert _again(world, session).status == "open"


def test_a_session_expires_in_the_sites_time_and_when_the_clock_is_moved(world: World) -> None:
    world.advance(400 * 86400)
    now = world.read("health")["now"] - 400 * 86400
    session = world.session("payment", expires_at=now + 3600)  # the site knows nothing of the moved clock
    assert _again(world, session).status == "open"
    world.press(_page(world, session), "decline", email=EMAIL)
    world.told()
    world.advance(3601)
    assert world.told() == ["payment_intent.canceled", "checkout.session.expired"]
    assert world.press(_page(world, session), "pay", email=EMAIL).status == 410
    assert world.read("charges") == {}


# The portal


def _portal(world: World, subscription: stripe.Subscription) -> str:
    made = world.client().v1.billing_portal.sessions.create(
        {"customer": str(subscription.customer), "return_url": "https://outlet.example/account/"}
    )
    return made.url


def test_cancelling_in_the_portal_sets_the_date_alone_and_can_be_taken_back(world: World) -> None:
    subscription = world.subscription()
    portal = _portal(world, subscription)
    for _ in range(2):
        world.press(portal, "cancel", subscription=subscription.id)
    assert world.told() == ["customer.subscription.updated"]
    ending = world.client().v1.subscriptions.retrieve(subscription.id)
    assert ending.cancel_at == subscription.items.data[0].current_period_end
    assert ending.cancel_at_period_end is False
    assert "Keep subscription" in world.open(portal).text
    world.press(portal, "keep", subscription=subscription.id)
    assert world.client().v1.subscriptions.retrieve(subscription.id).cancel_at is None


def test_the_portal_offers_what_its_configuration_allows(world: World) -> None:
    subscription = world.subscription()
    portal = world.client().v1.billing_portal
    features = {"invoice_history": {"enabled": True}, "subscription_cancel": {"enabled": False}}
    chosen = portal.configurations.create({"features": features})  # type: ignore[typeddict-item]
    made = portal.sessions.create({"customer": str(subscription.customer), "configuration": chosen.id})
    shown = world.open(made.url).text
    assert "receipt" in shown
    assert "Cancel subscription" not in shown
    assert "Change to a good card" not in shown
    world.press(made.url, "cancel", subscription=subscription.id)
    assert world.client().v1.subscriptions.retrieve(subscription.id).cancel_at is None

    portal.configurations.update(
        chosen.id, {"features": {"subscription_cancel": {"enabled": True, "mode": "immediately"}}}
    )
    world.press(made.url, "cancel", subscription=subscription.id)
    assert world.client().v1.subscriptions.retrieve(subscription.id).status == "canceled"


def test_an_open_invoice_is_paid_in_the_portal_after_the_card_was_changed(world: World) -> None:
    subscription = world.subscription(fails_with="insufficient_funds")
    world.advance(subscription.items.data[0].current_period_end - world.read("health")["now"] + 3601)
    portal = _portal(world, subscription)
    (invoice,) = world.client().v1.invoices.list({"status": "open"}).data
    refused = world.press(portal, "pay", invoice=invoice.id or "")
    assert refused.status == 402
    assert "Your card has insufficient funds." in refused.text
    world.told()

    world.press(portal, "good_card")
    assert world.told() == ["payment_method.attached", "customer.updated", "customer.subscription.updated"]
    assert world.client().v1.subscriptions.retrieve(subscription.id).status == "past_due"
    for _ in range(2):
        assert world.press(portal, "pay", invoice=invoice.id or "").status == 303
    assert world.client().v1.subscriptions.retrieve(subscription.id).status == "active"
    assert world.read("charges")[subscription.customer]["charged"] == 2000

    receipts = re.findall(r'href="(/receipts/\w+)"', world.open(portal).text)
    assert len(receipts) == 2
    assert "$10.00 USD" in world.open(world.base + receipts[0]).text


def test_a_card_that_asks_for_3_d_secure_is_content_when_its_owner_is_there(world: World) -> None:
    subscription = world.subscription()
    portal = _portal(world, subscription)
    world.press(portal, "asking_card")
    world.advance(subscription.items.data[0].current_period_end - world.read("health")["now"] + 3601)
    assert "invoice.payment_action_required" in world.told()
    (invoice,) = world.client().v1.invoices.list({"status": "open"}).data
    assert world.press(portal, "pay", invoice=invoice.id or "").status == 303
    assert world.client().v1.invoices.retrieve(invoice.id or "").status == "paid"


def test_the_portal_touches_nobody_elses_things(world: World) -> None:
    subscription, other = world.subscription(), world.subscription()
    portal = _portal(world, subscription)
    assert world.press(portal, "cancel", subscription=other.id).status == 404
    assert world.press(portal, "pay", invoice=str(other.latest_invoice)).status == 404
    assert world.client().v1.subscriptions.retrieve(other.id).cancel_at is None
