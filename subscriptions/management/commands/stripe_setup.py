from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from subscriptions.models import Offer
from subscriptions.stripe import setup
from subscriptions.stripe.errors import Refused, Unreachable


class Command(BaseCommand):
    help = "Make the product, the price, the portal and the webhook endpoint at Stripe, or bring them up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        offer = Offer.objects.get()
        account = settings.SITE_URL + reverse("account")
        try:
            price = setup.ensure_price(offer.monthly_amount, offer.currency)
            portal = setup.ensure_portal(account)
            endpoint, secret = setup.ensure_endpoint(settings.SITE_URL + reverse("stripe_webhook"))
        except (Unreachable, Refused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"price {price}\nportal {portal}\nwebhook endpoint {endpoint}")
        if secret:
            self.stdout.write(f"New: set STRIPE_WEBHOOK_SECRET={secret} (Stripe tells it this once)")
