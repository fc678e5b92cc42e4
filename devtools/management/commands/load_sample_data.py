from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from devtools.sample_data import articles, comments, people, support
from devtools.sample_data.people import DOMAIN, Plan
from newsroom.models import User

DEMO = "@example.org"


class Command(BaseCommand):
    help = (
        "Fill a database with an invented archive, to measure the site's growth on: 15 years of reports, with readers, "
        "comments and payments. For a database that is empty, or has the demo content alone and DEBUG on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--articles", type=int, default=1_000)
        parser.add_argument("--comments", type=int, default=5_000)
        parser.add_argument("--readers", type=int, default=200)
        parser.add_argument("--seed", type=int, default=1, help="Another one makes another archive of the same kind.")
        parser.add_argument("--among-real-content", action="store_true", help="Do it whatever the database holds.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["among_real_content"] and _holds_real_content():
            raise CommandError(
                "This database has people in it who may be real. An archive cannot be taken out again: "
                "use an empty database, or say --among-real-content."
            )
        if User.objects.filter(email__endswith=f"@{DOMAIN}").exists():
            raise CommandError("There is an archive in this database already.")
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
    """Whether anybody is there but the demo's people; these count as real where DEBUG is off."""
    people = User.objects.all()
    if settings.DEBUG:
        people = people.exclude(email__endswith=DEMO)
    return people.exists()
