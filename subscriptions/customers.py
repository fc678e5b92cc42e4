"""The address of a reader's customer record at Stripe follows the one of their account here."""

from contextlib import suppress
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.signals import post_save
from django.dispatch import receiver
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from newsroom.models import User
from subscriptions.models import Customer
from subscriptions.stripe.customers import update_email
from subscriptions.stripe.errors import Gone

UPDATE_TASK = "subscriptions.tasks.update_customer_email"  # by name, because the task imports this module


@receiver(post_save, sender=User)
def enqueue_if_changed(instance: User, created: bool, **kwargs: Any) -> None:
    """Enqueue the change in the transaction that makes it."""
    if created:
        return
    for customer in _living().filter(user=instance).exclude(email=instance.email):
        with suppress(AlreadyEnqueued), transaction.atomic():
            app.configure_task(UPDATE_TASK, queueing_lock=f"customer-{customer.pk}").defer(customer=customer.pk)


def outdated() -> QuerySet[Customer]:
    """Return the customers whom Stripe knows under another address. An empty one is not known yet."""
    return _living().exclude(email="").exclude(email=F("user__email"))


def _living() -> QuerySet[Customer]:
    return Customer.objects.exclude(stripe_id=None).exclude(user__email="").select_related("user")


def send_email_address(customer_pk: int) -> None:
    """Tell Stripe the address of now. One whose reader has left, or that was deleted at Stripe, is left alone."""
    with transaction.atomic():
        customer = Customer.objects.select_for_update(of=["self"]).select_related("user").filter(pk=customer_pk).first()
        if customer is None or customer.stripe_id is None or not customer.user.email:
            return
        with suppress(Gone):
            update_email(customer.stripe_id, customer.user.email)
            customer.email = customer.user.email
            customer.save(update_fields=["email"])
