"""A reader leaves: what is charged ends at Stripe first, and only then is anything forgotten here.

Rows of money stay, without the person: `PROTECT` on them makes every other way of deleting a reader fail.
"""

from django.db import transaction

from newsroom.models import User
from subscriptions import stripe_api
from subscriptions.copying import copy_subscription
from subscriptions.letters import Letter
from subscriptions.models import Checkout, Customer, Donation, Subscription


def delete_reader(user: User) -> None:
    """End what is charged, and delete the account. Raises Unreachable, Refused: then the reader is still there.

    Whatever fails on the way, calling it again goes on from there.
    """
    end_all_charges(user)
    with transaction.atomic():
        Subscription.objects.filter(user=user).update(user=None)
        Checkout.objects.filter(user=user).update(user=None)
        Donation.objects.filter(user=user).update(user=None, email="")
        Customer.objects.filter(user=user).delete()
        user.delete()


def end_all_charges(user: User) -> None:
    """Close the payment pages, end the subscriptions, and have Stripe forget the customer, not the payments."""
    pages = Checkout.objects.filter(user=user, status=Checkout.Status.OPEN).exclude(stripe_session_id=None)
    for session_id in pages.values_list("stripe_session_id", flat=True):
        if stripe_api.retrieve_session(str(session_id)).open:
            stripe_api.expire_session(str(session_id))
    customer = Customer.objects.filter(user=user).exclude(stripe_id=None).first()
    if customer is not None:
        for subscription in list(stripe_api.subscriptions(customer=str(customer.stripe_id))):
            stripe_api.cancel_subscription(subscription.id)
            copy_subscription(subscription.id, cause="the reader left")
        stripe_api.delete_customer(str(customer.stripe_id))
    Letter.objects.filter(subscription__user=user, sent_at=None).update(unsendable=True)
