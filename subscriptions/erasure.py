"""The money's step in the erasure of a reader (newsroom/privacy/erasure.py).

First it ends all charges at Stripe, then it deletes what is personal. The ledger stays, without the person. `PROTECT`
on its rows makes every other way of deleting a reader fail.
"""

import re
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.utils import timezone

from newsroom.http.purge import purge_on_commit
from newsroom.http.surrogate_keys import SUPPORT
from newsroom.models import Erasure, User
from newsroom.privacy.erasure import ErasureStep
from subscriptions.models import (
    Checkout,
    Customer,
    Discrepancy,
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
from subscriptions.sync.records import is_begun_here, is_foreign, record_subscription

# Banks accept disputes for up to 540 days, and a statement is asked for sooner.
GUEST_RETENTION = timedelta(days=550)


def donations_of(user: User) -> QuerySet[Donation]:
    """Return the person's donations, with those given without signing in under an address that they have confirmed."""
    own = Q(user=user)
    for address in EmailAddress.objects.filter(user=user, verified=True):
        own |= Q(user=None, email__iexact=address.email)
    return Donation.objects.filter(own)


def end_all_charges(user: User) -> None:
    """Close the payment pages, end the subscriptions, and delete the customer at Stripe, which keeps the payments.

    A subscription that was not begun here is nobody's to end but whose it is: then the customer stays too, and the
    publisher finds both listed. Raises Unreachable, Refused. After an error, calling it again continues.
    """
    pages = Checkout.objects.filter(user=user, status=Checkout.Status.OPEN).exclude(stripe_session_id=None)
    for session_id in pages.values_list("stripe_session_id", flat=True):
        if retrieve_session(str(session_id)).open:
            expire_session(str(session_id))
    customer = Customer.objects.filter(user=user).exclude(stripe_id=None).first()
    if customer is not None:
        others = []
        for subscription in list(list_subscriptions(customer=str(customer.stripe_id))):
            if is_foreign(subscription) or not is_begun_here(subscription.checkout):
                others += [subscription.id] if subscription.status in Subscription.CHARGEABLE else []
                continue
            cancel_subscription(subscription.id)
            record_subscription(subscription.id, cause="the reader left")
        for stripe_id in others:
            Discrepancy.objects.get_or_create(
                kind=Discrepancy.Kind.UNWANTED,
                stripe_id=stripe_id,
                mended_at=None,
                defaults={
                    "words": "is of a reader who has left, and was not begun here: end it at Stripe if it is yours"
                },
            )
        if not others:
            delete_customer(str(customer.stripe_id))
    SupportEmail.objects.filter(subscription__user=user, sent_at=None).update(unsendable=True)


def forget_guest_donors(now: datetime | None = None) -> None:
    """Delete the addresses and the messages of guests who gave long ago. The gifts stay in the books.

    A gift is refunded or disputed, and its statement asked for, within GUEST_RETENTION; later nobody needs the address.
    """
    old = Donation.objects.filter(user=None, paid_at__lt=(now or timezone.now()) - GUEST_RETENTION)
    Checkout.objects.filter(donation__in=old).exclude(message="").update(message="")
    old.exclude(email="").update(email="")


def anonymize(erasure: Erasure, user: User) -> None:
    """Delete account, address, name and message from the records of money. The amounts stay."""
    donations = donations_of(user)
    checkouts = Checkout.objects.filter(Q(user=user) | Q(donation__in=donations))
    _empty_payloads(user, donations, checkouts)
    Checkout.objects.filter(pk__in=list(checkouts.values_list("pk", flat=True))).update(user=None, name="", message="")
    donations.update(user=None, email="")
    purge_on_commit(SUPPORT)  # it may show their name
    Subscription.objects.filter(user=user).update(user=None, cancel_comment="", pay_url="")
    Customer.objects.filter(user=user).delete()


def _empty_payloads(user: User, donations: QuerySet[Donation], checkouts: QuerySet[Checkout]) -> None:
    """Empty the payloads of Stripe's events about the person, which contain their address and name."""
    stripe_ids = [
        *Customer.objects.filter(user=user).values_list("stripe_id", flat=True),
        *Subscription.objects.filter(user=user).values_list("stripe_id", flat=True),
        *LedgerEntry.objects.filter(subscription__user=user).values_list("stripe_id", flat=True),
        *donations.values_list("payment_intent", flat=True),
        *checkouts.values_list("stripe_session_id", flat=True),
    ]
    if patterns := [re.escape(stripe_id) for stripe_id in stripe_ids if stripe_id]:
        StripeEvent.objects.filter(payload__regex=f'"({"|".join(patterns)})"').update(payload="")


def _objection(user: User) -> str:
    """Return why staff who wrote in the books cannot be erased."""
    acted = StaffAction.objects.filter(by=user).exists() or Donation.objects.filter(recorded_by=user).exists()
    if not acted:
        return ""
    return (
        "This account has given money back, ended subscriptions or recorded gifts for the outlet, and the books must "
        "say who did. It can be closed, and not erased: the publisher does that."
    )


STEP = ErasureStep(prepare=end_all_charges, delete=anonymize, objection=_objection)
