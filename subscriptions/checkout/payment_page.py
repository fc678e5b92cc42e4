"""From the button to the payment page. The intent is saved first, so that nobody is charged twice whatever happens."""

import uuid
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from newsroom.models import User
from subscriptions.models import Appeal, Checkout, Customer, Offer, Subscription
from subscriptions.stripe.checkout_sessions import (
    Order,
    Session,
    create_donation_session,
    create_subscription_session,
    expire_session,
    retrieve_session,
)
from subscriptions.stripe.customers import create_customer
from subscriptions.stripe.errors import Gone, Refused
from subscriptions.stripe.subscriptions import list_subscriptions
from subscriptions.sync.apply import apply_customer, apply_session, apply_subscription

LIFETIME = timedelta(minutes=60)  # of a payment page; Stripe allows 30 minutes to 24 hours
UNPAID_WORDS_KEPT_FOR = timedelta(days=7)
SHORTEST = timedelta(minutes=31)


class AlreadySubscribed(Exception):
    """The person has a subscription that may still be charged."""


def start_subscription(user: User, *, came_from: str = "") -> str:
    """The address where this person begins to pay monthly. Raises AlreadySubscribed, Unreachable, Refused.

    Two tabs and a double click meet in the same open checkout, and so on the same payment page.
    """
    _ask_stripe(user)
    if Subscription.objects.live().filter(user=user).exists():
        raise AlreadySubscribed
    if Checkout.objects.filter(user=user, kind=Checkout.Kind.SUBSCRIPTION, status=Checkout.Status.WAITING).exists():
        raise AlreadySubscribed
    checkout = _open_subscription_checkout(user)
    if came_from and came_from != checkout.came_from:
        Checkout.objects.filter(pk=checkout.pk).update(came_from=came_from)
    address = payment_page(checkout)
    if address is None:
        raise AlreadySubscribed
    return address


def donation_id(
    *, form_id: uuid.UUID, user: User | None, amount: int, currency: str, appeal: Appeal | None
) -> uuid.UUID:
    """The id of the checkout that this form leads to, each time it is sent so."""
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
    """The checkout of a gift of `amount` minor units, `fee` of which cover the card fee. `form_id` came with the form:
    sent twice, it is one gift.

    Sent again with another amount or for another appeal, it is another gift: the first is still unpaid, or was meant.
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
            "expires_at": timezone.now() + LIFETIME,
        },
    )
    if not created:  # what they wrote may have been bettered before paying
        unpaid = [Checkout.Status.OPEN, Checkout.Status.EXPIRED]
        Checkout.objects.filter(pk=checkout.pk, status__in=unpaid).update(**words)
    return checkout


def delete_unpaid_messages() -> None:
    """Name and message came along with a gift. Where it was never paid, they are nobody's business for long.

    A week, so that a payment of which we hear late, by the nightly reconciliation, still finds them.
    """
    unpaid = Checkout.objects.filter(status__in=[Checkout.Status.OPEN, Checkout.Status.EXPIRED])
    old = unpaid.filter(created_at__lt=timezone.now() - UNPAID_WORDS_KEPT_FOR)
    old.exclude(name="", message="").update(name="", message="")


def payment_page(checkout: Checkout) -> str | None:
    """The address of the page where this is paid; None if it is paid already, or on its way.

    Raises Unreachable, Refused. The row stays locked while Stripe is asked, so that a second click waits for the first.
    """
    try:
        session = _session_of(checkout)
    except Gone:
        if not _customer_was_deleted(checkout):
            raise
        session = _session_of(checkout, anew=True)
    if session is not None and session.complete:
        apply_session(session.id, cause="checkout")  # after the lock on the row has been let go
        return None
    return session.url if session else None


@transaction.atomic
def _session_of(checkout: Checkout, *, anew: bool = False) -> Session | None:
    """The session in which it can be paid, or has just been; None if that is settled already."""
    checkout = Checkout.objects.select_for_update().get(pk=checkout.pk)
    if checkout.status in (Checkout.Status.PAID, Checkout.Status.WAITING):
        return None
    if checkout.status == Checkout.Status.EXPIRED or anew:
        _next_attempt(checkout)
    elif checkout.stripe_session_id is not None:
        session = retrieve_session(checkout.stripe_session_id)
        if session.open or session.complete:
            return session
        _next_attempt(checkout)
    elif checkout.expires_at < timezone.now() + SHORTEST:
        # A session may exist that we never heard of. Nobody has its address, and it ends by itself.
        _next_attempt(checkout)
    session = _create_session(checkout)
    checkout.stripe_session_id = session.id
    checkout.save()
    return session


def customer_of(user: User) -> str:
    """The id of the person's customer at Stripe, made at the first need. Raises Unreachable, Refused."""
    with transaction.atomic():
        customer, _ = Customer.objects.select_for_update().get_or_create(user=user)
        if customer.stripe_id is None:
            customer.stripe_id = create_customer(user.email, user.pk, customer.generation)
            customer.save()
        return customer.stripe_id


def _customer_was_deleted(checkout: Checkout) -> bool:
    """Whether the person's customer is no more at Stripe, of which we had not heard; the next one can be made then."""
    customer = Customer.objects.filter(user=checkout.user).exclude(stripe_id=None).first() if checkout.user else None
    return customer is not None and not apply_customer(str(customer.stripe_id), cause="checkout")


def thanks_url(checkout: Checkout) -> str:
    return f"{settings.SITE_URL}/support/thanks/?checkout={checkout.public_id}"


def _ask_stripe(user: User) -> None:
    """Copy the person's subscriptions: we may not have heard that one has begun, or that one has ended."""
    customer = Customer.objects.filter(user=user).exclude(stripe_id=None).first()
    if customer is None:
        return
    for subscription in list(list_subscriptions(customer=str(customer.stripe_id))):
        apply_subscription(subscription.id, cause="checkout")


def _open_subscription_checkout(user: User) -> Checkout:
    offer = Offer.objects.get()
    fresh = {"amount": offer.monthly_amount, "currency": offer.currency, "expires_at": timezone.now() + LIFETIME}
    own = {"user": user, "kind": Checkout.Kind.SUBSCRIPTION, "status": Checkout.Status.OPEN}
    try:
        with transaction.atomic():
            checkout = Checkout.objects.get_or_create(**own, defaults=fresh)[0]
    except IntegrityError:  # another tab was faster
        checkout = Checkout.objects.get(**own)
    if (checkout.amount, checkout.currency) != (offer.monthly_amount, offer.currency):
        _end_at_the_old_price(checkout)
        return _open_subscription_checkout(user)
    return checkout


def _end_at_the_old_price(checkout: Checkout) -> None:
    """Close the payment page of a price that is no longer asked. One that was paid meanwhile stays paid."""
    if checkout.stripe_session_id is None:
        Checkout.objects.filter(pk=checkout.pk, status=Checkout.Status.OPEN).update(status=Checkout.Status.EXPIRED)
        return
    with suppress(Refused):  # no longer open
        expire_session(checkout.stripe_session_id)
    settled = apply_session(checkout.stripe_session_id, cause="new price")
    if settled.status in (Checkout.Status.PAID, Checkout.Status.WAITING):
        raise AlreadySubscribed
    if settled.status == Checkout.Status.OPEN:  # or the caller would come back here for ever
        raise Refused("The payment page of the old price could not be closed.")


def _next_attempt(checkout: Checkout) -> None:
    checkout.attempt += 1
    checkout.status = Checkout.Status.OPEN
    checkout.stripe_session_id = None
    checkout.expires_at = timezone.now() + LIFETIME
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
        title=f"Donation: {checkout.appeal.title}" if checkout.appeal else "Donation",
    )
    if checkout.user is None:
        return create_donation_session(order, customer=None)
    customer = customer_of(checkout.user)
    if checkout.kind == Checkout.Kind.DONATION:
        return create_donation_session(order, customer=customer)
    return create_subscription_session(order, customer=customer, person=checkout.user.pk)
