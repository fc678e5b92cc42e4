import pytest
import stripe
from django.test import Client

from newsroom.models import User
from subscriptions.decline_reasons import DeclineReason
from subscriptions.models import Subscription
from subscriptions.stripe.checkout_sessions import retrieve_session
from subscriptions.stripe.client import RETRIES, TIMEOUT
from subscriptions.stripe.errors import Gone, Refused, Unreachable
from subscriptions.sync.apply import apply_subscription
from tests.subscriptions.conftest import StripeWorld

MONTH = str(32 * 86400)


def test_six_sentences_for_all_that_banks_say() -> None:
    assert len({problem.sentence for problem in DeclineReason}) == len(DeclineReason) == 6
    assert DeclineReason.of("card_declined", "insufficient_funds") is DeclineReason.FUNDS
    assert DeclineReason.of("expired_card") is DeclineReason.EXPIRED
    assert DeclineReason.of("incorrect_cvc") is DeclineReason.DETAILS
    assert DeclineReason.of("authentication_required", "authentication_required") is DeclineReason.CONFIRM
    assert DeclineReason.of("processing_error") is DeclineReason.AGAIN
    # A thief is not told that the card is known as stolen.
    assert DeclineReason.of("card_declined", "stolen_card") is DeclineReason.REFUSED
    assert DeclineReason.of(None) is DeclineReason.REFUSED


@pytest.mark.parametrize(
    ("code", "problem"), [("insufficient_funds", "funds"), ("authentication_required", "confirm"), ("", "")]
)
def test_why_a_renewal_failed_is_known_in_plain_words(
    reader: User, client: Client, stripe_world: StripeWorld, code: str, problem: str
) -> None:
    subscription = stripe_world.subscribe(reader, fails_with=code)
    stripe_world.control("clock", advance=MONTH)
    apply_subscription(subscription.stripe_id, cause="test")
    subscription.refresh_from_db()
    assert subscription.card_problem == problem
    assert subscription.status == ("past_due" if problem else "active")
    assert bool(subscription.failure) is bool(problem)
    assert Subscription.objects.entitling().filter(user=reader).exists()


@pytest.mark.parametrize("fault", ["rate_limit", "error", "reset"])
def test_what_may_pass_is_to_be_tried_again(stripe_world: StripeWorld, fault: str) -> None:
    stripe_world.control("faults", kind=fault, times="3")
    with pytest.raises(Unreachable):
        retrieve_session("cs_1")


def test_what_stripe_does_not_know_is_gone_and_is_our_mistake(stripe_world: StripeWorld) -> None:
    with pytest.raises(Gone):
        retrieve_session("cs_nowhere")
    assert issubclass(Gone, Refused)


def test_limits_are_set_and_nothing_is_told_of_us() -> None:
    assert TIMEOUT == (3, 15)
    assert RETRIES == 2
    assert stripe.enable_telemetry is False
