"""A reader leaves (newsroom/privacy/erasure.py): what is charged ends at Stripe first; then the rest is deleted.

Rows of money stay, without the person: `PROTECT` on them makes every other way of deleting a reader fail.
"""

import re

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from newsroom.http.purge import purge_on_commit
from newsroom.http.surrogate_keys import SUPPORT
from newsroom.models import Erasure, User
from newsroom.privacy.erasure import ErasureStep
from subscriptions.models import (
    Checkout,
    Customer,
    Donation,
    LedgerEntry,
    StaffAction,
    StripeEvent,
    Subscription,
    SupportEmail,
)
from subscriptions.stripe.checkout_sessions import expire_session, retrieve_session
from subscriptions.stripe.customers import delete_customer
from subscriptions.stripe.subscriptions import cancel_subscription, list_subscriptions
from subscriptions.sync.records import record_subscription


def gifts_of(user: User) -> QuerySet[Donation]:
    """Also those given without signing in, under an address that was confirmed to be theirs."""
    whose = Q(user=user)
    for address in EmailAddress.objects.filter(user=user, verified=True):
        whose |= Q(user=None, email__iexact=address.email)
    return Donation.objects.filter(whose)


def end_all_charges(user: User) -> None:
    """Close the payment pages, end the subscriptions, and have Stripe forget the customer, not the payments.

    Raises Unreachable, Refused. Whatever fails on the way, calling it again goes on from there.
    """
    pages = Checkout.objects.filter(user=user, status=Checkout.Status.OPEN).exclude(stripe_session_id=None)
    for session_id in pages.values_list("stripe_session_id", flat=True):
        if retrieve_session(str(session_id)).open:
            expire_session(str(session_id))
    customer = Customer.objects.filter(user=user).exclude(stripe_id=None).first()
    if customer is not None:
        for subscription in list(list_subscriptions(customer=str(customer.stripe_id))):
            cancel_subscription(subscription.id)
            record_subscription(subscription.id, cause="the reader left")
        delete_customer(str(customer.stripe_id))
    SupportEmail.objects.filter(subscription__user=user, sent_at=None).update(unsendable=True)


def take_out_of_the_books(erasure: Erasure, user: User) -> None:
    """What was paid stays. Whose it was goes: the account, the address, the name and the word that came along."""
    gifts = gifts_of(user)
    checkouts = Checkout.objects.filter(Q(user=user) | Q(donation__in=gifts))
    _empty_what_stripe_said(user, gifts, checkouts)
    Checkout.objects.filter(pk__in=list(checkouts.values_list("pk", flat=True))).update(user=None, name="", message="")
    gifts.update(user=None, email="")
    purge_on_commit(SUPPORT)  # it may name those who gave
    Subscription.objects.filter(user=user).update(user=None)
    Customer.objects.filter(user=user).delete()


def _empty_what_stripe_said(user: User, gifts: QuerySet[Donation], checkouts: QuerySet[Checkout]) -> None:
    """Stripe's messages about them carry an address and a name. What was made of each stays."""
    names = [
        *Customer.objects.filter(user=user).values_list("stripe_id", flat=True),
        *Subscription.objects.filter(user=user).values_list("stripe_id", flat=True),
        *LedgerEntry.objects.filter(subscription__user=user).values_list("stripe_id", flat=True),
        *gifts.values_list("payment_intent", flat=True),
        *checkouts.values_list("stripe_session_id", flat=True),
    ]
    if told := [re.escape(name) for name in names if name]:
        StripeEvent.objects.filter(payload__regex=f'"({"|".join(told)})"').update(payload="")


def _has_acted(user: User) -> str:
    if not StaffAction.objects.filter(by=user).exists():
        return ""
    return (
        "This account has given money back or ended subscriptions for the outlet, and the books must say who did. "
        "It can be closed, and not erased: the publisher does that."
    )


STEP = ErasureStep(prepare=end_all_charges, delete=take_out_of_the_books, objection=_has_acted)
