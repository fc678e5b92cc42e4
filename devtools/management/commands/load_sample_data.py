from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from devtools.sample_data import articles, comments, people, support
from devtools.sample_data.plan import DOMAIN, Plan
from newsroom.models import User

DEMO_DOMAIN = "@example.org"


class Command(BaseCommand):
    help = (
        "Fill a database with sample data to measure growth: 15 years of articles, readers, comments and payments. "
        "The database must be empty, or have the demo content alone and DEBUG on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--articles", type=int, default=1_000)
        parser.add_argument("--comments", type=int, default=5_000)
        parser.add_argument("--readers", type=int, default=200)
        parser.add_argument("--seed", type=int, default=1, help="Another seed makes other data of the same kind.")
        parser.add_argument("--among-real-content", action="store_true", help="Load it whoever is there.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["among_real_content"] and _holds_real_content():
            raise CommandError(
                "This database has people in it who may be real, and sample data cannot be removed again: "
                "use an empty database, or say --among-real-content."
            )
        if User.objects.filter(email__endswith=f"@{DOMAIN}").exists():
            raise CommandError("This database has sample data already.")
        plan = Plan(
            articles=max(1, options["articles"]),
            comments=max(0, options["comments"]),
            readers=max(1, options["readers"]),
            seed=options["seed"],
            now=timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0),
        )
        with transaction.atomic():
            for part in (people, support, articles, comments):
                began = monotonic()
                part.fill(plan)
                if options["verbosity"]:
                    self.stdout.write(f"{part.__name__.rpartition('.')[2]}: {monotonic() - began:.0f} s")


def _holds_real_content() -> bool:
    """Return True if anybody but the demo's people is there; with DEBUG off, they count as real too."""
    people = User.objects.all()
    if settings.DEBUG:
        people = people.exclude(email__endswith=DEMO_DOMAIN)
    return people.exists()
