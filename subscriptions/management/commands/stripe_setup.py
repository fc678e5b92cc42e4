from typing import Any, Literal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from subscriptions import installation
from subscriptions.models import Offer
from subscriptions.stripe import settings_check, setup
from subscriptions.stripe.errors import Refused, Unreachable


class Command(BaseCommand):
    help = "Make the products, the prices, the portal and the webhook endpoint at Stripe, or bring them up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        only = parser.add_mutually_exclusive_group()
        only.add_argument("--check", action="store_true", help="change nothing; say what differs, and exit with 1")
        only.add_argument("--moved", action="store_true", help="this site has a new address")
        only.add_argument("--copied", action="store_true", help="this is a copy of a site, and becomes one of its own")

    def handle(self, *args: Any, **options: Any) -> None:
        offer = Offer.objects.get()
        prices: list[tuple[int, Literal["month", "year"]]] = [(offer.monthly_amount, "month")]
        if offer.yearly_amount:
            prices.append((offer.yearly_amount, "year"))
        account = settings.SITE_URL + reverse("account")
        webhook = settings.SITE_URL + reverse("stripe_webhook")
        if options["moved"]:
            installation.set_moved()
        if options["copied"]:
            installation.set_copied()
        try:
            if options["check"]:
                self._check(settings_check.problems(prices, offer.currency, account, webhook))
                return
            for amount, interval in prices:
                price = setup.ensure_price(amount, offer.currency, interval)
                self.stdout.write(f"price {price}, {amount} {offer.currency} a {interval}")
            self.stdout.write(f"portal {setup.ensure_portal(account)}")
            endpoint = setup.ensure_endpoint(webhook)
        except (Unreachable, Refused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"webhook endpoint {endpoint.id}")
        for sentence in [*endpoint.done, *endpoint.left]:
            self.stdout.write(sentence)
        if endpoint.secret:
            self.stdout.write(
                f"New: set STRIPE_WEBHOOK_SECRET={endpoint.secret} and start the site again. Stripe tells it this once."
            )
        else:
            self.stdout.write("STRIPE_WEBHOOK_SECRET stays as it is.")

    def _check(self, problems: list[settings_check.Problem]) -> None:
        for problem in problems:
            self.stdout.write(f"{'To do' if problem.must else 'To know'}: {problem.words}")
        left = sum(problem.must for problem in problems)
        self.stdout.write(f"{left} to do." if left else "Nothing to do.")
        if left:
            raise SystemExit(1)
