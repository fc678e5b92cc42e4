from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from subscriptions.stripe.errors import Refused, Unreachable
from subscriptions.sync.reconcile import reconcile


class Command(BaseCommand):
    help = "List where Stripe's books and ours differ; with --fix, fix it. Exits with 1 if something is left."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="apply each object again")
        parser.add_argument("--full", action="store_true", help="compare all there ever was, not only what is recent")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            discrepancies = reconcile(fix=options["fix"], full=options["full"])
        except Unreachable as error:
            raise CommandError(
                f"Stripe does not answer. The same command, within a day, goes on from here: {error}"
            ) from error
        except Refused as error:
            raise CommandError(f"Stripe refuses: {error}") from error
        for discrepancy in discrepancies:
            outcome = "mended" if discrepancy.mended_at else discrepancy.error or "not mended"
            self.stdout.write(f"{discrepancy} ({outcome})")
        left = [each for each in discrepancies if each.mended_at is None]
        self.stdout.write(f"{len(discrepancies)} differences, {len(left)} left.")
        if left:
            raise SystemExit(1)
