"""Leads to Stripe's payment page. The intent is saved first, so that nobody is charged twice whatever happens."""

import uuid
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from newsroom.models import User
from subscriptions.models import Appeal, Checkout, Customer, Interval, Offer, Subscription
from subscriptions.stripe.checkout_sessions import (
    Order,
    Session,
    create_donation_session,
    create_subscription_session,
    expire_session,
    retrieve_session,
)
from subscriptions.stripe.client import calling_stripe
from subscriptions.stripe.customers import create_customer
from subscriptions.stripe.errors import Gone, KeyReused, Refused
from subscriptions.stripe.subscriptions import list_subscriptions
from subscriptions.sync.apply import apply_customer, apply_session, apply_subscription
from subscriptions.sync.records import NotOurs

PAGE_LIFETIME = timedelta(minutes=60)  # Stripe allows 30 minutes to 24 hours
MIN_PAGE_LIFETIME = timedelta(minutes=31)
CLOCK_SKEW = timedelta(minutes=1)  # by which Stripe's clock may be behind ours
UNPAID_MESSAGE_RETENTION = timedelta(days=7)


class AlreadySubscribed(Exception):
    """The person has a subscription that may still be charged."""


@calling_stripe()
def start_subscription(
    user: User, *, amount: int | None = None, interval: Interval = Interval.MONTH, came_from: str = ""
) -> str:
    """Return the address where this person pays `amount` minor units, or the price, each month or year.

    Raises AlreadySubscribed, Unreachable, Refused. Two tabs and a double click find the same open checkout, and so the
    same payment page; with another choice, the page of the earlier one is closed first.
    """
    _sync_subscriptions(user)
    _end_replaced(user)
    _settle_waiting(user)
    if is_subscribed(user):
        raise AlreadySubscribed
    offer = Offer.objects.get()
    checkout = _open_subscription_checkout(
        user, amount=amount or offer.prices[interval], currency=offer.currency, interval=interval
    )
    if came_from and came_from != checkout.came_from:
        Checkout.objects.filter(pk=checkout.pk).update(came_from=came_from)
    address = payment_page(checkout)
    if address is None:
        raise AlreadySubscribed
    return address


def is_subscribed(user: User) -> bool:
    """Return True if this person has a subscription beside which another one would be too much, or is paying for it."""
    waiting = Checkout.objects.filter(user=user, kind=Checkout.Kind.SUBSCRIPTION, status=Checkout.Status.WAITING)
    running = Subscription.objects.chargeable().filter(user=user).exclude(pk__in=replaceable(user).values("pk"))
    return running.exists() or waiting.exists()


def replaceable(user: User) -> QuerySet[Subscription]:
    """Return what this person began here and what can no longer go on by itself, so that a new one may take its place.

    Paying one open invoice does not bring back a subscription that is `unpaid`; one that is paused charges nothing.
    """
    states = Subscription.Status
    stuck = Q(status__in=[states.UNPAID, states.PAUSED]) | Q(status=states.INCOMPLETE) & ~Q(card_problem="")
    return Subscription.objects.filter(stuck, user=user, begun_here=True)


def _end_replaced(user: User) -> None:
    """End at Stripe what a new subscription takes the place of.

    It is marked first, so that a retry or the next event finishes what was interrupted, and that what is paid for it
    from now on, in another tab, is refunded (sync/duplicates.py).
    """
    for subscription in replaceable(user):
        since = timezone.now() - CLOCK_SKEW
        Subscription.objects.filter(pk=subscription.pk, unwanted_since=None).update(unwanted_since=since)
        apply_subscription(subscription.stripe_id, cause="subscribes anew")


def _settle_waiting(user: User) -> None:
    """Ask Stripe what became of a first payment by bank: its event may come later, or was lost."""
    for checkout in Checkout.objects.filter(
        user=user, kind=Checkout.Kind.SUBSCRIPTION, status=Checkout.Status.WAITING
    ).exclude(stripe_session_id=None):
        apply_session(str(checkout.stripe_session_id), cause="checkout")


def donation_id(
    *, form_id: uuid.UUID, user: User | None, amount: int, currency: str, appeal: Appeal | None
) -> uuid.UUID:
    """Return the id of the checkout for this form: the same each time it is sent with the same amount and appeal."""
    target = f" {appeal.pk}" if appeal else ""
    return uuid.uuid5(form_id, f"{user.pk if user else 'guest'} {amount} {currency}{target}")


def start_donation(
    *,
    form_id: uuid.UUID,
    user: User | None,
    amount: int,
    currency: str,
    appeal: Appeal | None = None,
    fee: int = 0,
    name: str = "",
    message: str = "",
    anonymous: bool = False,
    came_from: str = "",
    network: str = "",
) -> Checkout:
    """Return the checkout of a donation of `amount` minor units, `fee` of which cover the card fee.

    The same form sent twice is one donation. Sent again with another amount or appeal, it is another donation.
    """
    words = {"fee": fee, "name": name, "message": message, "anonymous": anonymous, "came_from": came_from}
    checkout, created = Checkout.objects.get_or_create(
        public_id=donation_id(form_id=form_id, user=user, amount=amount, currency=currency, appeal=appeal),
        defaults={
            **words,
            "form": form_id,
            "network": network,
            "appeal": appeal,
            "kind": Checkout.Kind.DONATION,
            "user": user,
            "amount": amount,
            "currency": currency,
            "expires_at": timezone.now() + PAGE_LIFETIME,
        },
    )
    if not created:  # they may have changed their words before paying
        Checkout.objects.filter(pk=checkout.pk, status__in=Checkout.UNPAID).update(**words)
    return checkout


def delete_unpaid_messages() -> None:
    """Delete names and messages that came with donations that were never paid.

    They are stored for a week, so that a payment that the nightly reconciliation finds late still has them.
    """
    old = Checkout.objects.filter(status__in=Checkout.UNPAID).filter(
        created_at__lt=timezone.now() - UNPAID_MESSAGE_RETENTION
    )
    old.exclude(name="", message="").update(name="", message="")


@calling_stripe()
def payment_page(checkout: Checkout) -> str | None:
    """Return the address where this is paid; None if it is paid already, or the payment is on its way.

    Raises Unreachable, Refused. The row is locked while Stripe is called, so that a second click waits for the first.
    """
    try:
        session = _open_session(checkout)
    except Gone:
        if not _customer_was_deleted(checkout):
            raise
        session = _open_session(checkout, new=True)
    if session is not None and session.complete:
        apply_session(session.id, cause="checkout")  # after the row's lock is released
        return None
    return session.url if session else None


@transaction.atomic
def _open_session(checkout: Checkout, *, new: bool = False) -> Session | None:
    """Return the session in which it can be paid, or was just paid; None if it is settled already."""
    checkout = Checkout.objects.select_for_update().get(pk=checkout.pk)
    if checkout.status in Checkout.COMPLETED:
        return None
    if checkout.status == Checkout.Status.EXPIRED or new:
        _next_attempt(checkout)
    elif checkout.stripe_session_id is not None:
        session = retrieve_session(checkout.stripe_session_id)
        if session.open or session.complete:
            return session
        _next_attempt(checkout)
    elif checkout.expires_at < timezone.now() + MIN_PAGE_LIFETIME:
        # A session may exist whose answer was lost. Nobody has its address, and it expires by itself.
        _next_attempt(checkout)
    try:
        session = _create_session(checkout)
    except KeyReused:  # an answer was lost, and the price or the text has changed since; nobody has that page's address
        _next_attempt(checkout)
        session = _create_session(checkout)
    checkout.stripe_session_id = session.id
    checkout.save()
    return session


def ensure_customer(user: User) -> str:
    """Return the id of the person's customer at Stripe, created when first needed. Raises Unreachable, Refused."""
    with transaction.atomic():
        customer, _ = Customer.objects.select_for_update().get_or_create(user=user)
        if customer.stripe_id is None:
            customer.stripe_id = create_customer(user.email, user.pk, customer.generation)
            customer.email = user.email
            customer.save()
        return customer.stripe_id


def _customer_was_deleted(checkout: Checkout) -> bool:
    """Return True if the person's customer was deleted at Stripe, and drop its id, so that a new one can be made."""
    customer = Customer.objects.filter(user=checkout.user).exclude(stripe_id=None).first() if checkout.user else None
    return customer is not None and not apply_customer(str(customer.stripe_id), cause="checkout")


def thanks_url(checkout: Checkout) -> str:
    return f"{settings.SITE_URL}/support/thanks/?checkout={checkout.public_id}"


def _sync_subscriptions(user: User) -> None:
    """Update our copies of the person's subscriptions: one may have begun or ended without an event."""
    customer = Customer.objects.filter(user=user).exclude(stripe_id=None).first()
    if customer is None:
        return
    for subscription in list(list_subscriptions(customer=str(customer.stripe_id))):
        with suppress(NotOurs):
            apply_subscription(subscription.id, cause="checkout")


def _open_subscription_checkout(user: User, *, amount: int, currency: str, interval: Interval) -> Checkout:
    """Return the person's open checkout. One of another choice or an old price is closed first."""
    chosen = {"amount": amount, "currency": currency, "interval": interval}
    own = {"user": user, "kind": Checkout.Kind.SUBSCRIPTION, "status": Checkout.Status.OPEN}
    try:
        with transaction.atomic():
            fresh = {**chosen, "expires_at": timezone.now() + PAGE_LIFETIME}
            checkout = Checkout.objects.get_or_create(**own, defaults=fresh)[0]
    except IntegrityError:  # another tab was faster
        checkout = Checkout.objects.get(**own)
    if (checkout.amount, checkout.currency, checkout.interval) != (amount, currency, interval):
        _close_other_choice(checkout)
        return _open_subscription_checkout(user, amount=amount, currency=currency, interval=interval)
    return checkout


def _close_other_choice(checkout: Checkout) -> None:
    """Close the payment page of another choice or an old price. Raises AlreadySubscribed if it was paid meanwhile."""
    if checkout.stripe_session_id is None:
        Checkout.objects.filter(pk=checkout.pk, status=Checkout.Status.OPEN).update(status=Checkout.Status.EXPIRED)
        return
    with suppress(Refused):  # no longer open
        expire_session(checkout.stripe_session_id)
    settled = apply_session(checkout.stripe_session_id, cause="new choice")
    if settled.status in Checkout.COMPLETED:
        raise AlreadySubscribed
    if settled.status == Checkout.Status.OPEN:  # or the caller would loop for ever
        raise Refused("The payment page of the former choice could not be closed.")


def _next_attempt(checkout: Checkout) -> None:
    checkout.attempt += 1
    checkout.status = Checkout.Status.OPEN
    checkout.stripe_session_id = None
    checkout.expires_at = timezone.now() + PAGE_LIFETIME
    checkout.save()


def _create_session(checkout: Checkout) -> Session:
    order = Order(
        checkout=str(checkout.public_id),
        amount=checkout.amount,
        currency=checkout.currency,
        expires_at=checkout.expires_at,
        success_url=thanks_url(checkout),
        cancel_url=settings.SITE_URL + (checkout.appeal.get_absolute_url() if checkout.appeal else reverse("support")),
        idempotency_key=checkout.idempotency_key,
        interval=checkout.interval,
        title=f"Donation: {checkout.appeal.title}" if checkout.appeal else "Donation",
    )
    if checkout.user is None:
        return create_donation_session(order, customer=None)
    customer = ensure_customer(checkout.user)
    if checkout.kind == Checkout.Kind.DONATION:
        return create_donation_session(order, customer=customer)
    return create_subscription_session(order, customer=customer)
