from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from subscriptions.stripe.errors import Unreachable
from subscriptions.sync.reconcile import reconcile


class Command(BaseCommand):
    help = "List what Stripe's books and ours do not say alike; with --fix, mend it. Ends with 1 if something is left."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="apply each object once more")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            differences = reconcile(fix=options["fix"])
        except Unreachable as error:
            raise CommandError(f"Stripe does not answer, so nothing more is known: {error}") from error
        for difference in differences:
            outcome = "mended" if difference.mended_at else difference.error or "not mended"
            self.stdout.write(f"{difference} ({outcome})")
        left = [difference for difference in differences if difference.mended_at is None]
        self.stdout.write(f"{len(differences)} differences, {len(left)} left.")
        if left:
            raise SystemExit(1)
